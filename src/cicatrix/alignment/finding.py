"""The first guess: which of many candidates puts the same skin on the same skin."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.agreement import Agreement, agreement
from cicatrix.alignment.channels import Reduced
from cicatrix.alignment.coarse import (
    BaseLevel,
    base_levels,
    pair_at,
    refined_affine,
    refined_bend,
    refined_sheet,
)
from cicatrix.alignment.evidence import warped
from cicatrix.alignment.lesion import LesionPlace
from cicatrix.alignment.spline import SplineSheet
from cicatrix.alignment.starts import (
    Start,
    correlation_starts,
    feature_starts,
    shift_scores,
)
from cicatrix.domain.begin import Begin, waiting
from cicatrix.photo.value import FloatImage

__all__ = ["Fit", "Found", "Search"]

_Array = npt.NDArray[np.float64]

_STIFFNESS = 300.0
"""Of the coarse sheet. On the wound pairs 10, 100 and 1000 differ by under 0.5 px in the
median and from 10000 on limbs that bend are lost; on phantoms 100 lets the sheet dent
inside the lesion."""

_SURE = 9.0
_SURE_LEAD = 3.0
_SURE_WON = 0.4
"""A candidate this good ends the search. No pair of different skin came near it."""

_EVEN, _SURE_EVEN = 0.7, 0.5
"""Share of the winners of the worst half over that of all, below which a candidate is fitted
with a bend, and does not end the search. Of 133 tuning pairs of far poses candidates that
were off by 20 px (of 12 megapixels) and more reach 0.41, unless they lose everywhere."""

_REFINED_PX, _JUDGED_PX = (128, 256), 512
"""Longest sides at which a candidate is refined, and at which it is judged: there what is
off by a few marks no longer looks right."""

_NEAR = [(0.0, 1.0)]
_AROUND = [(t, s) for t in (-12.0, 0.0, 12.0) for s in (0.85, 1.0, 1.18)]
_ALL = [
    (float(t), s) for t in range(-180, 180, 15) for s in (0.5, 0.71, 1.0, 1.41, 2.0)
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A candidate, refined over the reduced picture.

    `affine` maps reduced baseline to reduced follow-up after the sheet was added.
    """

    affine: _Array
    sheet: SplineSheet


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A candidate and how well it agrees.

    `factor` is how many reduced pixels a sample of `agreement` spans, `repeats` how
    well, of the agreement in place, the skin agrees somewhere else.
    """

    fit: Fit
    agreement: Agreement
    factor: int
    repeats: float = 0.0

    @property
    def score(self) -> float:
        """Winning patches against chance, in units of its spread."""
        return self.agreement.beyond_chance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """The search for the skin of one reduced photograph on another.

    `levels` are the baseline's without the lesion, on which a candidate is refined, coarse
    to fine; `finest` waits for the one on which it is judged.
    """

    base: Reduced
    follow: Reduced
    place: LesionPlace | None
    levels: list[BaseLevel]
    finest: Callable[[], BaseLevel]

    @classmethod
    def of(
        cls,
        base: Reduced,
        follow: Reduced,
        place: LesionPlace | None,
        *,
        beside: Begin = waiting,
    ) -> "Search":
        """The search of a follow-up for the skin about a lesion's place, or for any.

        `beside` begins the finest level, which is wanted last, on another core.
        """
        bare = _without_lesion(base, place)
        finest = beside(partial(_finest_of, bare))
        return cls(
            base=base,
            follow=follow,
            place=place,
            levels=base_levels(bare, _REFINED_PX),
            finest=finest,
        )

    def fits(self) -> Iterator[Fit]:
        """Candidates as they are asked for: cheap starts come first."""
        tried: list[_Array] = []
        for start in _starts(self.base, self.follow):
            if _seen_before(start, tried, self.base):
                continue
            tried.append(start.affine)
            fit = _fit(start, self)
            if fit is not None:
                yield fit

    def best_of(self, fits: Iterable[Fit]) -> Found | None:
        """The best candidate, or None where not even one could be tried.

        The search ends as soon as one is surely right.
        """
        candidates: list[Found] = []
        for fit in fits:
            candidates.append(_weighed(fit, self))
            if _is_sure(candidates[-1].agreement):
                break
        best = max(candidates, key=_score, default=None)
        return None if best is None else _with_repeats(best, self.levels, self.follow)


def _with_repeats(found: Found, levels: list[BaseLevel], follow: Reduced) -> Found:
    """The candidate that knows whether the pattern of the skin repeats itself."""
    level = levels[0]
    pair = pair_at(level, follow, found.fit.affine)
    rows, cols = pair.shape
    local = found.fit.sheet.rescaled(1 / level.factor, -(level.factor - 1) / 2)
    moved, weight = warped(pair, local.on_grid(np.arange(cols), np.arange(rows)))
    score = shift_scores((pair.base, pair.base_weight), (moved, weight))
    row, col = score.shape[0] // 2, score.shape[1] // 2
    near = max(4, max(rows, cols) // 25)
    here = score[row - 2 : row + 3, col - 2 : col + 3].max()
    score[row - near : row + near + 1, col - near : col + near + 1] = 0
    return replace(found, repeats=float(score.max() / max(here, 1e-6)))


def _starts(base: Reduced, follow: Reduced) -> Iterator[Start]:
    yield from correlation_starts(base, follow, _NEAR, count=1)
    yield from correlation_starts(base, follow, _AROUND, count=3)
    yield from feature_starts(base, follow, count=2)
    yield from correlation_starts(base, follow, _ALL, count=4)


def _is_sure(found: Agreement) -> bool:
    return (
        found.beyond_chance > _SURE
        and found.lead > _SURE_LEAD
        and found.won > _SURE_WON
        and found.even > _SURE_EVEN
    )


def _seen_before(start: Start, tried: list[_Array], base: Reduced) -> bool:
    """Whether a start like this one was tried: within 2 % of the picture everywhere."""
    rows, cols = base.skin.shape
    corners = np.array([[0, 0, 1], [cols, 0, 1], [0, rows, 1], [cols, rows, 1]])
    limit = 0.02 * max(rows, cols)
    return any(
        np.linalg.norm(corners @ (start.affine - other).T, axis=1).max() < limit
        for other in tried
    )


def _fit(start: Start, search: Search) -> Fit | None:
    affine = start.affine
    for level in search.levels:
        focus = _focus(level, search.base, search.place)
        affine = refined_affine(level, search.follow, affine, focus=focus)
    if not _seen_alike(affine, search):
        return None
    plain = affine, np.zeros((2, 0))
    sheet = refined_sheet(search.levels[-1], search.follow, plain, stiffness=_STIFFNESS)
    return Fit(affine=affine, sheet=sheet)


def _bent(fit: Fit, search: Search) -> Fit | None:
    """The candidate fitted once more, by an affine map and a bend."""
    told = fit.affine, np.zeros((2, 3))
    for level in search.levels:
        focus = _focus(level, search.base, search.place)
        told = refined_bend(level, search.follow, told, focus=focus)
    if not _seen_alike(told[0], search):
        return None
    sheet = refined_sheet(search.levels[-1], search.follow, told, stiffness=_STIFFNESS)
    return Fit(affine=told[0], sheet=sheet)


def _seen_alike(affine: _Array, search: Search) -> bool:
    """Whether the view is about the same: tilts squeeze by cos 40 deg at the most."""
    stretch = np.linalg.svd(affine[:, :2], compute_uv=False)
    stretch = stretch * search.follow.factor / search.base.factor
    return bool(stretch[1] > 0.3 and stretch[0] < 3.3 and stretch[0] < 1.6 * stretch[1])


def _weighed(fit: Fit, search: Search) -> Found:
    """The candidate judged; where only one side agrees, fitted with a bend if better."""
    found = _judged(fit, search)
    told = found.agreement
    if told.even >= _EVEN or told.beyond_chance < _SURE:
        return found
    bent = _bent(fit, search)
    return found if bent is None else max(found, _judged(bent, search), key=_score)


def _score(found: Found) -> float:
    return found.score


def _judged(fit: Fit, search: Search) -> Found:
    level = search.finest()
    pair = pair_at(level, search.follow, fit.affine)
    local = fit.sheet.rescaled(1 / level.factor, -(level.factor - 1) / 2)
    rows, cols = pair.shape
    shift = local.on_grid(np.arange(cols), np.arange(rows))
    focus = _focus(level, search.base, search.place)
    return Found(fit=fit, agreement=agreement(pair, shift, focus), factor=level.factor)


def _finest_of(base: Reduced) -> BaseLevel:
    return base_levels(base, (_JUDGED_PX,))[0]


def _focus(level: BaseLevel, base: Reduced, place: LesionPlace | None) -> FloatImage:
    shape = (level.weight.shape[0], level.weight.shape[1])
    if place is None:
        return np.ones(shape, dtype=np.float32)
    step = level.factor * base.factor
    return place.focus(shape, ((step - 1) / 2, (step - 1) / 2), step)


def _without_lesion(base: Reduced, place: LesionPlace | None) -> Reduced:
    """The reduced baseline whose lesion takes no part: it may have changed."""
    if place is None:
        return base
    half = (base.factor - 1) / 2
    rows, cols = base.skin.shape
    inner = place.drawn((rows, cols), (half, half), base.factor)
    grown = cv2.dilate(inner, np.ones((5, 5), np.uint8))
    return replace(base, skin=base.skin * (grown == 0))

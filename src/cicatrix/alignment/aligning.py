"""Find the same skin in a later photograph."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.agreement import PATCH, Agreement
from cicatrix.alignment.channels import Glance, Reduced, reduced
from cicatrix.alignment.finding import Fit, Found, Search
from cicatrix.alignment.fine import refined_window
from cicatrix.alignment.judging import Signs, sd_of, signs_of
from cicatrix.alignment.lesion import LesionPlace, lesion_place
from cicatrix.alignment.parts import require_all_parts
from cicatrix.alignment.sampling import (
    FineWindow,
    Side,
    fine_base,
    fine_pair,
    fine_window,
)
from cicatrix.alignment.spline import SplineSheet
from cicatrix.alignment.value import MEDIAN, Alignment
from cicatrix.domain.begin import Begin, waiting
from cicatrix.errors import AlignmentRefused
from cicatrix.photo.value import Photo

__all__ = ["align", "align_with"]

_Array = npt.NDArray[np.float64]


_LEAST_SKIN = 0.01
"""Share of the picture that must be skin before anything can be compared."""

_LEAST_BEYOND_CHANCE = 9.0
_LEAST_LEAD = 2.2
_LEAST_AREA = 12.0
_LEAST_EVEN = 0.25
"""Below any of them the skin is not recognised: see docs/explanation/alignment.md."""

_MOST_REPEATS = 0.8
"""Agreement somewhere else over agreement in place, above which the place is open."""

_STIFFNESS = 3000.0
_TETHER = 0.02
"""Of the increment in the window: it corrects the coarse sheet, it does not replace it
(on phantoms a free refit let the 95th percentile of the error grow tenfold)."""

_LEAST_SHARED = 0.03
"""Share of the fine grey pattern around the lesion that both photographs must show: of
548 tuning phantoms the least was 0.06, of wound pairs that align 0.06."""

_LEAST_SHARED_COARSE = 0.25
"""The same of grey at half the size, which blur leaves: of 548 tuning phantoms the least was
0.36, of wound pairs that align 0.31. Below it light has turned so far that the map follows
shades instead of skin: it missed by 1.2 to 2.1 mm and took itself for five times better."""

_OPEN_PX, _APART_PX, _MOST_DOUBT = 0.4, 3.0, 1.35
"""Samples of the window that the interpolation through the lesion may leave open, and by
which the skin on either side of it may disagree, together (in quadrature) up to this many
times. 548 tuning phantoms reach 0.90; feet with a wound across a joint, where the map goes
astray, lie beyond."""

_LEAST_JACOBIAN = 0.2
"""Area ratio below which the map squeezes skin as skin cannot be squeezed."""


def align(
    baseline: Photo, followup: Photo, lesion: npt.ArrayLike | None = None
) -> Alignment:
    """Where the skin of the baseline lies on the follow-up.

    Parameters
    ----------
    baseline, followup
        Two photographs of the same skin.
    lesion
        The lesion on the baseline: a mask (rows, cols) of the whole photograph, a
        polygon (n, 2) or a point (2,) in full-resolution pixels. The skin around it
        decides; what is inside it, and may have changed, takes no part. `None`: the
        skin of the whole picture counts alike.

    Returns
    -------
    Alignment
        Exactly the identity where both photographs hold the same pixels.

    Raises
    ------
    AlignmentRefused
        The same skin was not found, or not surely enough.
    ValueError
        The lesion is not of a shape named above or off the picture: the caller's bug.
    """
    seen = partial(Glance.of, baseline), partial(reduced, followup)
    return align_with(baseline, followup, lesion, seen=seen)


def align_with(
    baseline: Photo,
    followup: Photo,
    lesion: npt.ArrayLike | None,
    *,
    seen: tuple[Callable[[], Glance], Callable[[], Reduced]],
    beside: Begin | None = None,
) -> Alignment:
    """`align`, for photographs looked at before: `seen` gives what was seen of them.

    `lesion` is a mask (rows, cols), a polygon (n, 2), a point (2,) or `None`. `beside`
    begins a function on another core: there the first candidate is judged while it is
    refined here.
    """
    place = lesion_place(baseline, lesion)
    if _same(baseline, followup):
        return Alignment()
    outline = None if place is None else np.concatenate(place.outlines)
    glance, follow = seen
    sides = (reduced(baseline, lesion_xy=outline, seen=glance()), follow())
    for photo, side in zip((baseline, followup), sides, strict=True):
        _require_skin(photo, side)
    shown = place or _whole_skin(sides[0], baseline)
    begin = beside or waiting
    fine = begin(partial(fine_base, baseline, sides[0], fine_window(shown), place))
    finish = partial(_finished, followup, sides, shown, base=fine, beside=begin)
    search = Search.of(*sides, place, beside=begin)
    fits = search.fits()
    early: _Early | None = None
    if beside is None:
        found = search.best_of(fits)
    else:
        first = next(fits, None)
        fits = chain(() if first is None else (first,), fits)
        judged = beside(partial(search.best_of, fits))
        early = None if first is None else _tried(first, finish)
        found = judged()
    found = _recognised(found, baseline, followup)
    patches = _patches(found, sides[0])
    if place is not None:
        require_all_parts(place, *patches, followup.name)
    if early is not None and early.fit is found.fit:
        alignment = early.outcome()
    else:
        alignment = finish(found.fit)
    return replace(
        alignment,
        agreement=found.agreement.mean,
        agreement_xy=patches[0],
        agreement_each=patches[1],
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Early:
    """What refining a candidate came to before it was known to be right."""

    fit: Fit
    outcome: Callable[[], Alignment]


def _tried(fit: Fit, finish: Callable[[Fit], Alignment]) -> _Early | None:
    """The candidate refined; None where it could not be, as a wrong one may not."""
    try:
        with np.errstate(all="ignore"):
            alignment = finish(fit)
    except AlignmentRefused as refusal:
        return _Early(fit=fit, outcome=partial(_refuse, refusal))
    except (ArithmeticError, ValueError, np.linalg.LinAlgError, cv2.error):
        return None
    return _Early(fit=fit, outcome=lambda: alignment)


def _refuse(refusal: AlignmentRefused) -> Alignment:
    raise refusal


def _recognised(found: Found | None, baseline: Photo, followup: Photo) -> Found:
    """What was found, if it is the same skin in one place only."""
    if found is None or not _trusted(found.agreement):
        raise AlignmentRefused(
            f"The skin of {baseline.name} was not recognised in {followup.name}: what "
            "agrees is no more than chance, so nothing can be compared. Check that both "
            "show the same place, take the follow-up from about the same view, sharp "
            "and evenly lit, or point to the lesion on the baseline."
        )
    if found.repeats > _MOST_REPEATS:
        raise AlignmentRefused(
            f"The pattern in {baseline.name} and {followup.name} repeats itself, so "
            "that several places fit alike and none can be trusted. Photograph a "
            "larger part of the body, with moles or folds, in both."
        )
    return found


def _same(baseline: Photo, followup: Photo) -> bool:
    if baseline.encoded.shape != followup.encoded.shape:
        return False
    return baseline.encoded is followup.encoded or (
        baseline.sha256 == followup.sha256
        and bool(np.array_equal(baseline.encoded, followup.encoded))
    )


def _require_skin(photo: Photo, side: Reduced) -> None:
    share = cv2.mean(side.skin)[0]
    if min(side.skin.shape) < 48 or share < _LEAST_SKIN:
        raise AlignmentRefused(
            f"{photo.name} shows too little bare skin "
            f"({100 * share:.1f} % of the picture) to recognise the "
            "place by. Photograph more of the skin around the scar, without dressing."
        )


def _trusted(found: Agreement) -> bool:
    return (
        found.beyond_chance >= _LEAST_BEYOND_CHANCE
        and found.lead >= _LEAST_LEAD
        and found.area >= _LEAST_AREA
        and found.even >= _LEAST_EVEN
    )


def _whole_skin(base: Reduced, baseline: Photo) -> LesionPlace:
    """All skin in place of a lesion, so that errors are judged over it."""
    mask = (base.skin > 0.5).astype(np.uint8)
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    half = (base.factor - 1) / 2
    return LesionPlace(
        outlines=tuple(
            np.asarray(c, dtype=np.float64).reshape(-1, 2) * base.factor + half
            for c in found
        ),
        size_px=(baseline.width_px, baseline.height_px),
    )


def _finished(
    followup: Photo,
    sides: tuple[Reduced, Reduced],
    place: LesionPlace,
    fit: Fit,
    *,
    base: Callable[[], tuple[Side, Side]],
    beside: Begin,
) -> Alignment:
    """The window refined, the error estimated, the map checked."""
    affine = _full_affine(fit.affine, sides)
    factor = sides[0].factor
    coarse = fit.sheet.rescaled(factor, (factor - 1) / (2 * factor))
    window = fine_window(place)
    sampled = fine_pair(base, followup, sides[1], window, (affine, coarse))
    local = refined_window(
        sampled, window, coarse, stiffness=_STIFFNESS, tether=_TETHER, beside=beside
    )
    points = place.samples()
    inside = (points - np.asarray(window.origin_xy)) / window.step_px
    judge = partial(signs_of, local, inside, stiffness=_STIFFNESS, tether=_TETHER)
    told = beside(partial(judge, beside=beside))
    fine = _to_full(local.warp.sheet, window)
    alignment = Alignment(
        affine=(tuple(affine[0]), tuple(affine[1])), sheets=(coarse, fine)
    )
    turn, scale = _pose(alignment, points)
    areas = _areas(alignment, window)
    signs = told()
    _require_agreement(signs)
    _require_unfolded(areas, scale)
    return replace(
        alignment,
        error_px=MEDIAN * sd_of(signs) * window.step_px,
        rotation_deg=turn,
        scale=scale,
        overlap_fraction=_overlap(local.pair.base_weight, local.pair.follow_weight),
    )


def _patches(found: Found, base: Reduced) -> tuple[_Array, _Array]:
    """Centres (n, 2) of the compared patches, full-resolution pixels, and how they agree."""
    side = PATCH * found.factor * base.factor
    rows, cols = np.nonzero(found.agreement.counted)
    centres = (np.c_[cols, rows] + 0.5) * side - 0.5
    return centres, found.agreement.each[rows, cols]


def _full_affine(affine: _Array, sides: tuple[Reduced, Reduced]) -> _Array:
    """Reduced-pixel affine to full-resolution pixels."""
    base, follow = (side.factor for side in sides)
    linear = affine[:, :2] * follow / base
    offset = follow * affine[:, 2] + (follow - 1) / 2
    return np.c_[linear, offset - linear @ np.full(2, (base - 1) / 2)]


def _to_full(sheet: SplineSheet, window: FineWindow) -> SplineSheet:
    x, y = sheet.origin_xy
    return SplineSheet(
        origin_xy=(
            window.origin_xy[0] + window.step_px * x,
            window.origin_xy[1] + window.step_px * y,
        ),
        spacing_px=sheet.spacing_px * window.step_px,
        coefficients=sheet.coefficients * window.step_px,
    )


def _jacobians(alignment: Alignment, points: _Array, reach: float) -> _Array:
    """(n, 2, 2) by central differences."""
    steps = np.array([[reach, 0.0], [0.0, reach], [-reach, 0.0], [0.0, -reach]])
    # All in one list: the sheets cost more by the call than by the point.
    moved = alignment.to_followup((points + steps[:, None]).reshape(-1, 2))
    x, y, less_x, less_y = moved.reshape(4, -1, 2)
    return np.stack([(x - less_x) / (2 * reach), (y - less_y) / (2 * reach)], axis=-1)


def _pose(alignment: Alignment, points: _Array) -> tuple[float, float]:
    """Turn in degrees and scale at the lesion."""
    reach = max(2.0, float(np.ptp(points, axis=0).max()) / 4)
    mean = _jacobians(alignment, points, reach).mean(axis=0)
    turn = np.degrees(np.arctan2(mean[1, 0] - mean[0, 1], mean[0, 0] + mean[1, 1]))
    return float(turn), float(np.sqrt(abs(np.linalg.det(mean))))


def _require_agreement(signs: Signs) -> None:
    shares = (
        (signs.shared_fine, _LEAST_SHARED, "fine pattern"),
        (signs.shared_grey, _LEAST_SHARED_COARSE, "pattern"),
    )
    for shared, least, what in shares:
        if shared >= least:
            continue
        raise AlignmentRefused(
            f"Around the lesion both photographs share only "
            f"{100 * max(shared, 0):.0f} % of the skin's {what}, so the "
            "match cannot be trusted. Take the follow-up sharp, from about the same "
            "distance and with the light from the same side as the baseline."
        )
    hidden, apart = np.sqrt(signs.left_open) / _OPEN_PX, signs.sides / _APART_PX
    if np.hypot(hidden, apart) <= _MOST_DOUBT:
        return
    if hidden > apart:
        raise AlignmentRefused(
            "The lesion takes up so much of the skin in sight that how it lies between "
            "can only be guessed. Photograph more of the skin around it, at both visits, "
            "with the body held alike."
        )
    raise AlignmentRefused(
        "The skin on one side of the lesion has moved against the skin on the other "
        "side, as over a bent joint, so nothing tells how the lesion between them "
        "lies. Photograph it with the body held as at the baseline."
    )


def _areas(alignment: Alignment, window: FineWindow) -> _Array:
    """Area ratios (n,) of the map over the window."""
    x, y = np.meshgrid(window.xs[::16], window.ys[::16])
    points = np.c_[x.ravel(), y.ravel()]
    return np.linalg.det(_jacobians(alignment, points, 2.0 * window.step_px))


def _require_unfolded(areas: _Array, scale: float) -> None:
    if areas.min() < _LEAST_JACOBIAN * scale**2:
        raise AlignmentRefused(
            "The skin around the lesion could only be matched by folding it, so the "
            "match cannot be trusted. Take the follow-up from a view nearer to the "
            "baseline's, with the body held alike."
        )


def _overlap(
    base_weight: npt.NDArray[np.float32], follow: npt.NDArray[np.float32]
) -> float:
    skin = base_weight > 0.5
    return float((follow[skin] > 0.5).mean()) if skin.any() else 0.0

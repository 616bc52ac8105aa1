"""Faint striae: what stands out along a line, where no single sample does.

A line filter turned through all directions averages the mottling along a stria and takes
off what lies beside it, so blotches drop out. It tells scale and colour at the place that
was pointed to; lines of that colour around are the stria and its neighbours.
"""

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.begin import Begin, waiting
from cicatrix.evidence.measuring import measuring_limits
from cicatrix.outline.discriminant import likeness_of
from cicatrix.outline.group import Found, lines_beside, part_of
from cicatrix.outline.line_filter import (
    DIRECTIONS,
    WIDTH_SAMPLES,
    filtered,
    kernels,
    smoothed_along,
)
from cicatrix.outline.pyramid import quick_view
from cicatrix.outline.ring import grown
from cicatrix.outline.search import Mark
from cicatrix.outline.skinmodel import (
    SkinModel,
    fit_skin,
    levelled,
    log_features,
    robust_covariance,
)
from cicatrix.outline.usable import Overview, carried
from cicatrix.outline.value import Mask
from cicatrix.photo.middle import median
from cicatrix.photo.value import FloatImage, Photo
from cicatrix.photo.view import Window, window_around
from cicatrix.skin.parts import places

__all__ = ["striae_at"]

_Floats = npt.NDArray[np.float64]

_SIDE_SAMPLES = 112
"""Of a window, as in the search for what stands out."""
_LEAST = 3.0
"""What a line is said to stand out by where none of its samples did."""
_LEAST_HALF_PX = 100.0
"""Of a window: narrower lines are hairs."""
_CLICK_SAMPLES = 2.5
"""A finger is not a pixel."""
_AWAY_SAMPLES = 15.0
"""From there on the filter does not see what was pointed to."""
_CLIP_SD = 4.0
"""Standard deviations of skin that a sample may say at most: a hair is no stria."""
_AT_CLICK, _STRONG, _WEAK = 4.5, 5.0, 3.0
"""Standard deviations of the filter's answer on skin: of the line pointed to, of the best
place of a line, and of all of it."""
_ACROSS = 0.5
"""What a line may answer across its direction, to along it: a blotch answers alike."""
_LEAST_AREA = 3.2
"""Of a line, in squares of its width."""
_CLEARLY, _COMPANY = 4.1, 3
"""A line is taken where its middling sample answers with so many standard deviations, or
that many others lie beside it: a row of pits or the edge of a scar has neither. Of 108
other lesions of ΔE00 4 (phantom seeds 100 to 739; chosen on the even ones) four then count as
lines, and the Dice of all stays (0.665, 0.666)."""
_FINER = 1.8
"""How much finer the grid is on which the border is drawn: a line is six samples wide."""
_MAX_SAMPLES = 90_000
"""Of the finer grid, so that long lines cost no more."""
_GROW_WIDTHS = 0.15
"""How far beyond what the filter answers to a border may lie: with 0.35 lines came out a tenth
wider, at the same Dice."""
_MARGIN_WIDTHS = 4.0
"""Of skin around the lines, to tell their colour from."""
_CORE = 0.6
"""Quantile of the filter's answer from which a sample tells the stria's colour first."""
_LEAST_SAMPLES = 20
"""Fewer are no border."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """A window with its skin."""

    window: Window
    skin: Mask
    model: SkinModel

    def clipped(self) -> FloatImage:
        """Differences from skin (rows, cols, 3), outliers cut, 0 off the skin."""
        most = (_CLIP_SD * np.sqrt(np.diag(self.model.covariance))).astype(np.float32)
        cut = np.clip(self.model.residual, -most, most) * self.skin[..., None]
        return np.asarray(cut, np.float32)

    def inner(self) -> Mask:
        """Skin whose filter does not reach beyond the skin with its middle."""
        square = np.ones((9, 9), np.uint8)
        return np.asarray(cv2.erode(self.skin.view(np.uint8), square) > 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Line:
    """The line pointed to: how clearly, in which window, and its colour's direction (3,)."""

    strength: float
    across: float
    half_px: float
    colour: _Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lines:
    """Lines on a window; `answer` in standard deviations, `turn` 0 to `DIRECTIONS` - 1."""

    window: Window
    mask: Mask
    others: Mask
    answer: FloatImage
    turn: npt.NDArray[np.intp]


def striae_at(
    photo: Photo,
    seen: Overview,
    mark: Mark,
    found: Found | None,
    *,
    beside: Begin = waiting,
) -> Found | None:
    """The stria that was pointed to and those beside it, or None where there is no line.

    Parameters
    ----------
    photo, seen
        The photograph and its overview.
    mark
        The place, and the windows in which a line may be about three samples wide.
    found
        What single samples tell; where they tell it clearly, no line is looked for.
    beside
        Begins a window on another core.
    """
    separation = _LEAST if found is None else found.separation
    # From there on single samples tell a border; below it is in doubt, and stays so.
    if separation >= measuring_limits().clear_separation:
        return None
    told = [
        beside(partial(_pointed_to, photo, seen, mark.centre_xy, half))
        for half in mark.half_sizes_px
        if half > _LEAST_HALF_PX
    ]
    lines = [line for one in told if (line := one()) is not None]
    best = max(lines, key=lambda line: line.strength, default=None)
    if best is None or best.strength < _AT_CLICK or best.across > _ACROSS:
        return None
    around = _around(photo, seen, mark.centre_xy, best)
    return None if around is None else _drawn(photo, seen, around, separation)


def _see(
    photo: Photo, seen: Overview, at_xy: tuple[float, float], half: float, side: int
) -> _Seen | None:
    x, y = at_xy
    box = (x - half, y - half, x + half, y + half)
    window = window_around(photo, box, side * side)
    if min(window.shape) < side // 3:
        return None
    skin = carried(seen.skin, seen.window, window)
    light = quick_view(photo, window)
    model = fit_skin(log_features(light, smooth_samples=0.8), skin)
    return None if model is None else _Seen(window=window, skin=skin, model=model)


def _pointed_to(
    photo: Photo, seen: Overview, at_xy: tuple[float, float], half: float
) -> _Line | None:
    """The line through a place in one window, if it were three samples wide."""
    here = _see(photo, seen, at_xy, half, _SIDE_SAMPLES)
    if here is None:
        return None
    x, y = here.window.to_samples([at_xy])[0]
    across, down = np.arange(here.window.cols) - x, np.arange(here.window.rows) - y
    away2 = np.square(across) + np.square(down)[:, None]
    near = away2 <= _CLICK_SAMPLES**2
    far = here.inner() & (away2 > _AWAY_SAMPLES**2)
    if np.count_nonzero(far) < 500 or not near.any():
        return None
    cut = here.clipped()
    # Skin has no direction: a few tell how all of them scatter.
    noise = [filtered(cut, kernel)[far] for kernel in kernels()[:: DIRECTIONS // 3]]
    covariance = robust_covariance(np.concatenate(noise)[::7].T.astype(np.float64))
    answers = _answers_at(cut, near)
    solved = np.linalg.solve(covariance, answers[..., None])[..., 0]
    squared = np.einsum("nki,nki->nk", answers, solved)
    turn, at = np.unravel_index(int(squared.argmax()), squared.shape)
    strength = float(squared[turn, at]) ** 0.5
    opposite = float(squared[(turn + DIRECTIONS // 2) % DIRECTIONS, at]) ** 0.5
    return _Line(
        strength=strength,
        across=opposite / max(strength, 1e-9),
        half_px=half,
        colour=solved[turn, at] / max(strength**2, 1e-9),
    )


def _answers_at(cut: FloatImage, near: Mask) -> _Floats:
    """The filter's answers (directions, k, 3) at a few samples that lie together."""
    size = kernels()[0].shape
    reach = size[0] // 2
    rows, cols = places(near)
    padded = cv2.copyMakeBorder(cut, *(reach,) * 4, cv2.BORDER_REFLECT_101)
    # Here alone: a filter over the whole window for every direction costs ten times as much.
    patches = np.lib.stride_tricks.sliding_window_view(padded, size, axis=(0, 1))
    flat = patches[rows, cols].reshape(-1, size[0] * size[1])
    turned = np.stack([kernel.ravel() for kernel in kernels()])
    answers = turned @ flat.T
    return answers.reshape(DIRECTIONS, len(rows), 3).astype(np.float64)


def _around(
    photo: Photo, seen: Overview, at_xy: tuple[float, float], line: _Line
) -> _Lines | None:
    """The line pointed to and those like it, in twice as wide a window."""
    here = _see(photo, seen, at_xy, 2 * line.half_px, 2 * _SIDE_SAMPLES)
    if here is None:
        return None
    colour = line.colour.astype(np.float32)[None]
    likeness = np.asarray(cv2.transform(here.clipped(), colour), np.float32)
    answers = np.stack([filtered(likeness, kernel) for kernel in kernels()])
    turn = answers.argmax(axis=0)
    best = answers.max(axis=0)
    quarter = ((turn + DIRECTIONS // 2) % DIRECTIONS)[None]
    beside = np.take_along_axis(answers, quarter, axis=0)[0]
    inner = here.inner()
    noise = 1.4826 * median(np.abs(answers[0][inner])) if inner.any() else 0.0
    if noise <= 0:
        return None
    answer = np.asarray(best / np.float32(noise), np.float32)
    lined = inner & (beside < _ACROSS * best) & (answer > _WEAK)
    x, y = here.window.to_samples([at_xy])[0]
    mask = _chosen(lined, answer, (float(x), float(y)))
    if mask is None:
        return None
    return _Lines(
        window=here.window,
        mask=mask,
        others=lined & ~mask,
        answer=answer,
        turn=turn,
    )


def _chosen(lined: Mask, answer: FloatImage, at_xy: tuple[float, float]) -> Mask | None:
    """Of all lines the one pointed to and its neighbours, if that is one beyond doubt."""
    count, labels = cv2.connectedComponents(lined.view(np.uint8), connectivity=8)
    labels = np.asarray(labels, np.intp)
    strong = np.bincount(labels[lined & (answer > _STRONG)], minlength=count)
    areas = np.bincount(labels.ravel(), minlength=count)
    kept = (strong > 0) & (areas > _LEAST_AREA * WIDTH_SAMPLES**2)
    kept[0] = False
    rows, cols = places(kept[labels])
    if not len(rows):
        return None
    away = np.hypot(cols - at_xy[0], rows - at_xy[1])
    nearest = int(away.argmin())
    if away[nearest] > _CLICK_SAMPLES + 0.5:
        return None
    pointed = int(labels[rows[nearest], cols[nearest]])
    own = labels == pointed
    parts = [part_of(labels == i) for i in np.flatnonzero(kept) if i != pointed]
    mask, company = lines_beside(part_of(own), parts)
    alone = company < _COMPANY
    return None if alone and median(answer[own]) < _CLEARLY else mask


def _drawn(
    photo: Photo, seen: Overview, lines: _Lines, separation: float
) -> Found | None:
    """The lines' borders, half-way from skin to them, on a finer grid."""
    window = _fine_window(photo, lines)
    width = WIDTH_SAMPLES * lines.window.step_px / window.step_px
    skin = carried(seen.skin, seen.window, window)
    ridge = carried(lines.mask, lines.window, window) & skin
    if np.count_nonzero(ridge) < _LEAST_SAMPLES:
        return None
    answer = _resampled(lines.answer, lines.window, window, cv2.INTER_LINEAR)
    turns = lines.turn.astype(np.float32)
    turn = _resampled(turns, lines.window, window, cv2.INTER_NEAREST)
    features = log_features(quick_view(photo, window), smooth_samples=0.6)
    zone = grown(ridge, _GROW_WIDTHS * width) & skin
    core = ridge & (answer >= np.quantile(answer[ridge], _CORE))
    away = skin & ~grown(ridge, width / 2)
    model = fit_skin(features, away)
    if model is None:
        return None
    model = levelled(model, away, reach_samples=2 * width)
    likeness, step, border = likeness_of(model, model.level_of(core))
    most = _CLIP_SD / max(step, 1e-3)
    likeness = np.clip(likeness, -most, 1 + most)
    mask = zone & (smoothed_along(likeness, turn, zone, width) > border)
    if np.count_nonzero(mask) < _LEAST_SAMPLES:
        return None
    return Found(
        window=window,
        mask=mask,
        others=carried(lines.others, lines.window, window) & ~mask,
        kind="line",
        separation=separation,
        wider=None,
    )


def _fine_window(photo: Photo, lines: _Lines) -> Window:
    rows, cols = places(lines.mask)
    margin = _MARGIN_WIDTHS * WIDTH_SAMPLES
    corners = np.array(
        [
            [cols.min() - margin, rows.min() - margin],
            [cols.max() + margin, rows.max() + margin],
        ]
    )
    low, high = lines.window.to_pixels(corners)
    step = max(lines.window.step_px / _FINER, 1.0)
    samples = min(float(np.prod(high - low)) / step**2, _MAX_SAMPLES)
    return window_around(photo, (low[0], low[1], high[0], high[1]), int(samples))


def _resampled(
    image: FloatImage, source: Window, target: Window, how: int
) -> FloatImage:
    sampled = cv2.warpAffine(
        image,
        target.to_other(source),
        (target.cols, target.rows),
        flags=how | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(sampled, np.float32)

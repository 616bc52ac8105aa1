"""Refinement at full resolution in a window around the lesion."""

from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.channels import (
    LocalWindow,
    Planes,
    inner,
)
from cicatrix.alignment.evidence import GridPair, Linearised, warped
from cicatrix.alignment.refine import Warp, refine
from cicatrix.alignment.sampling import FineWindow, Sampled
from cicatrix.alignment.spline import SplineSheet, flat_sheet
from cicatrix.domain.begin import Begin, waiting
from cicatrix.photo.value import FloatImage

__all__ = ["Refined", "refined_window"]

_Array = npt.NDArray[np.float64]

_SIGMA = 20.0
"""Window of the local normalisation in samples: large against pores, small against the
turning of the light over the body."""

_KNOT_SAMPLES = 64.0
"""Spacing of the knots in samples of the finest grid."""

_REACH = 8
"""How far, in samples of the coarser grid, colour and grey may lie apart."""

_SLOPES = (0.3, 0.4, 0.5)
"""Slopes of colour on grey in shading that are tried; on phantoms 0.3 and 0.4 won."""

_LEAST_PEAK = 0.12
"""Correlation of colour below which it cannot say where the skin lies."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refined:
    """The increment over the window in its samples, with what it was found by."""

    warp: Warp
    pair: GridPair
    equations: Linearised


def refined_window(
    sampled: Sampled,
    window: FineWindow,
    coarse: SplineSheet,
    *,
    stiffness: float,
    tether: float,
    beside: Begin,
) -> Refined:
    """The increment over the window, coarse to fine.

    `beside` begins on another core what does not wait for the coarser grid.
    """
    raw = sampled.compared(1)
    finest = beside(partial(_Compared.of, raw))
    rows, cols = window.shape
    knots = min(_KNOT_SAMPLES, max(24.0, coarse.spacing_px / window.step_px))
    sheet = flat_sheet((-0.5, -0.5, cols - 0.5, rows - 0.5), knots)
    warp = Warp(
        sheet=sheet, grey_offset=(0.0, 0.0), ground=_ground(sheet, window, coarse)
    )
    local, pair = _light_turned(
        _Compared.of(sampled.compared(2)), warp.rescaled(1 / 2, -1 / 2), beside
    )
    local, _ = refine(pair, local, stiffness=stiffness, tether=tether)
    warp = local.rescaled(2, 1 / 4)
    slopes = _shading_slopes(raw, warp, beside)
    pair = finest().unshaded(slopes, beside)
    warp, equations = refine(pair, warp, stiffness=stiffness, tether=tether)
    return Refined(warp=warp, pair=pair, equations=equations)


def _ground(sheet: SplineSheet, window: FineWindow, coarse: SplineSheet) -> _Array:
    """The coarse displacement as coefficients of the window's sheet, in samples.

    It is fitted on two knots beyond the window, as the outermost knots would otherwise
    be open.
    """
    reach = 2 * sheet.spacing_px
    xs, ys = (np.arange(-reach, size + reach, 8.0) for size in window.shape[::-1])
    left, top = window.origin_xy
    step = window.step_px
    before = coarse.on_grid(left + step * xs, top + step * ys) / step
    return sheet.fitted(xs, ys, before)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Compared:
    """Both pictures as they are, and what of them shading in colour does not alter.

    `windows`, `weights` and `greys`, normalised, are of the baseline and the follow-up.
    """

    raw: GridPair
    windows: tuple[LocalWindow, LocalWindow]
    weights: tuple[FloatImage, FloatImage]
    greys: tuple[FloatImage, FloatImage]

    @classmethod
    def of(cls, raw: GridPair) -> "_Compared":
        # The follow-up leaves out the lesion as the baseline does: see `pair_at`.
        both = cast(FloatImage, cv2.multiply(raw.base_weight, raw.follow_weight))
        windows = LocalWindow.of(raw.base_weight, _SIGMA), LocalWindow.of(both, _SIGMA)
        return cls(
            raw=raw,
            windows=windows,
            weights=(inner(raw.base_weight), inner(both)),
            greys=(
                windows[0].flattened(raw.base[0]),
                windows[1].flattened(raw.follow[0]),
            ),
        )

    def unshaded(
        self, slopes: tuple[float, float], beside: Begin = waiting
    ) -> GridPair:
        """Both pictures normalised, after shading was taken out of their colour."""
        told = [
            beside(partial(_flattened, window, planes, slope))
            for planes, window, slope in zip(
                (self.raw.base, self.raw.follow), self.windows, slopes, strict=True
            )
        ]
        base, follow = (one() for one in told)
        return GridPair.of(
            (self.greys[0], base),
            self.weights[0],
            (self.greys[1], follow),
            self.weights[1],
        )


def _flattened(window: LocalWindow, planes: Planes, slope: float) -> FloatImage:
    return window.flattened(_without(planes, slope))


def _without(planes: Planes, slope: float) -> FloatImage:
    """Colour without the shading that has this slope on grey."""
    grey, colour = planes
    return cast(FloatImage, cv2.addWeighted(colour, 1.0, grey, -slope, 0.0))


def _light_turned(
    compared: _Compared, warp: Warp, beside: Begin
) -> tuple[Warp, GridPair]:
    """The warp moved as a whole to where colour without shading agrees best.

    With it comes the pair without the shading that was found.

    Grey goes to where grey does. The valley between the two is shallow, and Gauss-Newton
    steps walk along it slowly. Of the slopes tried, the one that brings colour furthest
    from grey has left the least shading in it: too much and too little of it both match
    where the shading does.
    """
    rows, cols = compared.raw.shape
    if min(rows, cols) < 8 * _REACH:
        return warp, compared.unshaded((_SLOPES[1], _SLOPES[1]))
    shift = warp.sheet.on_grid(np.arange(cols), np.arange(rows))
    told = [beside(partial(_tried, compared, slope, shift)) for slope in _SLOPES]
    tried = [one() for one in told]
    pair, moved, _ = tried[0]
    grey = _peak(pair.base[0] * pair.base_weight, moved)  # it is the same in all
    seen = [(colour, pair) for pair, _, colour in tried if colour is not None]
    if grey is None or not seen:
        return warp, tried[1][0]
    here = grey.shift
    clear = 0.5 * max(colour.height for colour, _ in seen)
    colour, pair = max(
        (one for one in seen if one[0].height >= clear),
        key=lambda one: float(np.hypot(*(here - one[0].shift))),
    )
    x, y = here - colour.shift
    sheet = warp.sheet
    sheet = replace(sheet, coefficients=sheet.coefficients + colour.shift)
    return replace(warp, sheet=sheet, grey_offset=(float(x), float(y))), pair


def _tried(
    compared: _Compared, slope: float, shift: FloatImage
) -> "tuple[GridPair, FloatImage, _Peak | None]":
    """The pair without shading of a slope, the follow-up's grey, where colours agree."""
    pair = compared.unshaded((slope, slope))
    (grey, colour), follow_weight = warped(pair, shift)
    shown = (follow_weight > 0.98).astype(np.float32)
    peak = _peak(pair.base[1] * pair.base_weight, colour * shown)
    return pair, grey * shown, peak


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Peak:
    """Shift (x, y) of best agreement, and its height over the usual agreement."""

    shift: _Array
    height: float


def _peak(base: FloatImage, follow: FloatImage) -> _Peak | None:
    """Where two planes agree best; None at the border or if faint."""
    middle = slice(_REACH, -_REACH)
    score = cv2.matchTemplate(
        cv2.GaussianBlur(follow, (0, 0), 1.0),
        np.ascontiguousarray(base[middle, middle]),
        cv2.TM_CCORR_NORMED,
    )
    row, col = np.unravel_index(int(score.argmax()), score.shape)
    last = 2 * _REACH
    if not (0 < row < last and 0 < col < last) or score[row, col] < _LEAST_PEAK:
        return None
    place = []
    for line, at in ((score[row], int(col)), (score[:, col], int(row))):
        before, here, after = (float(v) for v in line[at - 1 : at + 2])
        place.append(at + (before - after) / (2 * (before - 2 * here + after)))
    height = float(score[row, col] - np.median(score))
    return _Peak(shift=np.array(place) - _REACH, height=height)


def _shading_slopes(raw: GridPair, warp: Warp, beside: Begin) -> tuple[float, float]:
    """Slope of colour on grey in each picture's shading.

    Shading is not quite grey: light spreads inside skin, red furthest, and fills the
    shadows, so that dark sides of furrows are also redder. What still differs between
    the aligned pictures at the scale of furrows is mostly shading that turned with the
    light; it shows the slope.
    """
    rows, cols = raw.shape
    shift = warp.sheet.on_grid(np.arange(cols), np.arange(rows))
    moved, moved_weight = warped(raw, shift)
    weight = raw.base_weight * (moved_weight > 0.98)
    told = [
        beside(partial(_left_over, base, follow, weight))
        for base, follow in zip(raw.base, moved, strict=True)
    ]
    (grey, grey_gain), (colour, colour_gain) = (one() for one in told)
    slope = float((grey * colour).sum() / max((grey**2).sum(), 1e-12))
    return slope, slope * grey_gain / max(colour_gain, 1e-6)


def _left_over(
    base: FloatImage, moved: FloatImage, weight: FloatImage
) -> tuple[FloatImage, float]:
    """What differs at the scale of furrows after the follow-up's gain, and that gain."""
    first, second = _band(base) * weight, _band(moved) * weight
    gain = float(np.sqrt((first**2).sum() / max((second**2).sum(), 1e-12)))
    return first - np.float32(gain) * second, gain


def _band(values: FloatImage) -> FloatImage:
    """What is about as wide as furrows: between 1.5 and 6 samples."""
    fine = cv2.GaussianBlur(values, (0, 0), 1.5)
    # At half the size an eighth of the work, and the same to a hundredth.
    size = values.shape[::-1]
    wide = cv2.resize(values, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.GaussianBlur(wide, (0, 0), 3.0), size)
    return np.asarray(fine - wide, dtype=np.float32)

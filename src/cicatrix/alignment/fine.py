"""Refinement at full resolution in a window around the lesion."""

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.channels import (
    Encoded,
    LocalWindow,
    Planes,
    Reduced,
    inner,
    log_channels,
    shrunk,
)
from cicatrix.alignment.evidence import GridPair, Linearised, warped
from cicatrix.alignment.lesion import LesionPlace
from cicatrix.alignment.refine import Warp, refine
from cicatrix.alignment.spline import SplineSheet, flat_sheet
from cicatrix.photo.value import FloatImage, Photo

__all__ = [
    "FineWindow",
    "Refined",
    "Sampled",
    "fine_pair",
    "fine_window",
    "refined_window",
]

_Array = npt.NDArray[np.float64]

_SAMPLES = 250_000
"""Most samples of the window. Of eight phantom pairs at 12 megapixels (seeds 100-107) the
median error was 0.52 px with 800,000, 0.51 with 400,000 and 0.40 with 200,000."""

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
class FineWindow:
    """A grid on the baseline: sample (row, col) at `origin_xy + step_px * (col, row)`."""

    origin_xy: tuple[float, float]
    step_px: int
    shape: tuple[int, int]

    @property
    def xs(self) -> _Array:
        """Full-resolution x of each column."""
        return self.origin_xy[0] + self.step_px * np.arange(self.shape[1], dtype=float)

    @property
    def ys(self) -> _Array:
        """Full-resolution y of each row."""
        return self.origin_xy[1] + self.step_px * np.arange(self.shape[0], dtype=float)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sampled:
    """Log channels and weights (rows, cols) of both photographs on a window's grid."""

    base: Planes
    follow: Planes
    base_weight: FloatImage
    follow_weight: FloatImage

    def compared(self, factor: int) -> GridPair:
        """Both at a coarser grid, not yet normalised."""
        base, base_weight = shrunk(self.base, self.base_weight, factor)
        follow, follow_weight = shrunk(self.follow, self.follow_weight, factor)
        return GridPair.of(base, base_weight, follow, follow_weight)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refined:
    """The increment over the window in its samples, with what it was found by."""

    warp: Warp
    pair: GridPair
    equations: Linearised


def fine_window(place: LesionPlace) -> FineWindow:
    """The lesion and the skin about it, half its size or an eighth of the picture wide."""
    left, top, right, bottom = place.box_xyxy
    margin = max(0.5 * max(right - left, bottom - top), 0.1 * place.longest_px, 80.0)
    width, height = place.size_px
    left, top = max(0, int(left - margin)), max(0, int(top - margin))
    right = min(width, int(right + margin) + 1)
    bottom = min(height, int(bottom + margin) + 1)
    area = (right - left) * (bottom - top)
    step = max(1, int(np.ceil(np.sqrt(area / _SAMPLES) - 0.15)))
    middle = (step - 1) / 2
    return FineWindow(
        origin_xy=(left + middle, top + middle),
        step_px=step,
        shape=(max(1, (bottom - top) // step), max(1, (right - left) // step)),
    )


def fine_pair(
    photos: tuple[Photo, Photo],
    reduced: tuple[Reduced, Reduced],
    window: FineWindow,
    place: LesionPlace | None,
    mapping: tuple[_Array, SplineSheet],
) -> Sampled:
    """Both photographs on the window's grid.

    `mapping` is the (2, 3) affine and the sheet so far, full-resolution pixels.
    """
    affine, sheet = mapping
    step, (rows, cols) = window.step_px, window.shape
    left = round(window.origin_xy[0] - (step - 1) / 2)
    top = round(window.origin_xy[1] - (step - 1) / 2)
    part = photos[0].encoded[top : top + rows * step, left : left + cols * step]
    if step > 1:
        part = cast(
            Encoded, cv2.resize(part, (cols, rows), interpolation=cv2.INTER_AREA)
        )
    base = log_channels(part, photos[0].decoding)
    shift = sheet.on_grid(window.xs, window.ys)
    x = shift[..., 0] + window.xs.astype(np.float32)
    y = shift[..., 1] + window.ys.astype(np.float32)[:, None]
    a = affine.astype(np.float32)
    to_x = a[0, 0] * x + a[0, 1] * y + a[0, 2]
    to_y = a[1, 0] * x + a[1, 1] * y + a[1, 2]
    follow = log_channels(
        _taken(photos[1], to_x, to_y, step, affine), photos[1].decoding
    )
    base_weight = _weight_at(reduced[0], x - shift[..., 0], y - shift[..., 1])
    if place is not None:
        lesion = place.drawn(window.shape, window.origin_xy, step)
        away = cv2.distanceTransform(1 - lesion, cv2.DIST_L2, 3)
        base_weight[away <= max(3.0, 0.004 * place.longest_px / step)] = 0
    return Sampled(
        base=base,
        follow=follow,
        base_weight=base_weight,
        follow_weight=_weight_at(reduced[1], to_x, to_y),
    )


def _taken(
    photo: Photo, x: FloatImage, y: FloatImage, step: int, affine: _Array
) -> npt.NDArray[np.uint8] | npt.NDArray[np.uint16]:
    """Stored code values at full-resolution positions, averaged over a sample's size."""
    footprint = step * float(np.sqrt(abs(np.linalg.det(affine[:, :2]))))
    shrink = max(1, int(footprint + 0.35))
    low = np.array([max(0, int(x.min()) - 4), max(0, int(y.min()) - 4)])
    high = np.array(
        [
            min(photo.width_px, int(x.max()) + 6),
            min(photo.height_px, int(y.max()) + 6),
        ]
    )
    # At least some pixels, also where everything falls outside.
    low = np.minimum(low, np.array([photo.width_px, photo.height_px]) - shrink)
    high = np.maximum(high, low + shrink)
    size = (high - low) // shrink
    part = photo.encoded[
        low[1] : low[1] + size[1] * shrink, low[0] : low[0] + size[0] * shrink
    ]
    if shrink > 1:
        shape = (int(size[0]), int(size[1]))
        part = cast(Encoded, cv2.resize(part, shape, interpolation=cv2.INTER_AREA))
    half = (shrink - 1) / 2
    return cast(
        Encoded,
        cv2.remap(
            part,
            (x - np.float32(low[0] + half)) / np.float32(shrink),
            (y - np.float32(low[1] + half)) / np.float32(shrink),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
    )


def _weight_at(side: Reduced, x: FloatImage, y: FloatImage) -> FloatImage:
    """Skin of a reduced photograph at full-resolution positions, 0 or 1."""
    half = (side.factor - 1) / 2
    found = cv2.remap(
        side.skin,
        (x - np.float32(half)) / np.float32(side.factor),
        (y - np.float32(half)) / np.float32(side.factor),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    return np.asarray(found > 0.75, dtype=np.float32)


def refined_window(
    sampled: Sampled,
    window: FineWindow,
    coarse: SplineSheet,
    *,
    stiffness: float,
    tether: float,
) -> Refined:
    """The increment over the window, coarse to fine."""
    rows, cols = window.shape
    knots = min(_KNOT_SAMPLES, max(24.0, coarse.spacing_px / window.step_px))
    sheet = flat_sheet((-0.5, -0.5, cols - 0.5, rows - 0.5), knots)
    warp = Warp(
        sheet=sheet, grey_offset=(0.0, 0.0), ground=_ground(sheet, window, coarse)
    )
    local, pair = _light_turned(
        _Compared.of(sampled.compared(2)), warp.rescaled(1 / 2, -1 / 2)
    )
    local, _ = refine(pair, local, stiffness=stiffness, tether=tether)
    warp = local.rescaled(2, 1 / 4)
    raw = sampled.compared(1)
    pair = _Compared.of(raw).unshaded(_shading_slopes(raw, warp))
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

    def unshaded(self, slopes: tuple[float, float]) -> GridPair:
        """Both pictures normalised, after shading was taken out of their colour."""
        base, follow = (
            window.flattened(_without(planes, slope))
            for planes, window, slope in zip(
                (self.raw.base, self.raw.follow), self.windows, slopes, strict=True
            )
        )
        return GridPair.of(
            (self.greys[0], base),
            self.weights[0],
            (self.greys[1], follow),
            self.weights[1],
        )


def _without(planes: Planes, slope: float) -> FloatImage:
    """Colour without the shading that has this slope on grey."""
    grey, colour = planes
    return cast(FloatImage, cv2.addWeighted(colour, 1.0, grey, -slope, 0.0))


def _light_turned(compared: _Compared, warp: Warp) -> tuple[Warp, GridPair]:
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
    pairs = [compared.unshaded((slope, slope)) for slope in _SLOPES]
    shift = warp.sheet.on_grid(np.arange(cols), np.arange(rows))
    grey: _Peak | None = None
    seen: list[tuple[_Peak, GridPair]] = []
    for pair in pairs:
        follow, follow_weight = warped(pair, shift)
        shown = (follow_weight > 0.98).astype(np.float32)
        if pair is pairs[0]:  # grey is the same in all
            grey = _peak(pair.base[0] * pair.base_weight, follow[0] * shown)
        colour = _peak(pair.base[1] * pair.base_weight, follow[1] * shown)
        if colour is not None:
            seen.append((colour, pair))
    if grey is None or not seen:
        return warp, pairs[1]
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


def _shading_slopes(raw: GridPair, warp: Warp) -> tuple[float, float]:
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
    left, gains = [], []
    for channel in range(2):
        first = _band(raw.base[channel]) * weight
        second = _band(moved[channel]) * weight
        gain = float(np.sqrt((first**2).sum() / max((second**2).sum(), 1e-12)))
        gains.append(gain)
        left.append(first - np.float32(gain) * second)
    slope = float((left[0] * left[1]).sum() / max((left[0] ** 2).sum(), 1e-12))
    return slope, slope * gains[0] / max(gains[1], 1e-6)


def _band(values: FloatImage) -> FloatImage:
    """What is about as wide as furrows: between 1.5 and 6 samples."""
    fine = cv2.GaussianBlur(values, (0, 0), 1.5)
    # At half the size an eighth of the work, and the same to a hundredth.
    size = values.shape[::-1]
    wide = cv2.resize(values, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.GaussianBlur(wide, (0, 0), 3.0), size)
    return np.asarray(fine - wide, dtype=np.float32)

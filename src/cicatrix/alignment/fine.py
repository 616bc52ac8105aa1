"""Refinement at full resolution in a window around the lesion."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.channels import Reduced, log_channels, normalised, shrunk
from cicatrix.alignment.lesion import LesionPlace
from cicatrix.alignment.refine import GridPair, refine_sheet
from cicatrix.alignment.spline import SplineSheet, flat_sheet
from cicatrix.photo.value import FloatImage, Photo

__all__ = ["FineWindow", "fine_pair", "fine_window", "refined_window"]

_Array = npt.NDArray[np.float64]

_SAMPLES = 800_000
"""Most samples of the window: what two cores work through in a tenth of a second."""

_SIGMA = 20.0
"""Window of the local normalisation in samples: large against pores, small against the
turning of the light over the body."""

_KNOT_SAMPLES = 64.0
"""Spacing of the knots in samples of the finest grid."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FineWindow:
    """A grid on the baseline: sample (row, col) at `origin_xy + step_px * (col, row)`."""

    origin_xy: tuple[float, float]
    step_px: int
    shape: tuple[int, int]

    @property
    def xs(self) -> _Array:
        """Full-resolution x of each column."""
        return self.origin_xy[0] + self.step_px * np.arange(self.shape[1])

    @property
    def ys(self) -> _Array:
        """Full-resolution y of each row."""
        return self.origin_xy[1] + self.step_px * np.arange(self.shape[0])


def fine_window(place: LesionPlace) -> FineWindow:
    """The lesion and the skin about it, half its size or an eighth of the picture wide."""
    left, top, right, bottom = place.box_xyxy
    margin = max(0.5 * max(right - left, bottom - top), 0.1 * place.longest_px)
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
) -> tuple[FloatImage, FloatImage, FloatImage, FloatImage]:
    """Log channels and weights of both photographs on the window's grid.

    `mapping` is the (2, 3) affine and the sheet so far, full-resolution pixels.
    """
    affine, sheet = mapping
    step, (rows, cols) = window.step_px, window.shape
    left = round(window.origin_xy[0] - (step - 1) / 2)
    top = round(window.origin_xy[1] - (step - 1) / 2)
    part = photos[0].encoded[top : top + rows * step, left : left + cols * step]
    if step > 1:
        part = np.asarray(
            cv2.resize(part, (cols, rows), interpolation=cv2.INTER_AREA),
            dtype=part.dtype,
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
        inner = place.drawn(window.shape, window.origin_xy, step)
        guard = 2 * max(3, round(0.004 * place.longest_px / step)) + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (guard, guard))
        base_weight[cv2.dilate(inner, disc) > 0] = 0
    return base, follow, base_weight, _weight_at(reduced[1], to_x, to_y)


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
        part = np.asarray(
            cv2.resize(
                part, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA
            ),
            dtype=part.dtype,
        )
    half = (shrink - 1) / 2
    return np.asarray(
        cv2.remap(
            part,
            (x - np.float32(low[0] + half)) / np.float32(shrink),
            (y - np.float32(low[1] + half)) / np.float32(shrink),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=photo.encoded.dtype,
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
    sampled: tuple[FloatImage, FloatImage, FloatImage, FloatImage],
    window: FineWindow,
    *,
    stiffness: float,
    tether: float,
) -> tuple[SplineSheet, GridPair]:
    """The increment over the window, in its samples, and the finest pair of grids."""
    base, follow, base_weight, follow_weight = sampled
    rows, cols = window.shape
    sheet = flat_sheet((-0.5, -0.5, cols - 0.5, rows - 0.5), _KNOT_SAMPLES)
    pair = None
    for factor in (2, 1):
        small_base, weight_a = shrunk(base, base_weight, factor)
        small_follow, weight_b = shrunk(follow, follow_weight, factor)
        pair = GridPair(
            base=normalised(small_base, weight_a, _SIGMA),
            follow=normalised(small_follow, weight_b, _SIGMA),
            base_weight=(weight_a > 0.98).astype(np.float32),
            follow_weight=weight_b,
        )
        local = sheet.rescaled(1 / factor, -(factor - 1) / 2)
        local = refine_sheet(pair, local, stiffness=stiffness, tether=tether)
        sheet = replace(sheet, coefficients=local.coefficients * factor)
    if pair is None:
        raise AssertionError("the loop ran")
    return sheet, pair

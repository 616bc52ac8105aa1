"""What is exactly true of a made-up photograph."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.phantom.fields import FloatImage, Grid
from cicatrix.phantom.geometry import Points, View
from cicatrix.phantom.lesion import GUARD_MM, RING_MM, LesionShape
from cicatrix.phantom.scene import SceneObjectKind

__all__ = ["ObjectTruth", "Truth", "truth_displacement"]

_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectTruth:
    """Where a card or ruler lies: corners in pixels, clockwise from its own top left."""

    kind: SceneObjectKind
    corners_px: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Truth:
    """The truth behind one rendering.

    Colour is that of a perfect observer (CIE 1931, D65, no shading, gloss or hair);
    lesion minus adjacent skin, medians. `fade` is 1 - contrast_de00 / baseline_de00 with
    the sign of the change kept past skin colour. `melanin_log_change`,
    `blood_log_change` and `scattering_log_change` are the full changes inside the lesion.
    Length and width are of the longest line for striae, else of the smallest enclosing
    rectangle. `hidden` marks pixels that a card or cloth covers.
    """

    contrast_de00: float
    baseline_de00: float
    fade: float
    signed_lab: tuple[float, float, float]
    skin_lab: tuple[float, float, float]
    skin_ita_deg: float
    melanin_log_change: float
    blood_log_change: float
    scattering_log_change: float
    area_mm2: float
    length_mm: float
    width_mm: float
    px_per_mm: float
    objects: tuple[ObjectTruth, ...]
    view: View
    shape: LesionShape
    hidden: _Mask

    def to_skin_mm(self, points_px: npt.ArrayLike) -> Points:
        """Skin position (n, 2) in mm of pixels (n, 2); NaN beside the limb."""
        return self.view.to_skin_mm(points_px)

    def to_pixels(self, points_mm: npt.ArrayLike) -> Points:
        """Pixels (n, 2) of skin positions (n, 2) in mm."""
        return self.view.to_pixels(points_mm)

    @property
    def lesion_point_px(self) -> tuple[float, float]:
        """A pixel well inside the lesion."""
        depth = cv2.distanceTransform(
            self.shape.inside.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE
        )
        row, col = np.unravel_index(int(np.argmax(depth)), depth.shape)
        grid = self.shape.grid
        place = [
            grid.x0_mm + float(col) * grid.texel_mm,
            grid.y0_mm + float(row) * grid.texel_mm,
        ]
        x, y = self.to_pixels([place])[0]
        return float(x), float(y)

    @cached_property
    def lesion_mask(self) -> _Mask:
        """(rows, cols) where the lesion shows."""
        return self._mask(self.shape.edge, lambda edge: edge > 0.5)

    @cached_property
    def adjacent_mask(self) -> _Mask:
        """(rows, cols) skin from 1.5 to 6 mm off the lesion."""
        return self._mask(
            self.shape.outside_mm, lambda off: (off > GUARD_MM) & (off < RING_MM)
        )

    def _mask(self, field: FloatImage, chosen: Callable[[FloatImage], _Mask]) -> _Mask:
        mask = np.zeros(self.hidden.shape, dtype=bool)
        grid = self.shape.grid
        low, high = _frame(grid, self.view, self.hidden.shape)
        if (high <= low).any():
            return mask
        x, y = np.arange(low[0], high[0]), np.arange(low[1], high[1])
        pixels = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        samples = grid.to_samples(self.to_skin_mm(pixels)).reshape(len(y), len(x), 2)
        samples = np.nan_to_num(samples, nan=-1e4).astype(np.float32)
        seen = cv2.remap(
            field,
            samples[..., 0],
            samples[..., 1],
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=0,
        )
        mask[low[1] : high[1], low[0] : high[0]] = chosen(
            np.asarray(seen, dtype=np.float32)
        )
        return mask & ~self.hidden


def _frame(
    grid: Grid, view: View, shape: tuple[int, ...]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pixels (low, high) around the lesion's grid, inside the picture."""
    t = np.linspace(0, grid.texel_mm * (grid.cols - 1), 9)
    x, y = np.meshgrid(grid.x0_mm + t, grid.y0_mm + t)
    outline = view.to_pixels(np.stack([x, y], axis=-1).reshape(-1, 2))
    low = np.maximum(np.floor(outline.min(axis=0)), 0).astype(np.int64)
    high = np.minimum(np.ceil(outline.max(axis=0)) + 1, [shape[1], shape[0]])
    return low, high.astype(np.int64)


def truth_displacement(
    truth_a: Truth, truth_b: Truth, points_px: npt.ArrayLike
) -> Points:
    """Where pixels (n, 2) of photo a are on photo b, (n, 2), through the skin itself.

    Exact to rounding; NaN where photo a shows no skin. It is the caller's business
    whether a card covers the skin there.
    """
    return truth_b.to_pixels(truth_a.to_skin_mm(points_px))

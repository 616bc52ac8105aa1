"""Where the lesion lies on the baseline, whatever way it was pointed to."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import FloatImage, Photo
from cicatrix.skin.parts import places

__all__ = ["LesionPlace", "lesion_place"]

_Array = npt.NDArray[np.float64]

_POINT_RADIUS = 0.025
"""Radius given to a lesion known by one point, of the picture's longest side: 4 to 10 mm
on a usual close-up."""

_FOCUS = 0.12
"""How fast the neighbourhood stops to matter, of the longest side: what lies further off
bends on its own and says little about the lesion."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LesionPlace:
    """The lesion as outlines (n, 2) in full-resolution pixels of the baseline.

    `size_px` is the picture's (width, height).
    """

    outlines: tuple[_Array, ...]
    size_px: tuple[int, int]

    @property
    def longest_px(self) -> int:
        """Longest side of the picture."""
        return max(self.size_px)

    @property
    def box_xyxy(self) -> tuple[float, float, float, float]:
        """The box around the lesion, inside the picture."""
        points = np.concatenate(self.outlines)
        low = np.clip(points.min(axis=0), 0, np.array(self.size_px) - 1)
        high = np.clip(points.max(axis=0), 0, np.array(self.size_px) - 1)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def drawn(
        self, shape: tuple[int, int], origin_xy: tuple[float, float], step_px: float
    ) -> npt.NDArray[np.uint8]:
        """1 inside the lesion on a grid of (rows, cols) from `origin_xy` on."""
        picture = np.zeros(shape, dtype=np.uint8)
        for outline in self.outlines:
            corners = (outline - np.asarray(origin_xy)) / step_px
            cv2.fillPoly(picture, [np.round(corners).astype(np.int32)], 1)
        return picture

    def samples(self) -> _Array:
        """Some 200 points (n, 2) inside the lesion."""
        left, top, right, bottom = self.box_xyxy
        step = max(1.0, max(right - left, bottom - top) / 60)
        shape = (int((bottom - top) / step) + 1, int((right - left) / step) + 1)
        rows, cols = places(self.drawn(shape, (left, top), step).view(bool))
        stride = max(1, len(rows) // 200)
        return np.c_[cols, rows][::stride] * step + np.array([left, top])

    def focus(
        self, shape: tuple[int, int], origin_xy: tuple[float, float], step_px: float
    ) -> FloatImage:
        """How much each sample of a grid matters: 1 beside the lesion, 0.05 far off."""
        outside = 1 - self.drawn(shape, origin_xy, step_px)
        away = cv2.distanceTransform(outside, cv2.DIST_L2, 3)
        reach = _FOCUS * self.longest_px / step_px
        near = np.exp(-0.5 * (away / np.float32(reach)) ** 2)
        return np.asarray(np.maximum(near, 0.05), dtype=np.float32)


def lesion_place(photo: Photo, lesion: npt.ArrayLike | None) -> LesionPlace | None:
    """The lesion of `align`, as outlines.

    Raises
    ------
    ValueError
        Not a mask of the photograph's shape, a polygon (n >= 3, 2) or a point (2,), or
        it holds nothing or lies off the photograph: the caller has a bug.
    """
    if lesion is None:
        return None
    given = np.asarray(lesion)
    size = (photo.width_px, photo.height_px)
    if given.dtype == bool:
        return LesionPlace(outlines=_contours(given, size), size_px=size)
    points = np.asarray(given, dtype=np.float64)
    if points.shape == (2,):
        turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        radius = _POINT_RADIUS * max(size)
        outline = points + radius * np.c_[np.cos(turn), np.sin(turn)]
        middle = points
    elif points.ndim == 2 and points.shape[1] == 2 and len(points) >= 3:
        outline, middle = points, (points.min(axis=0) + points.max(axis=0)) / 2
    else:
        raise ValueError(
            f"a lesion is a mask, a polygon (n, 2) or a point (2,), got {given.shape}"
        )
    inside = (middle >= 0) & (middle <= np.array(size) - 1)
    if not (np.isfinite(points).all() and inside.all()):
        raise ValueError("the lesion lies off the photograph")
    return LesionPlace(outlines=(outline,), size_px=size)


def _contours(mask: npt.NDArray[np.bool_], size: tuple[int, int]) -> tuple[_Array, ...]:
    if mask.shape != (size[1], size[0]):
        raise ValueError(
            f"the lesion's mask is {mask.shape}, the photograph {(size[1], size[0])}"
        )
    if not mask.any():
        raise ValueError("the lesion's mask is empty")
    found, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    return tuple(np.asarray(c, dtype=np.float64).reshape(-1, 2) for c in found)

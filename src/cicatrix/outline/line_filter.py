"""A line filter, turned through all directions."""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.outline.value import Mask
from cicatrix.photo.value import FloatImage

__all__ = ["DIRECTIONS", "WIDTH_SAMPLES", "filtered", "kernels", "smoothed_along"]

_Floats = npt.NDArray[np.float64]

DIRECTIONS = 12
_SD_SAMPLES = 1.4
"""Of the filter across a line: one about three samples wide answers most. With 1.4 and 1.7
(and 7.0 and 8.5 along it) the Dice of striae of ΔE00 4 was 0.59 and 0.55, their width off by
16 and 23 % in the mean (even phantom seeds 100 to 738)."""
WIDTH_SAMPLES = 2.4 * _SD_SAMPLES
_LONG_SAMPLES = 7.0
"""Standard deviation along a line. With 5, 7 and 9.8 that Dice was 0.60, 0.59 and 0.58, the width
off by 20, 16 and 16 %: longer ones miss striae that bend."""


def smoothed_along(
    likeness: FloatImage, turn: FloatImage, zone: Mask, width: float
) -> FloatImage:
    """The mean along each sample's own direction, over about its line's width.

    `turn` (rows, cols) is each sample's direction, in steps of a half turn by `DIRECTIONS`,
    `zone` where it is wanted, `width` that of the line in samples.
    """
    smooth = likeness.copy()
    for number in range(DIRECTIONS):
        here = zone & (turn == number)
        if here.any():
            u, v = _axes(number, 2 * width)
            kernel = np.exp(-np.square(u / width) / 2 - np.square(v / 0.5) / 2)
            kernel /= kernel.sum()
            smooth[here] = filtered(likeness, kernel.astype(np.float32))[here]
    return smooth


def filtered(image: FloatImage, kernel: FloatImage) -> FloatImage:
    """An image (rows, cols) or (rows, cols, n) correlated with a kernel."""
    told = cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(told, np.float32)


def _axes(number: int, reach: float) -> tuple[_Floats, _Floats]:
    """Along and across a direction, over a square that reaches so far."""
    size = int(np.ceil(reach))
    y, x = np.mgrid[-size : size + 1, -size : size + 1].astype(np.float64)
    angle = np.pi * number / DIRECTIONS
    along = x * np.cos(angle) + y * np.sin(angle)
    return along, y * np.cos(angle) - x * np.sin(angle)


@lru_cache(maxsize=1)
def kernels() -> tuple[FloatImage, ...]:
    """A bright line less what is beside it, in every direction: (n, n), each sums to 0."""
    made = []
    for number in range(DIRECTIONS):
        along, across = _axes(number, 2 * _LONG_SAMPLES)
        squared = np.square(across / _SD_SAMPLES)
        line = (1 - squared) * np.exp(-squared / 2)
        line *= np.exp(-np.square(along / _LONG_SAMPLES) / 2)
        line -= line.mean()
        line *= 2 / np.abs(line).sum()
        made.append(line.astype(np.float32))
    return tuple(made)

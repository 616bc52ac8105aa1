"""The colours of a reduced picture by which skin is told."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.keeping import KeptBeside
from cicatrix.photo.value import Photo, to_linear

__all__ = ["DARK", "Colours", "colours_of", "colours_of_half"]

_Mask = npt.NDArray[np.bool_]
_Float = npt.NDArray[np.float32]

DARK = 0.004
"""Added before logarithms: about one code value of an 8-bit sRGB file in linear light,
below which a ratio of channels is noise."""

_BLACK = 0.0015
"""Light below which nothing was recorded: padding, borders, the dark between things."""

_BLOWN = np.float32(0.97)
"""Where even the darkest channel is lighter, the colour is lost."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Colours:
    """ln R - ln G and ln G - ln B of a picture, and where it shows any, (rows, cols)."""

    red: _Float
    yellow: _Float
    seen: _Mask


_kept: KeptBeside[Colours] = KeptBeside()


def colours_of(linear: _Float) -> Colours:
    """The colours of linear light (rows, cols, 3) float32, a little smoothed."""
    if linear.ndim != 3 or linear.shape[2] != 3:
        raise ValueError(f"linear must be (rows, cols, 3), got {linear.shape}")
    planes = cv2.split(cv2.GaussianBlur(linear, (0, 0), 1.0))
    brightest_of = cv2.max(cv2.max(planes[0], planes[1]), planes[2])
    darkest_of = cv2.min(cv2.min(planes[0], planes[1]), planes[2])
    red, green, blue = (np.log(plane + np.float32(DARK)) for plane in planes)
    return Colours(
        red=cast(_Float, cv2.subtract(red, green)),
        yellow=cast(_Float, cv2.subtract(green, blue)),
        seen=np.asarray((brightest_of > _BLACK) & (darkest_of <= _BLOWN)),
    )


def colours_of_half(photo: Photo, level: int) -> Colours:
    """The colours of a photograph that many times halved, made at the first asking.

    Outline and alignment look for skin in the same copy, each by what it knows of it.
    """
    half = photo.halves[level - 1]
    decoding = photo.decoding
    return _kept.get(half, lambda: colours_of(to_linear(half, decoding)), by=decoding)

"""Copies of a picture at falling sizes, each half as wide as the one before."""

from typing import cast

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

from cicatrix.photo.keeping import KeptBeside

__all__ = ["averaged", "halved", "halves_of"]

_Encoded = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_LAST_LEVEL_PX = 8_000
"""Halving goes on to about 100 x 80, where even a severe blur is a few pixels."""

_kept: KeptBeside[tuple[_Encoded, ...]] = KeptBeside()


def halves_of(picture: _Encoded) -> tuple[_Encoded, ...]:
    """`halved` of a picture that is never written to, made at the first asking."""
    return _kept.get(picture, lambda: halved(picture))


def halved(picture: _Encoded) -> tuple[_Encoded, ...]:
    """Means of 2 x 2 code values, of these again 2 x 2, and so on; an odd rest is cut.

    Halving costs a third more than one pass over the picture and serves every search
    that needs less than its full size; one reduction by 16 alone takes OpenCV longer.

    Parameters
    ----------
    picture : (rows, cols, 3) uint8 or uint16

    Returns
    -------
    tuple of (rows, cols, 3) of the same type
        From one half of the size downwards; empty for the smallest pictures.
    """
    levels = [picture]
    while _goes_on(levels[-1]):
        last = levels[-1]
        rows, cols = last.shape[0] // 2, last.shape[1] // 2
        half = cv2.resize(
            last[: 2 * rows, : 2 * cols], (cols, rows), interpolation=cv2.INTER_AREA
        )
        if picture.dtype == np.uint16:
            levels.append(np.asarray(half, dtype=np.uint16))
        else:
            levels.append(np.asarray(half, dtype=np.uint8))
    return tuple(levels[1:])


def averaged(picture: _Encoded, side: int) -> _Encoded:
    """Means of `side` x `side` code values; a rest at right and bottom is cut.

    Parameters
    ----------
    picture : (rows, cols, 3) uint8 or uint16

    Returns
    -------
    (rows // side, cols // side, 3) of the same type
        Of a picture that is narrower than that, one row or column.
    """
    rows, cols = (max(1, length // side) for length in picture.shape[:2])
    whole: MatLike = picture[: rows * side, : cols * side]
    way = cv2.INTER_AREA
    if side == 3 and picture.dtype == np.uint8 and min(whole.shape[:2]) >= side:
        # OpenCV averages about every pixel in less time than about each third one; no
        # ninth lies half-way, so that both are rounded alike.
        whole, way = cv2.blur(whole, (3, 3), anchor=(0, 0)), cv2.INTER_NEAREST
    small = cv2.resize(whole, (cols, rows), interpolation=way)
    # The dtype stays as it is, which OpenCV's types do not say.
    return cast(_Encoded, small)


def _goes_on(level: _Encoded) -> bool:
    rows, cols = level.shape[:2]
    return rows * cols > _LAST_LEVEL_PX and min(rows, cols) >= 32

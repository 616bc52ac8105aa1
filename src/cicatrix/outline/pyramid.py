"""Quick coarse views of a photograph, good enough to find outlines on."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.halving import averaged
from cicatrix.photo.value import FloatImage, Photo, to_linear
from cicatrix.photo.view import Window

__all__ = ["quick_view"]


def quick_view(photo: Photo, window: Window) -> FloatImage:
    """Linear light (rows, cols, 3) on a window's grid.

    Code values are averaged before they are turned into light, which is several times
    cheaper than `linear_view` on coarse grids and off by less than the noise on smooth
    skin. Colour is measured with `linear_view`, never with this. Outside the photograph
    its border goes on.
    """
    factor = _round_factor(window.step_px)
    level, step = 0, 1
    while factor % (2 * step) == 0 and level < len(photo.halves):
        level, step = level + 1, 2 * step
    picture = photo.halves[level - 1] if level else photo.encoded
    left = max(0, int(window.left_px) // step - 2 * factor)
    top = max(0, int(window.top_px) // step - 2 * factor)
    right = int(window.left_px + window.cols * window.step_px) // step + 2 * factor
    bottom = int(window.top_px + window.rows * window.step_px) // step + 2 * factor
    part: npt.NDArray[Any] = picture[top:bottom, left:right]
    rest = factor // step
    rows, cols = (max(1, side // rest) for side in part.shape[:2])
    if rest > 1:
        part = averaged(part, rest)
    light = to_linear(part, photo.decoding)
    to_light = window.to_other(
        Window(
            left_px=left * step + (factor - 1) / 2,
            top_px=top * step + (factor - 1) / 2,
            cols=cols,
            rows=rows,
            step_px=float(factor),
        )
    )
    if light.shape[:2] == window.shape and np.array_equal(to_light, np.eye(2, 3)):
        return light  # the whole photograph, as it is
    sampled = cv2.warpAffine(
        light,
        to_light,
        (window.cols, window.rows),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(sampled, np.float32)


def _round_factor(step_px: float) -> int:
    """The largest whole number up to the step with two binary digits before zeros.

    1, 2, 3, 4, 6, 8, 12, ...: a reduced copy is at hand, or half as wide again as one;
    other factors would take OpenCV's slow path over many pixels.
    """
    factor = max(1, int(step_px))
    zeros = max(0, factor.bit_length() - 2)
    return factor >> zeros << zeros

"""Quick coarse views of a photograph, good enough to find outlines on."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.outline.value import Mask
from cicatrix.photo.value import FloatImage, Photo, to_linear
from cicatrix.photo.view import Window

__all__ = ["quick_view"]


def quick_view(photo: Photo, window: Window) -> tuple[FloatImage, Mask]:
    """Linear light on a window's grid, and where it lies inside the photograph.

    Code values are averaged before they are turned into light, which is several times
    cheaper than `linear_view` on coarse grids and off by less than the noise on smooth
    skin. Colour is measured with `linear_view`, never with this.

    Returns
    -------
    light : (rows, cols, 3) float32
    inside : (rows, cols) bool
    """
    factor = max(1, int(window.step_px))
    left = max(0, int(window.left_px) - 2 * factor)
    top = max(0, int(window.top_px) - 2 * factor)
    right = int(window.left_px + window.cols * window.step_px) + 2 * factor
    bottom = int(window.top_px + window.rows * window.step_px) + 2 * factor
    part: npt.NDArray[Any] = photo.encoded[top:bottom, left:right]
    rows, cols = (max(1, side // factor) for side in part.shape[:2])
    if factor > 1:
        # An exact multiple lets the resize take its fast path.
        whole = part[: rows * factor, : cols * factor]
        small = cv2.resize(whole, (cols, rows), interpolation=cv2.INTER_AREA)
        part = np.asarray(small, photo.encoded.dtype)
    xy = window.samples_xy()
    inside = (
        (xy[..., 0] >= 0)
        & (xy[..., 0] <= photo.width_px - 1)
        & (xy[..., 1] >= 0)
        & (xy[..., 1] <= photo.height_px - 1)
    )
    light = to_linear(part, photo.decoding)
    offset = (factor - 1) / 2
    sampled = cv2.remap(
        light,
        ((xy[..., 0] - left - offset) / factor).astype(np.float32),
        ((xy[..., 1] - top - offset) / factor).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(sampled, np.float32), inside

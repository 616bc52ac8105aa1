"""What a phone does to a picture after its tone curve: local tones, sharpness, colour noise."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.phantom.capture import Capture
from cicatrix.phantom.fields import FloatImage

__all__ = ["as_a_phone_shows"]

_BASE_SHARE: Final = 10
"""The base layer smooths over this part of the picture's width: what exposure fusion and
bilateral grids leave of a close-up (a few centimetres of skin)."""

_EDGE: Final = 0.08
"""Steps of luma larger than this stay out of the base layer's smoothing (guided filter,
He et al. 2013, doi 10.1109/TPAMI.2012.213), so that bright things have no halo."""

_FLOOR: Final = 4.0
"""Code values below which a ratio of codes says nothing."""

_SHARPEN_PX: Final = 1.0


def as_a_phone_shows(
    encoded: npt.NDArray[np.uint8], capture: Capture
) -> npt.NDArray[np.uint8]:
    """Code values (rows, cols, 3) after local tone mapping, sharpening and colour smoothing.

    The base layer of the luma, an edge-keeping blur, is pulled towards its own middle by
    `capture.base_compression`; the detail on it stays and is sharpened. All channels get
    the luma's gain, as in cameras that process luma and chroma apart.
    """
    wanted = capture.base_compression, capture.sharpening, capture.chroma_smoothing_px
    if not any(wanted):
        return encoded
    parts = cv2.cvtColor(encoded, cv2.COLOR_RGB2YCrCb)
    luma = np.asarray(parts[..., 0], dtype=np.float32)
    made = luma.copy()
    if capture.base_compression > 0:
        base = _base_layer(luma)
        pull = np.float32(capture.base_compression)
        made += pull * (np.float32(np.median(base)) - base)
    if capture.sharpening > 0:
        soft = cv2.GaussianBlur(luma, (0, 0), _SHARPEN_PX)
        made += np.float32(capture.sharpening) * (luma - soft)
    gain = np.maximum(made, 0) / np.maximum(luma, np.float32(_FLOOR))
    planes = [made]
    for plane in (parts[..., 1], parts[..., 2]):
        chroma = np.asarray(plane, dtype=np.float32) - np.float32(128)
        if capture.chroma_smoothing_px > 0:
            cv2.GaussianBlur(chroma, (0, 0), capture.chroma_smoothing_px, dst=chroma)
        chroma *= gain
        chroma += np.float32(128)
        planes.append(chroma)
    # OpenCV rounds and saturates.
    whole = cv2.merge([cv2.convertScaleAbs(np.maximum(plane, 0)) for plane in planes])
    return np.asarray(cv2.cvtColor(whole, cv2.COLOR_YCrCb2RGB), dtype=np.uint8)


def _base_layer(luma: FloatImage) -> FloatImage:
    """Luma (rows, cols) smoothed but for its large steps; found on a small copy."""
    rows, cols = luma.shape
    shrink = max(1, cols // 400)
    size = cols // shrink, rows // shrink
    small: FloatImage = np.multiply(
        cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.float32(1 / 255)
    )
    side = 2 * max(1, small.shape[1] // (2 * _BASE_SHARE)) + 1
    mean = cv2.blur(small, (side, side))
    spread = cv2.blur(small * small, (side, side)) - mean * mean
    slope = spread / (spread + np.float32(_EDGE**2))
    kept, level = (
        cv2.resize(
            cv2.blur(part, (side, side)), (cols, rows), interpolation=cv2.INTER_LINEAR
        )
        for part in (slope, mean - slope * mean)
    )
    return np.asarray(kept * luma + level * np.float32(255), dtype=np.float32)

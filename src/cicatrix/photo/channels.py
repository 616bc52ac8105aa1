"""Three channels to one, ten times as fast as a reduction over an axis of three."""

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import FloatImage

__all__ = ["brightest", "hues", "mean_channel", "redness"]

_MEAN: npt.NDArray[np.float32] = np.full((1, 3), 1 / 3, np.float32)
_RED: npt.NDArray[np.float32] = np.array([[1, -1, 0]], np.float32)
_YELLOW: npt.NDArray[np.float32] = np.array([[0, 1, -1]], np.float32)


def mean_channel(light: FloatImage) -> FloatImage:
    """Mean of the channels (rows, cols) of a picture (rows, cols, 3)."""
    return np.asarray(cv2.transform(light, _MEAN), np.float32)


def brightest(light: FloatImage) -> FloatImage:
    """Largest of the channels (rows, cols) of a picture (rows, cols, 3)."""
    red, green, blue = np.moveaxis(light, -1, 0)
    return np.asarray(np.maximum(np.maximum(red, green), blue), np.float32)


def redness(logs: FloatImage) -> FloatImage:
    """Red minus green (rows, cols) of log light (rows, cols, 3)."""
    return np.asarray(cv2.transform(logs, _RED), np.float32)


def hues(logs: FloatImage) -> tuple[FloatImage, FloatImage]:
    """Red minus green and green minus blue of log light, (rows, cols) each."""
    # One row at a time: OpenCV is three times as fast as with all, and then parting them.
    return redness(logs), np.asarray(cv2.transform(logs, _YELLOW), np.float32)

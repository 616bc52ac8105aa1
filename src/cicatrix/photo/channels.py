"""Three channels to one, ten times as fast as a reduction over an axis of three."""

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import FloatImage

__all__ = ["brightest", "mean_channel", "opponent"]

_MEAN: npt.NDArray[np.float32] = np.full((1, 3), 1 / 3, np.float32)
_OPPONENT: npt.NDArray[np.float32] = np.array(
    [[1 / 3, 1 / 3, 1 / 3], [1, -1, 0], [0, 1, -1]], np.float32
)


def mean_channel(light: FloatImage) -> FloatImage:
    """Mean of the channels (rows, cols) of a picture (rows, cols, 3)."""
    return np.asarray(cv2.transform(light, _MEAN), np.float32)


def brightest(light: FloatImage) -> FloatImage:
    """Largest of the channels (rows, cols) of a picture (rows, cols, 3)."""
    red, green, blue = np.moveaxis(light, -1, 0)
    return np.asarray(np.maximum(np.maximum(red, green), blue), np.float32)


def opponent(logs: FloatImage) -> tuple[FloatImage, FloatImage, FloatImage]:
    """Mean, red minus green and green minus blue of log light, (rows, cols) each."""
    # One row at a time: OpenCV is three times as fast as with all, and then parting them.
    mean, red, yellow = (
        np.asarray(cv2.transform(logs, row[None]), np.float32) for row in _OPPONENT
    )
    return mean, red, yellow

"""The connected parts of a mask."""

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["labelled"]


def labelled(
    mask: npt.NDArray[np.bool_], *, connectivity: int = 8
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp]]:
    """Which connected part each sample lies in, and the area of each part.

    OpenCV's own statistics take several times as long as the labels themselves.

    Parameters
    ----------
    mask : (rows, cols) bool
    connectivity
        8 or 4 neighbours.

    Returns
    -------
    labels : (rows, cols) int32
        0 outside the mask, parts from 1 on.
    areas : (parts + 1,)
        Samples of each label; 0 for what lies outside.
    """
    count, labels = cv2.connectedComponents(
        mask.view(np.uint8), connectivity=connectivity, ltype=cv2.CV_32S
    )
    areas = np.bincount(np.ravel(labels), minlength=count)
    areas[0] = 0
    return np.asarray(labels, np.int32), areas

"""Sums of products of planes over the squares of a grid."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

__all__ = ["product_sums"]


def product_sums(
    pairs: Sequence[tuple[MatLike, MatLike]], side: int
) -> npt.NDArray[np.float64]:
    """Sums of each product over squares; what is left over at right and bottom is dropped.

    Summed down the rows while they are multiplied: products that are kept until they are
    summed take twice as long.

    Parameters
    ----------
    pairs : n pairs of (rows, cols) float32
        What is multiplied by what; planes may be parts of larger ones.
    side
        Of a square, in samples.

    Returns
    -------
    (n, square rows, square cols)
    """
    rows, cols = (length // side for length in pairs[0][0].shape[:2])
    down = np.empty((len(pairs), rows, cols * side), np.float32)
    for out, pair in zip(down, pairs, strict=True):
        one, other = (
            plane[: rows * side, : cols * side].reshape(rows, side, cols * side)
            for plane in pair
        )
        np.einsum("rik,rik->rk", one, other, out=out)
    across = down.reshape(-1, side) @ np.ones(side, np.float32)
    return np.asarray(across.reshape(len(pairs), rows, cols), dtype=np.float64)

"""Spatial blocks: neighbouring pixels are not independent, so they are counted together."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import FloatImage

__all__ = ["Blocks", "block_means", "block_side"]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float64]

_WANTED_BLOCKS = 80
"""Enough for a steady covariance, few enough that a block outlasts the skin's grain."""
_MIN_SHARE = 0.3
"""A block counts if at least this share of it lies in the region."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blocks:
    """Means over square blocks of a region.

    `values` (n, channels), `counts` (n,) samples in each, `centres_xy` (n, 2) in
    samples: where the samples of that block lie on average.
    """

    values: _Array
    counts: _Array
    centres_xy: _Array


def block_side(region: _Mask, *, wanted: int = _WANTED_BLOCKS) -> int:
    """Side of square blocks in samples so that a region holds about `wanted` of them."""
    return int(np.clip(np.sqrt(np.count_nonzero(region) / wanted), 3, 64))


def block_means(values: FloatImage, region: _Mask, side: int) -> Blocks:
    """Mean of `values` (rows, cols, channels) over the part of each block in a region.

    Blocks less than a third inside are dropped; if none is left, all are kept.
    """
    rows, cols = (-(-n // side) for n in region.shape)
    pad = (0, rows * side - region.shape[0], 0, cols * side - region.shape[1])
    weight = region.astype(np.float32)

    def total(image: npt.NDArray[np.float32]) -> _Array:
        padded = cv2.copyMakeBorder(image, *pad, cv2.BORDER_CONSTANT, value=0)
        mean = cv2.resize(padded, (cols, rows), interpolation=cv2.INTER_AREA)
        return np.asarray(mean, np.float64) * side**2

    sums = total(values * weight[..., None])
    y, x = np.ogrid[: region.shape[0], : region.shape[1]]
    places = cv2.merge(
        [weight, weight * x.astype(np.float32), weight * y.astype(np.float32)]
    )
    counts, *where = np.moveaxis(total(np.asarray(places, np.float32)), -1, 0)
    counts = counts.ravel()
    keep = counts >= _MIN_SHARE * side**2
    if keep.sum() < 4:
        keep = counts > 0.5
    share = counts[keep, None]
    return Blocks(
        values=sums.reshape(rows * cols, -1)[keep] / share,
        counts=counts[keep],
        centres_xy=np.stack(where, axis=-1).reshape(-1, 2)[keep] / share,
    )

"""Reading the patches of a card: trimmed mean and spread of light inside each."""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.reference import PatchState
from cicatrix.photo.value import Decoding, FloatImage, Photo, to_linear

__all__ = ["Spot", "map_points", "read_spot", "reduced_rgb"]

Points = npt.NDArray[np.float64]
_Codes = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_MOST_SAMPLES = 1600
"""Pixels of a patch that are read: reference and light err far more than this mean."""

_CLIPPED_SHARE = 0.05
"""Share of a patch's pixels at either end of the code range above which it is clipped:
its mean is then off by more than about 1 %."""

_TRIM = 0.1
"""Share cut off at either end before the mean, so that dust and glints do not steer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Light inside a quadrilateral: trimmed mean and SD per channel, linear 0..1.

    `state` is USED or CLIPPED; `inside` says whether it lies wholly in the picture.
    """

    mean: tuple[float, float, float]
    sd: tuple[float, float, float]
    state: PatchState
    inside: bool


def map_points(homography: Points, points: npt.ArrayLike) -> Points:
    """Points (n, 2) through a homography (3, 3): (n, 2)."""
    xy = np.asarray(points, dtype=np.float64)
    mapped = xy @ homography[:, :2].T + homography[:, 2]
    return np.asarray(mapped[:, :2] / mapped[:, 2:], dtype=np.float64)


def reduced_rgb(
    encoded: _Codes, longest_px: int
) -> tuple[npt.NDArray[np.uint8], tuple[float, float]]:
    """A small 8-bit copy as stored, and the (x, y) factors to full resolution.

    Pixel centres map as full = (small + 0.5) * factor - 0.5.
    """
    rows, cols = encoded.shape[:2]
    factor = max(1.0, max(rows, cols) / longest_px)
    size = max(1, round(cols / factor)), max(1, round(rows / factor))
    small: _Codes = encoded
    if factor > 1:
        # The dtype stays as it is, which OpenCV's types do not say.
        small = cast(_Codes, cv2.resize(encoded, size, interpolation=cv2.INTER_AREA))
    shift = 0 if small.dtype == np.uint8 else 8
    eight = np.right_shift(small, shift).astype(np.uint8, copy=False)
    return eight, (cols / size[0], rows / size[1])


def read_spot(photo: Photo, quad_xy: Points) -> Spot:
    """Read the light inside a convex quadrilateral.

    Parameters
    ----------
    photo
        Where to read.
    quad_xy : (4, 2) float
        Corners in full-resolution pixels.
    """
    # Plain numbers: for two at a time NumPy takes longer than for all that is read.
    low = np.floor(quad_xy.min(axis=0)).astype(int).tolist()
    high = np.ceil(quad_xy.max(axis=0)).astype(int).tolist()
    size = photo.width_px, photo.height_px
    inside = min(low) >= 0 and high[0] < size[0] and high[1] < size[1]
    low = [min(max(at, 0), end - 1) for at, end in zip(low, size, strict=True)]
    high = [
        max(min(at, end - 1), start) + 1
        for at, start, end in zip(high, low, size, strict=True)
    ]
    # A mean over more pixels is no steadier, but slower.
    area = (high[0] - low[0]) * (high[1] - low[1])
    step = max(1, int(sqrt(area / _MOST_SAMPLES)))
    codes = photo.encoded[low[1] : high[1] : step, low[0] : high[0] : step]
    mask = np.zeros(codes.shape[:2], np.uint8)
    shift = 4  # fillConvexPoly takes fixed-point corners
    corners = np.round((quad_xy - low) / step * (1 << shift)).astype(np.int32)
    cv2.fillConvexPoly(mask, corners, 1, shift=shift)
    chosen = codes.reshape(-1, 3)
    at = np.flatnonzero(mask)
    if at.size:
        chosen = chosen.take(at, axis=0)
    top = np.iinfo(codes.dtype).max
    # A channel at a time in memory: numpy is slow over a last axis of three.
    channels = cast(_Codes, np.ascontiguousarray(chosen.T))
    clipped = _clipped(channels, int(top))
    light = _light_by_code(photo.decoding) if channels.dtype == np.uint8 else None
    if light is None:
        mean, sd = _trimmed(to_linear(chosen, photo.decoding))
    else:
        mean, sd = _trimmed_by_code(channels, light)
    return Spot(
        mean=(float(mean[0]), float(mean[1]), float(mean[2])),
        sd=(float(sd[0]), float(sd[1]), float(sd[2])),
        state=PatchState.CLIPPED if clipped else PatchState.USED,
        inside=inside,
    )


def _clipped(codes: _Codes, top: int) -> bool:
    """Whether too many codes (3, n) of a channel are at an end of their range."""
    # Lossy files smear a clipped patch by a code or two.
    most = top - top // 128
    if codes.max() < most and codes.min() > 0:  # as most are, and sooner told
        return False
    high = np.count_nonzero(codes >= most, axis=1).max()
    black = np.count_nonzero(codes == 0, axis=1).max()
    count = codes.shape[1]
    return bool(high > _CLIPPED_SHARE * count or black > 0.5 * count)


def _trimmed(light: FloatImage) -> tuple[Points, Points]:
    """Trimmed mean and SD per channel of (n, 3)."""
    # Single precision is sorted sooner than double is parted.
    ordered = np.sort(np.ascontiguousarray(light.T), axis=1).astype(np.float64)
    count = len(light)
    cut = int(_TRIM * count)
    return ordered[:, cut : count - cut].mean(axis=1), ordered.std(axis=1)


@lru_cache(maxsize=4)
def _light_by_code(decoding: Decoding) -> Points | None:
    """Light (3, 256) of 8-bit codes, where it is each channel's own and grows with them."""
    tables = decoding.tables
    if decoding.matrix is not None or len(tables) != 256:
        return None
    return tables.T.astype(np.float64) if (tables[1:] >= tables[:-1]).all() else None


def _trimmed_by_code(codes: _Codes, light: Points) -> tuple[Points, Points]:
    """`_trimmed` of codes (3, n) by their light (3, 256): counted sooner than sorted."""
    count = codes.shape[1]
    cut = int(_TRIM * count)
    places = codes + 256 * np.arange(3)[:, None]
    counts = np.bincount(places.ravel(), minlength=768).reshape(3, 256)
    # In the order of codes, which is that of light, none of the first and last `cut`.
    ends = np.minimum(np.maximum(counts.cumsum(axis=1), cut), count - cut)
    kept = ends.copy()
    kept[:, 0] -= cut
    kept[:, 1:] -= ends[:, :-1]
    apart = light - (counts * light).sum(axis=1, keepdims=True) / count
    sd = np.sqrt((counts * apart * apart).sum(axis=1) / count)
    return (kept * light).sum(axis=1) / (count - 2 * cut), sd

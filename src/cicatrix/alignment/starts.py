"""Where the search begins: candidate similarities between two reduced photographs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

from cicatrix.alignment.channels import Planes, Reduced, normalised, shrunk
from cicatrix.photo.value import FloatImage

__all__ = ["Start", "correlation_starts", "feature_starts", "shift_scores"]

_Array = npt.NDArray[np.float64]

_SEARCH_PX = 96
"""Longest side during the search over rotations, scales and shifts: the least at which
the marks of the wound photographs' skin still stand apart."""

_SIGMA_PX = 5.0
"""Window of the local normalisation during the search."""

_LEAST_OVERLAP = 0.3
"""Of the smaller skin area. With less, chance peaks win over true ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A candidate: baseline to follow-up, both in reduced pixels, and its score."""

    affine: _Array
    score: float


def correlation_starts(
    base: Reduced,
    follow: Reduced,
    poses: Iterable[tuple[float, float]],
    *,
    count: int,
) -> list[Start]:
    """The best shifts for each of some rotations and scales, best first.

    For every pose (turn in degrees, scale follow-up/baseline) the follow-up is brought
    into the baseline's pose and the masked normalised correlation is computed for all
    shifts at once by Fourier transform (Padfield 2012, doi 10.1109/TIP.2011.2181402).
    Grey and colour enter as the real and imaginary part of one picture.
    """
    factor = max(1, round(max(base.skin.shape) / _SEARCH_PX))
    channels, weight = shrunk(base.channels, base.skin, factor)
    rows, cols = weight.shape
    side = int(1.5 * max(rows, cols))
    size = _even(side + max(rows, cols))
    first = _Side.of(normalised(channels, weight, _SIGMA_PX), weight, size)
    found = []
    for turn_scale in poses:
        pose = _pose(base, follow, factor, side, turn_scale)
        light, skin = _posed(follow, pose, side)
        second = _Side.of(normalised(light, skin, _SIGMA_PX), skin, size)
        scores = _correlated(first, second)
        for _ in range(2):
            peak = int(np.argmax(scores))
            row, col = divmod(peak, size)
            if scores[row, col] <= 0:
                break
            shift = np.array(
                [col if col < side else col - size, row if row < side else row - size]
            )
            affine = pose @ np.vstack([np.c_[np.eye(2), shift], [0, 0, 1]])
            found.append(
                Start(
                    affine=_to_reduced(affine, factor),
                    score=float(scores[row, col]),
                )
            )
            near = np.arange(-6, 7)
            scores[np.ix_((row + near) % size, (col + near) % size)] = -1
    return sorted(found, key=lambda start: -start.score)[:count]


def _pose(
    base: Reduced,
    follow: Reduced,
    factor: int,
    side: int,
    turn_scale: tuple[float, float],
) -> _Array:
    """Posed frame (search pixels) to reduced follow-up: middle of skin to the middle."""
    turn, scale = np.radians(turn_scale[0]), turn_scale[1]
    zoom = factor * scale * base.factor / follow.factor
    linear = zoom * np.array(
        [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    )
    centre = np.array(follow.skin.shape[::-1]) / 2
    return np.c_[linear, centre - linear @ np.full(2, side / 2)]


def _posed(follow: Reduced, pose: _Array, side: int) -> tuple[Planes, FloatImage]:
    """Channels and skin of the follow-up in the posed frame, without aliasing."""
    zoom = float(np.sqrt(abs(np.linalg.det(pose[:, :2]))))
    shrink = max(1, int(zoom))
    channels, weight = shrunk(follow.channels, follow.skin, shrink)
    matrix = pose / shrink
    matrix[:, 2] -= (shrink - 1) / (2 * shrink)
    layers = cv2.merge([*channels, weight, weight])
    moved = cv2.warpAffine(
        layers,
        matrix,
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    grey, colour, skin, _ = cv2.split(moved)
    return cast(Planes, (grey, colour)), cast(FloatImage, skin)


def _to_reduced(affine: _Array, factor: int) -> _Array:
    """The same map with the baseline's side in reduced instead of search pixels."""
    moved = affine[:, :2] / factor
    return np.c_[moved, affine[:, 2] - moved @ np.full(2, (factor - 1) / 2)]


def _even(size: int) -> int:
    """A transform length with small factors."""
    return cv2.getOptimalDFTSize(size)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Side:
    """Transforms of one picture: values, squares and mask, as OpenCV packs them.

    Its transforms take a fifth of the time that NumPy's take.
    """

    values: MatLike
    squares: MatLike
    mask: MatLike
    area: float

    @classmethod
    def of(
        cls, channels: tuple[FloatImage, ...], weight: FloatImage, size: int
    ) -> "_Side":
        mask = (weight > 0.5).astype(np.float32)
        grey, colour = (plane * mask for plane in channels)
        values, squares, masked = (
            cv2.dft(cv2.copyMakeBorder(part, *_room(part, size), cv2.BORDER_CONSTANT))
            for part in (cv2.merge([grey, colour]), grey**2 + colour**2, mask)
        )
        return cls(values=values, squares=squares, mask=masked, area=float(mask.sum()))


def _room(part: MatLike, size: int) -> tuple[int, int, int, int]:
    """How far a picture must be continued above, below, left and right."""
    return 0, size - part.shape[0], 0, size - part.shape[1]


def _lagged(first: MatLike, second: MatLike) -> FloatImage:
    """Correlation (size, size) of two pictures at every shift of the first."""
    product = cv2.mulSpectrums(second, first, 0, conjB=True)
    plain = cv2.DFT_INVERSE | cv2.DFT_SCALE
    if product.ndim == 2:
        plain |= cv2.DFT_REAL_OUTPUT
    back = np.asarray(cv2.dft(product, flags=plain), dtype=np.float32)
    return back if back.ndim == 2 else back[..., 0]


def _correlated(first: _Side, second: _Side) -> FloatImage:
    """Score of every shift of the first on the second, (size, size).

    The score is the correlation times the root of the shared share of skin, as the
    chance level of a correlation falls with the root of the area.
    """
    shared = _lagged(first.mask, second.mask)
    power_a = _lagged(first.squares, second.mask)
    power_b = _lagged(first.mask, second.squares)
    both = _lagged(first.values, second.values)
    smaller = max(min(first.area, second.area), 1.0)
    least = np.float32(_LEAST_OVERLAP * smaller)
    power = np.sqrt(np.maximum(power_a, 1e-3) * np.maximum(power_b, 1e-3))
    share = np.sqrt(np.clip(shared / np.float32(smaller), 0, 1))
    scores = np.where(shared > least, both / power * share, np.float32(-1.0))
    return np.asarray(scores, dtype=np.float32)


def shift_scores(
    base: tuple[tuple[FloatImage, ...], FloatImage],
    follow: tuple[tuple[FloatImage, ...], FloatImage],
) -> FloatImage:
    """Score of every shift of a picture on another; no shift lies in the middle.

    Each side is normalised channels and their weight (rows, cols).
    """
    rows, cols = base[1].shape
    size = _even(2 * max(rows, cols))
    scores = _correlated(_Side.of(*base, size), _Side.of(*follow, size))
    return np.asarray(np.fft.fftshift(scores))


def feature_starts(base: Reduced, follow: Reduced, *, count: int) -> list[Start]:
    """Similarities on which SIFT features of the skin agree, best first.

    The usual contrast limit finds almost nothing on skin, so it is lowered four
    times; the features outside the skin are dropped.
    """
    sift = cv2.SIFT.create(nfeatures=3000, contrastThreshold=0.01)
    key_a, words_a = sift.detectAndCompute(_picture(base), _skin_bytes(base))
    key_b, words_b = sift.detectAndCompute(_picture(follow), _skin_bytes(follow))
    if len(key_a) == 0 or len(key_b) < 2:
        return []
    matcher = cv2.BFMatcher(cv2.NORM_L2)
    near = matcher.knnMatch(
        _rooted(np.asarray(words_a, dtype=np.float32)),
        _rooted(np.asarray(words_b, dtype=np.float32)),
        k=2,
    )
    good = [pair[0] for pair in near if pair[0].distance < 0.85 * pair[1].distance]
    from_xy = np.array([key_a[m.queryIdx].pt for m in good])
    to_xy = np.array([key_b[m.trainIdx].pt for m in good])
    starts: list[Start] = []
    limit = 0.01 * max(base.skin.shape)
    while len(starts) < count and len(from_xy) >= 4:
        affine, inside = cv2.estimateAffinePartial2D(
            from_xy, to_xy, ransacReprojThreshold=limit, maxIters=5000, confidence=0.999
        )
        if affine is None:
            break
        agreed = inside.ravel() > 0
        starts.append(
            Start(
                affine=np.asarray(affine, dtype=np.float64),
                score=float(agreed.sum()),
            )
        )
        # The next hypothesis comes from the matches that this one leaves over.
        from_xy, to_xy = from_xy[~agreed], to_xy[~agreed]
    return [start for start in starts if start.score >= 4]


def _rooted(words: FloatImage) -> FloatImage:
    """RootSIFT (Arandjelović & Zisserman 2012)."""
    words = words / np.maximum(np.abs(words).sum(axis=1, keepdims=True), 1e-7)
    return np.asarray(np.sqrt(words), dtype=np.float32)


def _picture(side: Reduced) -> npt.NDArray[np.uint8]:
    grey = side.channels[0]
    skin = side.skin > 0.5
    low, high = np.percentile(grey[skin], [1, 99]) if skin.any() else (0.0, 1.0)
    scaled = (grey - low) * (255 / max(high - low, 1e-3))
    return np.asarray(np.clip(scaled, 0, 255), dtype=np.uint8)


def _skin_bytes(side: Reduced) -> npt.NDArray[np.uint8]:
    return np.asarray((side.skin > 0.5) * 255, dtype=np.uint8)

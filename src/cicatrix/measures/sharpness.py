"""Bring photographs of one skin to one sharpness, so that blur does not pass for fading."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import FloatImage

__all__ = ["blurred", "match_sharpness", "relative_blur"]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float64]

_TRIALS = np.array([0.0, 0.4, 0.8, 1.2, 1.6, 2.2, 3.0, 4.0])
"""Blurs tried, samples."""
_GRAIN_SAMPLES = 4.0
"""Coarser than this, light and mottling tell nothing of sharpness."""
_DARK = np.float32(1e-4)
_NO_BLUR = 0.35
"""A blur below this (samples) changes a contrast by less than it disturbs the pixels."""
_LEAST_SAMPLES = 200
_SD_ALIKE, _SD_UNLIKE = 0.12, 0.8
"""Error of a relative blur where both views agree wholly, and what is added in proportion
to what they do not share; read off 30 made-up pairs of seeds 40 to 45."""


def match_sharpness(
    lights: Sequence[FloatImage], ring: _Mask
) -> tuple[list[FloatImage], float]:
    """Blur the sharper views until all are as soft as the softest.

    Parameters
    ----------
    lights : sequence of (rows, cols, 3) float32
        Linear light of the same skin on one grid.
    ring : (rows, cols) bool
        Skin beside the lesion, seen in all views: its grain tells the sharpness.

    Returns
    -------
    views : list of (rows, cols, 3) float32
        In the same order; a view that needs no blur is passed on untouched.
    leftover_sd_samples : float
        Standard deviation of the blur that may remain between any two, in samples.

    Raises
    ------
    ValueError
        There is no view, or their shapes disagree.
    """
    if not lights or any(light.shape != (*ring.shape, 3) for light in lights):
        raise ValueError("every view must be (rows, cols, 3) on the grid of the ring")
    relative, errors = [0.0], [0.0]
    first = _grain(lights[0], ring)
    for light in lights[1:]:
        if light is lights[0] or np.array_equal(light, lights[0]):
            relative.append(0.0)
            errors.append(0.0)
            continue
        sigma, error = _relative(first, _grain(light, ring), ring)
        relative.append(sigma)
        errors.append(error)
    # Blurs add as squares; the sign tells which of the two is softer.
    squares = [sigma * abs(sigma) for sigma in relative]
    softest = max(squares)
    matched = []
    for light, square in zip(lights, squares, strict=True):
        sigma = (softest - square) ** 0.5
        matched.append(blurred(light, sigma) if sigma > _NO_BLUR else light)
    return matched, max(errors)


def relative_blur(a: FloatImage, b: FloatImage, ring: _Mask) -> tuple[float, float]:
    """Blur of `b` beyond that of `a`, and its standard deviation, in samples.

    Each view in turn is blurred until it resembles the other most (largest correlation
    of band-passed log light on the ring). Noise makes some blur pay in both directions
    alike, so the squares of the two blurs are subtracted. Negative: `b` is the sharper.
    """
    return _relative(_grain(a, ring), _grain(b, ring), ring)


def blurred(light: FloatImage, sigma_samples: float) -> FloatImage:
    """Linear light (rows, cols, 3) after a Gaussian blur of that many samples; 0 leaves it."""
    if sigma_samples <= 0:
        return light
    border = cv2.BORDER_REPLICATE
    soft = cv2.GaussianBlur(light, (0, 0), sigma_samples, borderType=border)
    return np.asarray(soft, np.float32)


def _grain(light: FloatImage, ring: _Mask) -> npt.NDArray[np.float32]:
    """Band-passed log green light on the bounding box of the ring."""
    box = _box(ring)
    # Green carries the least noise of the three and most of the sharpness.
    log = np.log(np.maximum(light[box][..., 1], _DARK))
    coarse = cv2.GaussianBlur(log, (0, 0), _GRAIN_SAMPLES)
    return np.asarray(log - coarse, np.float32)


def _box(ring: _Mask) -> tuple[slice, slice]:
    rows, cols = np.flatnonzero(ring.any(axis=1)), np.flatnonzero(ring.any(axis=0))
    if rows.size == 0:
        return slice(0, 1), slice(0, 1)
    return slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1)


def _relative(
    a: npt.NDArray[np.float32], b: npt.NDArray[np.float32], ring: _Mask
) -> tuple[float, float]:
    """Signed blur of b beyond a and its standard deviation, in samples."""
    inside = ring[_box(ring)]
    if inside.sum() < _LEAST_SAMPLES:
        return 0.0, 1.0
    to_b, likeness_b = _best_blur(a, b[inside], inside)
    to_a, likeness_a = _best_blur(b, a[inside], inside)
    square = to_b**2 - to_a**2
    error = _SD_ALIKE + _SD_UNLIKE * (1.0 - max(likeness_a, likeness_b, 0.0))
    return float(np.sign(square) * abs(square) ** 0.5), float(error)


def _best_blur(
    sharper: npt.NDArray[np.float32], wanted: npt.NDArray[np.float32], inside: _Mask
) -> tuple[float, float]:
    """Blur that makes one view most like the other, and their correlation then."""
    centred = wanted - wanted.mean()
    length = float(np.sqrt(centred @ centred))
    found: list[float] = []
    for sigma in _TRIALS:
        soft = (
            sharper if sigma == 0 else cv2.GaussianBlur(sharper, (0, 0), float(sigma))
        )
        values = np.asarray(soft[inside], np.float32)
        values = values - values.mean()
        size = float(np.sqrt(values @ values)) * length
        found.append(float(values @ centred) / size if size > 0 else 0.0)
        if len(found) > 2 and found[-1] < found[-2] < found[-3]:
            break
    best = int(np.argmax(found))
    if best in (0, len(found) - 1):
        return float(_TRIALS[best]), found[best]
    # A parabola in the square of the blur, in which likeness is nearly even.
    x, y = _TRIALS[best - 1 : best + 2] ** 2, found[best - 1 : best + 2]
    bend, slope, _ = np.polyfit(x - x[1], y, 2)
    peak = x[1] - slope / (2 * bend) if bend < 0 else x[1]
    return float(np.clip(peak, x[0], x[2])) ** 0.5, found[best]

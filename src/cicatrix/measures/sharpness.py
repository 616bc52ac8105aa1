"""Bring photographs of one skin to one sharpness, so that blur does not pass for fading."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import FloatImage

__all__ = ["blurred", "match_sharpness", "relative_blur"]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float64]

_SIGMAS = (0.7, 1.2, 2.0, 3.4, 5.8)
"""Blurs in samples whose differences are the bands; finer ones hold mostly noise."""
_DARK = 1e-4
_FREQUENCIES = np.linspace(0.004, 0.5, 125)
"""Cycles a sample, on which band powers are summed."""
_TRIALS = np.linspace(-4.0, 4.0, 81)
"""Blurs tried, samples; negative where the first view is the softer."""
_NO_BLUR = 0.25
"""A blur below this (samples) changes a contrast by less than it disturbs the pixels."""


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
    first = _bands(lights[0], ring)
    for light in lights[1:]:
        if light is lights[0] or np.array_equal(light, lights[0]):
            relative.append(0.0)
            errors.append(0.0)
            continue
        sigma, error = _relative(first, _bands(light, ring))
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

    From the power of four bands of log light in each view and shared by both: a
    blur takes the same factor off the shared power as off the softer view's own, while
    noise is in no shared power. So noise does not pass for
    sharpness. Negative: `b` is the sharper one.
    """
    return _relative(_bands(a, ring), _bands(b, ring))


def blurred(light: FloatImage, sigma_samples: float) -> FloatImage:
    """Linear light after a Gaussian blur of that many samples; 0 leaves it."""
    if sigma_samples <= 0:
        return light
    border = cv2.BORDER_REPLICATE
    soft = cv2.GaussianBlur(light, (0, 0), sigma_samples, borderType=border)
    return np.asarray(soft, np.float32)


def _bands(light: FloatImage, ring: _Mask) -> list[_Array]:
    """Band-passed log luminance on the ring, finest first, (samples,) each."""
    rows, cols = np.flatnonzero(ring.any(axis=1)), np.flatnonzero(ring.any(axis=0))
    if rows.size == 0:
        return [np.zeros(0) for _ in _SIGMAS[1:]]
    box = slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1)
    inside = ring[box]
    # Green carries the least noise of the three and most of the sharpness. Blurs run
    # over the lesion too: a masked blur would leak coarse grain into the fine bands.
    log = np.log(np.maximum(light[box][..., 1], np.float32(_DARK)))
    levels = [
        np.asarray(cv2.GaussianBlur(log, (0, 0), sigma)[inside], np.float64)
        for sigma in _SIGMAS
    ]
    return [fine - coarse for fine, coarse in pairwise(levels)]


def _relative(a: list[_Array], b: list[_Array]) -> tuple[float, float]:
    """Signed blur of b beyond a and its standard deviation, in samples.

    With shared power s, own powers and white noise n in each band,
    aa = p s / G + n_a w and bb = q s G + n_b w, p q = 1: for each trial blur the noise
    and the gain are solved for, and the blur that fits best is taken.
    """
    own_a = np.array([band @ band for band in a])
    own_b = np.array([band @ band for band in b])
    shared = np.array([one @ other for one, other in zip(a, b, strict=True)])
    count = max((band.size for band in a), default=0)
    if count < 200 or min(own_a.min(), own_b.min()) <= 0 or (shared <= 0).any():
        return 0.0, 1.0
    # Relative error of a band's power: as many independent samples as blurs fit in.
    error = np.sqrt(
        2.0 / np.maximum(count / (4 * np.pi * np.array(_SIGMAS[:-1]) ** 2), 3)
    )
    costs = np.array(
        [_misfit(own_a, own_b, shared, error, float(sigma)) for sigma in _TRIALS]
    )
    best = int(costs.argmin())
    if best in (0, len(_TRIALS) - 1):
        return float(_TRIALS[best]), 1.0
    left, middle, right = costs[best - 1 : best + 2]
    step = float(_TRIALS[1] - _TRIALS[0])
    bend = max(left - 2 * middle + right, 1e-9)
    sigma = float(_TRIALS[best]) + step * float((left - right) / (2 * bend))
    # Where the misfit is one more than the least, as for any sum of squares.
    near = _TRIALS[costs <= middle + max(1.0, middle)]
    return sigma, float(max(near.max() - near.min(), step) / 2)


def _misfit(
    own_a: _Array, own_b: _Array, shared: _Array, error: _Array, sigma: float
) -> float:
    """Sum of squares of the bands about the best gain and noise at one trial blur."""
    lost, raised = _shared_after(shared, abs(sigma))
    if sigma < 0:
        lost, raised = raised, lost
    gain_a, left_a = _gain_and_noise(own_a, raised, error)
    gain_b, left_b = _gain_and_noise(own_b, lost, error)
    tie = (np.log(max(gain_a, 1e-6)) + np.log(max(gain_b, 1e-6))) / 0.03
    return float(left_a + left_b + tie**2)


def _shared_after(shared: _Array, sigma: float) -> tuple[_Array, _Array]:
    """Shared band powers times and over the response of a blur, (bands,) each."""
    passed = _band_responses()
    white = passed.sum(axis=1)
    centres = (passed * _FREQUENCIES).sum(axis=1) / white
    # The spectrum between the bands runs straight in logarithms.
    spectrum = np.exp(
        np.interp(
            np.log(_FREQUENCIES), np.log(centres)[::-1], np.log(shared / white)[::-1]
        )
    )
    weighted = passed * spectrum
    response = np.exp(-2 * np.pi**2 * sigma**2 * _FREQUENCIES**2)
    total = weighted.sum(axis=1)
    lost = (weighted * response).sum(axis=1) / total
    raised = (weighted / np.maximum(response, 0.02)).sum(axis=1) / total
    return shared * lost, shared * raised


def _gain_and_noise(own: _Array, signal: _Array, error: _Array) -> tuple[float, float]:
    """Least squares of own = gain signal + noise white, both >= 0; gain and misfit."""
    white = _band_responses().sum(axis=1)
    scale = 1 / (error * own)
    x, n, y = signal * scale, white * scale, own * scale
    xx, xn, nn = float(x @ x), float(x @ n), float(n @ n)
    xy, ny = float(x @ y), float(n @ y)
    determinant = xx * nn - xn**2
    gain = (nn * xy - xn * ny) / determinant if determinant > 0 else xy / xx
    noise = (xx * ny - xn * xy) / determinant if determinant > 0 else 0.0
    if noise < 0 or gain < 0:
        gain, noise = xy / xx, 0.0
    left = y - gain * x - noise * n
    return gain, float(left @ left)


@cache
def _band_responses() -> _Array:
    """Power response of each band at `_FREQUENCIES`, with the ring's 2 pi f of area."""
    low = np.exp(-2 * np.pi**2 * np.square(_SIGMAS)[:, None] * _FREQUENCIES**2)
    return (low[:-1] - low[1:]) ** 2 * _FREQUENCIES

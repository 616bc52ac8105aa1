"""How much stronger one photograph draws the skin's own pattern than another.

A steeper tone curve, gloss over the skin, a camera or lamp that sees colours otherwise:
each draws a lesion with another contrast, and the blotches of the healthy skin beside it
with it. The strength of the pattern that both photographs share tells it of all of them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["BLOTCH_LN", "GREEN", "SharedStrength", "shared_strength", "strength_moved"]

_Floats = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]

GREEN = 1
"""The channel in which both pigments of skin absorb, and whose noise is least. Of 193
phantom pairs without a card (seeds 100 to 974, contrast from 6) the error of an uncorrected
log contrast ratio went 1.04 times with the ln strength in green, correlation 0.77; with
that in log-chromaticity, which white balance and colour matrix alter too, 0.45 and 0.56."""

BLOTCH_LN = (0.063, 0.1, 0.104)
"""A blotch of skin as ln linear red, green and blue, a tenth strong in green: medians of
the pattern that 325 phantom pairs (seeds 100 to 974) share."""

BANDS = ((0.35, 1.05), (0.5, 1.0))
"""Finer and coarser end of each band, in 48ths of the window. Of 28 tried (0.15 to 15)
these told the contrast's error best: finer ones hold more noise, coarser ones fewer
blotches and, under a flash, its own light."""

MIN_CORRELATION = 0.3
"""Below this the shared pattern is a minor part of the spread and tells nothing."""

CLIPPED_SDS = 3.0
"""A mole or a hair that the masks missed counts for no more than this many robust
standard deviations."""

_FEWEST_SAMPLES = 50

_WIDE_SAMPLES = 4.0
"""A Gaussian of this standard deviation is the same to 1 % at half the size."""

_SAMPLES_OF_SPREAD = 5_000
"""They tell a robust spread to 2 %, and where to cut an outlier needs no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedStrength:
    """ln of the pattern's strength in the follow-up over that in the baseline.

    `sd` is the sampling error of `log_ratio`, one standard deviation; `correlation` that
    of the two patterns.
    """

    log_ratio: float
    sd: float
    correlation: float


def shared_strength(
    baseline_green_log: _Image, followup_green_log: _Image, *, healthy: _Mask
) -> SharedStrength | None:
    """The strength of the follow-up's pattern relative to the baseline's.

    Parameters
    ----------
    baseline_green_log, followup_green_log : (rows, cols) float32
        Natural logarithm of linear green light on one grid.
    healthy : (rows, cols) bool
        Healthy skin usable in both.

    Returns
    -------
    SharedStrength or None
        `None` where the photographs share no pattern of skin.

    Notes
    -----
    In each band x = pattern + noise, y = γ·(pattern + noise'), where noise is blotches of
    blood and shading that belong to one visit: ln γ̂ = ln(sd_y / sd_x) has the sampling
    variance (1 - r²)/n over n independent patches. The bands overlap and count as one;
    where they disagree by more than that, the variance is raised by their χ² per degree
    of freedom (Birge 1932).
    """
    told = [
        one
        for band in BANDS
        if (one := _in_band(baseline_green_log, followup_green_log, healthy, band))
        is not None
    ]
    if not told:
        return None
    ratios, correlations, variances = np.transpose(told)
    if not correlations.mean() > MIN_CORRELATION:
        return None
    # Never quite 0, so that bands of equal pictures can be compared.
    least = max(float(variances.min()), 1e-12)
    apart = float(((ratios - ratios.mean()) ** 2).sum()) / least / max(1, len(told) - 1)
    return SharedStrength(
        log_ratio=float(ratios.mean()),
        sd=float(np.sqrt(max(1.0, apart) * variances.min())),
        correlation=float(correlations.mean()),
    )


def strength_moved(moves: _Floats) -> _Floats:
    """What moves (…, 2, 3) of a blotch's log colour say of its strength as photographed.

    Moves lead from what was photographed to what is true: a blotch to be weakened at the
    follow-up was drawn too strongly there. Returns ln strength (…).
    """
    return np.asarray((moves[..., 0, GREEN] - moves[..., 1, GREEN]) / BLOTCH_LN[GREEN])


def _in_band(
    before: _Image, after: _Image, healthy: _Mask, band: tuple[float, float]
) -> tuple[float, float, float] | None:
    """Ln of the strength ratio, correlation, and sampling variance; `None` too small."""
    fine, coarse = (max(healthy.shape) / 48 * end for end in band)
    inner = (
        cv2.erode(
            healthy.astype(np.uint8),
            np.ones((3, 3), np.uint8),
            iterations=max(1, int(fine)),
        )
        > 0
    )
    if inner.sum() < _FEWEST_SAMPLES:
        return None
    x, y = (
        _clipped(one[inner].astype(np.float64))
        for one in _bands((before, after), healthy, fine, coarse)
    )
    if x.std() == 0 or y.std() == 0:
        return None
    r = float(np.corrcoef(x, y)[0, 1])
    patches = max(4.0, float(inner.sum()) / (2 * coarse) ** 2)
    return float(np.log(y.std() / x.std())), r, max(0.0, 1 - r**2) / patches


def _clipped(values: _Floats) -> _Floats:
    some = values[:: max(1, len(values) // _SAMPLES_OF_SPREAD)]
    low, middle, high = np.percentile(some, (16, 50, 84))
    reach = CLIPPED_SDS * (high - low) / 2
    return np.clip(values, middle - reach, middle + reach)


def _bands(
    channels: tuple[_Image, _Image], mask: _Mask, fine: float, coarse: float
) -> list[_Image]:
    """Differences of masked Gaussian means, so that nothing leaks in from outside."""
    weight = mask.astype(np.float32)
    bands = [np.zeros(mask.shape, np.float32) for _ in channels]
    for sigma, sign in ((fine, 1), (coarse, -1)):
        share = sign * np.maximum(_smooth(weight, sigma), 1e-3)
        for band, channel in zip(bands, channels, strict=True):
            band += _smooth(channel * weight, sigma) / share
    return bands


def _smooth(values: _Image, sigma: float) -> _Image:
    """Gaussian means; wide ones at half the size, an eighth of the work."""
    if sigma < _WIDE_SAMPLES:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)
    rows, cols = values.shape
    half = (max(1, cols // 2), max(1, rows // 2))
    small = cv2.resize(values, half, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / 2)
    return np.asarray(cv2.resize(small, (cols, rows)), np.float32)

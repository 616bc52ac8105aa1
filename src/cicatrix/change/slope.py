"""How much steeper one photograph renders skin than another, when no card says.

Two cameras that draw the same mottled skin draw the same pattern with different
strength. The strength ratio at the skin's own level is what a change of contrast must
be freed from. Only the pattern that both photographs share can tell it: noise, and
relief shaded by a turned light, are in the spread of either one alone.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["RelativeSlope", "relative_slope"]

_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]

BANDS = ((0.35, 1.05), (0.6, 1.8), (1.0, 4.0))
"""Finer and coarser end of each band, in 48ths of the window: finer blotches are many
more, and the finest is still several times the blur and the error of alignment."""

RESPONSE_SD = 0.09
"""How far the pattern's strength differs from the lesion's, one standard deviation of ln:
white balance, lamp and colour matrix also change how colourful skin is drawn. Of 104
phantom pairs without a card (seeds 100 to 243 and 500 to 643, contrast from 7) a lesion's
contrast followed 0.42 of ln γ̂, as it would with this under their spread of 0.08; the
halves gave 0.44 and 0.40."""

MIN_CORRELATION = 0.5
"""Below this the shared pattern is a minor part of the spread and tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeSlope:
    """ln of follow-up tone slope over baseline tone slope, and one standard deviation.

    `correlation` of the shared pattern, `nan` where none could be judged.
    """

    log_ratio: float
    sd: float
    correlation: float


def relative_slope(
    baseline_log: _Image, followup_log: _Image, *, healthy: _Mask, prior_sd: float
) -> RelativeSlope:
    """The tone slope of the follow-up relative to the baseline at the skin's level.

    Parameters
    ----------
    baseline_log, followup_log : (rows, cols, 3) float32
        Natural logarithm of linear light on one grid.
    healthy : (rows, cols) bool
        Healthy skin usable in both.
    prior_sd
        One standard deviation of the ln ratio before looking, from how alike the two
        captures are.

    Returns
    -------
    RelativeSlope
        The prior itself (0, `prior_sd`) where the skin carries no shared pattern.

    Notes
    -----
    In log-chromaticity, where shading cancels, band-passed: x = pattern + noise,
    y = γ·pattern + noise'. In each band ln γ̂ = ln(sd_y / sd_x) has the sampling
    variance (1 - r²)/n over n independent patches. The bands are averaged by inverse
    variance; where they disagree by more than that, as noise in one photograph makes
    them, the variance is raised by their χ² per degree of freedom (Birge 1932). With
    the variance of `RESPONSE_SD` added it is shrunk towards the prior.
    """
    told = [
        one
        for band in BANDS
        if (one := _in_band(baseline_log, followup_log, healthy, band)) is not None
    ]
    if not told:
        return RelativeSlope(log_ratio=0.0, sd=prior_sd, correlation=np.nan)
    ratios, correlations, variances = np.transpose(told)
    r = float(correlations.mean())
    if not r > MIN_CORRELATION:
        return RelativeSlope(log_ratio=0.0, sd=prior_sd, correlation=r)
    if correlations.min() > 1 - 1e-12:
        return RelativeSlope(log_ratio=float(ratios.mean()), sd=0.0, correlation=r)
    observed = float((ratios / variances).sum() / (1 / variances).sum())
    apart = float((((ratios - observed) ** 2) / variances).sum()) / max(
        1, len(told) - 1
    )
    variance = max(1.0, apart) / float((1 / variances).sum()) + RESPONSE_SD**2
    weight = prior_sd**2 / (prior_sd**2 + variance)
    return RelativeSlope(
        log_ratio=observed * weight,
        sd=float(np.sqrt(weight * variance)),
        correlation=r,
    )


def _in_band(
    baseline_log: _Image,
    followup_log: _Image,
    healthy: _Mask,
    band: tuple[float, float],
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
    if inner.sum() < 50:
        return None
    x, y = (
        _band(0.5 * (one[..., 2] + one[..., 1]) - one[..., 0], healthy, fine, coarse)[
            inner
        ].astype(np.float64)
        for one in (baseline_log, followup_log)
    )
    if x.std() == 0 or y.std() == 0:
        return None
    r = float(np.corrcoef(x, y)[0, 1])
    patches = max(4.0, float(inner.sum()) / (2 * coarse) ** 2)
    # Never quite 0, so that bands can be weighed.
    variance = max((1 - r**2) / patches, 1e-12)
    return float(np.log(y.std() / x.std())), r, variance


def _band(channel: _Image, mask: _Mask, fine: float, coarse: float) -> _Image:
    """Differences of masked Gaussian means, so that nothing leaks in from outside."""
    weight = mask.astype(np.float32)
    filled = np.where(mask, channel, 0).astype(np.float32)
    means = [
        cv2.GaussianBlur(filled, (0, 0), sigma)
        / np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma), 1e-3)
        for sigma in (fine, coarse)
    ]
    return np.asarray(means[0] - means[1], dtype=np.float32)

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
    In log-chromaticity, where shading cancels, band-passed between 1/48 and 1/12 of
    the window: x = pattern + noise, y = γ·pattern + noise'. ln γ̂ = ln(sd_y / sd_x) is
    off by at most |ln r| whichever of the two holds the noise, so its variance is
    (ln r)²/3, a uniform law over that range, plus the sampling part (1 - r²)/n over
    independent patches. It is then shrunk towards the prior (JCGM 101, 6.4.2, 6.4.7).
    """
    x, y, patches = _shared_pattern(baseline_log, followup_log, healthy)
    if len(x) < 50 or x.std() == 0 or y.std() == 0:
        return RelativeSlope(log_ratio=0.0, sd=prior_sd, correlation=np.nan)
    r = float(np.corrcoef(x, y)[0, 1])
    if not r > MIN_CORRELATION:
        return RelativeSlope(log_ratio=0.0, sd=prior_sd, correlation=r)
    if r > 1 - 1e-12:
        return RelativeSlope(
            log_ratio=float(np.log(y.std() / x.std())), sd=0.0, correlation=r
        )
    observed = float(np.log(y.std() / x.std()))
    variance = np.log(r) ** 2 / 3 + (1 - r**2) / max(4.0, patches)
    weight = prior_sd**2 / (prior_sd**2 + variance)
    return RelativeSlope(
        log_ratio=observed * weight,
        sd=float(np.sqrt(weight * variance)),
        correlation=r,
    )


def _shared_pattern(
    baseline_log: _Image, followup_log: _Image, healthy: _Mask
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], float]:
    fine = max(healthy.shape) / 48
    coarse = 4 * fine
    inner = (
        cv2.erode(
            healthy.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=int(fine)
        )
        > 0
    )
    bands = []
    for image in (baseline_log, followup_log):
        chroma = 0.5 * (image[..., 2] + image[..., 1]) - image[..., 0]
        bands.append(_band(chroma, healthy, fine, coarse)[inner].astype(np.float64))
    patches = inner.sum() / (2 * coarse) ** 2
    step = max(1, len(bands[0]) // 20_000)
    return bands[0][::step], bands[1][::step], float(patches)


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

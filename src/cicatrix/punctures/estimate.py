"""Means over patches of skin, and how sure they are."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

__all__ = ["Estimate", "estimate", "student_975"]

_NORMAL_975 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over patches: its 95 % interval, and the spread between patches.

    `patch_sd` is the standard deviation between patches, for patches of the size that
    was simulated: larger patches differ less.
    """

    mean: float
    low: float
    high: float
    patch_sd: float


def student_975(freedom: int) -> float:
    """The 97.5 % point of Student's distribution, to 0.1 % from 8 degrees of freedom.

    References
    ----------
    Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 26.7.5.

    Examples
    --------
    >>> round(student_975(9), 2)
    2.26
    """
    z, n = _NORMAL_975, float(freedom)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / n + second / n**2 + third / n**3


def estimate(
    sums: npt.ArrayLike, counts: npt.ArrayLike, *, ceiling: float | None = None
) -> Estimate:
    """The ratio of two totals over patches, with the interval that patches give it.

    Parameters
    ----------
    sums, counts : (patches,)
        What was summed in each patch, and over how many things: hits and test points,
        distances and punctures, punctures and area.
    ceiling
        The largest possible value: 1 for a share.

    Returns
    -------
    Estimate
        All nan where nothing was counted. The interval is that of a ratio estimator
        (Cochran, Sampling Techniques, 3rd ed., 1977, 6.4) with Student's quantile.
    """
    total, number = np.asarray(sums, float), np.asarray(counts, float)
    patches = len(total)
    if number.sum() <= 0:
        return Estimate(mean=np.nan, low=np.nan, high=np.nan, patch_sd=np.nan)
    mean = float(total.sum() / number.sum())
    rest = (total - mean * number) / number.mean()
    spread = float(np.sqrt(np.sum(rest**2) / (patches - 1)))
    half = student_975(patches - 1) * spread / sqrt(patches)
    high = mean + half if ceiling is None else min(ceiling, mean + half)
    return Estimate(mean=mean, low=max(0.0, mean - half), high=high, patch_sd=spread)

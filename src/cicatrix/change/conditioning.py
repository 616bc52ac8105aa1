"""What the skin that two photographs share tells of their sources of doubt.

Tone curve, gloss and camera colour are each assumed with a spread before looking, and
each draw of theirs says how much stronger the follow-up would have drawn the skin's own
pattern. The strength that was found makes some draws likely and others not.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cicatrix.change.fading import DRAWS, Source
from cicatrix.change.strength import SharedStrength

__all__ = ["Expected", "Told", "told_by_strength"]

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expected:
    """What is expected before the pattern is looked at, where that is not nothing.

    `shift` (2, 3) takes off both log contrasts what was added to them; `log_strength` is
    how much stronger, ln, the follow-up then drew the skin's pattern.
    """

    shift: _Floats
    log_strength: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """`shift` (2, 3) of both log contrasts, and the sources with what is left of them."""

    shift: _Floats
    sources: tuple[Source, ...]


def told_by_strength(
    sources: list[Source],
    strength: SharedStrength | None,
    *,
    expected: Expected | None = None,
    response_sd: float,
    rng: np.random.Generator,
) -> Told:
    """Condition sources on the strength with which the shared pattern was drawn.

    Parameters
    ----------
    sources
        As assumed before looking. One without `strengths` stays as it is.
    strength
        As found; `None` leaves all as it was.
    expected
        What the sources are drawn around; `None` is nothing.
    response_sd
        How far lesion and pattern may be drawn with different strength by the same
        cause, one standard deviation of ln.
    rng
        For what the strength itself is off by.

    Returns
    -------
    Told
        With one source more, for the error of the strength.

    Notes
    -----
    Linear-Gaussian conditioning on draws, the update of an ensemble Kalman filter with
    perturbed observations (Evensen 1994, doi 10.1029/94JC00572): with moves mⱼ and ln
    strengths gⱼ of independent sources, K = Σ cov(mⱼ, gⱼ) / (Σ var(gⱼ) + σ²). Each source
    keeps mⱼ - K·gⱼ, so that the budget's lines stay independent of each other.
    """
    start = np.zeros((2, 3)) if expected is None else expected.shift
    if strength is None or all(source.strengths is None for source in sources):
        return Told(shift=start, sources=tuple(sources))
    sd = float(np.hypot(strength.sd, response_sd))
    covariance, variance = np.zeros((2, 3)), sd**2
    for source in sources:
        if source.strengths is None:
            continue
        away = source.strengths - np.mean(source.strengths)
        covariance += np.einsum("n,nvc->vc", away, source.moves) / DRAWS
        variance += float(away @ away) / DRAWS
    pull = covariance / variance if variance > 0 else covariance
    half = rng.standard_normal(DRAWS // 2) * sd
    own = Source(
        name="shared skin",
        explanation="how strongly each photograph draws the pattern of the skin that "
        "both share",
        moves=_along(np.concatenate([half, -half]), pull),
    )
    left = [
        source
        if source.strengths is None
        else replace(source, moves=source.moves - _along(source.strengths, pull))
        for source in sources
    ]
    surprise = strength.log_ratio - (0.0 if expected is None else expected.log_strength)
    return Told(shift=start + surprise * pull, sources=(*left, own))


def _along(amounts: _Floats, pull: _Floats) -> _Floats:
    return np.asarray(amounts[:, None, None] * pull)

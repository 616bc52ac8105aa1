"""What the skin that two photographs share tells of their sources of doubt.

Tone curve, gloss and camera colour are each assumed with a spread before looking, and
each draw of theirs says which signs it would have left on the skin. The signs that were
found make some draws likely and others not.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cicatrix.change.fading import DRAWS, Source
from cicatrix.change.signs import SIGNS, SkinSigns

__all__ = ["Expected", "Told", "told_by_skin"]

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Expected:
    """What is expected before the skin is looked at, where that is not nothing.

    `shift` (2, 3) takes off both log contrasts what was added to them; `signs`
    (`SIGNS`,) are what that has left on the skin.
    """

    shift: _Floats
    signs: _Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """`shift` (2, 3) of both log contrasts, and the sources with what is left of them."""

    shift: _Floats
    sources: tuple[Source, ...]


def told_by_skin(
    sources: list[Source],
    skin: SkinSigns,
    *,
    expected: Expected | None = None,
    rng: np.random.Generator,
) -> Told:
    """Condition sources on the signs that the shared skin shows.

    Parameters
    ----------
    sources
        As assumed before looking. One without `signs` stays as it is.
    skin
        As found; signs that could not be read tell nothing.
    expected
        What the sources are drawn around; `None` is nothing.
    rng
        For what the signs themselves are off by.

    Returns
    -------
    Told
        With one source more, for the error of the signs.

    Notes
    -----
    Linear-Gaussian conditioning on draws, the update of an ensemble Kalman filter with
    perturbed observations (Evensen 1994, doi 10.1029/94JC00572): with moves mⱼ and signs
    gⱼ of independent sources and R the variances of the signs' own errors,
    K = Σ cov(mⱼ, gⱼ) (Σ cov(gⱼ) + R)⁻¹. Each source keeps mⱼ - K·gⱼ, so that the budget's
    lines stay independent of each other.
    """
    start = np.zeros((2, 3)) if expected is None else expected.shift
    read = skin.read
    if len(read) == 0 or all(source.signs is None for source in sources):
        return Told(shift=start, sources=tuple(sources))
    pull = _pull(sources, skin.sd, read)
    half = rng.standard_normal((DRAWS // 2, len(read))) * skin.sd[read]
    own = Source(
        name="shared skin",
        explanation="how strongly each photograph draws the pattern of the skin that "
        "both share, and in which hue",
        moves=_along(np.concatenate([half, -half]), pull),
    )
    left = [
        source
        if source.signs is None
        else replace(source, moves=source.moves - _along(source.signs[:, read], pull))
        for source in sources
    ]
    before = np.zeros(SIGNS) if expected is None else expected.signs
    surprise = (skin.found - before)[read]
    return Told(shift=start + _along(surprise, pull), sources=(*left, own))


def _pull(sources: list[Source], sd: _Floats, read: npt.NDArray[np.intp]) -> _Floats:
    """K (2, 3, k): how far each sign that was read pulls on the contrasts."""
    covariance, variance = np.zeros((6, len(read))), np.diag(sd[read] ** 2)
    for source in sources:
        if source.signs is None:
            continue
        away = source.signs[:, read] - source.signs[:, read].mean(axis=0)
        covariance += source.moves.reshape(DRAWS, 6).T @ away / DRAWS
        variance += away.T @ away / DRAWS
    # Signs that no source leaves and that have no error of their own tell nothing.
    return np.asarray(covariance @ np.linalg.pinv(variance)).reshape(2, 3, -1)


def _along(amounts: _Floats, pull: _Floats) -> _Floats:
    return (amounts @ pull.reshape(6, -1).T).reshape(*amounts.shape[:-1], 2, 3)

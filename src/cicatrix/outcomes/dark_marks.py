"""The chance of dark marks (PIH) in a clinic like those of the trials."""

from dataclasses import dataclass

import numpy as np

from cicatrix.outcomes.draws import Array, Draws
from cicatrix.outcomes.words import treatments

__all__ = ["DarkMarks", "dark_marks"]

_SEED = 20261123
_SKIN_NUMBERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}
_MIDDLE_TYPE = 3.5
_UNKNOWN_TYPE_SD = 1.0
"""Types of skin by which an unasked type may differ from the middle one."""
_DARK_SD = 0.5
"""Added spread of the log odds for types V and VI, of which nobody gives counts."""
_UNSEEN_SD = 0.5
"""Spread of a treatment's own log odds around its family, as in the fit."""
_FAMILY_SD = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class DarkMarks:
    """How many of a clinic's patients get dark marks: mean and 95 % interval, fractions.

    `seen` says whether any arm of this very treatment counted them.
    """

    mean: float
    low: float
    high: float
    seen: bool


def dark_marks(
    draws: Draws, *, treatment: str, skin_type: str | None, body: bool
) -> DarkMarks:
    """The chance by treatment, skin type and site; wide where nobody counted.

    Examples
    --------
    >>> from cicatrix.outcomes.draws import load_draws
    >>> ask = lambda skin: dark_marks(
    ...     load_draws(), treatment="needling", skin_type=skin, body=False
    ... ).mean
    >>> ask("II") < ask("IV") < ask("VI")
    True
    """
    rng = np.random.default_rng(_SEED)
    values, size = draws.values, draws.count
    normal = rng.standard_normal((3, size))
    steps = _SKIN_NUMBERS.get(skin_type or "", _MIDDLE_TYPE) - _MIDDLE_TYPE
    if skin_type is None:
        steps = steps + _UNKNOWN_TYPE_SD * normal[0]
    own = draws.of("pih_effect", treatment)
    logit = (
        values["pih_base"]
        + (_from_family(draws, treatment, rng) if own is None else own)
        + values["pih_per_type"] * steps
        + values["pih_on_body"] * float(body)
        + values["pih_study_sd"] * normal[1]
        + (_DARK_SD * normal[2] if skin_type in ("V", "VI") else 0.0)
    )
    chance = 1 / (1 + np.exp(-logit))
    low, high = np.quantile(chance, [0.025, 0.975])
    return DarkMarks(
        mean=float(chance.mean()),
        low=float(low),
        high=float(high),
        seen=own is not None,
    )


def _from_family(draws: Draws, treatment: str, rng: np.random.Generator) -> Array:
    """What treatments like it do, with the spread of an unseen one."""
    family = draws.of("pih_family", treatments()[treatment].family)
    if family is None:
        family = _FAMILY_SD * rng.standard_normal(draws.count)
    return np.asarray(family + _UNSEEN_SD * rng.standard_normal(draws.count))

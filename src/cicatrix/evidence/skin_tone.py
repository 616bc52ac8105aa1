"""The name of a skin tone, from its individual typology angle."""

from enum import StrEnum
from math import isfinite

from cicatrix.evidence.reading import load_facts

__all__ = ["SkinTone", "skin_tone_class"]


class SkinTone(StrEnum):
    """Classes of constitutive skin tone, lightest first; not Fitzpatrick phototypes."""

    VERY_LIGHT = "very light"
    LIGHT = "light"
    INTERMEDIATE = "intermediate"
    TAN = "tan"
    BROWN = "brown"
    DARK = "dark"


_LOWER_EDGE = {
    SkinTone.VERY_LIGHT: "very_light_above_deg",
    SkinTone.LIGHT: "light_above_deg",
    SkinTone.INTERMEDIATE: "intermediate_above_deg",
    SkinTone.TAN: "tan_above_deg",
    SkinTone.BROWN: "brown_above_deg",
}


def skin_tone_class(ita_deg: float) -> SkinTone:
    """The class that an individual typology angle falls into.

    Parameters
    ----------
    ita_deg
        arctan((L* - 50) / b*), degrees; a class holds angles above its lower edge.

    Raises
    ------
    ValueError
        The angle is not finite: the caller has a bug.

    References
    ----------
    Edges and their conflict: `skin_tone.toml`.

    Examples
    --------
    >>> skin_tone_class(-20.0).value
    'brown'
    """
    if not isfinite(ita_deg):
        raise ValueError(f"ita_deg must be finite, got {ita_deg!r}")
    facts = load_facts("skin_tone.toml")
    for tone, edge in _LOWER_EDGE.items():
        if ita_deg > facts[edge].value:
            return tone
    return SkinTone.DARK

"""The name of a skin tone, from its individual typology angle, and the other way round."""

from enum import StrEnum
from math import isfinite

from cicatrix.evidence.reading import load_facts

__all__ = [
    "SkinTone",
    "contradict",
    "skin_tone_class",
    "told_ita_deg",
    "typical_ita_deg",
]


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


_PHOTOTYPES = frozenset("123456")


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


def typical_ita_deg(tone: SkinTone) -> float:
    """The individual typology angle, degrees, that stands for a whole class.

    The middle between its borders; for the lightest and the darkest an angle of
    `skin_tone.toml`.
    """
    facts = load_facts("skin_tone.toml")
    own = f"{tone.name.lower()}_typical_deg"
    if own in facts:
        return float(facts[own].value)
    tones = list(SkinTone)
    lighter = tones[tones.index(tone) - 1]
    return float(facts[_LOWER_EDGE[tone]].value + facts[_LOWER_EDGE[lighter]].value) / 2


def told_ita_deg(told: str | float) -> float:
    """The angle, degrees, of healthy skin as a person tells it: measured, or a class.

    Parameters
    ----------
    told
        An individual typology angle in degrees, -90 to 90, or the name of a class. A bare
        1 to 6 is taken for a Fitzpatrick phototype, which is neither: 5.0 is an angle.

    Raises
    ------
    ValueError
        It is neither; the message says what was found and what to write.

    Examples
    --------
    >>> told_ita_deg("tan"), told_ita_deg("-38"), told_ita_deg(12.5)
    (19.0, -38.0, 12.5)
    """
    name = str(told).strip().lower().replace("-", " ").replace("_", " ")
    if name in set(SkinTone):
        return typical_ita_deg(SkinTone(name))
    if name in _PHOTOTYPES:
        raise ValueError(
            f"“{told}” looks like a Fitzpatrick phototype, which says how skin burns and "
            f"not how light it is. Write one of {', '.join(SkinTone)}; an angle of {told} "
            f"degrees that a colorimeter told is written {told}.0."
        )
    try:
        angle = float(told)
    except ValueError:
        angle = float("nan")
    if not -90 <= angle <= 90:
        raise ValueError(
            f"“{told}” is no skin tone. Write one of {', '.join(SkinTone)}, or the "
            "individual typology angle (ITA) in degrees that a colorimeter told; a "
            "phototype is neither."
        )
    return angle


def contradict(told_deg: float, shown_deg: float) -> bool:
    """Whether an angle that was told and one that a colour card shows cannot both hold."""
    limit = load_facts("skin_tone.toml")["told_apart_deg"].value
    return abs(told_deg - shown_deg) > limit

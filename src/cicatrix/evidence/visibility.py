"""What a colour difference between scar and skin means to a person who looks."""

from dataclasses import dataclass

from cicatrix.evidence.reading import Fact, load_facts

__all__ = ["Perceptibility", "VisibilityBand", "perceptibility", "visibility_bands"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibilityBand:
    """What surgeons called scars, and the mean difference of the scars so called.

    `mean_de76` is a CIE 1976 difference on uncalibrated photographs: a direction to
    look in, not a conversion to CIEDE2000.
    """

    name: str
    mean_de76: float
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Perceptibility:
    """CIEDE2000 differences that observers begin to see, on light and dark shades.

    Context for a reader, no ground to ask less of the measurement on dark skin.
    """

    light_shade_de00: float
    dark_shade_de00: float


_BANDS = {
    "perfect match": "perfect_match_mean_de76",
    "slight mismatch": "slight_mismatch_mean_de76",
    "obvious mismatch": "obvious_mismatch_mean_de76",
    "gross mismatch": "gross_mismatch_mean_de76",
}


def visibility_bands() -> tuple[VisibilityBand, ...]:
    """The bands of Cheon 2010, faintest first; see `visibility.toml`.

    Examples
    --------
    >>> [(band.name, band.mean_de76) for band in visibility_bands()][:2]
    [('perfect match', 4.4), ('slight mismatch', 9.55)]
    """
    facts = load_facts("visibility.toml")
    return tuple(
        VisibilityBand(name=name, mean_de76=facts[fact].value, fact=facts[fact])
        for name, fact in _BANDS.items()
    )


def perceptibility() -> Perceptibility:
    """The least differences that are seen, CIEDE2000; see `visibility.toml`.

    Examples
    --------
    >>> perceptibility().light_shade_de00
    0.59
    """
    facts = load_facts("visibility.toml")
    return Perceptibility(
        light_shade_de00=facts["perceptible_light_shade_de00"].value,
        dark_shade_de00=facts["perceptible_dark_shade_de00"].value,
    )

"""What a fade's uncertainty assumes before looking, and when it abstains."""

from dataclasses import dataclass
from functools import cache

from cicatrix.evidence.reading import load_facts

__all__ = ["MeasuringLimits", "measuring_limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuringLimits:
    """Numbers of `measuring.toml`, where each says whence it comes."""

    tone_slope_sd_same_camera: float
    tone_slope_sd_other_camera: float
    camera_colour_sd_same_camera: float
    camera_colour_sd_other_camera: float
    widest_fade_half_width: float
    faintest_contrast_sd: float


@cache
def measuring_limits() -> MeasuringLimits:
    """The limits in force.

    Examples
    --------
    >>> measuring_limits().faintest_contrast_sd
    3.0
    """
    facts = load_facts("measuring.toml")
    return MeasuringLimits(
        tone_slope_sd_same_camera=facts["tone_slope_sd_same_camera_ratio"].value,
        tone_slope_sd_other_camera=facts["tone_slope_sd_other_camera_ratio"].value,
        camera_colour_sd_same_camera=facts["camera_colour_sd_same_camera_ratio"].value,
        camera_colour_sd_other_camera=facts[
            "camera_colour_sd_other_camera_ratio"
        ].value,
        widest_fade_half_width=facts["widest_fade_half_width_fraction"].value,
        faintest_contrast_sd=facts["faintest_contrast_sd_count"].value,
    )

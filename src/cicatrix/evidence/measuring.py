"""What a fade's uncertainty assumes before looking, and when it abstains."""

from dataclasses import dataclass
from functools import cache

from cicatrix.evidence.reading import load_facts

__all__ = ["MeasuringLimits", "measuring_limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuringLimits:
    """Numbers of `measuring.toml`, where each says whence it comes."""

    tone_slope_sd_alike: float
    tone_slope_sd_unlike: float
    tone_slope_sd_per_ln_exposure: float
    camera_colour_alike: float
    camera_colour_other_camera: float
    camera_colour_unlike: float
    camera_colour_unlike_unbalanced: float
    camera_colour_unmixed: float
    capture_hue_step_balanced_ln: float
    capture_hue_step_unbalanced_ln: float
    capture_hue_step_ln: float
    gloss_sd_of_skin_alike: float
    gloss_sd_of_skin_unlike: float
    gloss_sd_of_skin_unlike_flash_unknown: float
    gloss_sd_of_skin_flash: float
    gloss_sd_of_skin_flash_always: float
    gloss_mean_of_skin_flash: float
    gloss_unseen_of_skin_flash: float
    gloss_shares_skin_reflectance: float
    gloss_seen_sd_of_skin: float
    skin_hue_sd_alike: float
    skin_hue_sd_unlike: float
    pattern_response_sd: float
    pattern_response_sd_flash: float
    pattern_response_sd_flash_always: float
    card_doubt_apart: float
    widest_fade_half_width: float
    widest_texture_half_width: float
    faintest_contrast_sd: float
    faintest_contrast_de00: float
    clear_separation: float
    clear_separation_small: float
    small_part_px: float
    faintest_found_contrast_sd: float
    found_together_sd: float
    least_as_pointed_to: float
    surely_held_separation: float


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
        tone_slope_sd_alike=facts["tone_slope_sd_alike_ratio"].value,
        tone_slope_sd_unlike=facts["tone_slope_sd_unlike_ratio"].value,
        tone_slope_sd_per_ln_exposure=facts[
            "tone_slope_sd_per_ln_exposure_ratio"
        ].value,
        camera_colour_alike=facts["camera_colour_alike_ratio"].value,
        camera_colour_other_camera=facts["camera_colour_other_camera_ratio"].value,
        camera_colour_unlike=facts["camera_colour_unlike_ratio"].value,
        camera_colour_unlike_unbalanced=facts[
            "camera_colour_unlike_unbalanced_ratio"
        ].value,
        camera_colour_unmixed=facts["camera_colour_unmixed_ratio"].value,
        capture_hue_step_balanced_ln=facts["capture_hue_step_balanced_ln"].value,
        capture_hue_step_unbalanced_ln=facts["capture_hue_step_unbalanced_ln"].value,
        capture_hue_step_ln=facts["capture_hue_step_ln"].value,
        gloss_sd_of_skin_alike=facts["gloss_sd_of_skin_alike_fraction"].value,
        gloss_sd_of_skin_unlike=facts["gloss_sd_of_skin_unlike_fraction"].value,
        gloss_sd_of_skin_unlike_flash_unknown=facts[
            "gloss_sd_of_skin_unlike_flash_unknown_fraction"
        ].value,
        gloss_sd_of_skin_flash=facts["gloss_sd_of_skin_flash_fraction"].value,
        gloss_sd_of_skin_flash_always=facts[
            "gloss_sd_of_skin_flash_always_fraction"
        ].value,
        gloss_mean_of_skin_flash=facts["gloss_mean_of_skin_flash_fraction"].value,
        gloss_unseen_of_skin_flash=facts["gloss_unseen_of_skin_flash_fraction"].value,
        gloss_shares_skin_reflectance=facts[
            "gloss_shares_skin_reflectance_fraction"
        ].value,
        gloss_seen_sd_of_skin=facts["gloss_seen_sd_of_skin_fraction"].value,
        skin_hue_sd_alike=facts["skin_hue_sd_alike_ln"].value,
        skin_hue_sd_unlike=facts["skin_hue_sd_unlike_ln"].value,
        pattern_response_sd=facts["pattern_response_sd_ratio"].value,
        pattern_response_sd_flash=facts["pattern_response_sd_flash_ratio"].value,
        pattern_response_sd_flash_always=facts[
            "pattern_response_sd_flash_always_ratio"
        ].value,
        card_doubt_apart=facts["card_doubt_apart_ratio"].value,
        widest_fade_half_width=facts["widest_fade_half_width_fraction"].value,
        widest_texture_half_width=facts["widest_texture_half_width_fraction"].value,
        faintest_contrast_sd=facts["faintest_contrast_sd_count"].value,
        faintest_contrast_de00=facts["faintest_contrast_de00"].value,
        clear_separation=facts["clear_separation_count"].value,
        clear_separation_small=facts["clear_separation_small_count"].value,
        small_part_px=facts["small_part_px"].value,
        faintest_found_contrast_sd=facts["faintest_found_contrast_sd_count"].value,
        found_together_sd=facts["found_together_sd_count"].value,
        least_as_pointed_to=facts["least_as_pointed_to_fraction"].value,
        surely_held_separation=facts["surely_held_separation_count"].value,
    )

"""What is doubted of two captures for how alike they look, and what their skin tells of it."""

import numpy as np

from cicatrix.change.likeness import FlashUse, Likeness, hue_spread
from cicatrix.change.signs import SIGNS, SkinSigns, hue_of
from cicatrix.change.strength import SharedStrength
from cicatrix.evidence.measuring import measuring_limits

__all__ = ["camera_colour_scale", "skin_signs", "tone_slope_sd"]


def tone_slope_sd(likeness: Likeness) -> float:
    """One standard deviation of ln(tone slope after / before) without a card."""
    limits = measuring_limits()
    return float(
        np.hypot(
            limits.tone_slope_sd_alike + limits.tone_slope_sd_unlike * likeness.unlike,
            limits.tone_slope_sd_per_ln_exposure * likeness.exposure_step_ln,
        )
    )


def camera_colour_scale(likeness: Likeness) -> float:
    """By how much of what cameras and lamps differ these two may, before looking.

    With a neutral reference what is left of the hue step is the camera's own doing;
    without one it may be white balance alone, which alters no contrast.
    """
    limits = measuring_limits()
    least = (
        limits.camera_colour_alike
        if likeness.same_camera
        else limits.camera_colour_other_camera
    )
    if likeness.balanced_step_ln is None:
        most = limits.camera_colour_unlike_unbalanced
        x = likeness.hue_step_ln / limits.capture_hue_step_unbalanced_ln
    else:
        most = limits.camera_colour_unlike
        x = hue_spread(likeness.balanced_step_ln) / limits.capture_hue_step_balanced_ln
    return float(least + most * x**2 / (1 + x**2))


def skin_signs(likeness: Likeness, strength: SharedStrength | None) -> SkinSigns:
    """What the shared skin shows of cameras, lamps and gloss, and how surely.

    The hue tells only against a reference of white, and not under a flash, whose gloss
    turns it most and lies unevenly.
    """
    found, sd = np.zeros(SIGNS), np.full(SIGNS, np.inf)
    if strength is not None:
        found[0] = strength.log_ratio
        sd[0] = np.hypot(strength.sd, _response_sd(likeness.flash))
    if likeness.balanced_step_ln is not None and not likeness.flash.any:
        limits = measuring_limits()
        far = (
            hue_spread(likeness.balanced_step_ln) / limits.capture_hue_step_balanced_ln
        )
        found[1:] = hue_of(likeness.balanced_step_ln)
        sd[1:] = limits.skin_hue_sd_alike + limits.skin_hue_sd_unlike * -np.expm1(-far)
    return SkinSigns(found=found, sd=sd)


def _response_sd(flash: FlashUse) -> float:
    """How far one cause may draw a lesion and the pattern of skin differently, ln."""
    limits = measuring_limits()
    if flash.differs:
        return limits.pattern_response_sd_flash
    if flash.always:
        return limits.pattern_response_sd_flash_always
    return limits.pattern_response_sd

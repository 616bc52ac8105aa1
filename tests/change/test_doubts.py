"""Captures that look unlike are doubted more, and skin tells of them what it can."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.change.doubts import camera_colour_scale, skin_signs, tone_slope_sd
from cicatrix.change.likeness import FlashUse, Likeness
from cicatrix.change.strength import SharedStrength

NEVER = FlashUse(differs=False, always=False)
ALIKE = Likeness(
    hue_step_ln=0.0,
    exposure_step_ln=0.0,
    balance_ln=None,
    balanced_step_ln=None,
    same_camera=True,
    flash=NEVER,
)
STRENGTH = SharedStrength(log_ratio=0.1, sd=0.03, correlation=0.9)


def balanced(*step_ln, flash=NEVER):
    """Captures whose skin stepped by (red, green, blue) against white."""
    return replace(
        ALIKE,
        balance_ln=np.zeros((2, 3)),
        balanced_step_ln=np.array(step_ln),
        flash=flash,
    )


def test_unlike_captures_are_doubted_more():
    tinted, brighter = (
        replace(ALIKE, hue_step_ln=0.09),
        replace(ALIKE, exposure_step_ln=0.47),
    )

    assert tone_slope_sd(tinted) > 2 * tone_slope_sd(ALIKE)
    assert tone_slope_sd(brighter) > 2 * tone_slope_sd(ALIKE)
    assert camera_colour_scale(tinted) > 5 * camera_colour_scale(ALIKE)
    assert camera_colour_scale(brighter) == camera_colour_scale(ALIKE)


def test_another_camera_is_doubted_more_though_the_skin_looks_alike():
    other = replace(ALIKE, same_camera=False)

    assert camera_colour_scale(other) > camera_colour_scale(ALIKE)


def test_a_flash_draws_lesion_and_pattern_apart():
    never, differs, always = (
        skin_signs(replace(ALIKE, flash=use), STRENGTH).sd[0]
        for use in (
            NEVER,
            FlashUse(differs=True, always=False),
            FlashUse(differs=False, always=True),
        )
    )

    assert differs > always > never > 0.03


@pytest.mark.parametrize("use", [{"differs": True}, {"always": True}])
def test_hue_is_a_sign_only_against_white_and_without_a_flash(use):
    told = skin_signs(balanced(0.1, 0.0, -0.08), None)

    np.testing.assert_array_equal(told.read, [1, 2])
    np.testing.assert_allclose(told.found[1:], [0.1, -0.08], atol=1e-12)
    assert len(skin_signs(replace(ALIKE, hue_step_ln=0.09), None).read) == 0
    flash = FlashUse(**({"differs": False, "always": False} | use))
    assert len(skin_signs(balanced(0.1, 0.0, -0.08, flash=flash), None).read) == 0


def test_a_wide_step_of_hue_is_read_less_surely():
    near, far = balanced(0.02, 0.0, 0.0), balanced(0.26, 0.0, 0.0)

    assert skin_signs(far, None).sd[1] > 1.5 * skin_signs(near, None).sd[1]

"""How alike two captures look, and what is doubted of them for it."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.change.around import log_of
from cicatrix.change.likeness import (
    FlashUse,
    camera_colour_scale,
    likeness_of,
    skin_signs,
    tone_slope_sd,
)
from cicatrix.change.sources import Visits
from cicatrix.change.strength import SharedStrength
from cicatrix.change.view import SkinView
from cicatrix.colour.calibration import fit_calibration
from cicatrix.domain.reference import ColourReference, ReferenceKind

RING = np.ones((20, 20), dtype=bool)
SKIN = np.array([0.42, 0.25, 0.18])
PLAIN = fit_calibration(
    ColourReference(kind=ReferenceKind.NONE, corners_xy=(), patches=(), notes=())
)


def view(gain=1.0, *, camera="A", flash=False, calibration=None):
    light = np.broadcast_to(SKIN * gain, (20, 20, 3)).astype(np.float32)
    return SkinView(
        light=light,
        surroundings=light,
        healthy=RING,
        calibration=calibration,
        alignment_sd_samples=0.3,
        camera=camera,
        flash=flash,
    )


def likeness(one, other):
    logs = (log_of(one.light), log_of(other.light))
    return likeness_of([one, other], Visits(before=(0,), after=(1,)), logs, RING)


def test_exposure_and_hue_steps_are_told_apart():
    told = likeness(view(), view(1.2 * np.array([1.1, 1.0, 1 / 1.1])))

    assert told.exposure_step_ln == pytest.approx(np.log(1.2), abs=1e-4)
    assert told.hue_step_ln == pytest.approx(np.log(1.1), abs=1e-4)


def test_unnamed_cameras_are_not_taken_for_one():
    assert likeness(view(), view()).same_camera
    assert not likeness(view(), view(camera="B")).same_camera
    assert not likeness(view(camera=None), view(camera=None)).same_camera


def test_a_flash_beside_a_file_that_does_not_say_is_doubted_like_one_at_one_visit():
    fired, not_fired, unknown = view(flash=True), view(), view(flash=None)

    assert likeness(not_fired, fired).flash == FlashUse(differs=True, always=False)
    assert likeness(fired, fired).flash == FlashUse(differs=False, always=True)
    neither = FlashUse(differs=False, always=False)
    untold = replace(neither, unknown=True)
    assert likeness(fired, unknown).flash == FlashUse(differs=True, always=False)
    assert likeness(not_fired, unknown).flash == untold
    assert likeness(unknown, unknown).flash == untold
    assert likeness(not_fired, not_fired).flash == neither


def test_unlike_captures_are_doubted_more():
    tint = np.array([1.1, 1.0, 0.92])
    same, tinted, brighter = (likeness(view(), view(g)) for g in (1.0, tint, 1.6))

    assert tone_slope_sd(tinted) > 2 * tone_slope_sd(same)
    assert tone_slope_sd(brighter) > 2 * tone_slope_sd(same)
    assert camera_colour_scale(tinted) > 5 * camera_colour_scale(same)
    assert camera_colour_scale(brighter) == pytest.approx(
        camera_colour_scale(same), rel=0.01
    )


def test_another_camera_is_doubted_more_though_the_skin_looks_alike():
    assert camera_colour_scale(
        likeness(view(), view(camera="B"))
    ) > camera_colour_scale(likeness(view(), view()))


def test_a_balanced_step_is_known_only_with_references_everywhere():
    carded = replace(view(1.3), calibration=PLAIN)

    assert likeness(carded, view()).balanced_step_ln is None
    told = likeness(replace(view(), calibration=PLAIN), carded)
    np.testing.assert_allclose(told.balanced_step_ln, np.log(1.3), atol=1e-3)
    np.testing.assert_allclose(told.balance_ln, np.zeros((2, 3)), atol=1e-3)


def test_a_flash_draws_lesion_and_pattern_apart():
    strength = SharedStrength(log_ratio=0.1, sd=0.03, correlation=0.9)
    never, differs, always = (
        skin_signs(likeness(view(flash=a), view(flash=b)), strength).sd[0]
        for a, b in ((False, False), (False, True), (True, True))
    )

    assert differs > always > never > 0.03


def test_hue_is_a_sign_only_against_white_and_without_a_flash():
    tint = np.array([1.1, 1.0, 0.92])
    plain, tinted = (replace(view(g), calibration=PLAIN) for g in (1.0, tint))

    told = skin_signs(likeness(plain, tinted), None)

    np.testing.assert_array_equal(told.read, [1, 2])
    np.testing.assert_allclose(told.found[1:], np.log(tint[[0, 2]]), atol=1e-3)
    assert len(skin_signs(likeness(view(), view(tint)), None).read) == 0
    flashed = replace(tinted, flash=True)
    assert len(skin_signs(likeness(plain, flashed), None).read) == 0


def test_a_wide_step_of_hue_is_read_less_surely():
    plain, near, far = (
        replace(view(np.array([g, 1.0, 1.0])), calibration=PLAIN)
        for g in (1.0, 1.02, 1.3)
    )

    assert (
        skin_signs(likeness(plain, far), None).sd[1]
        > 1.5 * skin_signs(likeness(plain, near), None).sd[1]
    )

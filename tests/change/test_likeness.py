"""How alike two captures look."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.change.around import log_of
from cicatrix.change.likeness import FlashUse, likeness_of
from cicatrix.change.sources import Visits
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

    lit_after = FlashUse(differs=True, always=False, step=1.0)
    assert likeness(not_fired, fired).flash == lit_after
    assert likeness(fired, fired).flash == FlashUse(differs=False, always=True)
    neither = FlashUse(differs=False, always=False)
    untold = replace(neither, unknown=True)
    assert likeness(fired, unknown).flash == replace(lit_after, step=-1.0)
    assert likeness(not_fired, unknown).flash == untold
    assert likeness(unknown, unknown).flash == untold
    assert likeness(not_fired, not_fired).flash == neither


def test_a_balanced_step_is_known_only_with_references_everywhere():
    carded = replace(view(1.3), calibration=PLAIN)

    assert likeness(carded, view()).balanced_step_ln is None
    told = likeness(replace(view(), calibration=PLAIN), carded)
    np.testing.assert_allclose(told.balanced_step_ln, np.log(1.3), atol=1e-3)
    np.testing.assert_allclose(told.balance_ln, np.zeros((2, 3)), atol=1e-3)

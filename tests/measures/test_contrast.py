"""What the contrast of lesion and skin promises."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cicatrix.errors import PhotoUnusable
from cicatrix.measures.contrast import contrast_lab, log_contrast, paired_covariance

SKIN = np.array([0.42, 0.23, 0.15])
STEP = np.array([-0.2, -0.5, -0.4])
ROWS, COLS = np.mgrid[:90, :120]
DISTANCE = np.hypot(COLS - 60, ROWS - 45)
LESION = DISTANCE < 15
RING = (DISTANCE > 18) & (DISTANCE < 38)


def view(step=STEP, gain=1.0, slope=0.0, noise=0.0, seed=0):
    rng = np.random.default_rng(seed)
    log = np.log(SKIN) + LESION[..., None] * np.asarray(step)
    log = log + slope * (COLS[..., None] - 60) / 60
    light = gain * np.exp(log) * (1 + noise * rng.normal(size=(90, 120, 3)))
    return light.astype(np.float32)


def test_a_known_step_is_read_back():
    found = log_contrast(view(), LESION, RING)

    assert found.difference == pytest.approx(STEP, abs=1e-4)
    assert np.exp(found.ring_log_rgb) == pytest.approx(SKIN, rel=1e-3)
    assert found.lesion_log_rgb - found.ring_log_rgb == pytest.approx(STEP, abs=1e-4)


@settings(max_examples=20)
@given(st.floats(0.3, 2.0), st.floats(-0.5, 0.5))
def test_exposure_and_a_gradient_of_the_light_drop_out(gain, slope):
    found = log_contrast(view(gain=gain, slope=slope), LESION, RING)

    assert found.difference == pytest.approx(STEP, abs=4e-3)


def test_the_gradient_is_reported():
    found = log_contrast(view(slope=0.3), LESION, RING)

    assert found.gradient_per_window == pytest.approx(
        np.full(3, 0.3 * 2 * 38 / 60), rel=0.15
    )


def test_glints_and_hairs_do_not_steer_it():
    light = view()
    light[44:46, 50:60] = 1.0
    light[20:22, 55:70] = 0.01

    assert log_contrast(light, LESION, RING).difference == pytest.approx(STEP, abs=0.01)


def test_the_error_covers_what_noise_does():
    drawn = [log_contrast(view(noise=0.2, seed=s), LESION, RING) for s in range(40)]
    spread = np.std([d.difference for d in drawn], axis=0)
    told = np.mean([np.sqrt(np.diag(d.covariance)) for d in drawn], axis=0)

    assert told == pytest.approx(spread, rel=0.5)


def test_mottling_that_both_views_share_costs_a_change_nothing():
    mottled = view(noise=0.2)

    shared = paired_covariance(mottled, mottled * 0.8, LESION, RING)
    new = paired_covariance(mottled, view(noise=0.2, seed=1), LESION, RING)

    assert np.trace(shared) < 1e-8 < np.trace(new)


def test_lab_contrast_agrees_with_its_parts_and_has_their_signs():
    lab = contrast_lab(SKIN, [[0, 0, 0], [0.2, 0.3, 0.3], [-0.1, -0.5, -0.4]])

    assert lab.de00[0] == 0
    assert lab.dl[1] > 0 > lab.dl[2]
    assert lab.da[2] > 0
    assert lab.dita_deg[1] > 0 > lab.dita_deg[2]
    assert lab.de00.shape == (3,)


def test_too_few_samples_or_black_pixels_are_the_photographs_fault():
    few = np.zeros_like(LESION)
    few[45, 60:64] = True

    with pytest.raises(PhotoUnusable, match="lesion covers 4 samples"):
        log_contrast(view(), few, RING)
    with pytest.raises(PhotoUnusable, match="black"):
        log_contrast(np.zeros((90, 120, 3), np.float32), LESION, RING)


def test_overlapping_masks_and_other_shapes_are_the_callers_bug():
    with pytest.raises(ValueError, match="overlap"):
        log_contrast(view(), LESION, LESION)
    with pytest.raises(ValueError, match="shapes"):
        log_contrast(view()[:50], LESION, RING)

"""What the skin that two photographs share tells of their tone curves."""

import cv2
import numpy as np
import pytest

from cicatrix.change.slope import relative_slope

HEALTHY = np.ones((240, 240), dtype=bool)


def mottled(seed, amplitude=0.08):
    """Log light of skin whose pigment pattern spans many scales."""
    rng = np.random.default_rng(seed)
    pattern = sum(
        cv2.GaussianBlur(rng.standard_normal((240, 240)), (0, 0), s) * s
        for s in (4, 8, 14)
    )
    pattern *= amplitude / pattern.std()
    absorbed = np.array([0.4, 1.0, 1.6])  # melanin darkens blue most
    return (-0.8 - pattern[..., None] * absorbed).astype(np.float32)


def grain(seed, amount):
    return np.random.default_rng(seed).normal(0, amount, (240, 240, 3)).astype("f4")


def slope(before, after, prior_sd=0.15):
    return relative_slope(before, after, healthy=HEALTHY, prior_sd=prior_sd)


@pytest.mark.parametrize("gamma", [0.8, 1.0, 1.25])
def test_a_steeper_tone_curve_is_seen_in_the_shared_pattern(gamma):
    skin = mottled(1)

    # A prior that says nothing: the pattern alone speaks.
    found = slope(skin + grain(2, 0.02), gamma * skin + grain(3, 0.02), prior_sd=1.0)

    assert found.log_ratio == pytest.approx(np.log(gamma), abs=0.03)
    assert abs(found.log_ratio - np.log(gamma)) < 3 * found.sd + 1e-3


def test_shading_that_turned_with_the_light_does_not_steer_it():
    skin = mottled(1)
    relief = cv2.GaussianBlur(grain(9, 1.0)[..., :1], (0, 0), 6)[..., None] * 2

    found = slope(skin, skin + relief.astype("f4"))

    assert found.log_ratio == pytest.approx(0, abs=0.02)


def test_skin_without_a_pattern_leaves_the_prior_as_it_was():
    found = slope(mottled(1, 1e-4) + grain(2, 0.05), mottled(1, 1e-4) + grain(3, 0.05))

    assert found.log_ratio == 0
    assert found.sd == 0.15


def test_swapping_the_photographs_flips_the_sign():
    before, after = mottled(1) + grain(2, 0.02), 1.2 * mottled(1) + grain(3, 0.02)

    there, back = slope(before, after), slope(after, before)

    assert there.log_ratio == pytest.approx(-back.log_ratio, abs=1e-6)
    assert there.sd == pytest.approx(back.sd, rel=1e-6)


def test_its_own_spread_holds_what_it_is_off_by():
    # Blotches that belong to one visit alone are what makes the slope uncertain.
    away = []
    for seed in range(10):
        skin = mottled(seed)
        before = skin + mottled(100 + seed, 0.04) + 0.8
        after = skin + mottled(200 + seed, 0.04) + 0.8
        found = slope(before.astype("f4"), after.astype("f4"), prior_sd=1.0)
        away.append(found.log_ratio / found.sd)

    assert 0.05 < np.sqrt(np.mean(np.square(away))) < 1

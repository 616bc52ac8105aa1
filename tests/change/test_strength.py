"""What the skin that two photographs share tells of how strongly each draws it."""

import cv2
import numpy as np
import pytest

from cicatrix.change.strength import BLOTCH_LN, shared_strength, strength_moved

HEALTHY = np.ones((240, 240), dtype=bool)


def mottled(seed, amplitude=0.08):
    """Log green light of skin whose pigment pattern spans many scales."""
    rng = np.random.default_rng(seed)
    pattern = sum(
        cv2.GaussianBlur(rng.standard_normal((240, 240)), (0, 0), s) * s
        for s in (2, 4, 8)
    )
    return (-0.8 - amplitude * pattern / pattern.std()).astype(np.float32)


def grain(seed, amount):
    return np.random.default_rng(seed).normal(0, amount, (240, 240)).astype("f4")


def told(before, after):
    return shared_strength(before, after, healthy=HEALTHY)


@pytest.mark.parametrize("gamma", [0.8, 1.0, 1.25])
def test_a_steeper_tone_curve_draws_the_shared_pattern_more_strongly(gamma):
    skin = mottled(1)

    found = told(skin + grain(2, 0.01), gamma * skin + grain(3, 0.01))

    assert found.log_ratio == pytest.approx(np.log(gamma), abs=0.03)
    assert found.correlation > 0.8


def test_gloss_over_the_skin_weakens_it():
    skin = mottled(1)
    gloss = 0.1 * np.exp(-0.8)

    found = told(skin, np.log(np.exp(skin) + gloss).astype("f4"))

    assert found.log_ratio == pytest.approx(-np.log(1.1), abs=0.01)


def test_a_mole_that_came_barely_counts():
    skin = mottled(1)
    y, x = np.mgrid[0:240, 0:240]
    mole = np.where(np.hypot(x - 120, y - 120) < 8, -1.2, 0).astype("f4")

    unclipped = np.log((skin + mole).std() / skin.std())

    assert abs(told(skin, skin + mole).log_ratio) < 0.25 * unclipped


def test_skin_without_a_shared_pattern_tells_nothing():
    assert told(mottled(1), mottled(2)) is None
    assert told(np.zeros((240, 240), "f4"), mottled(1)) is None


def test_too_little_healthy_skin_tells_nothing():
    few = np.zeros_like(HEALTHY)
    few[:7, :7] = True

    assert shared_strength(mottled(1), mottled(1), healthy=few) is None


def test_equal_pictures_have_equal_strength_without_doubt():
    found = told(mottled(1), mottled(1))

    assert found.log_ratio == 0
    assert found.sd == 0


def test_swapping_the_photographs_flips_the_sign():
    before, after = mottled(1) + grain(2, 0.01), 1.2 * mottled(1) + grain(3, 0.01)

    there, back = told(before, after), told(after, before)

    assert there.log_ratio == pytest.approx(-back.log_ratio, abs=1e-6)
    assert there.sd == pytest.approx(back.sd, rel=1e-6)


def test_its_own_spread_holds_what_it_is_off_by():
    # Blotches that belong to one visit alone are what makes the strength uncertain.
    away = []
    for seed in range(12):
        skin = mottled(seed)
        before = skin + mottled(100 + seed, 0.05) + np.float32(0.8)
        after = skin + mottled(200 + seed, 0.05) + np.float32(0.8)
        found = told(before, after)
        away.append(found.log_ratio / found.sd)

    assert 0.4 < np.sqrt(np.mean(np.square(away))) < 1.6


def test_a_blotch_to_be_weakened_at_the_follow_up_was_drawn_too_strongly_there():
    moves = np.zeros((2, 2, 3))
    moves[0, 1] = -0.2 * np.array(BLOTCH_LN)

    np.testing.assert_allclose(strength_moved(moves), [0.2, 0.0])

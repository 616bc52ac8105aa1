"""What lost furrows add to a scar's lightness, read from the skin beside it."""

import numpy as np
import pytest

from cicatrix.change.furrows import (
    FINEST_SAMPLES,
    LIGHTER_PER_SPREAD,
    LOST_FURROWS_SD_LN,
    MOST_LN,
    furrow_source,
    furrow_step_ln,
)

SIDE = 96
Y, X = np.mgrid[0:SIDE, 0:SIDE]
RING = (np.hypot(X - 48, Y - 48) > 24) & (np.hypot(X - 48, Y - 48) < 44)


def lined(depth, period=3.0):
    """Log light with furrows of one depth and distance, in the ring only."""
    lines = np.where(RING, -depth * (0.5 + 0.5 * np.cos(2 * np.pi * X / period)), 0.0)
    return np.repeat(lines[..., None], 3, axis=2).astype(np.float32)


def test_flat_skin_has_lost_nothing():
    assert furrow_step_ln((lined(0.0), lined(0.0)), RING) == pytest.approx(0, abs=1e-6)


def test_deeper_furrows_darken_the_skin_beside_a_scar_in_proportion():
    fine, deep = (furrow_step_ln((lined(d),), RING) for d in (0.03, 0.06))

    assert deep == pytest.approx(2 * fine, rel=0.02)
    # A cosine of depth d has a standard deviation of d / (2√2).
    assert fine == pytest.approx(LIGHTER_PER_SPREAD * 0.03 / (2 * 2**0.5), rel=0.15)


def test_blotches_are_no_furrows():
    blotchy = furrow_step_ln((lined(0.06, period=16 * FINEST_SAMPLES),), RING)

    assert blotchy < 0.25 * furrow_step_ln((lined(0.06),), RING)


def test_all_photographs_count_alike_in_any_order():
    one, other = lined(0.02), lined(0.05)

    assert furrow_step_ln((one, other), RING) == furrow_step_ln((other, one), RING)


def test_noise_does_not_pass_for_any_number_of_furrows():
    noise = np.random.default_rng(0).normal(0, 1, (SIDE, SIDE, 3)).astype(np.float32)

    assert furrow_step_ln((noise,), RING) == MOST_LN


def test_what_was_lost_more_or_less_is_the_same_at_both_visits():
    moves = furrow_source(np.random.default_rng(0)).moves

    np.testing.assert_array_equal(moves[:, 0], moves[:, 1])
    assert moves[:, 0, 1].std() == pytest.approx(LOST_FURROWS_SD_LN, rel=0.05)

"""Skin is found where it lies though relief is lit from another side."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.alignment.relief import Lit, phases_of, skin_below_relief

SHAPE = 240, 256
WHOLE = np.ones(SHAPE, dtype=np.float32)
UNSURE = Lit(shared_grey=0.5, shared_colour=0.02, grey_offset=(0.0, 0.0))
EAST, WEST, NORTH = (2.0, 0.0), (-2.0, 0.0), (0.0, -2.0)


def relief(light, *, beyond=(0.0, 0.0), pigment=0.0, noise=0.1, seed=1, grain=1):
    """Furrows under a light, (rows, cols) of spread 1, taken that far beyond the skin."""
    y, x = (2 * np.pi * np.fft.fftfreq(side) for side in SHAPE)
    y, x = np.meshgrid(y, x, indexing="ij")
    rng = np.random.default_rng(seed)
    height, blotches = (np.fft.fft2(rng.standard_normal(SHAPE)) for _ in range(2))
    lit = 1 + 1j * (light[0] * x + light[1] * y)
    seen = height * lit + pigment * blotches
    seen *= np.exp(-0.5 * (x * x + y * y)) * np.exp(
        1j * (beyond[0] * x + beyond[1] * y)
    )
    plane = np.fft.ifft2(seen).real
    plane /= plane.std()
    plane += noise * np.random.default_rng(grain).standard_normal(SHAPE)
    return (plane / plane.std()).astype(np.float32)


def found(base, follow, lit=UNSURE):
    return skin_below_relief(phases_of(base, follow, WHOLE), lit)


@pytest.mark.parametrize("light", [EAST, WEST, NORTH])
@pytest.mark.parametrize("beyond", [(0.0, 0.0), (1.2, -0.7), (-0.9, 0.4)])
def test_skin_is_told_from_shading_that_moved(light, beyond):
    place = found(relief(EAST), relief(light, beyond=beyond, grain=2))

    assert place.beyond_xy == pytest.approx(beyond, abs=0.1)


def test_without_a_model_of_the_light_the_skin_would_be_missed():
    phases = phases_of(relief(EAST), relief(WEST, grain=2), WHOLE)

    slopes = np.stack([phases.x, phases.y], axis=-1)
    root = np.sqrt(phases.weight)
    shift = np.linalg.lstsq(slopes * root[:, None], phases.angle * root, rcond=None)[0]
    assert np.hypot(*shift) > 1.0


def test_pigment_between_the_furrows_does_no_harm():
    place = found(
        relief(EAST, pigment=1.0), relief(WEST, pigment=1.0, beyond=(0.8, 0.0), grain=2)
    )

    assert place.beyond_xy == pytest.approx((0.8, 0.0), abs=0.15)


def test_other_skin_moves_nothing_and_leaves_all_doubt():
    place = found(relief(EAST), relief(EAST, seed=3, grain=2))

    assert np.hypot(*place.beyond_xy) < 0.3 * UNSURE.spread
    assert place.variance == pytest.approx(UNSURE.spread**2, rel=0.5)


def test_clear_phases_leave_less_doubt_than_noisy_ones():
    clear = found(relief(EAST), relief(NORTH, grain=2))
    noisy = found(relief(EAST, noise=2.0), relief(NORTH, noise=2.0, grain=2))

    assert clear.variance < noisy.variance < UNSURE.spread**2


def test_what_colours_tell_surely_is_not_overruled():
    base, follow = (
        relief(EAST, noise=3.0),
        relief(WEST, beyond=(1.0, 0.0), noise=3.0, grain=2),
    )
    sure = replace(UNSURE, shared_grey=0.98, shared_colour=0.6)

    assert np.hypot(*found(base, follow, sure).beyond_xy) < 0.3
    assert np.hypot(*found(base, follow).beyond_xy) > 0.6


def test_swapped_photographs_lie_as_far_apart_the_other_way():
    base, follow = relief(EAST), relief(NORTH, beyond=(0.6, -0.5), grain=2)

    there, back = found(base, follow), found(follow, base)

    assert back.beyond_xy == pytest.approx(-np.array(there.beyond_xy), abs=0.03)
    assert back.variance == pytest.approx(there.variance, rel=0.05)


def test_what_both_cannot_agree_on_does_not_hold_the_skin():
    """Glints of one photograph must not favour the place where it is looked for."""
    follow = relief(EAST, beyond=(1.0, 0.0), grain=2)
    follow[np.random.default_rng(5).random(SHAPE) < 0.02] = 12.0

    place = found(relief(EAST), follow)

    assert place.beyond_xy == pytest.approx((1.0, 0.0), abs=0.15)


@pytest.mark.parametrize(
    "worse",
    [{"shared_grey": 0.3}, {"shared_colour": 0.005}, {"grey_offset": (3.0, -2.0)}],
)
def test_light_that_turned_more_leaves_more_open(worse):
    lit = replace(UNSURE, shared_grey=0.8, shared_colour=0.1)

    assert replace(lit, **worse).spread > 1.1 * lit.spread

"""The way of a needle through the surface, against a drum turned step by step."""

import numpy as np
import pytest

from cicatrix.punctures.device import Handling, Pen, Roller, Stamp
from cicatrix.punctures.entry import entry


def roller(**sizes):
    return Roller(
        **{"needles": 192, "rows": 8, "drum_diameter_mm": 20, "field_mm": 20} | sizes
    )


@pytest.mark.parametrize("needle", [0.25, 0.5, 1.5, 3.0])
@pytest.mark.parametrize("share", [0.2, 1.0])
def test_the_slit_is_that_of_a_drum_turned_step_by_step(needle, share):
    drum = roller(needle_mm=needle, penetrated_mm=share * needle)
    axle = drum.rolling_radius_mm
    turn = np.linspace(-1.2, 1.2, 400_001)
    tip_height = axle - drum.tip_radius_mm * np.cos(turn)
    inside = tip_height <= 0
    at_surface = axle * turn - axle * np.tan(turn)

    found = entry(drum, Handling())

    assert found.slit_mm == pytest.approx(np.ptp(at_surface[inside]), rel=1e-3)
    assert found.angle_deg == pytest.approx(np.degrees(turn[inside].max()), rel=1e-3)


def test_a_larger_drum_tears_less_and_a_longer_needle_more():
    small, large = (
        entry(roller(drum_diameter_mm=size), Handling()) for size in (15, 30)
    )
    short, long = (entry(roller(needle_mm=size), Handling()) for size in (0.5, 2.5))

    assert small.slit_mm > large.slit_mm
    assert small.angle_deg > large.angle_deg
    assert long.slit_mm > 5 * short.slit_mm


def test_a_needle_that_hardly_goes_in_hardly_tears():
    whole = entry(roller(needle_mm=0.77), Handling())
    measured = entry(roller(needle_mm=0.77, penetrated_mm=0.1525), Handling())

    assert measured.slit_mm < 0.12 * whole.slit_mm


def test_a_pen_goes_straight_in_and_drags_with_the_hand():
    pen = Pen(needles=12, rate_hz=100)
    slow, fast = (entry(pen, Handling(speed_cm_s=speed)) for speed in (1, 4))

    assert slow.angle_deg == fast.angle_deg == 0
    assert fast.slit_mm == pytest.approx(4 * slow.slit_mm)


def test_a_stamp_goes_straight_in_and_out():
    found = entry(Stamp(needles=36), Handling())

    assert (found.angle_deg, found.slit_mm) == (0, 0)

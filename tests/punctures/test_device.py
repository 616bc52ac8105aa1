"""Where needles stand."""

import numpy as np
import pytest

from cicatrix.errors import InputInvalid
from cicatrix.punctures.device import Handling, Pen, Roller, Stamp
from cicatrix.punctures.needles import DIMENSIONS, assumed, assumption, device_row


@pytest.mark.parametrize("needles", range(1, 41))
def test_a_pen_has_all_its_needles_inside_its_field(needles):
    places = Pen(needles=needles, rate_hz=100, field_mm=4).needles_mm(Handling())

    radius = np.hypot(*places.T)
    assert places.shape == (needles, 2)
    assert radius.max() == pytest.approx(2.0 if needles > 1 else 0.0)
    if needles > 1:
        gaps = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))
        assert gaps[~np.eye(needles, dtype=bool)].min() > 0.3


def test_a_roller_staggers_its_rows_evenly_over_its_width():
    roller = Roller(needles=192, rows=8, drum_diameter_mm=20, field_mm=20)
    along, across = roller.needles_mm(Handling()).T

    assert np.diff(across) == pytest.approx(2.5)
    assert across.sum() == pytest.approx(0)
    assert set(np.round(along / roller.step_mm(Handling()), 6)) == {0.0, 0.5}


def test_the_needles_of_the_mf8_are_as_far_apart_as_its_source_says():
    """24 needles a row stand 15 degrees apart, as was told beside their number."""
    told = device_row("dermaroller-mf8").fields

    assert 360 / (told["needles"] / told["rows"]) == told["angle_between_needles_deg"]


def test_the_punctures_a_second_that_were_told_are_needles_times_strokes():
    told = device_row("dermapen-11").fields

    assert told["needles"] * told["rate_high_hz"] == pytest.approx(
        told["punctures_per_s"], rel=0.02
    )


def test_a_stamp_fills_its_square():
    places = Stamp(needles=36, field_mm=9).needles_mm(Handling())

    assert len(np.unique(places, axis=0)) == 36
    assert np.ptp(places, axis=0) == pytest.approx([7.5, 7.5])


def test_every_size_a_device_may_lack_has_its_assumption():
    for sizes in DIMENSIONS.values():
        assert all(assumed(size) > 0 for size in sizes)
        assert all(assumption(size).backing.sources for size in sizes)


@pytest.mark.parametrize(
    ("device", "names"),
    [
        (Pen(needles=6, rate_hz=100), {"field_mm"}),
        (Pen(needles=6, rate_hz=100, field_mm=3), set()),
        (
            Roller(needles=24, rows=8),
            {"drum_diameter_mm", "width_mm", "stagger_fraction"},
        ),
        (Stamp(needles=9), {"stamp_field_mm"}),
    ],
)
def test_what_was_assumed_is_named(device, names):
    assert set(device.assumed()) == names
    assert {assumption(name).fields["name"] for name in names} == names


def test_an_unknown_device_names_the_nearest():
    with pytest.raises(InputInvalid, match="Did you mean “exceed”"):
        device_row("exced")

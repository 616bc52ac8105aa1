"""A device by kind or by name, and what is refused."""

import pytest

from cicatrix.errors import InputInvalid
from cicatrix.punctures.asking import device_asked
from cicatrix.punctures.device import Pen, Roller, Stamp


def test_a_kind_takes_what_is_asked():
    pen = device_asked("pen", {"needles": 12, "rate_hz": 100, "rows": None})

    assert pen == Pen(needles=12, rate_hz=100)
    assert device_asked("stamp", {"needles": 9}) == Stamp(needles=9)


def test_a_name_brings_what_its_source_told():
    assert device_asked("dermaroller-mf8", {}) == Roller(
        needles=192,
        rows=8,
        drum_diameter_mm=20,
        field_mm=20,
        needle_mm=1.5,
        model="dermaroller-mf8",
    )


def test_what_is_asked_goes_before_what_was_told():
    assert device_asked("exceed", {"rate_hz": 120, "needles": 5}).needles == 5


@pytest.mark.parametrize(
    ("name", "sizes", "words"),
    [
        ("pens", {}, "Did you mean “pen”"),
        ("pen", {"needles": 12}, "lacks the strokes a second"),
        ("roller", {}, "lacks the number of needles and rows"),
        ("pen", {"needles": 12, "rate_hz": 100, "rows": 3}, "a pen has no such thing"),
        ("stamp", {"needles": 9, "drum_diameter_mm": 20}, "a stamp has no such thing"),
        ("skinpen", {"rate_hz": 100}, "skinpen lacks the number of needles"),
        ("exceed", {"rate_hz": 80}, "100 to 150 Hz"),
        ("dermapen-11", {"rate_hz": 95}, "not possible with Dermapen"),
        ("dermaroller-mf8", {"needle_mm": 2.5}, "1.5 mm"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(name, sizes, words):
    with pytest.raises(InputInvalid, match=words):
        device_asked(name, sizes)

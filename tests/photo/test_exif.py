"""What the camera wrote is read; what it did not, or wrote badly, is `None`."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from cicatrix.domain.capture import Capture
from cicatrix.photo.exif import Exif, read_exif


def block(main=None, photo=None, interop=None):
    exif = Image.Exif()
    for tag, value in (main or {}).items():
        exif[tag] = value
    for tag, value in (photo or {}).items():
        exif.get_ifd(0x8769)[tag] = value
    if interop:
        exif.get_ifd(0x8769)[0xA005] = interop
    return exif.tobytes()


def test_a_full_record_is_read():
    found = read_exif(
        block(
            {0x010F: "Maker", 0x0110: "Model", 0x0131: "1.0", 0x0112: 6},
            {
                0x9003: "2024:05:06 07:08:09",
                0x9011: "-03:30",
                0x9291: "25",
                0x829A: IFDRational(1, 125),
                0x829D: IFDRational(28, 10),
                0x8827: 200,
                0x9204: IFDRational(-1, 3),
                0x9209: 0x19,
                0x920A: IFDRational(50, 1),
                0xA405: 75,
                0xA403: 1,
            },
        )
    )

    zone = timezone(-timedelta(hours=3, minutes=30))
    assert found.orientation == 6
    assert found.capture == Capture(
        taken_at=datetime(2024, 5, 6, 7, 8, 9, 250_000, zone),
        exposure_time_s=1 / 125,
        f_number=2.8,
        iso=200,
        exposure_bias_ev=-1 / 3,
        flash_fired=True,
        focal_length_mm=50,
        focal_length_35mm_mm=75,
        white_balance="manual",
        camera_make="Maker",
        camera_model="Model",
        software="1.0",
    )


def test_a_clock_without_a_zone_stays_without():
    capture = read_exif(block(photo={0x9003: "2024:05:06 07:08:09"})).capture

    assert capture.taken_at == datetime(2024, 5, 6, 7, 8, 9)


@pytest.mark.parametrize(
    "text",
    ["0000:00:00 00:00:00", "2024:13:01 00:00:00", "yesterday", "    :  :     :  :  "],
)
def test_an_unset_clock_is_none(text):
    assert read_exif(block(photo={0x9003: text})).capture.taken_at is None


@pytest.mark.parametrize("zone", ["+25:00", "+2", "Z", "+aa:bb"])
def test_a_senseless_zone_leaves_the_clock_without(zone):
    capture = read_exif(
        block(photo={0x9003: "2024:05:06 07:08:09", 0x9011: zone})
    ).capture

    assert capture.taken_at == datetime(2024, 5, 6, 7, 8, 9)


def test_zero_means_unknown_and_a_division_by_zero_too():
    capture = read_exif(
        block(photo={0x829A: IFDRational(1, 0), 0x829D: IFDRational(0, 1), 0xA405: 0})
    ).capture

    assert capture == Capture()


def test_a_flash_that_did_not_fire_is_not_an_unknown_one():
    assert read_exif(block(photo={0x9209: 0x10})).capture.flash_fired is False
    assert read_exif(block(photo={0x8827: 100})).capture.flash_fired is None


def test_control_characters_never_reach_a_report():
    assert read_exif(block({0x0110: "Mo\x1b[31mdel\n"})).capture.camera_model == (
        "Mo[31mdel"
    )


def test_a_senseless_orientation_is_upright():
    assert read_exif(block({0x0112: 77})).orientation == 1


def test_the_cameras_word_for_adobe_rgb_is_heard():
    assert read_exif(block(interop={1: "R03"})).adobe_rgb
    assert not read_exif(block(interop={1: "R98"})).adobe_rgb


def test_no_block_is_the_default():
    assert read_exif(None) == Exif()
    assert read_exif(b"Exif\0\0nonsense") == Exif()


WHOLE = block(
    {0x010F: "Maker", 0x0112: 6},
    {0x9003: "2024:05:06 07:08:09", 0x829A: IFDRational(1, 125), 0x9209: 1},
)


@given(st.lists(st.tuples(st.integers(6, len(WHOLE) - 1), st.integers(0, 255))))
def test_a_damaged_block_never_raises(changes):
    damaged = bytearray(WHOLE)
    for place, value in changes:
        damaged[place] = value

    assert 1 <= read_exif(bytes(damaged)).orientation <= 8


@given(st.binary(max_size=200))
def test_random_blocks_never_raise(rest):
    read_exif(b"Exif\0\0II*\0\x08\0\0\0" + rest)

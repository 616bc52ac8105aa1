"""What a JPEG's header tells, and which of libjpeg's warnings matter."""

import pytest

from cicatrix.photo.jpeg import libjpeg_quality, read_header
from cicatrix.photo.reading import read_photo


@pytest.mark.parametrize("quality", [5, 30, 50, 75, 80, 92, 99, 100])
def test_the_quality_that_libjpeg_was_asked_for_is_found(made, quality):
    data = made.packed(made.picture(), quality=quality)

    assert libjpeg_quality(read_header("a.jpg", data).luma_table) == quality


def test_no_table_no_quality():
    assert libjpeg_quality(None) is None
    assert libjpeg_quality((1, 2, 3)) is None


def test_a_profile_in_several_parts_is_joined_in_order(made):
    profile = made.SRGB_PROFILE + bytes(150_000)
    data = made.packed(made.picture(), icc_profile=profile)

    assert read_header("a.jpg", data).icc == profile


def test_padding_after_the_pixels_is_harmless(made):
    data = made.packed(made.picture())

    assert read_photo(data[:-2] + bytes(4) + data[-2:]).width_px == 96
    assert read_photo(data + b"trailing words of a telephone").width_px == 96


def test_fill_bytes_between_markers_are_allowed(made):
    data = made.packed(made.picture())

    assert read_header("a.jpg", data[:2] + b"\xff\xff" + data[2:]).width_px == 96

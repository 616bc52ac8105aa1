"""Colours of reduced copies, made once for all who look for skin in them."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.domain.capture import Capture
from cicatrix.photo.transfer import srgb_decoding
from cicatrix.photo.value import Photo, to_linear
from cicatrix.skin.colours import colours_of, colours_of_half


@pytest.fixture
def photo() -> Photo:
    """Codes of every colour, wide enough to be halved twice."""
    codes = np.random.default_rng(5).integers(0, 256, (240, 320, 3), np.uint8)
    return Photo(
        name="made-up.png",
        sha256="",
        file_format="PNG",
        encoded=codes,
        decoding=srgb_decoding(256),
        capture=Capture(),
    )


def test_half_a_photograph_has_the_colours_of_its_copy(photo: Photo) -> None:
    wanted = colours_of(to_linear(photo.halves[1], photo.decoding))
    told = colours_of_half(photo, 2)
    np.testing.assert_array_equal(told.red, wanted.red)
    np.testing.assert_array_equal(told.yellow, wanted.yellow)
    np.testing.assert_array_equal(told.seen, wanted.seen)


def test_they_are_made_once(photo: Photo) -> None:
    assert colours_of_half(photo, 1) is colours_of_half(photo, 1)
    assert colours_of_half(photo, 1) is not colours_of_half(photo, 2)


def test_another_decoding_has_other_colours(photo: Photo) -> None:
    first = colours_of_half(photo, 1)
    tables = photo.decoding.tables * np.array([1.0, 0.5, 0.5], np.float32)
    turned = replace(photo, decoding=replace(photo.decoding, tables=tables))
    assert colours_of_half(turned, 1).red.mean() > first.red.mean() + 0.4
    np.testing.assert_array_equal(colours_of_half(photo, 1).red, first.red)


def test_light_of_one_plane_has_none() -> None:
    with pytest.raises(ValueError, match="rows, cols, 3"):
        colours_of(np.zeros((9, 9), np.float32))

"""Code values become light as the profile says, at every shape and depth."""

import numpy as np
import pytest

from cicatrix.photo.transfer import (
    adobe_rgb_decoding,
    decoding_from,
    linear_decoding,
    srgb_decoding,
    srgb_to_linear,
)
from cicatrix.photo.value import to_linear


def test_srgb_light_follows_the_standard_at_both_depths():
    for levels, kind in ((256, np.uint8), (65536, np.uint16)):
        codes = np.linspace(0, levels - 1, 50).astype(kind)
        pixels = np.stack([codes, codes[::-1], codes], axis=-1)[None]

        light = to_linear(pixels, srgb_decoding(levels))

        assert light.dtype == np.float32
        assert np.abs(light - srgb_to_linear(pixels / (levels - 1))).max() < 1e-6


def test_channels_keep_their_own_tables_and_the_matrix_is_applied(made):
    curves = np.linspace(0, 1, 256)[:, None] * [1.0, 0.5, 0.25]
    swap = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 1]])
    pixels = np.full((4, 5, 3), 255, np.uint8)

    light = to_linear(pixels, decoding_from(curves, swap, "made"))

    assert light[2, 3].tolist() == pytest.approx([0.5, 1.0, 0.25])


def test_lists_of_colours_and_parts_of_pictures_are_decoded_too(made):
    pixels = made.picture()
    whole = to_linear(pixels, adobe_rgb_decoding(256))

    part = to_linear(pixels[10:20, 5:9], adobe_rgb_decoding(256))

    assert np.abs(part - whole[10:20, 5:9]).max() < 1e-6
    assert to_linear(pixels[:, 3], adobe_rgb_decoding(256)) == pytest.approx(
        whole[:, 3], abs=1e-6
    )
    assert to_linear(pixels[:0], srgb_decoding(256)).shape == (0, 96, 3)


def test_the_photo_answers_light_of_a_part(made):
    photo = made.photo(made.picture())

    part = photo.linear(rows=slice(3, 7), cols=slice(10, 30))

    assert part.shape == (4, 20, 3)
    assert np.array_equal(part, photo.linear()[3:7, 10:30])
    assert (photo.width_px, photo.height_px) == (96, 72)


def test_tables_are_shared_and_cannot_be_altered():
    assert srgb_decoding(256) is srgb_decoding(256)
    with pytest.raises(ValueError, match="read-only"):
        linear_decoding(256, "linear").tables[0, 0] = 1

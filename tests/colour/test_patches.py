"""Light of a patch, counted by its codes or sorted."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.colour.patches import read_spot
from cicatrix.domain.capture import Capture
from cicatrix.domain.reference import PatchState
from cicatrix.photo.transfer import srgb_decoding
from cicatrix.photo.value import Photo

QUAD = np.array([[5.0, 4.0], [34.0, 6.0], [33.0, 30.0], [4.0, 28.0]])


@pytest.fixture
def photo() -> Photo:
    """Noisy paper, redder than grey, with dust on it."""
    rng = np.random.default_rng(6)
    codes = rng.normal((150, 120, 90), 6, (40, 40, 3)).round()
    codes[rng.random((40, 40)) < 0.05] = 30
    return Photo(
        name="made-up.png",
        sha256="",
        file_format="PNG",
        encoded=codes.astype(np.uint8),
        decoding=srgb_decoding(256),
        capture=Capture(),
    )


def test_a_patch_is_read_alike_from_8_and_16_bits(photo: Photo) -> None:
    deep = replace(
        photo,
        encoded=photo.encoded.astype(np.uint16) * 257,
        decoding=srgb_decoding(65536),
    )
    few, many = read_spot(photo, QUAD), read_spot(deep, QUAD)
    assert few.mean == pytest.approx(many.mean, rel=1e-5)
    assert few.sd == pytest.approx(many.sd, rel=1e-5)
    assert few.state is PatchState.USED


def test_dust_is_left_out_of_the_mean_and_shows_in_the_spread(photo: Photo) -> None:
    told = read_spot(photo, QUAD)
    paper = photo.decoding.tables[[150, 120, 90], [0, 1, 2]]
    assert told.mean == pytest.approx(paper, rel=0.03)
    assert min(told.sd) > 0.015


def test_tables_that_fall_are_sorted_by_light(photo: Photo) -> None:
    # Of inverted codes the same light, in the opposite order.
    inverted = replace(
        photo,
        encoded=255 - photo.encoded,
        decoding=replace(photo.decoding, tables=photo.decoding.tables[::-1].copy()),
    )
    told, wanted = read_spot(inverted, QUAD), read_spot(photo, QUAD)
    assert told.mean == pytest.approx(wanted.mean, rel=1e-6)
    assert told.sd == pytest.approx(wanted.sd, rel=1e-6)


def test_a_quadrilateral_without_a_pixel_is_read_around_it(photo: Photo) -> None:
    point = np.array([[7.4, 7.4], [7.6, 7.4], [7.6, 7.6], [7.4, 7.6]])
    assert read_spot(photo, point).mean[0] > 0

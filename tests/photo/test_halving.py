"""Reduced copies of a picture."""

import cv2
import numpy as np
import pytest

from cicatrix.photo.halving import averaged, halved, halves_of


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(901, 1203), (64, 150), (90, 80)])
def test_each_copy_holds_the_means_of_the_one_before(
    kind: type[np.uint8] | type[np.uint16], shape: tuple[int, int]
) -> None:
    top = np.iinfo(kind).max
    last = np.random.default_rng(3).integers(0, top, (*shape, 3), kind, endpoint=True)
    copies = halved(last)
    assert len(copies) == {901: 4, 64: 1, 90: 0}[shape[0]]
    for copy in copies:
        rows, cols = last.shape[0] // 2, last.shape[1] // 2
        even = last[: 2 * rows, : 2 * cols]
        wanted = cv2.resize(even, (cols, rows), interpolation=cv2.INTER_AREA)
        assert copy.dtype == kind
        assert copy.flags.c_contiguous
        np.testing.assert_array_equal(copy, wanted)
        last = copy


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("side", [2, 3, 5])
def test_an_average_is_the_rounded_mean_of_whole_squares(
    kind: type[np.uint8] | type[np.uint16], side: int
) -> None:
    top = np.iinfo(kind).max
    codes = np.random.default_rng(4).integers(0, top, (64, 91, 3), kind, endpoint=True)
    rows, cols = 64 // side, 91 // side
    whole = codes[: rows * side, : cols * side].astype(np.float64)
    means = whole.reshape(rows, side, cols, side, 3).mean(axis=(1, 3))
    small = averaged(codes, side)
    assert small.dtype == kind
    assert small.shape == (rows, cols, 3)
    np.testing.assert_allclose(small, means, atol=0.501)


def test_a_picture_narrower_than_the_squares_is_one_row() -> None:
    codes = np.full((2, 9, 3), 7, np.uint8)
    np.testing.assert_array_equal(averaged(codes, 3), np.full((1, 3, 3), 7))


def test_copies_are_made_once() -> None:
    picture = np.zeros((300, 400, 3), np.uint8)
    assert halves_of(picture) is halves_of(picture)

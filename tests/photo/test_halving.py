"""Reduced copies of a picture."""

import cv2
import numpy as np
import pytest

from cicatrix.photo.halving import halved, halves_of


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


def test_copies_are_made_once() -> None:
    picture = np.zeros((300, 400, 3), np.uint8)
    assert halves_of(picture) is halves_of(picture)

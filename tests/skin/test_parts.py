"""Connected parts are told apart, and counted."""

import numpy as np
import pytest

from cicatrix.skin.parts import extents, labelled, places


def test_parts_are_counted_each_by_itself():
    mask = np.zeros((9, 12), dtype=bool)
    mask[1:3, 1:4] = True
    mask[3, 4] = True
    mask[6:9, 8:12] = True
    labels, areas = labelled(mask)
    assert areas.tolist() == [0, 7, 12]
    assert (labels > 0).tolist() == mask.tolist()
    apart, four = labelled(mask, connectivity=4)
    assert sorted(four.tolist()) == [0, 1, 6, 12]
    assert apart[3, 4] != apart[2, 3]


@pytest.mark.parametrize("fill", [False, True])
def test_an_empty_and_a_full_mask_are_no_special_case(fill):
    labels, areas = labelled(np.full((4, 5), fill))
    assert areas.sum() == 20 * fill
    assert (labels == int(fill)).all()


def test_parts_are_as_wide_and_high_as_their_boxes():
    mask = np.zeros((12, 20), bool)
    mask[1:4, 2:9] = True
    mask[5:10, 12] = True
    mask[9, 12:19] = True
    mask[11, 0] = True

    labels, areas, widths, heights = extents(mask)

    told = {int(labels[at]): at for at in ((1, 2), (5, 12), (11, 0))}
    sizes = {at: (areas[n], widths[n], heights[n]) for n, at in told.items()}
    assert sizes == {(1, 2): (21, 7, 3), (5, 12): (11, 7, 5), (11, 0): (1, 1, 1)}
    assert (areas[0], widths[0], heights[0]) == (0, 0, 0)


def test_nothing_has_no_extent():
    _, areas, widths, heights = extents(np.zeros((4, 5), bool))

    assert areas.tolist() == widths.tolist() == heights.tolist() == [0]


def test_places_are_those_of_both_axes():
    mask = np.random.default_rng(3).random((7, 11)) < 0.3
    part = mask[1:6, 2:9]

    assert all(
        np.array_equal(a, b)
        for a, b in zip(places(mask), np.nonzero(mask), strict=True)
    )
    assert all(
        np.array_equal(a, b)
        for a, b in zip(places(part), np.nonzero(part), strict=True)
    )

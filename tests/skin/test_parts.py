"""Connected parts are told apart, and counted."""

import numpy as np
import pytest

from cicatrix.skin.parts import labelled


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

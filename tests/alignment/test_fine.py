"""Where colours at full and at half the size place the skin."""

import numpy as np
import pytest

from cicatrix.alignment.fine import _placed
from cicatrix.alignment.refine import Warp
from cicatrix.alignment.spline import flat_sheet

AT = np.array([[40.0, 30.0], [90.0, 80.0]])
BEFORE = Warp(sheet=flat_sheet((0, 0, 128, 128), 32.0), grey_offset=(1.0, -0.5))
FINE = Warp(sheet=flat_sheet((0, 0, 128, 128), 32.0), grey_offset=(0.2, 0.3))


@pytest.mark.parametrize(
    ("shared", "expected"),
    [(0.05, (-0.8, 0.8)), (0.35, (-0.4, 0.4)), (0.9, (0.0, 0.0))],
)
def test_noisy_colours_place_the_skin_at_half_the_size(shared, expected):
    placed = _placed(FINE, BEFORE, shared)

    assert placed.sheet.at(AT) == pytest.approx(np.tile(expected, (2, 1)))


def test_grey_stays_where_it_is_when_colours_move_the_skin():
    placed = _placed(FINE, BEFORE, 0.1)

    assert placed.offset != FINE.offset
    grey = placed.sheet.at(AT) + placed.offset
    assert grey == pytest.approx(FINE.sheet.at(AT) + FINE.offset)

"""Pieces that are one stria, and one piece that is two."""

import numpy as np
import pytest

from cicatrix.domain.scale import Scale, ScaleSource
from cicatrix.measures.size import size_of
from cicatrix.photo.view import Window

ROWS, COLS = np.mgrid[:300, :500].astype(float)
WINDOW = Window(left_px=0, top_px=0, cols=500, rows=300, step_px=1)


def band(start, stop, *, row=150.0, angle=0.0):
    """A bar 10 px wide from column to column of a frame that is turned."""
    u = (COLS - 250) * np.cos(angle) + (ROWS - 150) * np.sin(angle) + 250
    v = (ROWS - 150) * np.cos(angle) - (COLS - 250) * np.sin(angle) + 150
    return (u >= start) & (u < stop) & (abs(v - row) < 5)


@pytest.mark.parametrize("angle", [0.0, 0.3, 1.4])
def test_a_stria_with_a_gap_is_as_long_as_one_without(angle):
    whole = size_of(band(120, 380, angle=angle), WINDOW, kind="line")
    broken = band(120, 240, angle=angle) | band(260, 380, angle=angle)

    size = size_of(broken, WINDOW, kind="line")

    assert size.length_px == pytest.approx(whole.length_px, rel=0.02)
    assert size.total_length_px == pytest.approx(whole.length_px, rel=0.02)
    assert size.width_px == pytest.approx(whole.width_px, rel=0.03)


def test_three_pieces_are_one_in_millimetres_too():
    scale = Scale(mm_per_px=0.1, relative_error=0.0, source=ScaleSource.CARD)
    pieces = band(100, 190) | band(205, 300) | band(315, 400)

    size = size_of(pieces, WINDOW, kind="line", scale=scale)

    assert size.length_mm == pytest.approx(30.0, rel=0.02)


@pytest.mark.parametrize(
    "second",
    [
        band(300, 380),  # six widths farther on
        band(240, 380, row=165),  # beside it
        band(120, 240, row=165),  # the whole way beside it
    ],
)
def test_what_does_not_go_on_in_the_other_is_another_stria(second):
    size = size_of(band(120, 240) | second, WINDOW, kind="line")

    assert size.length_px == pytest.approx(
        max(120, np.count_nonzero(second) / 9), rel=0.06
    )


def test_a_line_across_the_end_of_another_is_no_part_of_it():
    across = (abs(COLS - 255) < 5) & (abs(ROWS - 150) < 60)

    size = size_of(band(120, 240) | across, WINDOW, kind="line")

    assert size.length_px == pytest.approx(120, rel=0.05)


@pytest.mark.parametrize("apart", [0.14, 0.25, 0.4])
def test_two_striae_that_meet_at_their_tips_are_two(apart):
    legs = []
    for angle in (-apart / 2, apart / 2):
        u = -(COLS - 400) * np.cos(angle) + (ROWS - 150) * np.sin(angle)
        v = (ROWS - 150) * np.cos(angle) + (COLS - 400) * np.sin(angle)
        legs.append((u > 0) & (u < 250) & (abs(v) < 5))

    size = size_of(legs[0] | legs[1], WINDOW, kind="line")

    assert size.length_px == pytest.approx(250, rel=0.06)
    # Where they lie on each other they count once.
    assert size.total_length_px == pytest.approx(500, abs=10 / apart + 20)


@pytest.mark.parametrize("radius", [50, 90])
def test_a_scar_that_runs_round_is_one(radius):
    turn = np.arctan2(ROWS - 150, COLS - 250)
    hook = (abs(np.hypot(ROWS - 150, COLS - 250) - radius) < 5) & (abs(turn) < 2.4)

    size = size_of(hook, WINDOW, kind="line")

    assert size.length_px == pytest.approx(4.8 * radius, rel=0.04)

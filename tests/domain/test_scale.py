"""A scale is positive, and varies over the picture as a tilted plane does."""

from math import cos, inf, nan, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.domain.scale import Scale, ScaleSource, sizes_agree


def scale(**changes):
    return Scale(
        **(
            {"mm_per_px": 0.1, "relative_error": 0.02, "source": ScaleSource.CARD}
            | changes
        )
    )


@pytest.mark.parametrize("mm_per_px", [0.0, -1.0, nan, inf])
def test_a_size_that_is_not_positive_and_finite_is_the_callers_bug(mm_per_px):
    with pytest.raises(ValueError, match="mm_per_px must be positive"):
        scale(mm_per_px=mm_per_px)


@pytest.mark.parametrize("relative_error", [-0.1, 1.0, nan])
def test_an_error_that_is_not_a_fraction_is_the_callers_bug(relative_error):
    with pytest.raises(ValueError, match="relative_error must be in"):
        scale(relative_error=relative_error)


@given(st.floats(0, 4000), st.floats(0, 3000))
def test_without_a_plane_one_size_holds_everywhere(x, y):
    assert scale().mm_per_px_at(x, y) == 0.1


@given(st.floats(0, 4000), st.floats(0, 3000), st.floats(-3, 3))
def test_turning_and_shifting_does_not_change_the_size(x, y, turn):
    turned = scale(
        px_to_mm=(
            (0.1 * cos(turn), -0.1 * sin(turn), 5.0),
            (0.1 * sin(turn), 0.1 * cos(turn), -2.0),
            (0.0, 0.0, 1.0),
        )
    )

    assert turned.mm_per_px_at(x, y) == pytest.approx(0.1)


def test_a_tilted_plane_has_larger_pixels_where_it_is_further_away():
    # Camera at height 300 mm, focal length 3000 px, skin tilted by 15 degrees about x:
    # a pixel (u, v) meets the plane at depth 300 / (1 - tan(15) v / 3000).
    slope = sin(radians(15)) / cos(radians(15))
    tilted = scale(
        px_to_mm=((0.1, 0, 0), (0, 0.1 / cos(radians(15)), 0), (0, -slope / 3000, 1))
    )

    near, far = tilted.mm_per_px_at(0, -1000), tilted.mm_per_px_at(0, 1000)
    assert near < tilted.mm_per_px_at(0, 0) < far
    # One pixel's area on the plane, by finite differences.
    h = tilted.px_to_mm

    def at(x, y):
        w = h[2][0] * x + h[2][1] * y + h[2][2]
        return (
            (h[0][0] * x + h[0][1] * y + h[0][2]) / w,
            (h[1][0] * x + h[1][1] * y + h[1][2]) / w,
        )

    (x0, y0), (x1, y1), (x2, y2) = at(0, 1000), at(0.01, 1000), at(0, 1000.01)
    area = abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / 0.01**2
    assert far**2 == pytest.approx(area, rel=1e-4)


@pytest.mark.parametrize(("other", "agree"), [(0.109, True), (0.112, False)])
def test_sizes_agree_to_a_tenth_either_way(other, agree):
    assert sizes_agree(0.1, other) is sizes_agree(other, 0.1) is agree

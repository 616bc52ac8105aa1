"""An alignment maps there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.alignment.spline import SplineSheet, flat_sheet
from cicatrix.alignment.value import Alignment


def bent(seed=1):
    flat = flat_sheet((0.0, 0.0, 400.0, 300.0), 60.0)
    rng = np.random.default_rng(seed)
    sheets = tuple(
        SplineSheet(
            origin_xy=flat.origin_xy,
            spacing_px=flat.spacing_px,
            coefficients=rng.normal(0, sd, flat.coefficients.shape),
        )
        for sd in (6.0, 1.0)
    )
    affine = ((0.9, -0.4, 55.0), (0.4, 0.9, -20.0))
    return Alignment(affine=affine, sheets=sheets)


@given(st.floats(0, 400), st.floats(0, 300))
def test_there_and_back_is_the_same_point(x, y):
    alignment = bent()

    back = alignment.to_baseline(alignment.to_followup([[x, y]]))

    assert back == pytest.approx(np.array([[x, y]]), abs=1e-4)


def test_the_plain_alignment_is_exactly_the_identity():
    points = np.random.default_rng(0).uniform(0, 4000, (50, 2))

    assert np.array_equal(Alignment().to_followup(points), points)
    assert np.array_equal(Alignment().to_baseline(points), points)
    assert Alignment().error_px == 0


def test_no_points_are_no_points():
    assert bent().to_followup(np.empty((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("points", [[1.0, 2.0], [[1.0, 2.0, 3.0]]])
def test_points_must_be_pairs(points):
    with pytest.raises(ValueError, match=r"\(n, 2\)"):
        bent().to_followup(points)

"""The sheet of splines is smooth, exact on straight lines and runs out to nothing."""

import numpy as np
import pytest

from cicatrix.alignment.spline import SplineSheet, bending, flat_sheet


def sheet(seed=0):
    flat = flat_sheet((10.0, 20.0, 110.0, 80.0), 15.0)
    rng = np.random.default_rng(seed)
    return SplineSheet(
        origin_xy=flat.origin_xy,
        spacing_px=flat.spacing_px,
        coefficients=rng.normal(0, 2, flat.coefficients.shape),
    )


def test_points_and_grid_give_the_same_displacement():
    some = sheet()
    xs, ys = np.linspace(10, 110, 7), np.linspace(20, 80, 5)
    x, y = np.meshgrid(xs, ys)

    at_points = some.at(np.c_[x.ravel(), y.ravel()]).reshape(5, 7, 2)

    assert some.on_grid(xs, ys) == pytest.approx(at_points, abs=1e-5)


def test_a_sheet_moves_nothing_far_outside():
    far = np.array([[-500.0, 50.0], [60.0, 900.0], [1e6, -1e6]])

    assert np.abs(sheet().at(far)).max() < 1e-20


def test_equal_coefficients_are_one_shift():
    some = flat_sheet((0.0, 0.0, 50.0, 50.0), 10.0)
    moved = SplineSheet(
        origin_xy=some.origin_xy,
        spacing_px=some.spacing_px,
        coefficients=some.coefficients + np.array([1.5, -2.0]),
    )

    assert moved.at([[3.0, 4.0], [44.4, 20.2]]) == pytest.approx(
        np.array([[1.5, -2.0], [1.5, -2.0]])
    )


def test_straight_displacements_cost_no_bending_and_curved_ones_do():
    ny, nx = 7, 9
    i, j = np.mgrid[:ny, :nx]
    straight = (2 * j - 0.5 * i + 3).ravel()
    curved = (j**2).ravel()
    energy = bending(ny, nx)

    assert straight @ energy @ straight == pytest.approx(0, abs=1e-9)
    # u = x² has u_xx = 2 everywhere: 4 a unit of area.
    assert curved @ energy @ curved == pytest.approx(4 * (ny - 3) * (nx - 3))


def test_rescaling_keeps_the_map():
    some = sheet(3)
    points = np.array([[30.0, 40.0], [77.0, 61.0]])

    smaller = some.rescaled(0.25, -1.5)

    assert smaller.at((points - 1.5) * 0.25) == pytest.approx(some.at(points) * 0.25)

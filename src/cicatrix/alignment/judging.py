"""How far off an alignment probably is at the lesion, by its own evidence."""

import numpy as np
import numpy.typing as npt

from cicatrix.alignment.refine import Evidence, GridPair, evidence, solve_sheet
from cicatrix.alignment.spline import SplineSheet, basis

__all__ = ["own_error"]

_Array = npt.NDArray[np.float64]

_MEDIAN_OF_UNIT = 1.1774
"""Median length of a two-dimensional normal vector of unit deviation an axis."""

_CALIBRATION = 1.0
"""True error over the raw estimate, on phantoms of seeds below 1000."""


def own_error(
    pair: GridPair,
    sheet: SplineSheet,
    points: _Array,
    *,
    stiffness: float,
    tether: float,
) -> float:
    """Estimated median error at some points, in samples.

    Three independent signs are added in quadrature: what the two halves of the skin
    (a chequerboard) disagree on, what grey and colour disagree on (light that turned
    moves shading, not pigment), and what the equations leave open at the points (the
    interpolation through the lesion).
    """
    rows, cols = pair.shape
    found = evidence(pair, sheet.on_grid(np.arange(cols), np.arange(rows)))

    def at_points(part: Evidence) -> _Array:
        solved, _ = solve_sheet(part, sheet, stiffness=stiffness, tether=tether)
        return np.subtract(solved.at(points), sheet.at(points))

    board = np.add.outer(
        np.arange(found.xx.shape[1]) // 2, np.arange(found.xx.shape[2]) // 2
    )
    halves = at_points(found.thinned(board % 2 == 0)) - at_points(
        found.thinned(board % 2 == 1)
    )
    colours = at_points(found.of_channel(0)) - at_points(found.of_channel(1))
    _, matrix = solve_sheet(found, sheet, stiffness=stiffness, tether=tether)
    variance = (
        np.mean((halves / 2) ** 2)
        + np.mean((colours / 2) ** 2)
        + _left_open(matrix, sheet, points)
    )
    return _CALIBRATION * _MEDIAN_OF_UNIT * float(np.sqrt(variance))


def _left_open(matrix: _Array, sheet: SplineSheet, points: _Array) -> float:
    """Mean variance an axis that the equations leave at some of the points."""
    few = points[:: max(1, len(points) // 8)]
    ny, nx = sheet.coefficients.shape[:2]
    across = basis(few[:, 0], sheet.origin_xy[0], sheet.spacing_px, nx)
    down = basis(few[:, 1], sheet.origin_xy[1], sheet.spacing_px, ny)
    rows = (down[:, :, None] * across[:, None, :]).reshape(len(few), -1)
    zero = np.zeros_like(rows)
    both = np.concatenate([np.c_[rows, zero], np.c_[zero, rows]])
    solved = np.linalg.solve(matrix, both.T)
    return float(np.einsum("ij,ji->i", both, solved).mean())

"""How far off an alignment probably is at the lesion, by its own evidence."""

import numpy as np
import numpy.typing as npt

from cicatrix.alignment.refine import Evidence, GridPair, Warp, evidence, solve
from cicatrix.alignment.spline import SplineSheet, basis

__all__ = ["own_error"]

_Array = npt.NDArray[np.float64]

_MEDIAN_OF_UNIT = 1.1774
"""Median length of a two-dimensional normal vector of unit deviation an axis."""

_UNSEEN = 1.0
"""What the signs below do not see. At 1 it brings 95 % of the true errors of 69 phantom
pairs (1600 x 1200, seeds 24 to 109) within twice the estimate; at 12 megapixels, where
furrows span more samples, the estimate is about twice the true error."""

_HALVES, _OPEN, _SHADING, _UNSHARED = 1.0, 1.0, 0.16, 1.5
"""How much each sign counts (variances), fitted on the same phantoms."""


def own_error(
    pair: GridPair,
    warp: Warp,
    points: _Array,
    *,
    stiffness: float,
    tether: float,
) -> float:
    """Estimated median error at some points, in samples.

    Four signs are added in quadrature: what the two halves of the skin (a chequerboard)
    disagree on, what the equations leave open at the points (the interpolation through
    the lesion), a share of how far the shading moved with the light, as it does not
    come off the colour wholly, and how much of the grey pattern the pictures do not share.
    """
    rows, cols = pair.shape
    sheet = warp.sheet
    found = evidence(pair, sheet.on_grid(np.arange(cols), np.arange(rows)), warp.offset)

    def at_points(part: Evidence) -> _Array:
        solved, _ = solve(part, warp, stiffness=stiffness, tether=tether)
        return np.subtract(solved.sheet.at(points), sheet.at(points))

    board = np.add.outer(
        np.arange(found.xx.shape[1]) // 4, np.arange(found.xx.shape[2]) // 4
    )
    halves = at_points(found.thinned(board % 2 == 0)) - at_points(
        found.thinned(board % 2 == 1)
    )
    _, matrix = solve(found, warp, stiffness=stiffness, tether=tether)
    variance = (
        _HALVES * np.mean((halves / 2) ** 2)
        + _OPEN * _left_open(matrix, sheet, points)
        + _SHADING * float(np.mean(np.square(warp.offset)))
        + _UNSHARED * (1 - found.coherence[0]) ** 2
    )
    return _UNSEEN * _MEDIAN_OF_UNIT * float(np.sqrt(variance))


def _left_open(matrix: _Array, sheet: SplineSheet, points: _Array) -> float:
    """Mean variance an axis that the equations leave at some of the points."""
    few = points[:: max(1, len(points) // 8)]
    ny, nx = sheet.coefficients.shape[:2]
    across = basis(few[:, 0], sheet.origin_xy[0], sheet.spacing_px, nx)
    down = basis(few[:, 1], sheet.origin_xy[1], sheet.spacing_px, ny)
    rows = (down[:, :, None] * across[:, None, :]).reshape(len(few), -1)
    zero = np.zeros_like(rows)
    both = np.concatenate([np.c_[rows, zero], np.c_[zero, rows]])
    spare = matrix.shape[0] - both.shape[1]
    both = np.pad(both, ((0, 0), (0, spare)))
    solved = np.linalg.solve(matrix, both.T)
    return float(np.einsum("ij,ji->i", both, solved).mean())

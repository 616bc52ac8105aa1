"""How far off an alignment probably is at the lesion, by its own evidence."""

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.evidence import CELL, Evidence, cell_centres
from cicatrix.alignment.fine import Refined
from cicatrix.alignment.refine import solve, solved
from cicatrix.alignment.spline import SplineSheet, basis

__all__ = ["own_error"]

_Array = npt.NDArray[np.float64]

_MEDIAN_OF_UNIT = 1.1774
"""Median length of a two-dimensional normal vector of unit deviation an axis."""

_BLOCK = 4
"""Side in cells of the blocks of skin that err on their own: wider than a furrow."""

_SPOTS = 12
"""Points of the lesion at which the error is told; it changes slowly between them."""

SIGNS: list[dict[str, float]] = []


def own_error(
    refined: Refined, points: _Array, *, stiffness: float, tether: float
) -> float:
    """Estimated median error at some points, in samples."""
    pair, warp = refined.pair, refined.warp
    rows, cols = pair.shape
    sheet = warp.sheet
    shift = sheet.on_grid(np.arange(cols), np.arange(rows))
    found = refined.equations.again(pair, shift, warp.offset)
    points = points[:: max(1, len(points) // _SPOTS)]
    _, matrix = solve(found, warp, stiffness=stiffness, tether=tether)
    reach = _reach(matrix, sheet, points)
    sides = _sides(sheet, points, matrix.shape[0])
    left_open = float(np.einsum("ij,ij->j", sides, reach).mean())
    scatter = _scatter(found, sheet, reach)
    solos = []
    for channel in range(2):
        solo, _ = solve(found.of_channel(channel), warp, stiffness=stiffness, tether=tether)
        solos.append(solo.sheet.at(points) - sheet.at(points))
    SIGNS.append(
        dict(
            open=left_open,
            scatter=scatter,
            offset=float(np.mean(np.square(warp.offset))),
            coh0=found.coherence[0],
            coh1=found.coherence[1],
            n0=found.noise[0],
            n1=found.noise[1],
            solo0=float(np.mean(solos[0] ** 2)),
            solo1=float(np.mean(solos[1] ** 2)),
            apart=float(np.mean((solos[0] - solos[1]) ** 2)),
            incr=float(np.mean(np.square(sheet.at(points)))),
            info0=float(found.xx[0].sum() + found.yy[0].sum()),
            info1=float(found.xx[1].sum() + found.yy[1].sum()),
        )
    )
    variance = left_open + scatter + 0.16 * SIGNS[-1]["offset"] + 1.5 * (1 - found.coherence[0]) ** 2
    return _MEDIAN_OF_UNIT * float(np.sqrt(variance))


def _sides(sheet: SplineSheet, points: _Array, unknowns: int) -> _Array:
    """Weights (unknowns, 2 n) with which the unknowns make up x, then y at points."""
    ny, nx = sheet.coefficients.shape[:2]
    across = basis(points[:, 0], sheet.origin_xy[0], sheet.spacing_px, nx)
    down = basis(points[:, 1], sheet.origin_xy[1], sheet.spacing_px, ny)
    rows = (down[:, :, None] * across[:, None, :]).reshape(len(points), -1).T
    sides = np.zeros((unknowns, 2 * len(points)))
    sides[: ny * nx, : len(points)] = rows
    sides[ny * nx : 2 * ny * nx, len(points) :] = rows
    return sides


def _reach(matrix: _Array, sheet: SplineSheet, points: _Array) -> _Array:
    """How far a pull on each unknown moves the points, (unknowns, 2 n)."""
    return solved(matrix, _sides(sheet, points, matrix.shape[0]))


def _scatter(found: Evidence, sheet: SplineSheet, reach: _Array) -> float:
    """Mean variance an axis by how blocks of skin pull apart from the whole.

    The variance that stays right when the noise model is not, clustered by blocks
    (Liang & Zeger 1986, doi 10.1093/biomet/73.1.13).
    """
    ny, nx = sheet.coefficients.shape[:2]
    xs, ys = cell_centres(CELL * found.xx.shape[1], CELL * found.xx.shape[2])
    across = basis(xs, sheet.origin_xy[0], sheet.spacing_px, nx)
    down = basis(ys, sheet.origin_xy[1], sheet.spacing_px, ny)
    total = 0.0
    px, py = found.px.sum(0), found.py.sum(0)
    for column in reach.T:
        x, y = (part.reshape(ny, nx) for part in np.split(column[: 2 * ny * nx], 2))
        moved = (down @ x @ across.T) * px + (down @ y @ across.T) * py
        blocks = (max(1, moved.shape[1] // _BLOCK), max(1, moved.shape[0] // _BLOCK))
        mean = cv2.resize(moved, blocks, interpolation=cv2.INTER_AREA)
        area = moved.size / mean.size
        total += float(np.square(area * mean).sum())
    return total / reach.shape[1]

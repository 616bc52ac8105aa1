"""Gauss-Newton refinement of a displacement between two pictures on one grid."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.evidence import (
    CELL,
    Evidence,
    GridPair,
    Linearised,
    cell_centres,
    linearised,
)
from cicatrix.alignment.spline import SplineSheet, basis, bending
from cicatrix.domain.begin import Begin, waiting

__all__ = ["STALE", "Warp", "refine", "solve", "solved"]

_Array = npt.NDArray[np.float64]

STALE = 0.5
"""Samples a step may have been for the gradients before it to serve the next one."""

_COLOUR_ERROR, _COLOUR_POWER = 0.007, 1.7
_OFFSET_SPREAD, _OFFSET_POWER = 13.0, 3.3
"""How far off colour places the grey offset, in samples, against the share of gradients
that colour has in common, and how far the offset spreads, against the share that grey has
not: pictures whose grey agrees wholly were taken under one light. Read off 100 phantom
pairs (1600 x 1200, tuning seeds 100 to 199) aligned with and without an offset; the
colour's error, since then, as the best of 0.0025, 0.007 and 0.025 on 139 (every fourth of
seeds 100 to 739)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Warp:
    """A sheet, and how much further the grey pattern has moved than the skin itself.

    Relief is seen by its shading, which moves when the light turns while the skin stays;
    within a window this is nearly one shift, `grey_offset`, in samples. `None`: not
    looked for. `ground` (ny, nx, 2) is what else bends, as coefficients of the same sheet:
    bending is counted on the sum. With the displacement that the pictures were brought
    together by before, a dent which an earlier, coarser sheet made where nothing held it (in
    the lesion) is smoothed out; less of what may bend, that costs nothing.
    """

    sheet: SplineSheet
    grey_offset: tuple[float, float] | None = None
    ground: _Array | None = None

    @property
    def offset(self) -> tuple[float, float]:
        """The offset, zero where it was not looked for."""
        return self.grey_offset or (0.0, 0.0)

    def rescaled(self, zoom: float, offset_px: float) -> "Warp":
        """The warp in coordinates (x + offset_px) * zoom."""
        moved = self.grey_offset
        if moved is not None:
            moved = (moved[0] * zoom, moved[1] * zoom)
        ground = None if self.ground is None else self.ground * zoom
        return Warp(
            sheet=self.sheet.rescaled(zoom, offset_px), grey_offset=moved, ground=ground
        )


def solve(
    found: Evidence, warp: Warp, *, stiffness: float, tether: float = 0.0
) -> tuple[Warp, _Array]:
    """The warp that the evidence pulls to, and the matrix (n, n) of its information.

    Minimises the sum over cells of the quadratic form of the evidence, plus
    `stiffness` times the bending energy of the whole sheet, plus `tether` times its
    squared coefficients, plus a weak pull of the grey offset to zero. The first
    2 ny nx rows of the matrix are the sheet's x, then y coefficients.
    """
    sheet = warp.sheet
    ny, nx = sheet.coefficients.shape[:2]
    xs, ys = cell_centres(CELL * found.xx.shape[1], CELL * found.xx.shape[2])
    across = basis(xs, sheet.origin_xy[0], sheet.spacing_px, nx)
    down = basis(ys, sheet.origin_xy[1], sheet.spacing_px, ny)
    n = ny * nx
    smooth = bending(ny, nx) * (stiffness / sheet.spacing_px**2)
    now = sheet.coefficients.reshape(n, 2)
    whole = now if warp.ground is None else now + warp.ground.reshape(n, 2)
    resist = smooth @ whole + (tether + 1e-6) * now
    smooth[np.diag_indices(n)] += tether + 1e-6
    unknowns = 2 * n if warp.grey_offset is None else 2 * n + 2
    matrix, pull = np.empty((unknowns, unknowns)), np.empty(unknowns)
    pairs = _pairs(down), _pairs(across)
    matrix[:n, :n] = _gram(found.xx.sum(0), pairs) + smooth
    matrix[n : 2 * n, n : 2 * n] = _gram(found.yy.sum(0), pairs) + smooth
    matrix[:n, n : 2 * n] = matrix[n : 2 * n, :n] = _gram(found.xy.sum(0), pairs)

    def gathered(cells: _Array) -> _Array:
        return np.asarray((down.T @ cells @ across).ravel())

    pull[:n] = gathered(found.px.sum(0)) - resist[:, 0]
    pull[n : 2 * n] = gathered(found.py.sum(0)) - resist[:, 1]
    if warp.grey_offset is not None:
        _add_offset(found, warp, (matrix, pull), gathered)
    step = solved(matrix, pull)
    change = np.stack([step[:n], step[n : 2 * n]], axis=-1).reshape(ny, nx, 2)
    after = replace(sheet, coefficients=sheet.coefficients + change)
    if warp.grey_offset is None:
        return replace(warp, sheet=after), matrix
    x, y = np.array(warp.offset) + step[2 * n :]
    return replace(warp, sheet=after, grey_offset=(float(x), float(y))), matrix


def _add_offset(
    found: Evidence,
    warp: Warp,
    system: tuple[_Array, _Array],
    gathered: Callable[[_Array], _Array],
) -> None:
    """Write the last two unknowns into the equations: how far the shading moved."""
    matrix, pull = system
    n = (len(pull) - 2) // 2
    xx, xy, yy, px, py = (
        part[0] for part in (found.xx, found.xy, found.yy, found.px, found.py)
    )
    crossed = gathered(xy)
    matrix[:n, -2], matrix[n:-2, -1] = gathered(xx), gathered(yy)
    matrix[n:-2, -2] = matrix[:n, -1] = crossed
    matrix[-2:, :-2] = matrix[:-2, -2:].T
    stay = _offset_pull(found)
    matrix[-2:, -2:] = [[xx.sum() + stay, xy.sum()], [xy.sum(), yy.sum() + stay]]
    pull[-2:] = np.array([px.sum(), py.sum()]) - stay * np.array(warp.offset)


def _offset_pull(found: Evidence) -> float:
    """Information of the belief that shading has not moved.

    In units of the colour's own, which holds noise alone to be its error.
    """
    colour = float(found.xx[1].sum() + found.yy[1].sum()) / 2
    error = _COLOUR_ERROR / max(found.coherence[1], 0.02) ** _COLOUR_POWER
    spread = _OFFSET_SPREAD * max(1 - found.coherence[0], 0.05) ** _OFFSET_POWER
    return max(colour, 1e-3) * (error / spread) ** 2


def _pairs(weights: _Array) -> _Array:
    """Products (cells, knots, knots) of the weights (cells, knots) of each two knots."""
    return weights[:, :, None] * weights[:, None, :]


def _gram(weights: _Array, pairs: tuple[_Array, _Array]) -> _Array:
    """Sum over cells of weight times the products of basis weights, down and across."""
    (_, ny, _), (_, nx, _) = pairs[0].shape, pairs[1].shape
    down, across = (part.reshape(len(part), -1) for part in pairs)
    full = (down.T @ (weights @ across)).reshape(ny, ny, nx, nx)
    return full.transpose(0, 2, 1, 3).reshape(ny * nx, ny * nx)


def solved(matrix: _Array, sides: _Array) -> _Array:
    """Solution of positive definite equations (n, n) for sides (n,) or (n, m)."""
    columns = sides.reshape(len(matrix), -1)
    fine, found = cv2.solve(matrix, columns, flags=cv2.DECOMP_CHOLESKY)
    if not fine:  # rounding took the last of a nearly singular matrix
        return np.asarray(np.linalg.lstsq(matrix, sides, rcond=None)[0])
    return np.asarray(found, dtype=np.float64).reshape(sides.shape)


def refine(
    pair: GridPair,
    warp: Warp,
    *,
    stiffness: float,
    tether: float = 0.0,
    steps: int = 3,
    beside: Begin = waiting,
) -> tuple[Warp, Linearised]:
    """The warp after some Gauss-Newton steps, and the equations they were taken with.

    A step is of at most 2 samples anywhere. Gradients are taken anew after steps of
    more than a mark's width would let them go stale. `beside` begins a channel of them on
    another core.
    """
    rows, cols = pair.shape
    xs, ys = np.arange(cols), np.arange(rows)
    largest, equations = np.inf, None
    for _ in range(steps):
        shift = warp.sheet.on_grid(xs, ys)
        if equations is None or largest > STALE:
            equations = linearised(pair, shift, warp.offset, beside=beside)
            found = equations.found
        else:
            found = equations.again(pair, shift, warp.offset)
        after, _matrix = solve(found, warp, stiffness=stiffness, tether=tether)
        change = after.sheet.coefficients - warp.sheet.coefficients
        turn = np.array(after.offset) - np.array(warp.offset)
        largest = float(max(np.abs(change).max(), np.abs(turn).max()))
        share = min(1.0, 2.0 / max(largest, 1e-9))
        x, y = np.array(warp.offset) + share * turn
        warp = replace(
            warp,
            sheet=replace(
                warp.sheet, coefficients=warp.sheet.coefficients + share * change
            ),
            grey_offset=None if warp.grey_offset is None else (float(x), float(y)),
        )
        if largest < 0.02:
            break
    if equations is None:
        raise ValueError("no steps given")
    return warp, equations

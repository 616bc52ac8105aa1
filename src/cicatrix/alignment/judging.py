"""How far off an alignment probably is at the lesion, by its own evidence."""

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.evidence import CELL, Evidence, cell_centres
from cicatrix.alignment.fine import Refined
from cicatrix.alignment.refine import Warp, solve, solved
from cicatrix.alignment.spline import SplineSheet, basis
from cicatrix.domain.begin import Begin, waiting

__all__ = ["Signs", "sd_of", "signs_of"]

_Array = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]

_BLOCK = 4
"""Side in cells of the blocks of skin that err on their own: wider than a furrow."""

_SPOTS = 12
"""Points of the lesion at which the error is told; it changes slowly between them."""

_OPEN, _SCATTER, _SIDES, _LIGHT, _OFFSET = 0.06, 0.06, 0.06, 6.6, 0.007
"""How much each sign counts as variance: the last two most likely, with the tails of Student's
t of six degrees, for the errors of 316 phantom pairs (1600 x 1200, even ones of the accuracy
benchmark's tuning seeds 100 to 739). Alone these pairs would give the first two no say, which
tell of skin that is hidden or moves; they were set, and all raised by a seventh until one error in
ten is beyond twice what is told. 237 odd ones were kept to judge them by:
docs/explanation/alignment.md."""

_TAILS = float(np.sqrt(6 / 4))
"""Standard deviation of Student's t of six degrees over its scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What tells of an alignment's error at the lesion, in samples and samples².

    `left_open` is the variance an axis that the equations leave there, `scatter` the
    variance by how single blocks of skin pull apart from the whole, `sides` by how much
    skin on one side of the lesion would move it otherwise than skin on the other.
    `open_by_light` is the variance that relief under another light leaves. `shared_grey` at
    half the size and `shared_fine` of fine grey are how far the gradients of both pictures
    agree, `turned` is how far grey lies from the skin, samples.
    """

    left_open: float
    scatter: float
    sides: float
    shared_grey: float
    shared_fine: float
    turned: float
    open_by_light: float


def sd_of(signs: Signs) -> float:
    """Standard deviation an axis of the error, samples.

    To the variance of the equations comes that of the light: what phases leave, which
    holds its model to be right, and more where grey was found to lie far from the skin.
    """
    variance = (
        _OPEN * signs.left_open
        + _SCATTER * signs.scatter
        + _SIDES * signs.sides**2
        + _LIGHT * signs.open_by_light
        + _OFFSET * signs.turned**2
    )
    return _TAILS * float(np.sqrt(variance))


def signs_of(
    refined: Refined,
    points: _Array,
    *,
    stiffness: float,
    tether: float,
    beside: Begin = waiting,
) -> Signs:
    """The signs at some points (n, 2) of the lesion, in samples of the window.

    `beside` begins on another core what skin on either side alone would say.
    """
    warp, sheet = refined.warp, refined.warp.sheet
    rows, cols = refined.pair.shape
    shift = sheet.on_grid(np.arange(cols), np.arange(rows))
    found = refined.equations.again(refined.pair, shift, warp.offset)
    points = points[:: max(1, len(points) // _SPOTS)]

    def moved(part: Evidence) -> _Array:
        solution, _ = solve(part, warp, stiffness=stiffness, tether=tether)
        return solution.sheet.at(points)

    def pulled(half: _Mask) -> _Array:
        return moved(found.thinned(half)) - moved(found.thinned(~half))

    told = [beside(partial(pulled, half)) for half in _halves(found, points)]
    _, matrix = solve(found, warp, stiffness=stiffness, tether=tether)
    wanted = _weights_at(points, warp, matrix.shape[0])
    reach = solved(matrix, wanted)
    scatter = _scatter(found, sheet, reach)
    sides = [one() for one in told]
    return Signs(
        left_open=float(np.einsum("ij,ij->j", wanted, reach).mean()),
        scatter=scatter,
        sides=float(np.sqrt(np.mean(np.square(sides)))),
        shared_grey=refined.shared_grey,
        shared_fine=found.coherence[0],
        turned=float(np.hypot(*warp.offset)),
        open_by_light=refined.open_by_light,
    )


def _halves(found: Evidence, points: _Array) -> tuple[_Mask, _Mask]:
    """Cells left of the lesion's middle, and above it."""
    rows, cols = found.xx.shape[1:]
    xs, ys = cell_centres(CELL * rows, CELL * cols)
    x, y = points.mean(axis=0)
    left, above = np.broadcast_arrays((xs < x)[None, :], (ys < y)[:, None])
    return left, above


def _weights_at(points: _Array, warp: Warp, unknowns: int) -> _Array:
    """Weights (unknowns, 2 n) with which the unknowns make up x, then y at points."""
    sheet = warp.sheet
    ny, nx = sheet.coefficients.shape[:2]
    across = basis(points[:, 0], sheet.origin_xy[0], sheet.spacing_px, nx)
    down = basis(points[:, 1], sheet.origin_xy[1], sheet.spacing_px, ny)
    each = (down[:, :, None] * across[:, None, :]).reshape(len(points), -1).T
    weights = np.zeros((unknowns, 2 * len(points)))
    weights[: ny * nx, : len(points)] = each
    weights[ny * nx : 2 * ny * nx, len(points) :] = each
    return weights


def _scatter(found: Evidence, sheet: SplineSheet, reach: _Array) -> float:
    """Mean variance an axis by how blocks of skin pull apart from the whole.

    The variance that stays right where the noise model is not, clustered by blocks
    (Liang & Zeger 1986, doi 10.1093/biomet/73.1.13). `reach` (unknowns, 2 n) is how
    far a pull on each unknown moves the points.
    """
    ny, nx = sheet.coefficients.shape[:2]
    xs, ys = cell_centres(CELL * found.xx.shape[1], CELL * found.xx.shape[2])
    across = basis(xs, sheet.origin_xy[0], sheet.spacing_px, nx)
    down = basis(ys, sheet.origin_xy[1], sheet.spacing_px, ny)
    px, py = found.px.sum(0), found.py.sum(0)
    blocks = tuple(max(1, side // _BLOCK) for side in px.shape)
    total = 0.0
    for column in reach.T:
        x, y = column[: 2 * ny * nx].reshape(2, ny, nx)
        moved = (down @ x @ across.T) * px + (down @ y @ across.T) * py
        mean = cv2.resize(moved, blocks[::-1], interpolation=cv2.INTER_AREA)
        total += float(np.square(mean).sum()) * (moved.size / mean.size) ** 2
    return total / reach.shape[1]

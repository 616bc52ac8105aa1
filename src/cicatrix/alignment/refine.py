"""Gauss-Newton refinement of a displacement between two pictures on one grid."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.spline import SplineSheet, basis, bending
from cicatrix.photo.value import FloatImage

__all__ = ["CELL", "Evidence", "GridPair", "evidence", "refine_sheet", "solve_sheet"]

_Array = npt.NDArray[np.float64]

CELL = 8
"""Side in samples of the cells over which the equations are summed: small against the
spacing of the knots, so that nothing is lost, and 64 times fewer than the samples."""

_CORRELATED = 6.0
"""Samples that say the same thing: noise and JPEG blocks of photographs are correlated
over two to three samples in each direction."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridPair:
    """Baseline and follow-up on one grid, nearly aligned.

    `base`, `follow`: (rows, cols, 2) float32 normalised grey and colour;
    `base_weight`, `follow_weight`: (rows, cols) float32, 0..1.
    """

    base: FloatImage
    follow: FloatImage
    base_weight: FloatImage
    follow_weight: FloatImage

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.base_weight.shape[0], self.base_weight.shape[1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What each cell says about its displacement: information and pull, (rows, cols).

    Per channel stacked first: `xx`, `xy`, `yy` are information (1/samples²), `px`,
    `py` information times displacement still to go. `coherence` (2,) is how far the
    gradients of the two pictures agree, -1..1, `noise` (2,) the residual's spread.
    """

    xx: _Array
    xy: _Array
    yy: _Array
    px: _Array
    py: _Array
    coherence: tuple[float, float]
    noise: tuple[float, float]

    def thinned(self, keep: npt.NDArray[np.bool_]) -> "Evidence":
        """The evidence of some cells only."""
        return replace(
            self,
            xx=self.xx * keep,
            xy=self.xy * keep,
            yy=self.yy * keep,
            px=self.px * keep,
            py=self.py * keep,
        )

    def of_channel(self, channel: int) -> "Evidence":
        """The evidence of one channel only."""
        keep = np.zeros((2, 1, 1))
        keep[channel] = 1
        return self.thinned(keep > 0)


def warped(pair: GridPair, shift: FloatImage) -> tuple[FloatImage, FloatImage]:
    """The follow-up and its weight taken at x + shift(x)."""
    rows, cols = pair.shape
    xs = np.arange(cols, dtype=np.float32)
    ys = np.arange(rows, dtype=np.float32)[:, None]
    layers = np.dstack([pair.follow, pair.follow_weight])
    moved = cv2.remap(
        layers,
        shift[..., 0] + xs,
        shift[..., 1] + ys,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    return moved[..., :2], moved[..., 2]


def evidence(pair: GridPair, shift: FloatImage) -> Evidence:
    """The normal equations of b(x) = f(x + shift + d), cell by cell.

    The gradient is the mean of both pictures' (the efficient second-order step of
    Benhimane & Malis 2004); each channel counts by the inverse variance of its
    residual times the share of its gradient that both pictures have in common, so
    that a channel that holds only noise, or shading that turned with the light, has no
    say. Single samples that do not fit (hairs, glints) are weighted down after Cauchy.
    """
    follow, follow_weight = warped(pair, shift)
    weight = pair.base_weight * (follow_weight > 0.98)
    cells: list[_Array] = []
    coherence, noise = [], []
    for channel in range(2):
        base = np.ascontiguousarray(pair.base[..., channel])
        moved = np.ascontiguousarray(follow[..., channel])
        left = base - moved
        spread = _spread(left, weight)
        robust = weight / (1 + (left * np.float32(0.5 / spread)) ** 2)
        bx, by = _gradient(base)
        fx, fy = _gradient(moved)
        common = _sum(weight * (bx * fx + by * fy))
        power = _sum(weight * (bx * bx + by * by)) + _sum(weight * (fx * fx + fy * fy))
        coherence.append(float(2 * common.sum() / max(power.sum(), 1e-9)))
        noise.append(spread)
        trust = _local_trust(common, power) / (spread**2 * _CORRELATED)
        gx, gy = (bx + fx) / 2, (by + fy) / 2
        rx, ry = robust * gx, robust * gy
        cells.append(
            np.stack(
                [_sum(m) for m in (rx * gx, rx * gy, ry * gy, rx * left, ry * left)]
            )
            * trust
        )
    parts = np.stack(cells, axis=1)
    return Evidence(
        xx=parts[0],
        xy=parts[1],
        yy=parts[2],
        px=parts[3],
        py=parts[4],
        coherence=(coherence[0], coherence[1]),
        noise=(noise[0], noise[1]),
    )


def _local_trust(common: _Array, power: _Array) -> _Array:
    """Share of the gradients common to both pictures, over 5 x 5 cells, 0.02..1."""
    near = cv2.blur(common, (5, 5)) * 2 / np.maximum(cv2.blur(power, (5, 5)), 1e-9)
    return np.clip(np.nan_to_num(near), 0.02, 1.0)


def _gradient(values: FloatImage) -> tuple[FloatImage, FloatImage]:
    """Central differences, slightly smoothed across (Scharr), per sample."""
    gx = cv2.Scharr(values, cv2.CV_32F, 1, 0, scale=1 / 32)
    gy = cv2.Scharr(values, cv2.CV_32F, 0, 1, scale=1 / 32)
    return np.asarray(gx, np.float32), np.asarray(gy, np.float32)


def _sum(values: FloatImage) -> _Array:
    """Sums over cells; what is left over at the right and bottom is dropped."""
    rows, cols = values.shape[0] // CELL, values.shape[1] // CELL
    crop = values[: rows * CELL, : cols * CELL]
    mean = cv2.resize(crop, (cols, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(mean, dtype=np.float64) * CELL**2


def _spread(left: FloatImage, weight: FloatImage) -> float:
    """Robust standard deviation of the residual where it counts."""
    stride = max(1, int(np.sqrt(left.size / 20000)))
    part = np.abs(left[::stride, ::stride][weight[::stride, ::stride] > 0.5])
    return max(1.4826 * float(np.median(part)), 0.02) if part.size else 1.0


def cell_centres(rows: int, cols: int) -> tuple[_Array, _Array]:
    """Sample positions of the centres of cells along x and y."""
    half = (CELL - 1) / 2
    return CELL * np.arange(cols // CELL) + half, CELL * np.arange(rows // CELL) + half


def solve_sheet(
    found: Evidence, sheet: SplineSheet, *, stiffness: float, tether: float = 0.0
) -> tuple[SplineSheet, _Array]:
    """The sheet that the evidence pulls to, and the matrix of its information.

    Minimises the sum over cells of the quadratic form of the evidence, plus
    `stiffness` times the bending energy of the whole sheet, plus `tether` times its
    squared coefficients.
    """
    ny, nx = sheet.coefficients.shape[:2]
    rows, cols = found.xx.shape[1:]
    half = (CELL - 1) / 2
    across = basis(
        CELL * np.arange(cols) + half, sheet.origin_xy[0], sheet.spacing_px, nx
    )
    down = basis(
        CELL * np.arange(rows) + half, sheet.origin_xy[1], sheet.spacing_px, ny
    )
    n = ny * nx
    smooth = bending(ny, nx) * (stiffness / sheet.spacing_px**2)
    smooth[np.diag_indices(n)] += tether + 1e-6
    matrix = np.empty((2 * n, 2 * n))
    matrix[:n, :n] = _gram(found.xx.sum(0), down, across) + smooth
    matrix[n:, n:] = _gram(found.yy.sum(0), down, across) + smooth
    matrix[:n, n:] = _gram(found.xy.sum(0), down, across)
    matrix[n:, :n] = matrix[:n, n:]
    now = sheet.coefficients.reshape(n, 2)
    pull = np.concatenate(
        [
            (down.T @ found.px.sum(0) @ across).ravel() - smooth @ now[:, 0],
            (down.T @ found.py.sum(0) @ across).ravel() - smooth @ now[:, 1],
        ]
    )
    step = np.linalg.solve(matrix, pull)
    change = np.stack([step[:n], step[n:]], axis=-1).reshape(ny, nx, 2)
    return replace(sheet, coefficients=sheet.coefficients + change), matrix


def _gram(weights: _Array, down: _Array, across: _Array) -> _Array:
    """Sum over cells of weight times the outer product of their basis weights."""
    ny, nx = down.shape[1], across.shape[1]
    pairs_x = (across[:, :, None] * across[:, None, :]).reshape(len(across), -1)
    pairs_y = (down[:, :, None] * down[:, None, :]).reshape(len(down), -1)
    full = (pairs_y.T @ (weights @ pairs_x)).reshape(ny, ny, nx, nx)
    return full.transpose(0, 2, 1, 3).reshape(ny * nx, ny * nx)


def refine_sheet(
    pair: GridPair,
    sheet: SplineSheet,
    *,
    stiffness: float,
    tether: float = 0.0,
    steps: int = 3,
) -> SplineSheet:
    """The sheet after some Gauss-Newton steps, each of at most 2 samples anywhere."""
    rows, cols = pair.shape
    xs, ys = np.arange(cols), np.arange(rows)
    for _ in range(steps):
        found = evidence(pair, sheet.on_grid(xs, ys))
        after, _matrix = solve_sheet(found, sheet, stiffness=stiffness, tether=tether)
        change = after.coefficients - sheet.coefficients
        largest = float(np.abs(change).max())
        if largest > 2.0:
            change = change * (2.0 / largest)
        sheet = replace(sheet, coefficients=sheet.coefficients + change)
        if largest < 0.02:
            break
    return sheet

"""Gauss-Newton refinement of a displacement between two pictures on one grid."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.spline import SplineSheet, basis, bending
from cicatrix.photo.value import FloatImage

__all__ = [
    "CELL",
    "Evidence",
    "GridPair",
    "Warp",
    "cell_centres",
    "evidence",
    "refine",
    "solve",
    "warped",
]

_Array = npt.NDArray[np.float64]

CELL = 8
"""Side in samples of the cells over which the equations are summed: small against the
spacing of the knots, so that nothing is lost, and 64 times fewer than the samples."""

_CORRELATED = 6.0
"""Samples that say the same thing: noise and JPEG blocks of photographs are correlated
over two to three samples in each direction."""

_OFFSET_DOUBT = 0.04
"""Spread of the grey offset that is believed in, in units of what grey does not share,
relative to how well colour alone places the skin: pictures whose grey agrees wholly
were taken under one light."""


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


def warped(
    pair: GridPair, shift: FloatImage, grey_offset: tuple[float, float] = (0.0, 0.0)
) -> tuple[FloatImage, FloatImage]:
    """The follow-up and its weight taken at x + shift(x); grey further by the offset."""
    rows, cols = pair.shape
    x: FloatImage = np.add(
        shift[..., 0], np.arange(cols, dtype=np.float32), dtype=np.float32
    )
    y: FloatImage = np.add(
        shift[..., 1], np.arange(rows, dtype=np.float32)[:, None], dtype=np.float32
    )
    layers = np.dstack([pair.follow, pair.follow_weight])
    moved = _taken(np.asarray(layers, dtype=np.float32), x, y)
    if grey_offset != (0.0, 0.0):
        grey = np.ascontiguousarray(pair.follow[..., 0])
        moved[..., 0] = _taken(
            grey,
            np.add(x, grey_offset[0], dtype=np.float32),
            np.add(y, grey_offset[1], dtype=np.float32),
        )
    return moved[..., :2], moved[..., 2]


def _taken(layers: FloatImage, x: FloatImage, y: FloatImage) -> FloatImage:
    return np.asarray(
        cv2.remap(
            layers,
            x,
            y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=0,
        ),
        dtype=np.float32,
    )


def evidence(
    pair: GridPair, shift: FloatImage, grey_offset: tuple[float, float] = (0.0, 0.0)
) -> Evidence:
    """The normal equations of b(x) = f(x + shift + d), cell by cell.

    The gradient is the mean of both pictures' (the efficient second-order step of
    Benhimane & Malis 2004); each channel counts by the inverse variance of its
    residual times the share of its gradient that both pictures have in common, so
    that a channel that holds only noise, or shading that turned with the light, has no
    say. Single samples that do not fit (hairs, glints) are weighted down after Cauchy.
    """
    follow, follow_weight = warped(pair, shift, grey_offset)
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


def _sum(values: npt.NDArray[np.floating]) -> _Array:
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
    """Sample positions of the centres of cells along x (n,) and y (m,)."""
    half = (CELL - 1) / 2
    x = CELL * np.arange(cols // CELL, dtype=np.float64) + half
    return x, CELL * np.arange(rows // CELL, dtype=np.float64) + half


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Warp:
    """A sheet, and how much further the grey pattern has moved than the skin itself.

    Relief is seen by its shading, which moves when the light turns while the skin stays;
    within a window this is nearly one shift, `grey_offset`, in samples. `None`: not
    looked for. `ground` (ny, nx, 2) is the displacement that the pictures were brought
    together by before, as coefficients of the same sheet: bending is counted on the sum,
    so that a dent which an earlier, coarser sheet made where nothing held it (in the
    lesion) is smoothed out.
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
    matrix = np.empty((2 * n, 2 * n))
    matrix[:n, :n] = _gram(found.xx.sum(0), down, across) + smooth
    matrix[n:, n:] = _gram(found.yy.sum(0), down, across) + smooth
    matrix[:n, n:] = _gram(found.xy.sum(0), down, across)
    matrix[n:, :n] = matrix[:n, n:]

    def gathered(cells: _Array) -> _Array:
        return np.asarray((down.T @ cells @ across).ravel())

    pull = np.concatenate(
        [
            gathered(found.px.sum(0)) - resist[:, 0],
            gathered(found.py.sum(0)) - resist[:, 1],
        ]
    )
    if warp.grey_offset is not None:
        matrix, pull = _with_offset(found, warp, (matrix, pull), gathered)
    step = np.linalg.solve(matrix, pull)
    change = np.stack([step[:n], step[n : 2 * n]], axis=-1).reshape(ny, nx, 2)
    after = replace(sheet, coefficients=sheet.coefficients + change)
    if warp.grey_offset is None:
        return replace(warp, sheet=after), matrix
    x, y = np.array(warp.offset) + step[2 * n :]
    return replace(warp, sheet=after, grey_offset=(float(x), float(y))), matrix


def _with_offset(
    found: Evidence,
    warp: Warp,
    system: tuple[_Array, _Array],
    gathered: Callable[[_Array], _Array],
) -> tuple[_Array, _Array]:
    """The equations with two more unknowns: how far the shading moved."""
    matrix, pull = system
    xx, xy, yy, px, py = (
        part[0] for part in (found.xx, found.xy, found.yy, found.px, found.py)
    )
    side = np.stack(
        [
            np.concatenate([gathered(xx), gathered(xy)]),
            np.concatenate([gathered(xy), gathered(yy)]),
        ],
        axis=1,
    )
    stay = _offset_pull(found)
    corner = np.array([[xx.sum() + stay, xy.sum()], [xy.sum(), yy.sum() + stay]])
    ends = np.array([px.sum(), py.sum()]) - stay * np.array(warp.offset)
    return np.block([[matrix, side], [side.T, corner]]), np.concatenate([pull, ends])


def _offset_pull(found: Evidence) -> float:
    """Information of the belief that shading has not moved."""
    colour = float(found.xx[1].sum() + found.yy[1].sum()) / 2
    unshared = max(1 - found.coherence[0], 1e-3)
    return max(colour, 1e-3) * (_OFFSET_DOUBT / unshared) ** 2


def _gram(weights: _Array, down: _Array, across: _Array) -> _Array:
    """Sum over cells of weight times the outer product of their basis weights."""
    ny, nx = down.shape[1], across.shape[1]
    pairs_x = (across[:, :, None] * across[:, None, :]).reshape(len(across), -1)
    pairs_y = (down[:, :, None] * down[:, None, :]).reshape(len(down), -1)
    full = (pairs_y.T @ (weights @ pairs_x)).reshape(ny, ny, nx, nx)
    return full.transpose(0, 2, 1, 3).reshape(ny * nx, ny * nx)


def refine(
    pair: GridPair,
    warp: Warp,
    *,
    stiffness: float,
    tether: float = 0.0,
    steps: int = 3,
) -> Warp:
    """The warp after some Gauss-Newton steps, each of at most 2 samples anywhere."""
    rows, cols = pair.shape
    xs, ys = np.arange(cols), np.arange(rows)
    for _ in range(steps):
        found = evidence(pair, warp.sheet.on_grid(xs, ys), warp.offset)
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
    return warp

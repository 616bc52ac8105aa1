"""A smooth displacement as a sheet of uniform cubic B-splines."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["SplineSheet", "basis", "bending", "flat_sheet"]

Points = npt.NDArray[np.float64]
_Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SplineSheet:
    """Displacement u(x) over a rectangle, zero beyond two knots outside it.

    `coefficients` is (ny, nx, 2), pixels; knot (i, j) lies at
    `origin_xy + spacing_px * (j - 1, i - 1)`.
    """

    origin_xy: tuple[float, float]
    spacing_px: float
    coefficients: _Array

    def at(self, points_xy: npt.ArrayLike) -> Points:
        """Displacement (n, 2) at points (n, 2), pixels."""
        points = np.asarray(points_xy, dtype=np.float64)
        ny, nx = self.coefficients.shape[:2]
        # Two rings of zeros let the sheet run out smoothly wherever it is asked.
        padded = np.zeros((ny + 6, nx + 6, 2))
        padded[3:-3, 3:-3] = self.coefficients
        t = (points - np.asarray(self.origin_xy)) / self.spacing_px + 4.0
        t[:, 0] = np.clip(t[:, 0], 1.0, nx + 4 - 1e-9)
        t[:, 1] = np.clip(t[:, 1], 1.0, ny + 4 - 1e-9)
        cell = np.floor(t).astype(int)
        wx, wy = _weights(t[:, 0] - cell[:, 0]), _weights(t[:, 1] - cell[:, 1])
        # A flat list of knots, of which each point takes sixteen.
        first = (cell[:, 1] - 1) * (nx + 6) + cell[:, 0] - 1
        steps = np.add.outer((nx + 6) * np.arange(4), np.arange(4)).ravel()
        taken = padded.reshape(-1, 2).take(first[:, None] + steps, axis=0)
        weights = np.einsum("in,jn->nij", wy, wx).reshape(-1, 1, 16)
        return np.asarray((weights @ taken)[:, 0])

    def on_grid(self, xs: npt.ArrayLike, ys: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Displacement (rows, cols, 2) float32 on the grid xs by ys, pixels."""
        ny, nx = self.coefficients.shape[:2]
        across = basis(xs, self.origin_xy[0], self.spacing_px, nx).astype(np.float32)
        down = basis(ys, self.origin_xy[1], self.spacing_px, ny).astype(np.float32)
        knots = self.coefficients.astype(np.float32)
        # One plane after the other in memory, as they are read.
        grid = np.empty((2, len(down), len(across)), dtype=np.float32)
        for axis in range(2):
            np.matmul(down, knots[..., axis] @ across.T, out=grid[axis])
        return np.moveaxis(grid, 0, -1)

    def fitted(self, xs: npt.ArrayLike, ys: npt.ArrayLike, grid: _Array) -> _Array:
        """Coefficients (ny, nx, 2) that give a displacement (rows, cols, 2) on a grid.

        Least squares along each axis in turn.
        """
        ny, nx = self.coefficients.shape[:2]
        across = np.linalg.pinv(basis(xs, self.origin_xy[0], self.spacing_px, nx))
        down = np.linalg.pinv(basis(ys, self.origin_xy[1], self.spacing_px, ny))
        return np.asarray(
            np.einsum("ir,rcd,jc->ijd", down, grid, across, optimize=True)
        )

    def rescaled(self, zoom: float, offset_px: float) -> "SplineSheet":
        """The sheet in coordinates (x + offset_px) * zoom."""
        x, y = self.origin_xy
        return SplineSheet(
            origin_xy=((x + offset_px) * zoom, (y + offset_px) * zoom),
            spacing_px=self.spacing_px * zoom,
            coefficients=self.coefficients * zoom,
        )


def flat_sheet(
    box_xyxy: tuple[float, float, float, float], spacing_px: float
) -> SplineSheet:
    """A sheet of no displacement that covers a rectangle."""
    width, height = box_xyxy[2] - box_xyxy[0], box_xyxy[3] - box_xyxy[1]
    ny, nx = (max(1, int(np.ceil(s / spacing_px))) + 3 for s in (height, width))
    return SplineSheet(
        origin_xy=(box_xyxy[0], box_xyxy[1]),
        spacing_px=spacing_px,
        coefficients=np.zeros((ny, nx, 2)),
    )


def basis(
    positions: npt.ArrayLike, origin: float, spacing: float, count: int
) -> _Array:
    """Weights (n, count) of the knots along one axis at positions (n,), not to be changed."""
    at = np.asarray(positions, dtype=np.float64)
    return _basis_at(at.tobytes(), origin, spacing, count)


@lru_cache(maxsize=32)
def _basis_at(positions: bytes, origin: float, spacing: float, count: int) -> _Array:
    """`basis`, which each step of a refinement wants at the same places."""
    t = (np.frombuffer(positions) - origin) / spacing + 1.0
    weights = _hat(t[:, None] - np.arange(count))
    weights.flags.writeable = False  # it is shared by all who ask
    return weights


@lru_cache(maxsize=16)
def bending(ny: int, nx: int) -> _Array:
    """Bending energy as a matrix (ny nx, ny nx), for unit spacing.

    The integral of u_xx² + 2 u_xy² + u_yy² (Rueckert et al. 1999, doi
    10.1109/42.796284) over the sheet.
    """
    zeroth_y, first_y, second_y = _grams(ny)
    zeroth_x, first_x, second_x = _grams(nx)
    energy = (
        np.kron(zeroth_y, second_x)
        + 2 * np.kron(first_y, first_x)
        + np.kron(second_y, zeroth_x)
    )
    energy.flags.writeable = False  # it is shared by all who ask
    return np.asarray(energy)


def _grams(count: int) -> tuple[_Array, _Array, _Array]:
    """Integrals over the rectangle of products of the basis and its derivatives."""
    per_knot = 8
    t = 1.0 + (np.arange(per_knot * (count - 3)) + 0.5) / per_knot
    offset = t[:, None] - np.arange(count)
    parts = (_hat(offset), _hat_slope(offset), _hat_curve(offset))
    first, second, third = (p.T @ p / per_knot for p in parts)
    return first, second, third


def _weights(f: _Array) -> tuple[_Array, _Array, _Array, _Array]:
    # Products, as NumPy takes a tenth of the time for them that it takes for powers.
    less, square = 1 - f, f * f
    cube = square * f
    return (
        less * less * less / 6,
        (3 * cube - 6 * square + 4) / 6,
        (-3 * cube + 3 * square + 3 * f + 1) / 6,
        cube / 6,
    )


def _hat(t: _Array) -> _Array:
    a = np.abs(t)
    near = 2 / 3 - a * a * (1 - a / 2)
    less = np.clip(2 - a, 0, None)
    far = less * less * less / 6
    return np.where(a < 1, near, far)


def _hat_slope(t: _Array) -> _Array:
    a = np.abs(t)
    near = -2 * a + 1.5 * a**2
    far = -(np.clip(2 - a, 0, None) ** 2) / 2
    return np.sign(t) * np.where(a < 1, near, far)


def _hat_curve(t: _Array) -> _Array:
    a = np.abs(t)
    return np.where(a < 1, -2 + 3 * a, np.clip(2 - a, 0, None))

"""Random fields on the skin plane that are the same at any resolution."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["Grid", "bumps", "furrow_lines", "octaves", "smooth_noise"]

FloatImage = npt.NDArray[np.float32]

_CELLS = 256
"""Noise repeats after this many cells, far beyond a picture for all but the finest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Samples of the skin plane: (row, col) lies at (x0 + col·t, y0 + row·t) mm."""

    x0_mm: float
    y0_mm: float
    texel_mm: float
    rows: int
    cols: int

    def x_mm(self) -> npt.NDArray[np.float64]:
        """Abscissa of each column."""
        return self.x0_mm + self.texel_mm * np.arange(self.cols, dtype=np.float64)

    def y_mm(self) -> npt.NDArray[np.float64]:
        """Ordinate of each row."""
        return self.y0_mm + self.texel_mm * np.arange(self.rows, dtype=np.float64)

    def to_samples(self, points_mm: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """(…, 2) positions in mm to (col, row)."""
        origin = np.array([self.x0_mm, self.y0_mm])
        points: npt.NDArray[np.float64] = np.asarray(points_mm, dtype=np.float64)
        return np.divide(points - origin, self.texel_mm)


@lru_cache(maxsize=64)
def _lattice(seed: int, stream: int) -> FloatImage:
    rng = np.random.default_rng([seed, stream])
    return rng.standard_normal((_CELLS, _CELLS), dtype=np.float32)


def smooth_noise(grid: Grid, *, seed: int, stream: int, cell_mm: float) -> FloatImage:
    """Gaussian noise (rows, cols) of mean 0 and standard deviation 1, blobs ~ 2 cells wide.

    White noise on a lattice of `cell_mm` under a cubic B-spline: a function of position,
    whatever grid it is sampled on. `stream` tells fields of one seed apart.
    """
    return octaves(grid, ((stream, cell_mm, 1.0),), seed=seed)


def octaves(
    grid: Grid, parts: Sequence[tuple[int, float, float]], *, seed: int
) -> FloatImage:
    """A sum (rows, cols) of `smooth_noise`; parts are (stream, cell_mm, sd).

    One product of sparse matrices for all: a row of the sum stays in the processor's
    cache while its parts are added.
    """
    # Imported late: a render needs it, but `import cicatrix` shall stay light.
    from scipy.sparse import hstack

    downs, wides = [], []
    for stream, cell_mm, sd in parts:
        across, first_x = _spline(grid.x_mm() / cell_mm)
        down, first_y = _spline(grid.y_mm() / cell_mm)
        rows = (first_y + np.arange(down.shape[1])) % _CELLS
        cols = (first_x + np.arange(across.shape[1])) % _CELLS
        part = _lattice(seed, stream)[np.ix_(rows, cols)]
        wides.append(np.float32(sd) * (across @ part.T).T)
        downs.append(down)
    down = hstack(downs, format="csr") if len(downs) > 1 else downs[0]
    wide = np.ascontiguousarray(np.concatenate(wides))
    return np.asarray(down @ wide, dtype=np.float32)


def _spline(position: npt.NDArray[np.float64]) -> tuple[Any, int]:
    """Cubic B-spline weights (n, knots), sparse, and the first lattice index.

    Scaled so that the field has a standard deviation of 1 (a B-spline over white noise
    has 151 / 315 per direction, as a variance).
    """
    # Imported late: a render needs it, but `import cicatrix` shall stay light.
    from scipy.sparse import csr_array

    cell = np.floor(position).astype(int)
    t = position - cell
    first = int(cell.min()) - 1
    parts = np.stack(
        [
            (1 - t) ** 3 / 6,
            (3 * t**3 - 6 * t**2 + 4) / 6,
            (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
            t**3 / 6,
        ],
        axis=-1,
    )
    parts *= np.sqrt(315 / 151)
    knots = (cell - first - 1)[:, None] + np.arange(4)
    ends = np.arange(0, 4 * len(position) + 1, 4)
    shape = (len(position), int(cell.max()) - first + 3)
    data = parts.astype(np.float32).ravel()
    return csr_array((data, knots.ravel(), ends), shape=shape), first


def furrow_lines(
    grid: Grid,
    *,
    seed: int,
    stream: int,
    angle_deg: float,
    cells_mm: tuple[float, float],
) -> FloatImage:
    """Fine lines (rows, cols), 1 on a line and 0 between, running along `angle_deg`.

    Zero crossings of noise stretched to `cells_mm` (along, across): lines that wander,
    fork and end, spaced about two cells.
    """
    along, across = cells_mm
    angle = np.radians(angle_deg)
    c, s = np.cos(angle), np.sin(angle)
    to_cells = np.array([[c / along, s / along], [-s / across, c / across]])
    corners = np.array(
        [
            [x, y]
            for x in (grid.x0_mm, grid.x0_mm + grid.cols * grid.texel_mm)
            for y in (grid.y0_mm, grid.y0_mm + grid.rows * grid.texel_mm)
        ]
    )
    low = np.floor((corners @ to_cells.T).min(axis=0)).astype(int) - 3
    high = np.ceil((corners @ to_cells.T).max(axis=0)).astype(int) + 4
    part = _lattice(seed, stream)[
        np.ix_(np.arange(low[1], high[1]) % _CELLS, np.arange(low[0], high[0]) % _CELLS)
    ]
    start = to_cells @ np.array([grid.x0_mm, grid.y0_mm]) - low
    matrix = np.concatenate([to_cells * grid.texel_mm, start[:, None]], axis=1)
    noise = cv2.warpAffine(
        np.ascontiguousarray(part),
        matrix,
        (grid.cols, grid.rows),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
    )
    lines = np.asarray(noise, dtype=np.float32)
    lines *= np.float32(3.5)
    lines *= lines
    return np.asarray(np.exp(np.negative(lines, out=lines), out=lines))


def bumps(
    grid: Grid,
    centres_mm: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    *,
    sigma_mm: float,
) -> FloatImage:
    """A sum (rows, cols) of round Gaussian bumps of height `weights` (n,)."""
    shrink = int(sigma_mm / grid.texel_mm / 2.5)
    if shrink < 2:
        return _dense_bumps(grid, centres_mm, weights, sigma_mm)
    # Wide bumps are smooth: they are blurred on a coarse grid and enlarged.
    coarse = Grid(
        x0_mm=grid.x0_mm + (shrink - 1) / 2 * grid.texel_mm,
        y0_mm=grid.y0_mm + (shrink - 1) / 2 * grid.texel_mm,
        texel_mm=grid.texel_mm * shrink,
        rows=-(-grid.rows // shrink) + 1,
        cols=-(-grid.cols // shrink) + 1,
    )
    small = _dense_bumps(coarse, centres_mm, weights, sigma_mm)
    size = coarse.cols * shrink, coarse.rows * shrink
    large = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(large[: grid.rows, : grid.cols], dtype=np.float32)


def _dense_bumps(
    grid: Grid,
    centres_mm: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    sigma_mm: float,
) -> FloatImage:
    image = np.zeros((grid.rows, grid.cols), dtype=np.float32)
    spots = grid.to_samples(centres_mm)
    cell = np.floor(spots).astype(int)
    inside = (
        (cell[:, 0] >= 0)
        & (cell[:, 1] >= 0)
        & (cell[:, 0] < grid.cols - 1)
        & (cell[:, 1] < grid.rows - 1)
    )
    cell, share = cell[inside], (spots - cell)[inside]
    sigma = max(sigma_mm / grid.texel_mm, 0.35)
    # A Gaussian of height 1 holds 2 pi sigma² texels; too narrow ones keep their mass.
    mass = weights[inside] * 2 * np.pi * (sigma_mm / grid.texel_mm) ** 2
    for right in (0, 1):
        for down in (0, 1):
            part = np.abs(1 - right - share[:, 0]) * np.abs(1 - down - share[:, 1])
            np.add.at(image, (cell[:, 1] + down, cell[:, 0] + right), mass * part)
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.float32)

"""From a candidate similarity to a smooth displacement over the reduced picture."""

from dataclasses import dataclass, replace
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.channels import Planes, Reduced, inner, normalised, shrunk
from cicatrix.alignment.evidence import CELL, GridPair, cell_centres, linearised
from cicatrix.alignment.refine import STALE, Warp, refine
from cicatrix.alignment.spline import SplineSheet, flat_sheet
from cicatrix.photo.value import FloatImage

__all__ = [
    "BaseLevel",
    "Bent",
    "base_levels",
    "pair_at",
    "refined_affine",
    "refined_bend",
    "refined_sheet",
]

_Array = npt.NDArray[np.float64]

Bent = tuple[_Array, _Array]
"""An affine (2, 3) in reduced pixels, and before it a bend: a displacement (2, 3) by the
squares u², uv, v² of the place from the picture's middle, in halves of the longest side,
which is its unit too. (2, 0): none is looked for."""

_SIGMA = 0.04
"""Window of the local normalisation over the longest side: wide enough to keep the
marks that coarse steps hold on to (40 px at 1000 px was the safe choice on phantoms;
a third of it lost a tenth of the points)."""

_KNOTS = 10
"""Knots of the coarse sheet along the longest side: bends as wide as a knuckle."""

_STEPS = 20
"""Most Gauss-Newton steps of an affine map and a bend, which end when they are still. With
5 they were cut short where turn and distance had changed together, and a sheet took up the
shear that was left: of 106 tuning pairs of far poses 5 were off by 20 px (of 12 megapixels)
and more around the lesion, with 20 steps none."""

_BENT_STEPS = 6
"""The same of a sheet that holds a bend."""

_TETHER = 0.02
"""Pull of the coarse sheet to the affine map, so that it stays put where no skin is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BaseLevel:
    """The baseline, normalised, at one level; `factor` reduced pixels a sample."""

    factor: int
    channels: Planes
    weight: FloatImage

    @property
    def sigma_px(self) -> float:
        """Window of the normalisation in samples."""
        return max(3.0, _SIGMA * max(self.weight.shape))


def base_levels(base: Reduced, sides: tuple[int, ...]) -> list[BaseLevel]:
    """The baseline at about the given longest sides, coarse to fine."""
    longest = max(base.skin.shape)
    levels: list[BaseLevel] = []
    for side in sides:
        factor = max(1, round(longest / side))
        if levels and levels[-1].factor == factor:
            continue
        channels, weight = shrunk(base.channels, base.skin, factor)
        level = BaseLevel(factor=factor, channels=channels, weight=weight)
        levels.append(
            replace(level, channels=normalised(channels, weight, level.sigma_px))
        )
    return levels


def pair_at(level: BaseLevel, follow: Reduced, affine: _Array) -> GridPair:
    """The follow-up on a level of the baseline by a reduced-pixel affine (2, 3)."""
    size = (level.weight.shape[1], level.weight.shape[0])
    linear = affine[:, :2] * level.factor
    matrix = np.c_[
        linear, affine[:, 2] + affine[:, :2] @ np.full(2, (level.factor - 1) / 2)
    ]
    shrink = max(1, int(np.sqrt(abs(np.linalg.det(linear))) + 0.3))
    channels, weight = shrunk(follow.channels, follow.skin, shrink)
    matrix = matrix / shrink
    matrix[:, 2] -= (shrink - 1) / (2 * shrink)
    moved = cv2.warpAffine(
        cv2.merge([*channels, weight, weight]),
        matrix,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    grey, colour, seen, _ = cv2.split(moved)
    # Where the baseline takes no part (the lesion), neither may the follow-up: what it
    # shows there would shift the local mean of the skin beside it.
    follow_weight = cast(FloatImage, cv2.multiply(seen, level.weight))
    followed = cast(Planes, (grey, colour))
    return GridPair.of(
        level.channels,
        inner(level.weight),
        normalised(followed, follow_weight, level.sigma_px),
        inner(follow_weight),
    )


def refined_affine(
    level: BaseLevel, follow: Reduced, affine: _Array, *, focus: FloatImage
) -> _Array:
    """The affine after Gauss-Newton steps at one level.

    `focus` (rows, cols) says how much each sample of the level matters, 0..1.
    """
    return _refined(level, follow, (affine, np.zeros((2, 0))), focus=focus)[0]


def refined_bend(
    level: BaseLevel, follow: Reduced, start: Bent, *, focus: FloatImage
) -> Bent:
    """The affine and the bend after Gauss-Newton steps at one level.

    Skin on a limb that was tilted, or seen from nearer, is displaced by a quadratic that no
    affine map comes near to, nor a sheet that holds to one. `focus` (rows, cols) as of
    `refined_affine`.
    """
    return _refined(level, follow, start, focus=focus)


def _refined(
    level: BaseLevel, follow: Reduced, start: Bent, *, focus: FloatImage
) -> Bent:
    """Affine, and bend (2, 3) or (2, 0) where none is looked for, after some steps."""
    affine, bend = start
    pair = pair_at(level, follow, affine)
    rows, cols = pair.shape
    reach = max(rows, cols) / 2
    count = 3 + bend.shape[1]
    where = _terms(_whole_grid(rows, cols), (rows, cols), count)
    design = _terms(cell_centres(rows, cols), (rows, cols), count).reshape(-1, count)
    heed = cv2.resize(focus, (cols // CELL, rows // CELL), interpolation=cv2.INTER_AREA)
    change = np.c_[np.zeros((2, 3)), bend * reach]
    largest, equations = np.inf, None
    for _ in range(_STEPS):
        shift = where @ change.T.astype(np.float32)
        if equations is None or largest > STALE:
            equations = linearised(pair, shift)
            found = equations.found
        else:
            found = equations.again(pair, shift)
        step = _step(
            design,
            [heed * m.sum(0) for m in (found.xx, found.xy, found.yy)],
            [heed * p.sum(0) for p in (found.px, found.py)],
            change[:, 3:],
        )
        largest = float(np.abs(step).max())
        change = change + step * min(1.0, 3.0 / max(largest, 1e-9))
        if largest < 0.05:
            break
    # u(x) = L (x - centre) / reach + t in samples: back to reduced pixels.
    linear = change[:, :2] / reach
    offset = change[:, 2] - linear @ (np.array([cols - 1, rows - 1]) / 2)
    half_px = (level.factor - 1) / 2
    inner = np.eye(2) + linear
    shift_px = level.factor * offset - linear @ np.full(2, half_px)
    moved = np.c_[affine[:, :2] @ inner, affine[:, :2] @ shift_px + affine[:, 2]]
    return moved, np.linalg.solve(inner, change[:, 3:]) / reach


def _whole_grid(rows: int, cols: int) -> tuple[_Array, _Array]:
    return np.arange(cols, dtype=float), np.arange(rows, dtype=float)


def _terms(
    grid: tuple[_Array, _Array], shape: tuple[int, int], count: int
) -> FloatImage:
    """The first terms of a polynomial map at each point of a grid, (rows, cols, count).

    From the middle of a picture of `shape`, in units of half its longest side.
    """
    rows, cols = shape
    reach = max(rows, cols) / 2
    u = ((grid[0] - (cols - 1) / 2) / reach)[None, :]
    v = ((grid[1] - (rows - 1) / 2) / reach)[:, None]
    terms = (u, v, 1.0) if count == 3 else (u, v, 1.0, u * u, u * v, v * v)
    return np.stack(np.broadcast_arrays(*terms), axis=-1).astype(np.float32)


def _step(
    design: FloatImage, matrices: list[_Array], pulls: list[_Array], bend: _Array
) -> _Array:
    """One step (2, terms); a bend so far, (2, 3) or (2, 0), is weakly pulled to zero."""
    xx, xy, yy = (design.T @ (m.reshape(-1, 1) * design) for m in matrices)
    matrix = np.block([[xx, xy], [xy, yy]])
    count = design.shape[1]
    stay = 1e-3 * np.trace(matrix) / (2 * count) + 1e-9
    matrix[np.diag_indices(2 * count)] += stay
    pull = np.concatenate([design.T @ p.ravel() for p in pulls])
    pull -= stay * np.c_[np.zeros((2, 3)), bend].ravel()
    return np.asarray(np.linalg.solve(matrix, pull).reshape(2, count))


def refined_sheet(
    level: BaseLevel, follow: Reduced, start: Bent, *, stiffness: float
) -> SplineSheet:
    """A sheet over the reduced baseline, in its pixels, from an affine and a bend.

    One level is enough: they have brought the pictures together before, and
    the window around the lesion is refined afterwards. A bend (2, 3) goes into the sheet;
    what it bends by costs nothing.
    """
    affine, bend = start
    rows, cols = level.weight.shape
    factor = level.factor
    box = (-0.5, -0.5, cols * factor - 0.5, rows * factor - 0.5)
    sheet = flat_sheet(box, max(box[2:]) / _KNOTS)
    local = sheet.rescaled(1 / factor, -(factor - 1) / 2)
    pair = pair_at(level, follow, affine)
    warp, steps = Warp(sheet=local), 3
    if bend.size:
        warp, steps = _bent(local, (rows, cols), bend), _BENT_STEPS
    warp, _ = refine(pair, warp, stiffness=stiffness, tether=_TETHER, steps=steps)
    return replace(sheet, coefficients=warp.sheet.coefficients * factor)


def _bent(sheet: SplineSheet, shape: tuple[int, int], bend: _Array) -> Warp:
    """A sheet that holds a bend, and of which only what is added counts as bending."""
    x, y = _whole_grid(*shape)
    # Every fourth sample is enough for what a sheet of cubic splines holds exactly.
    terms = _terms((x[::4], y[::4]), shape, 6)[..., 3:].astype(np.float64)
    held = sheet.fitted(x[::4], y[::4], terms @ bend.T * (max(shape) / 2))
    return Warp(sheet=replace(sheet, coefficients=held), ground=-held)

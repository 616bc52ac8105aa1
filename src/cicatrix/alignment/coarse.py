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

__all__ = ["BaseLevel", "base_levels", "pair_at", "refined_affine", "refined_sheet"]

_Array = npt.NDArray[np.float64]

_SIGMA = 0.04
"""Window of the local normalisation over the longest side: wide enough to keep the
marks that coarse steps hold on to (40 px at 1000 px was the safe choice on phantoms;
a third of it lost a tenth of the points)."""

_KNOTS = 10
"""Knots of the coarse sheet along the longest side: bends as wide as a knuckle."""

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
    level: BaseLevel,
    follow: Reduced,
    affine: _Array,
    *,
    focus: FloatImage,
    steps: int = 5,
) -> _Array:
    """The affine after Gauss-Newton steps at one level.

    `focus` (rows, cols) says how much each sample of the level matters, 0..1.
    """
    pair = pair_at(level, follow, affine)
    rows, cols = pair.shape
    centre = np.array([cols - 1, rows - 1]) / 2
    reach = max(rows, cols) / 2
    where = _terms(
        (np.arange(cols, dtype=float), np.arange(rows, dtype=float)), centre, reach
    )
    centres = cell_centres(rows, cols)
    design = _terms(centres, centre, reach).reshape(-1, 3)
    heed = cv2.resize(focus, (cols // CELL, rows // CELL), interpolation=cv2.INTER_AREA)
    change = np.zeros((2, 3))
    largest, equations = np.inf, None
    for _ in range(steps):
        shift = where @ change.T.astype(np.float32)
        if equations is None or largest > STALE:
            equations = linearised(pair, shift)
            found = equations.found
        else:
            found = equations.again(pair, shift)
        step = _affine_step(
            design,
            [heed * m.sum(0) for m in (found.xx, found.xy, found.yy)],
            [heed * p.sum(0) for p in (found.px, found.py)],
        )
        largest = float(np.abs(step).max())
        change = change + step * min(1.0, 3.0 / max(largest, 1e-9))
        if largest < 0.05:
            break
    # u(x) = L (x - centre) / reach + t in samples: back to reduced pixels.
    linear = change[:, :2] / reach
    offset = change[:, 2] - linear @ centre
    half_px = (level.factor - 1) / 2
    inner = np.eye(2) + linear
    shift_px = level.factor * offset - linear @ np.full(2, half_px)
    return np.c_[affine[:, :2] @ inner, affine[:, :2] @ shift_px + affine[:, 2]]


def _terms(grid: tuple[_Array, _Array], centre: _Array, reach: float) -> FloatImage:
    """The terms of an affine map at each point of a grid, (rows, cols, 3)."""
    u, v = (grid[0] - centre[0]) / reach, (grid[1] - centre[1]) / reach
    terms = np.broadcast_arrays(u[None, :], v[:, None], 1.0)
    return np.stack(terms, axis=-1).astype(np.float32)


def _affine_step(
    design: FloatImage, matrices: list[_Array], pulls: list[_Array]
) -> _Array:
    xx, xy, yy = (design.T @ (m.reshape(-1, 1) * design) for m in matrices)
    matrix = np.block([[xx, xy], [xy, yy]])
    matrix[np.diag_indices(6)] += 1e-3 * np.trace(matrix) / 6 + 1e-9
    pull = np.concatenate([design.T @ p.ravel() for p in pulls])
    return np.asarray(np.linalg.solve(matrix, pull).reshape(2, 3))


def refined_sheet(
    level: BaseLevel, follow: Reduced, affine: _Array, *, stiffness: float
) -> SplineSheet:
    """A sheet over the reduced baseline, in its pixels, from an affine (2, 3).

    One level is enough: the affine map has brought the pictures together before, and
    the window around the lesion is refined afterwards.
    """
    rows, cols = level.weight.shape
    factor = level.factor
    box = (-0.5, -0.5, cols * factor - 0.5, rows * factor - 0.5)
    sheet = flat_sheet(box, max(box[2:]) / _KNOTS)
    local = sheet.rescaled(1 / factor, -(factor - 1) / 2)
    pair = pair_at(level, follow, affine)
    warp, _ = refine(pair, Warp(sheet=local), stiffness=stiffness, tether=_TETHER)
    return replace(sheet, coefficients=warp.sheet.coefficients * factor)

"""How well two aligned pictures of skin agree, and how well chance would."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.refine import GridPair, warped
from cicatrix.photo.value import FloatImage

__all__ = ["Agreement", "agreement"]

_Array = npt.NDArray[np.float64]

_PATCH = 16
"""Side in samples of the patches that are compared: several pores or mottles each."""

_SHIFTS = tuple(
    (radius * np.cos(angle), radius * np.sin(angle))
    for radius, count, phase in ((9, 6, 0.0), (14, 8, 0.3), (20, 10, 0.1))
    for angle in (phase + 2 * np.pi * np.arange(count) / count)
)
"""Displacements in samples at which only chance agrees: beyond the size of the marks,
within the window of the normalisation."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Correlation of the skin of both pictures, patch by patch.

    `mean` is the weighted mean over patches, -1..1; `lead` by how many standard
    deviations of the shifted means it stands above their mean; `won` the share of
    patches that agree better in place than at any shift (chance: 1 in 25).
    `each`, `where_rc` and `counted` (rows, cols): per patch.
    """

    mean: float
    lead: float
    won: float
    area: float
    each: _Array
    counted: _Array


def agreement(pair: GridPair, shift: FloatImage, focus: FloatImage) -> Agreement:
    """Compare in place and, for what chance gives, at 24 shifts.

    Parameters
    ----------
    pair
        Both pictures on one grid.
    shift : (rows, cols, 2) float32
        Where the follow-up is taken from, relative to the grid, samples.
    focus : (rows, cols) float32
        How much each sample matters, 0..1.
    """
    follow, follow_weight = warped(pair, shift)
    here, counted = _patches(pair, follow, follow_weight, focus)
    mass = float(counted.sum())
    if mass <= 0:
        empty = np.zeros_like(here)
        return Agreement(mean=0, lead=0, won=0, area=0, each=empty, counted=counted)
    rivals, means = [], []
    for dx, dy in _SHIFTS:
        matrix = np.array([[1, 0, dx], [0, 1, dy]])
        size = (pair.shape[1], pair.shape[0])
        moved = cv2.warpAffine(
            np.dstack([follow, follow_weight]),
            matrix,
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        )
        there, weight = _patches(pair, moved[..., :2], moved[..., 2], focus)
        rivals.append(np.where(weight > 0.25 * counted, there, -1.0))
        means.append((there * weight).sum() / max(weight.sum(), 1e-9))
    mean = float((here * counted).sum() / mass)
    won = here > np.max(rivals, axis=0)
    return Agreement(
        mean=mean,
        lead=(mean - float(np.mean(means))) / max(float(np.std(means)), 0.01),
        won=float((won * counted).sum() / mass),
        area=mass,
        each=here,
        counted=counted,
    )


def _patches(
    pair: GridPair, follow: FloatImage, follow_weight: FloatImage, focus: FloatImage
) -> tuple[_Array, _Array]:
    """Correlation of each patch over both channels, and how much it counts."""
    weight = pair.base_weight * (follow_weight > 0.98)
    both = _mean(weight * (pair.base * follow).sum(axis=2))
    power_a = _mean(weight * (pair.base * pair.base).sum(axis=2))
    power_b = _mean(weight * (follow * follow).sum(axis=2))
    seen = _mean(weight)
    ncc = both / np.sqrt(np.maximum(power_a * power_b, 1e-6))
    return ncc, np.where(seen > 0.3, _mean(weight * focus), 0.0)


def _mean(values: FloatImage) -> _Array:
    rows, cols = (max(1, s // _PATCH) for s in values.shape)
    crop = values[: rows * _PATCH, : cols * _PATCH]
    small = cv2.resize(crop, (cols, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float64)

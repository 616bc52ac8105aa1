"""How far punctures lie from each other, and skin from its nearest puncture.

Exact distances on a sample of windows, where counting streams over every puncture.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from cicatrix.punctures.estimate import Estimate, estimate
from cicatrix.punctures.throwing import Tracks, throw

__all__ = ["Distances", "distances"]

Array = npt.NDArray[np.float64]

WINDOWS = 40
_PUNCTURES_A_WINDOW = 1200
_SMALLEST_MM, _LARGEST_MM = 2.0, 60.0
_GUARD_SPACINGS = 5.0
"""The guard border in units of density ** -0.5. Among random punctures less than one in
a thousand million has no neighbour as near as that."""
_POINTS_A_WINDOW = 1000
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """Distances in mm.

    Attributes
    ----------
    nearest_mm
        From a puncture to the nearest other one, on average.
    nearest_quantiles_mm
        The same at `QUANTILES`.
    overlapping
        Share of punctures whose channel touches another's.
    from_skin_quantiles_mm
        From a place on the skin to the nearest puncture, at `QUANTILES`.
    punctures, windows
        How many were looked at.
    """

    nearest_mm: Estimate
    nearest_quantiles_mm: tuple[float, ...]
    overlapping: Estimate
    from_skin_quantiles_mm: tuple[float, ...]
    punctures: int
    windows: int


def distances(
    tracks: Tracks, *, channel_mm: float, rng: np.random.Generator
) -> Distances:
    """Distances between punctures on windows of skin with a guard border.

    Parameters
    ----------
    tracks
        How the device moves.
    channel_mm
        Diameter of a channel.
    rng
        Everything accidental follows from it.
    """
    expected = tracks.density_per_mm2()
    side = sqrt(_PUNCTURES_A_WINDOW / expected)
    half = min(max(side, _SMALLEST_MM), _LARGEST_MM) / 2
    guard = _GUARD_SPACINGS / sqrt(expected)
    found = [
        _one_window(tracks, half_mm=half, guard_mm=guard, rng=rng)
        for _ in range(WINDOWS)
    ]
    nearest = [near for near, _ in found]
    counts = [len(near) for near in nearest]
    overlapping = [int((near < channel_mm).sum()) for near in nearest]
    return Distances(
        nearest_mm=estimate([near.sum() for near in nearest], counts),
        nearest_quantiles_mm=_quantiles(np.concatenate(nearest)),
        overlapping=estimate(overlapping, counts, ceiling=1.0),
        from_skin_quantiles_mm=_quantiles(np.concatenate([skin for _, skin in found])),
        punctures=sum(counts),
        windows=WINDOWS,
    )


def _one_window(
    tracks: Tracks, *, half_mm: float, guard_mm: float, rng: np.random.Generator
) -> tuple[Array, Array]:
    # SciPy's trees take a fifth of a second to load, which a map alone does not need.
    from scipy.spatial import cKDTree

    blocks = throw(tracks, patches=1, half_mm=half_mm + guard_mm, rng=rng)
    places = np.concatenate(
        [np.stack([block.x_mm, block.y_mm], axis=1) for block in blocks]
    ).astype(float)
    if len(places) < 2:
        return np.empty(0), np.empty(0)
    tree = cKDTree(places)
    own = places[np.abs(places).max(axis=1) <= half_mm]
    skin = rng.uniform(-half_mm, half_mm, (_POINTS_A_WINDOW, 2))
    near = tree.query(own, k=2)[0][:, 1] if len(own) else np.empty(0)
    return near, tree.query(skin)[0]


def _quantiles(values: Array) -> tuple[float, ...]:
    if not len(values):
        return (np.nan,) * len(QUANTILES)
    return tuple(float(value) for value in np.quantile(values, QUANTILES))

"""Read lesion and adjacent skin in several photographs of the same skin at once.

All photographs lie on one grid, so that the same points of skin carry the same weight in
each: mottling that stays cancels from every change, and a hair or glint in one photograph
is left out of all.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["SkinReading", "read_together"]

_Floats = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]

MAX_SAMPLES = 24_000
"""Pixels kept per region: more moves a mean of correlated pixels by < 0.1 %."""

BLOCKS_ACROSS = 12
"""Blocks per window side for the noise: wider than pores and JPEG blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinReading:
    """Log colour of lesion and adjacent skin, per photograph.

    `difference` (n, 3) is ln lesion - ln skin at the lesion, per linear channel;
    `skin_log` (n, 3) the adjacent skin's level carried under the lesion; `noise`
    (n, 3, 3) the covariance of `difference` that comes from pixels and from skin that
    changed; `gradient_step` (n, 3) how far `difference` moves when the light is taken
    as a plane instead of a curved surface.
    """

    difference: _Floats
    skin_log: _Floats
    noise: _Floats
    gradient_step: _Floats


def read_together(
    log_light: list[_Image], *, core: _Mask, ring: _Mask, curved: bool = True
) -> SkinReading:
    """Read several photographs of one skin with one set of weights.

    Parameters
    ----------
    log_light : list of (rows, cols, 3) float32
        Natural logarithm of linear light on one grid; finite where `core` or `ring`.
    core, ring : (rows, cols) bool
        Lesion without its mixed edge, and the skin it is compared with. Usable in
        every photograph.
    curved
        Fit the light over the skin as a second-order surface (a limb, a near lamp);
        else as a plane.

    Returns
    -------
    SkinReading
        In the order of `log_light`.

    Raises
    ------
    ValueError
        Either mask is empty: the caller checks for enough skin first.

    Notes
    -----
    The surface is fitted to the ring by Huber-weighted least squares and subtracted
    under the lesion. The covariance compares block means between photographs, so
    that a pattern common to all is not counted as noise; a single photograph counts
    its own spread.
    """
    if not core.any() or not ring.any():
        raise ValueError("core and ring must hold pixels")
    spots_xy = _positions(core.shape)
    ring_at = _thinned(ring)
    core_at = _thinned(core)
    ring_values = _at(log_light, ring_at)
    core_values = _at(log_light, core_at)

    basis = _basis(spots_xy[ring_at], curved=curved)
    weight = _huber_joint(ring_values, basis)
    core_basis = _basis(spots_xy[core_at], curved=curved)
    skin_under, ring_left = _surface(ring_values, basis, weight, core_basis)
    flat, _ = _surface(
        ring_values,
        _basis(spots_xy[ring_at], curved=False),
        weight,
        _basis(spots_xy[core_at], curved=False),
    )
    lifted = core_values - skin_under
    core_weight = _steady(lifted)
    difference = np.einsum("p,npc->nc", core_weight, lifted)
    skin_log = np.einsum("p,npc->nc", core_weight, skin_under)
    flat_difference = np.einsum("p,npc->nc", core_weight, core_values - flat)
    noise = _block_noise(
        lifted, core_weight, _block_of(core_at, core.shape)
    ) + _block_noise(ring_left, weight / weight.sum(), _block_of(ring_at, ring.shape))
    return SkinReading(
        difference=difference,
        skin_log=skin_log,
        noise=noise,
        gradient_step=flat_difference - difference,
    )


def _at(images: list[_Image], at: npt.NDArray[np.intp]) -> _Floats:
    return np.stack([i.reshape(-1, 3)[at].astype(np.float64) for i in images])


def _positions(shape: tuple[int, ...]) -> _Floats:
    rows, cols = shape
    y, x = np.mgrid[0:rows, 0:cols]
    half = max(rows, cols) / 2
    return np.stack(
        [(x.ravel() - cols / 2) / half, (y.ravel() - rows / 2) / half], axis=1
    )


def _thinned(mask: _Mask) -> npt.NDArray[np.intp]:
    found = np.flatnonzero(mask)
    return found[:: max(1, len(found) // MAX_SAMPLES)]


def _basis(xy: _Floats, *, curved: bool) -> _Floats:
    x, y = xy.T
    terms = [np.ones_like(x), x, y]
    if curved:
        terms += [x * x, x * y, y * y]
    return np.stack(terms, axis=1)


def _surface(
    values: _Floats, basis: _Floats, weight: _Floats, at: _Floats
) -> tuple[_Floats, _Floats]:
    """The fitted surface at `at` (n, points, 3) and what it leaves in the ring."""
    root = np.sqrt(weight)[:, None]
    flat = values.transpose(1, 0, 2).reshape(len(basis), -1)
    coefficients, *_ = np.linalg.lstsq(basis * root, flat * root, rcond=None)
    n = values.shape[0]
    under = (at @ coefficients).reshape(len(at), n, 3).transpose(1, 0, 2)
    left = (flat - basis @ coefficients).reshape(len(basis), n, 3).transpose(1, 0, 2)
    return under, left


def _huber_joint(values: _Floats, basis: _Floats) -> _Floats:
    """One weight per ring pixel: the least that any photograph gives it."""
    weight = np.ones(values.shape[1])
    for _ in range(3):
        _, left = _surface(values, basis, weight, basis[:1])
        # Lightness carries hair, glints and ink; 1.5 MAD-sigmas is Huber's usual knee.
        deviation = np.abs(left.mean(axis=2))
        sigma = 1.4826 * np.median(deviation, axis=1, keepdims=True) + 1e-9
        weight = np.minimum(1, 1.5 * sigma / np.maximum(deviation, 1e-12)).min(axis=0)
    return weight


def _steady(lifted: _Floats) -> _Floats:
    """Weights over the core, summing to 1: low where one photograph stands apart."""
    apart = lifted - lifted.mean(axis=0, keepdims=True) if len(lifted) > 1 else lifted
    centre = np.median(apart, axis=1, keepdims=True)
    deviation = np.abs(apart - centre).mean(axis=2)
    sigma = 1.4826 * np.median(deviation, axis=1, keepdims=True) + 1e-9
    weight = np.minimum(1, 1.5 * sigma / np.maximum(deviation, 1e-12)).min(axis=0)
    return weight / weight.sum()


def _block_of(
    at: npt.NDArray[np.intp], shape: tuple[int, ...]
) -> npt.NDArray[np.int64]:
    rows, cols = shape
    side = max(4, max(rows, cols) // BLOCKS_ACROSS)
    return (at // cols) // side * (cols // side + 1) + (at % cols) // side


def _block_noise(
    values: _Floats, weight: _Floats, block: npt.NDArray[np.int64]
) -> _Floats:
    """Covariance (n, 3, 3) of the weighted mean, from the spread of block means."""
    if len(values) > 1:
        values = (values - values.mean(axis=0)) * np.sqrt(
            len(values) / (len(values) - 1)
        )
    _, inverse = np.unique(block, return_inverse=True)
    share = np.bincount(inverse, weight)
    moved = values - np.einsum("p,npc->nc", weight / weight.sum(), values)[:, None]
    # Sandwich estimate: each block's summed pull on the mean, squared.
    pulls = np.zeros((len(values), len(share), 3))
    for n in range(len(values)):
        for c in range(3):
            pulls[n, :, c] = np.bincount(inverse, weight * moved[n, :, c])
    count = max(2, int((share > 0.1 * share.max()).sum()))
    return np.einsum("nbc,nbd->ncd", pulls, pulls) * count / (count - 1)

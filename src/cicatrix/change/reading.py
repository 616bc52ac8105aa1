"""Read lesion and adjacent skin in several photographs of the same skin at once.

All photographs lie on one grid, so that the same points of skin carry the same weight in
each: mottling that stays cancels from every change, and a hair or glint in one photograph
is left out of all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["SkinReading", "mean_over", "read_together"]

_Floats = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]

MAX_SAMPLES = 12_000
"""Pixels kept per region for fits: more move a mean of correlated pixels by < 0.1 %."""

BLOCKS_ACROSS = (12, 5)
"""Blocks per window side for the noise: wider than pores and JPEG blocks, and as wide as
blotches of blood that come and go. Few wide blocks say little, so the larger noise of the
two is taken."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkinReading:
    """Log colour of lesion and adjacent skin, per photograph.

    `difference` (n, 3) is ln lesion - ln skin at the lesion, per linear channel;
    `skin_log` (n, 3) the adjacent skin's level carried under the lesion; `noise`
    (n, 3, 3) the covariance of `difference` that comes from pixels and from skin that
    changed; `gradient_step` (n, 3) how far `difference` moves when the light is taken
    as a plane instead of a curved surface; `lifted` are the pictures with the skin's
    surface taken off, (rows, cols, 3) each.
    """

    difference: _Floats
    skin_log: _Floats
    noise: _Floats
    gradient_step: _Floats
    lifted: tuple[_Image, ...]


def read_together(log_light: list[_Image], *, core: _Mask, ring: _Mask) -> SkinReading:
    """Read several photographs of one skin with one set of weights.

    Parameters
    ----------
    log_light : list of (rows, cols, 3) float32
        Natural logarithm of linear light on one grid; finite where `core` or `ring`.
    core, ring : (rows, cols) bool
        Lesion without its mixed edge, and the skin it is compared with. Usable in
        every photograph.

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
    A second-order surface (a limb, a near lamp) is fitted to the ring by
    Huber-weighted least squares and subtracted under the lesion. The covariance
    compares block means between photographs, so that a pattern common to all is not
    counted as noise; a single photograph counts its own spread.
    """
    if not core.any() or not ring.any():
        raise ValueError("core and ring must hold pixels")
    spots = _positions(core.shape)
    ring_at, core_at = _thinned(ring), _thinned(core)
    ring_values = _at(log_light, ring_at)
    basis = _basis(spots[ring_at])
    weight = _huber_joint(ring_values, basis)
    bent = _coefficients(ring_values, basis, weight)
    flat = _coefficients(ring_values, basis[:, :3], weight)

    whole = _basis(spots.astype(np.float32))
    lifted = tuple(
        image - (whole @ c.astype(np.float32)).reshape(image.shape)
        for image, c in zip(log_light, bent, strict=True)
    )
    core_values = _at(list(lifted), core_at)
    core_weight = _steady(core_values)
    under = _basis(spots[core_at])
    bent_under = np.einsum("p,pk,nkc->nc", core_weight, under, bent)
    flat_under = np.einsum("p,pk,nkc->nc", core_weight, under[:, :3], flat)
    ring_left = ring_values - np.einsum("pk,nkc->npc", basis, bent)
    lever = _leverage(basis, weight, core_weight @ under)
    noise = _larger(
        _block_noise(core_values, core_weight, _block_of(core_at, core.shape, across))
        + _block_noise(ring_left, lever, _block_of(ring_at, ring.shape, across))
        for across in BLOCKS_ACROSS
    )
    return SkinReading(
        difference=np.einsum("p,npc->nc", core_weight, core_values),
        skin_log=bent_under,
        noise=noise,
        gradient_step=bent_under - flat_under,
        lifted=lifted,
    )


def mean_over(
    lifted: tuple[_Image, ...], region: _Mask, shifts_rc: npt.ArrayLike = 0
) -> _Floats:
    """Steady mean (n, 3) of lifted pictures over a region.

    `shifts_rc` (n, 2) moves the region by (rows, cols) samples in each picture.
    """
    at = _thinned(region)
    shifts = np.broadcast_to(np.asarray(shifts_rc, dtype=np.intp), (len(lifted), 2))
    rows, cols = np.divmod(at, region.shape[1])
    values = np.stack(
        [
            image[
                np.clip(rows + down, 0, region.shape[0] - 1),
                np.clip(cols + right, 0, region.shape[1] - 1),
            ]
            for image, (down, right) in zip(lifted, shifts, strict=True)
        ]
    ).astype(np.float64)
    return np.asarray(np.einsum("p,npc->nc", _steady(values), values))


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


def _basis(xy: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    x, y = xy.T
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def _coefficients(
    values: _Floats, basis: npt.NDArray[np.floating], weight: _Floats
) -> _Floats:
    """Weighted least squares per photograph and channel, (n, terms, 3)."""
    weighted = basis * weight[:, None]
    right = np.einsum("pk,npc->nkc", weighted, values)
    return np.asarray(np.linalg.solve(_normal(basis, weight), right))


def _normal(basis: npt.NDArray[np.floating], weight: _Floats) -> _Floats:
    # A whisper of ridge keeps a ring that lies on one line from dividing by nothing.
    ridge = 1e-9 * weight.sum() * np.eye(basis.shape[1])
    return np.asarray((basis * weight[:, None]).T @ basis + ridge)


def _leverage(basis: npt.NDArray[np.floating], weight: _Floats, at: _Floats) -> _Floats:
    """How much each ring pixel pulls the surface at the mean basis `at`."""
    return np.asarray(weight * (basis @ np.linalg.solve(_normal(basis, weight), at)))


def _huber_joint(values: _Floats, basis: npt.NDArray[np.floating]) -> _Floats:
    """One weight per ring pixel: the least that any photograph gives it."""
    weight = np.ones(values.shape[1])
    for _ in range(3):
        fitted = np.einsum("pk,nkc->npc", basis, _coefficients(values, basis, weight))
        # Lightness carries hair, glints and ink; 1.5 MAD-sigmas is Huber's usual knee.
        deviation = np.abs((values - fitted).mean(axis=2))
        weight = _huber(deviation)
    return weight


def _huber(deviation: _Floats) -> _Floats:
    sigma = 1.4826 * np.median(deviation, axis=1, keepdims=True) + 1e-9
    return np.minimum(1, 1.5 * sigma / np.maximum(deviation, 1e-12)).min(axis=0)


def _steady(values: _Floats) -> _Floats:
    """Weights over a region, summing to 1: low where one photograph stands apart."""
    apart = values - values.mean(axis=0, keepdims=True) if len(values) > 1 else values
    centre = np.median(apart, axis=1, keepdims=True)
    weight = _huber(np.abs(apart - centre).mean(axis=2))
    return np.asarray(weight / weight.sum())


def _larger(covariances: Iterable[_Floats]) -> _Floats:
    """Of several covariances (n, 3, 3), for each photograph the one of most variance."""
    stacked = np.stack(list(covariances))
    traces = np.trace(stacked, axis1=2, axis2=3)
    return stacked[traces.argmax(axis=0), np.arange(stacked.shape[1])]


def _block_of(
    at: npt.NDArray[np.intp], shape: tuple[int, ...], across: int
) -> npt.NDArray[np.int64]:
    rows, cols = shape
    side = max(4, max(rows, cols) // across)
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
    share = np.bincount(inverse, np.abs(weight))
    moved = values - np.einsum("p,npc->nc", weight / weight.sum(), values)[:, None]
    # Sandwich estimate: each block's summed pull on the mean, squared.
    pulls = np.zeros((len(values), len(share), 3))
    for n in range(len(values)):
        for c in range(3):
            pulls[n, :, c] = np.bincount(inverse, weight * moved[n, :, c])
    count = max(2, int((share > 0.1 * share.max()).sum()))
    return np.einsum("nbc,nbd->ncd", pulls, pulls) * count / (count - 1)

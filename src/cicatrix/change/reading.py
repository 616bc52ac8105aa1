"""Read lesion and adjacent skin in several photographs of the same skin at once.

All photographs lie on one grid, so that the same points of skin carry the same weight in
each: mottling that stays cancels from every change, and a hair or glint in one photograph
is left out of all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = [
    "MAX_SAMPLES_ASIDE",
    "SkinReading",
    "mean_image",
    "mean_over",
    "read_together",
]

_Floats = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]

MAX_SAMPLES = 12_000
"""Pixels kept per region for fits: more move a mean of correlated pixels by < 0.1 %."""

MAX_SAMPLES_ASIDE = 2_500
"""The same for other regions that only tell how far a reading might be off."""

MAX_SAMPLES_OF_MEDIANS = 2_000
"""The same for the width of a spread, which they tell to 2 %."""

BLOCKS_ACROSS = (12, 5)
"""Blocks per window side for the noise: wider than pores and JPEG blocks, and as wide as
blotches of blood that come and go. Few wide blocks say little, so the larger noise of the
two is taken."""

WIDE_BLOCKS = 5
"""Blocks per window side for how far blotches bend a surface: only wide ones do."""

BEND_SDS = 2.0
"""A light's bend within this many standard deviations of what blotches feign is not
believed. Robust standard deviation of the fade's error on 108 phantom pairs (seeds 100 to
315, not wild): 3.7 points with all of the bend, 3.3 with none."""

STEADY = 0.5
"""A pixel whose weight is less than this share of the largest lies beyond three robust
standard deviations: hair, a glint, another photograph's shadow."""


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
    A surface (a limb, a near lamp) is fitted to the ring by Huber-weighted least
    squares and subtracted under the lesion; lesion and skin are then read as the
    middle third of their pixels. The covariance
    compares block means between photographs, so that a pattern common to all is not
    counted as noise; a single photograph counts its own spread.
    """
    if not core.any() or not ring.any():
        raise ValueError("core and ring must hold pixels")
    ring_at, core_at = _thinned(ring, MAX_SAMPLES), _thinned(core, MAX_SAMPLES)
    ring_values = _at(log_light, ring_at)
    basis = _basis(ring_at, core.shape)
    weight = _huber_joint(ring_values, basis)
    under = _basis(core_at, core.shape).mean(axis=1)
    surface, lever, step = _light(
        ring_values, basis, weight, under, _block_of(ring_at, ring.shape, WIDE_BLOCKS)
    )
    lifted = tuple(
        image - _surface(c, core.shape)
        for image, c in zip(log_light, surface, strict=True)
    )
    core_values = _at(list(lifted), core_at)
    core_weight = _steady(core_values)
    ring_left = ring_values - surface @ basis
    ring_level = _middle(ring_left, weight)
    noise = _larger(
        _block_noise(core_values, core_weight, _block_of(core_at, core.shape, across))
        + _block_noise(ring_left, lever, _block_of(ring_at, ring.shape, across))
        for across in BLOCKS_ACROSS
    )
    return SkinReading(
        difference=_middle(core_values, core_weight) - ring_level,
        skin_log=surface @ under + ring_level,
        noise=noise,
        gradient_step=step,
        lifted=lifted,
    )


def _light(
    values: _Floats,
    basis: _Floats,
    weight: _Floats,
    under: _Floats,
    block: npt.NDArray[np.int64],
) -> tuple[_Floats, _Floats, _Floats]:
    """The light's surface (n, 3, 6), each ring pixel's pull on it, and how it bends.

    Blotches of skin bend a surface as light does. A bend is kept as far as it is larger
    than blotches alone would make it (shrunk as James and Stein do, positive part): the
    bend that all photographs share, and what each has beyond it, where the blotches
    that stay cancel.
    """
    bent = _coefficients(values, basis, weight)
    flat = np.zeros_like(bent)
    flat[..., :3] = _coefficients(values, basis[:3], weight)
    bent_lever = _leverage(basis, weight, under)
    flat_lever = _leverage(basis[:3], weight, under[:3])
    more, left = bent - flat, values - bent @ basis
    shared, left_shared = more.mean(axis=0), left.mean(axis=0)
    pull = bent_lever - flat_lever
    together = _kept(shared @ under, pull * left_shared, block)
    alone = _kept((more - shared) @ under, pull * (left - left_shared), block)
    kept = alone if len(values) > 1 else together
    return (
        flat + together * shared + alone * (more - shared),
        kept * bent_lever + (1 - kept) * flat_lever,
        more @ under,
    )


def _kept(step: _Floats, pulls: _Floats, block: npt.NDArray[np.int64]) -> float:
    """Share of a bend's step (…, 3) to believe, given the pulls (…, 3, p) of blotches."""
    size = float((step**2).sum())
    blotches = [np.bincount(block, one) for one in pulls.reshape(-1, len(block))]
    doubt = BEND_SDS**2 * float(np.sum(np.square(blotches)))
    return max(0.0, 1.0 - doubt / size) if size > 0 else 1.0


def mean_over(
    lifted: tuple[_Image, ...],
    region: _Mask,
    shifts_rc: npt.NDArray[np.intp] | None = None,
) -> _Floats:
    """Level (n, 3) of lifted pictures over a region: the mean of the middle third.

    `shifts_rc` (n, 2) moves the region by (rows, cols) samples in each picture.
    """
    at = _thinned(region, MAX_SAMPLES_ASIDE)
    there = [at] * len(lifted)
    if shifts_rc is not None:
        there = [_shifted(at, region.shape, shift) for shift in shifts_rc]
    values = np.empty((len(lifted), 3, len(at)), np.float32)
    for row, image, places in zip(values, lifted, there, strict=True):
        row[:] = image.reshape(-1, 3).take(places, axis=0).T
    return _middle(values, _steady(values))


def mean_image(images: Sequence[_Image]) -> _Image:
    """The mean of several pictures; one alone is its own."""
    if len(images) == 1:
        return images[0]
    return np.asarray(np.mean(images, axis=0), dtype=np.float32)


def _shifted(
    at: npt.NDArray[np.intp], shape: tuple[int, ...], by: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """Places of a grid moved by (rows, cols), kept on it."""
    if not by.any():
        return at
    rows, cols = np.divmod(at, shape[1])
    rows = np.minimum(np.maximum(rows + by[0], 0), shape[0] - 1)
    cols = np.minimum(np.maximum(cols + by[1], 0), shape[1] - 1)
    return np.asarray(rows * shape[1] + cols)


def _middle(values: npt.NDArray[np.floating], weight: _Floats) -> _Floats:
    """Mean (n, 3) of the middle third of the steady pixels of (n, 3, p), per channel.

    Furrows, pores and glints skew skin to one side, so its mean is not the colour that
    is seen; and a middle commutes with tone curves. A third of the pixels are averaged
    rather than one taken, because a file has only so many levels.
    """
    steady = values.take(np.flatnonzero(weight >= STEADY * weight.max()), axis=-1)
    count = steady.shape[-1]
    cut = (count - 1) // 3
    if steady.dtype == np.float32:  # sorted sooner than parted twice
        ordered = np.sort(steady, axis=-1)
    else:
        ordered = np.partition(steady, (cut, count - cut - 1), axis=-1)
    middle = ordered[..., cut : count - cut]
    return np.asarray(middle.mean(axis=-1, dtype=np.float64))


def _at(images: list[_Image], at: npt.NDArray[np.intp]) -> _Floats:
    """Values (n, 3, p) of n pictures at p places: each channel in one run of memory."""
    taken = [np.take(image.reshape(-1, 3), at, axis=0).T for image in images]
    return np.stack(taken).astype(np.float64)


def _thinned(mask: _Mask, most: int) -> npt.NDArray[np.intp]:
    found = np.flatnonzero(mask)
    return found[:: max(1, len(found) // most)]


def _basis(at: npt.NDArray[np.intp], shape: tuple[int, ...]) -> _Floats:
    """Second-order terms (6, p) at places of a grid."""
    rows, cols = np.divmod(at, shape[1])
    x, y = _frame(cols, shape[1], shape), _frame(rows, shape[0], shape)
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y])


def _frame(at: npt.NDArray[np.intp], length: int, shape: tuple[int, ...]) -> _Floats:
    return np.asarray((at - length / 2) / (max(shape) / 2))


def _surface(coefficients: _Floats, shape: tuple[int, ...]) -> _Image:
    """The surface of (3, 6) coefficients on a whole grid, (rows, cols, 3)."""
    x = _frame(np.arange(shape[1]), shape[1], shape).astype(np.float32)[:, None]
    y = _frame(np.arange(shape[0]), shape[0], shape).astype(np.float32)[:, None]
    level, in_x, in_y, in_xx, in_xy, in_yy = coefficients.T.astype(np.float32)
    # Row and column parts are added up apart: a tenth of the cost of a full basis.
    across = level + x * in_x + x * x * in_xx
    down = y * in_y + y * y * in_yy
    # Columns and channels in one run: NumPy is slow over a last axis of three.
    surface = np.multiply.outer(y[:, 0], (x * in_xy).ravel())
    surface += np.tile(down, shape[1])
    surface += across.ravel()
    return surface.reshape(*shape, 3)


def _coefficients(values: _Floats, basis: _Floats, weight: _Floats) -> _Floats:
    """Weighted least squares per photograph and channel, (n, 3, terms)."""
    right = values @ (basis * weight).T
    solved = np.linalg.solve(_normal(basis, weight), right.reshape(-1, len(basis)).T)
    return np.asarray(solved.T.reshape(right.shape))


def _normal(basis: _Floats, weight: _Floats) -> _Floats:
    # A whisper of ridge keeps a ring that lies on one line from dividing by nothing.
    ridge = 1e-9 * weight.sum() * np.eye(len(basis))
    return np.asarray((basis * weight) @ basis.T + ridge)


def _leverage(basis: _Floats, weight: _Floats, at: _Floats) -> _Floats:
    """How much each ring pixel pulls the surface at the mean basis `at`."""
    return np.asarray(weight * (np.linalg.solve(_normal(basis, weight), at) @ basis))


def _huber_joint(values: _Floats, basis: _Floats) -> _Floats:
    """One weight per ring pixel: the least that any photograph gives it."""
    weight = np.ones(values.shape[2])
    for _ in range(3):
        fitted = _coefficients(values, basis, weight) @ basis
        # Lightness carries hair, glints and ink; 1.5 MAD-sigmas is Huber's usual knee.
        weight = _huber(np.abs((values - fitted).mean(axis=1)))
    return weight


def _huber(deviation: npt.NDArray[np.floating]) -> _Floats:
    sigma = 1.4826 * _medians(deviation) + 1e-9
    return np.minimum(1, 1.5 * sigma / np.maximum(deviation, 1e-12)).min(axis=0)


def _steady(values: npt.NDArray[np.floating]) -> _Floats:
    """Weights over a region, summing to 1: low where one photograph stands apart."""
    if len(values) == 2:
        weight = _huber(_apart_of_two(values))
        return np.asarray(weight / weight.sum())
    apart = values - values.mean(axis=0, keepdims=True) if len(values) > 1 else values
    weight = _huber(np.abs(apart - _medians(apart)).mean(axis=1))
    return np.asarray(weight / weight.sum())


def _apart_of_two(values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """How far each pixel of two photographs (2, 3, p) is from the median.

    From their mean one differs as the other does the other way round, and the upper
    median of one is the lower of the other: half the work. (2, p), or (1, p) where both
    are one.
    """
    apart = values[0] - (values[0] + values[1]) / 2
    some = apart[:, :: max(1, apart.shape[1] // MAX_SAMPLES_OF_MEDIANS)]
    middle = some.shape[1] // 2
    ordered = np.partition(some, middle, axis=1)
    medians = [ordered[:, middle, None]]
    if some.shape[1] % 2 == 0:
        medians.append(ordered[:, :middle].max(axis=1, keepdims=True))
    # A sum and a division: of a mean as short as this NumPy's own care is most.
    return np.stack([np.abs(apart - one).sum(axis=0) / 3 for one in medians])


def _medians(values: npt.NDArray[np.floating]) -> _Floats:
    """Upper medians over the last axis, which stays; of evenly spread samples.

    They only say where weights begin to fall, and np.median takes twice as long.
    """
    values = values[..., :: max(1, values.shape[-1] // MAX_SAMPLES_OF_MEDIANS)]
    middle = values.shape[-1] // 2
    return np.partition(values, middle, axis=-1)[..., middle, None]


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
    down, across_at = (np.arange(length) // side for length in shape)
    blocks = np.add.outer(down * (cols // side + 1), across_at)
    return np.asarray(blocks.ravel().take(at))


def _block_noise(
    values: _Floats, weight: _Floats, block: npt.NDArray[np.int64]
) -> _Floats:
    """Covariance (n, 3, 3) of the weighted mean, from the spread of block means."""
    if len(values) > 1:
        values = (values - values.mean(axis=0)) * np.sqrt(
            len(values) / (len(values) - 1)
        )
    share = np.bincount(block, np.abs(weight))
    moved = weight * (values - (values @ (weight / weight.sum()))[..., None])
    # Sandwich estimate: each block's summed pull on the mean, squared.
    pulls = np.stack(
        [[np.bincount(block, channel) for channel in channels] for channels in moved]
    )
    count = max(2, int((share > 0.1 * share.max()).sum()))
    return np.einsum("ncb,ndb->ncd", pulls, pulls) * count / (count - 1)

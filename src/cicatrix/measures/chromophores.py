"""Melanin, blood and scattering of a lesion against the skin beside it.

Three log differences of linear light answer three unknowns of an optical model of skin:
the change of log melanin, log blood and log scattering. Scattering is a term of its own,
so that a pale stria, whose pigments are those of skin, keeps its contrast. Shine of the
skin's surface, which pales dark skin most, is a fourth that no answer is given for.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cicatrix.optics.cameras import generic_camera, rgb_weights
from cicatrix.optics.illuminants import illuminant
from cicatrix.optics.skin import skin_reflectance

__all__ = [
    "PigmentContrast",
    "pigment_contrast",
    "pigment_contrasts",
    "pigment_jacobian",
    "skin_pigments",
]

_Array = npt.NDArray[np.float64]

_LOW = np.log([5e-4, 4e-4, 0.4, 1e-4])
_HIGH = np.log([0.9, 0.5, 4.0, 0.2])
"""Log of melanin fraction, blood fraction, scattering and shine between which is looked."""
_RESTING_MELANIN_LOG = np.array(
    [-4.730, -3.883, -3.144, -2.393, -1.749, -1.181, -0.763]
)
_RESTING_BLOOD_LOG = np.log([0.0046, 0.0066, 0.0082, 0.0095, 0.0095, 0.0097, 0.0110])
"""Blood of resting skin beside its melanin: `optics.skin.pigments_for_ita` at 57, 45, 30,
10, -10, -30 and -45 degrees, written out because finding it takes 20 ms."""
_MELANIN_PRIOR = (np.log(0.06), 2.0)
_BLOOD_PRIOR_SD = 0.25
_GAIN_PRIOR_SD = 0.25
_SHINE_PRIOR = (np.log(0.02), 0.6)
"""Log melanin of healthy skin (any tone), its log blood beside what rests in skin of that
melanin, log gain of the light (meters keep skin in the middle of the scale), log shine
over light from a perfect diffuser: usual value and standard deviation."""
_SKIN_READING_SD = 0.08
"""Log light by which a channel of skin may be off: camera, lamp and white balance turned
its hue by 0.05 to 0.09 per pair of channels, with a card and without."""
_SHINE_AFRESH_SD = 1.2
"""Log shine on a lesion beside that of its skin."""
_CHANGE_PRIOR_SD = np.array([1.25, 1.9, 0.55, _SHINE_AFRESH_SD])
"""How far melanin, blood and scattering of scars differ from skin, in natural logs, and
their shine: about as widely as those of the tuning phantoms (1.2, 1.6, 0.5). Narrower (1,
1.4, 0.35) it pulled each towards none, and colour that it took from one it lent to the
others."""
_READING_SD = 0.03
_MODEL_SHARE = 0.02
_MIXING_SD = 0.05
"""Log light, share of the largest difference and of what differs between two channels
that model, camera and lamp may be off by."""
_FREED = np.array([0.5, 0.1])
"""Share of what the prior lends melanin of the blood, and blood of the melanin, that is
taken back. Of melanin half: all of it would lower r of its change between visits from 0.89
to 0.86, as noise grows. Of blood a tenth: half would cost 0.003 of the r that there is
little of to spare, to gain a cross-talk that is small already."""
_WIDEST_SD = np.array([0.72, 1.6, 0.38])
"""A pigment known no better than this (natural log) is not told: a melanin from which a
factor of four either way is left, as under the strong red of a scar on light skin, a
blood or scattering that colour narrowed to no less than five sixths or two thirds of its prior.

The constants above were chosen on 226 measured tuning pairs of phantoms (seeds 100 to
419), reading and shine on a lesion anew on 247, priors of melanin, blood and scattering,
shares and widest errors on 629 (seeds 100 to 959: r = 0.970 and 0.963 for melanin and
blood, cross-talk 0.5 and 1.5 % where told; 0.973, 0.960, 7.2 and 4.6 % before). A channel
read to 0.006 was trusted too far: what a lesion's mean misses of its colour moved blood of
dark skin by 0.3. It is a plateau: reading of the step 0.02 to 0.04, of the skin 0.06 to
0.11, model and mixing halved or doubled move r by no more than 0.004 and cross-talk by
0.03, about its sampling error."""
_STARTS = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [-1, -0.7, 0.5], [0, 2, 0]], float
)
"""Where the search begins: large steps of dark skin have wrong answers as side minima."""
_ROUNDS = 15
_LEAST_GAIN = 1e-4
"""Of a squared misfit in standard deviations: a step that gains less is the last."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PigmentContrast:
    """Lesion minus adjacent skin in natural logs of melanin, blood and scattering.

    `change` (3,) in this order: 0.1 is 10 % more. `covariance` (3, 3) holds the colour
    difference's own error, that of model and camera, and what colour leaves open;
    `left_open` (3, 3) is that last part alone, which the prior settled. `resolved` (3,)
    is False where the whole is too wide to be of use.
    `sensitivity` (3, 3) is the derivative of `change` by the log colour difference.
    """

    change: _Array
    covariance: _Array
    left_open: _Array
    resolved: npt.NDArray[np.bool_]
    sensitivity: _Array


def skin_pigments(skin_linear_rgb: npt.ArrayLike) -> _Array:
    """Log melanin, log blood, log gain and log shine (4,) that make a skin colour.

    The gain stands for exposure, the shine for light that the surface sends back before
    it meets a pigment, over light from a perfect diffuser: on dark skin it is a third of
    the blue. Both are known only as far as their priors, and so is how far camera and
    lamp turned the hue; taken at its word, the colour of dark skin would have a tenth of
    its melanin.

    Parameters
    ----------
    skin_linear_rgb : (3,)
        Linear sRGB of healthy skin, any scale, positive.
    """
    rgb = np.asarray(skin_linear_rgb, dtype=np.float64)
    if rgb.shape != (3,) or not (rgb > 0).all():
        raise ValueError(f"skin_linear_rgb must be (3,) and positive, got {rgb}")
    wanted = np.log(rgb)
    state = np.array([_MELANIN_PRIOR[0], np.log(0.0075), 0.0, _SHINE_PRIOR[0]])
    for _ in range(_ROUNDS):
        skin = np.array([[state[0], state[1], 0.0, state[3]]])
        logs, slopes = _shining(skin)
        slope = np.insert(slopes[0][:, [0, 1, 3]], 2, 1.0, axis=1) / _SKIN_READING_SD
        left = (wanted - logs[0] - state[2]) / _SKIN_READING_SD
        away, pull = _from_usual(state)
        step = np.linalg.solve(
            slope.T @ slope + pull.T @ pull, slope.T @ left + pull.T @ away
        )
        state = state + np.clip(step, -0.8, 0.8)
        state[[0, 1, 3]] = np.clip(
            state[[0, 1, 3]], *(e[[0, 1, 3]] for e in (_LOW, _HIGH))
        )
        if np.abs(step).max() < 1e-4:
            break
    return np.asarray(state)


def _from_usual(state: _Array) -> tuple[_Array, _Array]:
    """How far a skin (4,) is from usual, in standard deviations, and the slope (4, 4)."""
    around = state[0] + np.array([0.0, -0.05, 0.05])
    resting, less, more = np.interp(around, _RESTING_MELANIN_LOG, _RESTING_BLOOD_LOG)
    usual = np.array([_MELANIN_PRIOR[0], resting, 0.0, _SHINE_PRIOR[0]])
    sd = np.array([_MELANIN_PRIOR[1], _BLOOD_PRIOR_SD, _GAIN_PRIOR_SD, _SHINE_PRIOR[1]])
    pull = np.diag(1 / sd)
    pull[1, 0] = -(more - less) / 0.1 / _BLOOD_PRIOR_SD
    return (usual - state) / sd, pull


def pigment_jacobian(pigments_log: npt.ArrayLike) -> _Array:
    """Slope of log linear RGB in log (melanin, blood, scattering), (3, 3).

    Rows are channels, columns pigments; without shine, by daylight and an ideal camera.

    `pigments_log` (3,) is log melanin, log blood, log scattering.
    """
    return np.asarray(_model(np.asarray(pigments_log, np.float64)[None])[1][0])


def pigment_contrast(
    skin_linear_rgb: npt.ArrayLike,
    log_difference: npt.ArrayLike,
    covariance: npt.ArrayLike | None = None,
) -> PigmentContrast:
    """Pigment changes that explain the colour of a lesion beside skin of a colour.

    The most probable change under the optical model (`optics.skin`) at this skin, its
    noise and a weak prior that keeps what colour cannot tell near zero; by Gauss-Newton
    steps, so that also large changes are met, not only where the model is straight.

    Parameters
    ----------
    skin_linear_rgb : (3,)
        Linear sRGB of the skin beside the lesion, after colour calibration.
    log_difference : (3,)
        Natural log of lesion over skin, from `contrast.log_contrast`.
    covariance : (3, 3), optional
        Of the difference.
    """
    difference = np.asarray(log_difference, dtype=np.float64)
    if difference.shape != (3,) or not np.isfinite(difference).all():
        raise ValueError(f"log_difference must be (3,) and finite, got {difference}")
    return pigment_contrasts(skin_linear_rgb, difference[None], covariance)[0]


def pigment_contrasts(
    skin_linear_rgb: npt.ArrayLike,
    log_differences: _Array,
    covariance: npt.ArrayLike | None = None,
) -> list[PigmentContrast]:
    """`pigment_contrast` of several differences (n, 3), finite, from one skin.

    All at once: the steps cost more by the call than by the difference.
    """
    own = np.zeros((3, 3)) if covariance is None else np.asarray(covariance, np.float64)
    noises = np.stack([own + _model_noise(one) for one in log_differences])
    certainties = np.asarray(np.linalg.inv(noises), np.float64)
    melanin, blood, _, shine = skin_pigments(skin_linear_rgb)
    skin = np.array([melanin, blood, 0.0, shine])
    changes, slopes = _explained(skin, log_differences, certainties)
    return [
        _told(change, slope, noise, certainty)
        for change, slope, noise, certainty in zip(
            changes, slopes, noises, certainties, strict=True
        )
    ]


def _told(
    change: _Array, slope: _Array, noise: _Array, certainty: _Array
) -> PigmentContrast:
    """A most probable change (4,) with its errors, the pigments freed of each other."""
    inverse = _inverse(slope, certainty)
    freed = _freed(inverse @ slope)
    change, inverse = freed @ change, freed @ inverse
    missed = np.eye(4) - inverse @ slope
    left_open = missed @ np.diag(_CHANGE_PRIOR_SD**2) @ missed.T
    covariance = inverse @ noise @ inverse.T + left_open
    posterior = np.linalg.inv(_information(slope, certainty))
    return PigmentContrast(
        change=change[:3],
        covariance=covariance[:3, :3],
        left_open=left_open[:3, :3],
        resolved=np.asarray(np.sqrt(np.diagonal(posterior)[:3]) <= _WIDEST_SD),
        sensitivity=inverse[:3],
    )


def _freed(answered: _Array) -> _Array:
    """Turns answers (4,) into ones in which melanin and blood stand apart, (4, 4).

    `answered` (4, 4): the answer in row i per unit of a true change in column j. What the
    prior shrinks of one pigment it lends to the other, whose colour is nearly the same.
    """
    pair = answered[:2, :2]
    apart = np.diag(np.diag(pair)) @ np.linalg.inv(pair)
    freed = np.eye(4)
    freed[:2, :2] += _FREED[:, None] * (apart - np.eye(2))
    return freed


def _model_noise(difference: _Array) -> _Array:
    """Covariance (3, 3) of what model, camera and lamp do to a difference."""
    alike = _READING_SD**2 + (_MODEL_SHARE * np.abs(difference).max()) ** 2
    # Cameras keep white: they mix only what differs between channels.
    apart = difference[None, :] - difference[:, None]
    return np.asarray(np.diag(alike + _MIXING_SD**2 * (apart**2).sum(axis=1)))


def _information(slope: _Array, certainty: _Array) -> _Array:
    """Inverse covariance (…, 4, 4) of the change; `certainty` is that of the noise."""
    prior = np.diag(1 / _CHANGE_PRIOR_SD**2)
    return np.asarray(slope.swapaxes(-1, -2) @ certainty @ slope + prior)


def _inverse(slope: _Array, certainty: _Array) -> _Array:
    """Log RGB difference to change, (…, 4, 3), at one point of the model."""
    weighed = slope.swapaxes(-1, -2) @ certainty
    return np.asarray(np.linalg.solve(_information(slope, certainty), weighed))


def _explained(
    skin: _Array, differences: _Array, certainties: _Array
) -> tuple[_Array, _Array]:
    """Most probable changes (n, 4) of a skin's logs and the model's slopes, (n, 3, 4).

    By Gauss-Newton from every start at once, in half steps where a whole one is worse.
    `certainties` (n, 3, 3) are inverse covariances of the differences (n, 3).
    """
    wanted, certainty = differences[:, None], certainties[:, None]
    size = np.maximum(1.0, np.abs(wanted).max(axis=2, keepdims=True) / 0.5)
    starts = np.pad(_STARTS, ((0, 0), (0, 1))) * size
    change = np.clip(skin + starts, _LOW, _HIGH) - skin
    left, slope = _left(skin, change, wanted)
    cost = _cost(left, change, certainty)
    share, going = np.ones(cost.shape), np.ones((len(cost), 1), dtype=bool)
    for _ in range(_ROUNDS):
        # The difference as the straightened model would show it.
        shown = left + _times(slope, change)
        step = np.clip(_times(_inverse(slope, certainty), shown) - change, -0.7, 0.7)
        tried = np.clip(skin + change + share[..., None] * step, _LOW, _HIGH) - skin
        new_left, new_slope = _left(skin, tried, wanted)
        new_cost = _cost(new_left, tried, certainty)
        # One that has come to its end stays there, however long the others go on.
        better = (new_cost <= cost) & going
        done = better & (new_cost > cost - _LEAST_GAIN) & (share == 1)
        change[better], left[better] = tried[better], new_left[better]
        slope[better], cost[better] = new_slope[better], new_cost[better]
        share = np.where(better, 1.0, share / 2)
        going &= ~(done | (share < 0.1)).all(axis=1, keepdims=True)
        if not going.any():
            break
    best = np.arange(len(cost)), cost.argmin(axis=1)
    return change[best], slope[best]


def _left(skin: _Array, change: _Array, difference: _Array) -> tuple[_Array, _Array]:
    """What changes (n, s, 4) leave of differences, (n, s, 3), and slopes (n, s, 3, 4).

    A change of shine is one of lesion and skin alike.
    """
    lesion, beside = skin + change, np.empty_like(change)
    beside[:] = skin
    beside[..., 3] += change[..., 3]
    states = np.stack([lesion, beside])
    logs, slopes = _shining(states.reshape(-1, 4))
    own, around = logs.reshape(*states.shape[:-1], 3)
    slope, aside = slopes.reshape(*states.shape[:-1], 3, 4)
    slope[..., 3] -= aside[..., 3]
    return difference - (own - around), slope


def _cost(left: _Array, change: _Array, certainty: _Array) -> _Array:
    """Squared misfit and distance from the prior, in standard deviations."""
    prior = change / _CHANGE_PRIOR_SD
    return np.asarray(
        (_times(certainty, left) * left).sum(-1) + (prior * prior).sum(-1)
    )


def _times(matrix: _Array, vector: _Array) -> _Array:
    """Products of matrices (…, 3, 3) and vectors (…, 3)."""
    return np.asarray((matrix @ vector[..., None])[..., 0])


def _shining(states: _Array) -> tuple[_Array, _Array]:
    """Log RGB (n, 3) of skins (n, 4) under their shine and its slope (n, 3, 4)."""
    logs, slope = _model(states[:, :3])
    light, shine = np.exp(logs), np.exp(states[:, 3:])
    share = light / (light + shine)
    both = np.concatenate([slope * share[..., None], 1 - share[..., None]], axis=-1)
    return np.log(light + shine), both


def _model(states: _Array) -> tuple[_Array, _Array]:
    """Log RGB (n, 3) of skins (n, 3) without shine and its slope (n, 3, 3).

    Central differences.
    """
    h = 0.02
    aside = np.concatenate([np.zeros((1, 3)), h * np.eye(3), -h * np.eye(3)])
    beside = states[:, None] + aside
    melanin, blood, scattering = np.moveaxis(np.exp(beside), -1, 0)
    spectra = skin_reflectance(np.minimum(melanin, 1.0), blood, scattering)
    logs = np.log(np.maximum(spectra @ _weights(), 1e-6))
    slope = (logs[:, 1:4] - logs[:, 4:7]) / (2 * h)
    return logs[:, 0], slope.swapaxes(-1, -2)


@lru_cache(maxsize=1)
def _weights() -> _Array:
    """(31, 3): reflectance to linear sRGB for an ideal camera by daylight."""
    return rgb_weights(generic_camera("cie-1931"), illuminant("daylight", 5500.0))

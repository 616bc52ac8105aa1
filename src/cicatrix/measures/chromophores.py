"""Melanin, blood and scattering of a lesion against the skin beside it.

Three log differences of linear light answer three unknowns of an optical model of skin:
the change of log melanin, log blood and log scattering. Scattering is a term of its own,
so that a pale stria, whose pigments are those of skin, keeps its contrast.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cicatrix.optics.cameras import GENERIC_CAMERAS, generic_camera, rgb_weights
from cicatrix.optics.illuminants import illuminant
from cicatrix.optics.skin import skin_reflectance

__all__ = ["PigmentContrast", "pigment_contrast", "pigment_jacobian", "skin_pigments"]

_Array = npt.NDArray[np.float64]

_LOW = np.log([5e-4, 4e-4, 0.4])
_HIGH = np.log([0.9, 0.5, 4.0])
"""Log of melanin fraction, blood fraction and scattering between which is looked."""
_SKIN_PRIOR = np.array([np.log(0.06), np.log(0.0075), 0.0])
_SKIN_PRIOR_SD = np.array([2.0, 0.35, 0.35])
"""Usual log melanin, log blood and log gain of healthy skin, and how far it may lie from
them: skin tone is open, resting blood and the light of a calibrated photograph less so."""
_CHANGE_PRIOR_SD = np.array([1.0, 1.0, 0.25])
"""How far melanin, blood and scattering of scars differ from skin, in natural logs."""
_READING_SD = 0.006
_MODEL_SHARE = 0.03
"""Log light, and share of a difference, that model and camera may be off by: the generic
cameras differ by 2 to 4 % of a difference after their colour matrix."""
_STARTS = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [-1, -0.7, 0.5], [0, 2, 0]], float
)
"""Where the search begins: large steps of dark skin have wrong answers as side minima."""
_LARGEST_CONDITION = 60.0
"""Above this condition number of the Jacobian the prior, not the photograph, would say
how a dark or pale step divides between melanin and scattering."""
_SKIN_READING_SD = 0.02
"""Log light by which calibrated skin colour may be off per channel."""
_ROUNDS = 15
_LEAST_GAIN = 1e-4
"""Of a squared misfit in standard deviations: a step that gains less is the last."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PigmentContrast:
    """Lesion minus adjacent skin in natural logs of melanin, blood and scattering.

    `change` (3,) in this order: 0.1 is 10 % more. `covariance` (3, 3) holds the colour
    difference's own error and the spread over a family of cameras. `condition` is that
    of the model's Jacobian; `resolved` is False where it is too poor to tell pigments
    apart. `cross_talk` (3, 3): the answer in row i per unit of a true change in column j;
    the identity where colour alone decides. `sensitivity` (3, 3) is the derivative of
    `change` by the log colour difference.
    """

    change: _Array
    covariance: _Array
    condition: float
    resolved: bool
    cross_talk: _Array
    sensitivity: _Array


def skin_pigments(skin_linear_rgb: npt.ArrayLike) -> _Array:
    """Log melanin, log blood and log gain (3,) that make a skin colour.

    The gain stands for exposure: the colour of skin is known up to the light on it.

    Parameters
    ----------
    skin_linear_rgb : (3,)
        Linear sRGB of healthy skin, any scale, positive.
    """
    rgb = np.asarray(skin_linear_rgb, dtype=np.float64)
    if rgb.shape != (3,) or not (rgb > 0).all():
        raise ValueError(f"skin_linear_rgb must be (3,) and positive, got {rgb}")
    weights, wanted = _weights_of("cie-1931")[None], np.log(rgb)
    prior = np.diag(1 / _SKIN_PRIOR_SD**2)
    state = _SKIN_PRIOR.copy()
    for _ in range(_ROUNDS):
        logs, slopes = _model(np.array([[[state[0], state[1], 0.0]]]), weights)
        slope = np.column_stack([slopes[0, 0, :, :2], np.ones(3)]) / _SKIN_READING_SD
        left = (wanted - logs[0, 0] - state[2]) / _SKIN_READING_SD
        step = np.linalg.solve(
            slope.T @ slope + prior, slope.T @ left + prior @ (_SKIN_PRIOR - state)
        )
        state = state + np.clip(step, -0.8, 0.8)
        state[:2] = np.clip(state[:2], _LOW[:2], _HIGH[:2])
    return np.asarray(state)


def pigment_jacobian(
    pigments_log: npt.ArrayLike, *, camera: str = "cie-1931"
) -> _Array:
    """Slope of log linear RGB in log (melanin, blood, scattering), (3, 3).

    Rows are channels, columns pigments.

    `pigments_log` (3,) is log melanin, log blood, log scattering; `camera` names one of
    `optics.cameras.GENERIC_CAMERAS` under daylight.
    """
    state = np.asarray(pigments_log, np.float64)[None, None]
    return _model(state, _weights_of(camera)[None])[1][0, 0]


def pigment_contrast(
    skin_linear_rgb: npt.ArrayLike,
    log_difference: npt.ArrayLike,
    covariance: npt.ArrayLike | None = None,
) -> PigmentContrast:
    """Pigment changes that explain the colour of a lesion beside skin of a colour.

    The most probable change under the optical model (`optics.skin`), its noise and a
    weak prior that keeps what colour cannot tell near zero; by Gauss-Newton steps, so
    that also large changes are met, not only where the model is straight.

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
    own = np.zeros((3, 3)) if covariance is None else np.asarray(covariance, np.float64)
    model_sd = np.hypot(_READING_SD, _MODEL_SHARE * float(np.abs(difference).max()))
    noise = own + model_sd**2 * np.eye(3)
    melanin, blood, _ = skin_pigments(skin_linear_rgb)
    skin = np.array([melanin, blood, 0.0])
    changes, slopes = _explained(skin, difference, noise, _family_weights())
    change, slope = changes[0], slopes[0]
    certainty = np.asarray(np.linalg.inv(noise), np.float64)
    inverse = _inverse(slope, certainty)
    posterior = np.linalg.inv(_information(slope, certainty))
    condition = float(np.linalg.cond(slope))
    return PigmentContrast(
        change=change,
        covariance=np.asarray(posterior + np.cov(changes[1:].T), np.float64),
        condition=condition,
        resolved=condition <= _LARGEST_CONDITION,
        cross_talk=inverse @ slope,
        sensitivity=inverse,
    )


def _information(slope: _Array, certainty: _Array) -> _Array:
    """Inverse covariance (…, 3, 3) of the change; `certainty` is that of the noise."""
    prior = np.diag(1 / _CHANGE_PRIOR_SD**2)
    return np.asarray(slope.swapaxes(-1, -2) @ certainty @ slope + prior)


def _inverse(slope: _Array, certainty: _Array) -> _Array:
    """Log RGB difference to pigment change, (…, 3, 3), at one point of the model."""
    weighed = slope.swapaxes(-1, -2) @ certainty
    return np.asarray(np.linalg.solve(_information(slope, certainty), weighed))


def _explained(
    skin: _Array, difference: _Array, noise: _Array, weights: _Array
) -> tuple[_Array, _Array]:
    """Most probable change of log pigments and the model's slope there, per camera.

    By Gauss-Newton from every start at once: `weights` (cameras, 31, 3) give changes
    (cameras, 3) and slopes (cameras, 3, 3).
    """
    certainty = np.asarray(np.linalg.inv(noise), np.float64)
    size = max(1.0, float(np.abs(difference).max()) / 0.5)
    origin = _model(skin[None, None], weights)[0]
    change = np.clip(skin + _STARTS * size, _LOW, _HIGH) - skin
    change = np.repeat(change[None], len(weights), axis=0)
    logs, slope = _model(skin + change, weights)
    cost = _cost(difference - (logs - origin), change, certainty)
    going = np.ones(cost.shape, dtype=bool)
    for _ in range(_ROUNDS):
        # The difference as the straightened model would show it.
        shown = difference - (logs - origin) + _times(slope, change)
        step = np.clip(_times(_inverse(slope, certainty), shown) - change, -0.7, 0.7)
        tried = np.clip(skin + change + step, _LOW, _HIGH) - skin
        new_logs, new_slope = _model(skin + tried, weights)
        new_cost = _cost(difference - (new_logs - origin), tried, certainty)
        going &= new_cost <= cost - _LEAST_GAIN
        if not going.any():
            break
        change[going], logs[going] = tried[going], new_logs[going]
        slope[going], cost[going] = new_slope[going], new_cost[going]
    best = np.arange(len(weights)), cost.argmin(axis=1)
    return change[best], slope[best]


def _cost(left: _Array, change: _Array, certainty: _Array) -> _Array:
    """Squared misfit and distance from the prior, in standard deviations."""
    prior = change / _CHANGE_PRIOR_SD
    return np.asarray((left @ certainty * left).sum(-1) + (prior * prior).sum(-1))


def _times(matrix: _Array, vector: _Array) -> _Array:
    """Products of matrices (…, 3, 3) and vectors (…, 3)."""
    return np.asarray((matrix @ vector[..., None])[..., 0])


def _model(states: _Array, weights: _Array) -> tuple[_Array, _Array]:
    """Log RGB (cameras, n, 3) of skins and its slope (cameras, n, 3, 3).

    Central differences; `states` is (cameras or 1, n, 3), `weights` (cameras, 31, 3).
    """
    h = 0.02
    aside = np.concatenate([np.zeros((1, 3)), h * np.eye(3), -h * np.eye(3)])
    beside = states[:, :, None] + aside
    melanin, blood, scattering = np.moveaxis(np.exp(beside), -1, 0)
    spectra = skin_reflectance(np.minimum(melanin, 1.0), blood, scattering)
    light = spectra.reshape(len(states), -1, spectra.shape[-1]) @ weights
    logs = np.log(np.maximum(light, 1e-6)).reshape(len(weights), -1, 7, 3)
    slope = (logs[:, :, 1:4] - logs[:, :, 4:7]) / (2 * h)
    return logs[:, :, 0], slope.swapaxes(-1, -2)


@lru_cache(maxsize=1)
def _family_weights() -> _Array:
    """(cameras, 31, 3): the eye's own, then those of the generic cameras."""
    return np.stack([_weights_of(name) for name in ("cie-1931", *GENERIC_CAMERAS)])


@lru_cache(maxsize=16)
def _weights_of(camera: str) -> _Array:
    return rgb_weights(generic_camera(camera), illuminant("daylight", 5500.0))

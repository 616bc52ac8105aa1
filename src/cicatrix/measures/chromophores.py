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
    weights, wanted = _perfect_weights(), np.log(rgb)
    prior = np.diag(1 / _SKIN_PRIOR_SD**2)
    state = _SKIN_PRIOR.copy()
    for _ in range(_ROUNDS):
        logs, slope = _model(np.array([state[0], state[1], 0.0]), weights)
        slope = np.column_stack([slope[:, :2], np.ones(3)]) / _SKIN_READING_SD
        left = (wanted - logs - state[2]) / _SKIN_READING_SD
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
    weights = _weights_of(camera)
    return _model(np.asarray(pigments_log, np.float64), weights)[1]


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
    change, slope = _explained(skin, difference, noise, _perfect_weights())
    inverse = _inverse(slope, noise)
    posterior = np.linalg.inv(_information(slope, noise))
    family = np.array(
        [
            _explained(skin, difference, noise, _weights_of(name))[0]
            for name in GENERIC_CAMERAS
        ]
    )
    condition = float(np.linalg.cond(slope))
    return PigmentContrast(
        change=change,
        covariance=np.asarray(posterior + np.cov(family.T), np.float64),
        condition=condition,
        resolved=condition <= _LARGEST_CONDITION,
        cross_talk=inverse @ slope,
        sensitivity=inverse,
    )


def _information(slope: _Array, noise: _Array) -> _Array:
    return np.asarray(
        slope.T @ np.linalg.solve(noise, slope) + np.diag(1 / _CHANGE_PRIOR_SD**2)
    )


def _inverse(slope: _Array, noise: _Array) -> _Array:
    """Log RGB difference to pigment change, (3, 3), at one point of the model."""
    return np.asarray(
        np.linalg.solve(_information(slope, noise), np.linalg.solve(noise, slope).T)
    )


def _explained(
    skin: _Array, difference: _Array, noise: _Array, weights: _Array
) -> tuple[_Array, _Array]:
    """Most probable change of log pigments (3,) and the model's slope there (3, 3)."""
    size = max(1.0, float(np.abs(difference).max()) / 0.5)
    descents = [
        _descended(start * size, skin, difference, (noise, weights))
        for start in _STARTS
    ]
    change, slope, _ = min(descents, key=lambda found: found[2])
    return change, slope


def _descended(
    change: _Array, skin: _Array, difference: _Array, frame: tuple[_Array, _Array]
) -> tuple[_Array, _Array, float]:
    """Gauss-Newton from one start: change, slope of the model there, and cost."""
    noise, weights = frame
    origin = _model(skin, weights)[0]
    change = np.clip(skin + change, _LOW, _HIGH) - skin
    logs, slope = _model(skin + change, weights)
    cost = _cost(difference - (logs - origin), change, noise)
    for _ in range(_ROUNDS):
        # The difference as the straightened model would show it.
        shown = difference - (logs - origin) + slope @ change
        step = np.clip(_inverse(slope, noise) @ shown - change, -0.7, 0.7)
        tried = np.clip(skin + change + step, _LOW, _HIGH) - skin
        new_logs, new_slope = _model(skin + tried, weights)
        new_cost = _cost(difference - (new_logs - origin), tried, noise)
        if new_cost > cost - 1e-4:
            break
        change, logs, slope, cost = tried, new_logs, new_slope, new_cost
    return change, slope, cost


def _cost(left: _Array, change: _Array, noise: _Array) -> float:
    prior = change / _CHANGE_PRIOR_SD
    return float(left @ np.linalg.solve(noise, left) + prior @ prior)


def _model(state: _Array, weights: _Array) -> tuple[_Array, _Array]:
    """Log RGB (3,) of skin and its slope (3, 3) by central differences."""
    h = 0.02
    states = np.concatenate([state[None], state + h * np.eye(3), state - h * np.eye(3)])
    melanin, blood, scattering = np.exp(states).T
    light = skin_reflectance(np.minimum(melanin, 1.0), blood, scattering) @ weights
    logs = np.log(np.maximum(light, 1e-6))
    return logs[0], (logs[1:4] - logs[4:7]).T / (2 * h)


def _perfect_weights() -> _Array:
    return _weights_of("cie-1931")


@lru_cache(maxsize=16)
def _weights_of(camera: str) -> _Array:
    return rgb_weights(generic_camera(camera), illuminant("daylight", 5500.0))

"""The tone curve that the neutral patches tell, with what they leave open.

A linear Gaussian model in logarithms, solved in closed form:

    log y_c = log x_c + f(e) + d_c(e) + b_c,      e = x_c ** (1 / 2.2)
    log ρ   = log y_c - g · p + noise             at a neutral patch of reflectance ρ

x is the light as decoded, y as calibrated; f the camera's tone curve, d its difference
between channels, b exposure and white balance, g the light gradient over the card, p the
patch's place. f and d are Gaussian processes with mean 0, so that without evidence the
curve stays as decoded.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["Freedom", "GreyReadings", "ToneFit", "fit_tone"]

_Array = npt.NDArray[np.float64]

_KNOTS: _Array = np.linspace(0.0, 1.0, 24)
_CHANNEL_KNOTS: _Array = np.linspace(0.0, 1.0, 6)
_DARKEST = 1e-5
"""Light below this is read as this: logarithms end somewhere."""

_LENGTH = 0.3
"""Distance in e over which a tone curve bends: S-curves have one bend in 0..1."""

_SHOULDER_LENGTH = 0.12
"""The same near white, where curves roll off within a few steps of grey."""

_GAMMA_SD = 0.12
"""A camera's overall contrast (gamma) against sRGB."""

_CHANNEL_SD = 0.02
"""Difference of tone between channels: cameras treat them alike after white balance."""

_EXPOSURE_SD = 1.5
"""b, natural log: wide open, the greys fix it."""

_OWN_SD = 0.006
"""Reading a patch, natural log: JPEG, gloss, dust, unevenness after averaging."""

_VEIL_SD = 0.001
"""Stray light that differs from patch to patch, over white; it only tells on black."""

_MOST_EXCESS = 20.0

_N_SHARED = 64
"""Draws of the shared error use streams of their own, one a patch at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freedom:
    """What a fit may change: one gain, a gain a channel, or the tone curve too.

    `gradient_sd` is how far the light may differ between card centre and corner,
    natural log; `reference_sd` how far a patch may be from its reference value.
    """

    curve: bool
    white_balance: bool
    gradient_sd: float
    reference_sd: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GreyReadings:
    """Neutral patches: light (n, 3), reference light (n, 3), place (n, 2) in -1..1.

    `level` (n,) is equal for patches of the same printed grey.
    """

    light: _Array
    reference: _Array
    place: _Array
    level: npt.NDArray[np.intp]

    def without(self, level: int) -> "GreyReadings":
        """All readings but those of one grey."""
        keep = self.level != level
        return GreyReadings(
            light=self.light[keep],
            reference=self.reference[keep],
            place=self.place[keep],
            level=self.level[keep],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ToneFit:
    """A fitted curve: mean of the unknowns and what is needed to draw more of them."""

    mean: _Array
    prior_root: _Array
    design: _Array
    gain: _Array
    own_sd: _Array
    reference_sd: float
    patch_of_row: npt.NDArray[np.intp]

    def table(self, light: _Array) -> _Array:
        """Calibrated light (n, 3) of n values of light (n,), alike in all channels."""
        flat = np.maximum(light, _DARKEST)
        e = np.clip(flat, 0, 1) ** (1 / 2.2)
        common, rest = np.split(self.mean[:-2], [len(_KNOTS)])
        own, gains = rest[:-3].reshape(3, -1), rest[-3:]
        bend = [np.interp(e, _CHANNEL_KNOTS, row) for row in own]
        told = np.interp(e, _KNOTS, common)[:, None] + np.stack(bend, axis=1) + gains
        return np.asarray(flat[:, None] * np.exp(told))

    def at_place(self, light: _Array, place: _Array) -> _Array:
        """Calibrated light (n, 3) of patches, the light gradient taken out."""
        flat = np.maximum(light, _DARKEST)
        told = _rows(flat, place) @ self.mean
        return np.asarray(flat * np.exp(told.reshape(flat.shape)))

    @property
    def gradient(self) -> _Array:
        """(2,) natural log of light from card centre to its right and lower edge."""
        return self.mean[-2:]

    def draws(self, light: _Array, n: int, rng: np.random.Generator) -> _Array:
        """Calibrated light (n, k, 3) of colours (k, 3) under `n` equally likely fits.

        A patch's own reference error is drawn from a fixed stream: draw i means the same
        card in every photograph, so that what is common to two visits cancels.
        """
        flat = np.maximum(light, _DARKEST)
        rows = _rows(flat, np.zeros((len(flat), 2)))
        shared = self.reference_sd * _shared_draws(n)[self.patch_of_row]
        # Matheron's rule: a draw of the prior, corrected by what the data say of it.
        # Only these colours are wanted, so what is theirs of prior and noise is drawn.
        pull = rows @ self.gain
        own = (rows - pull @ self.design) @ self.prior_root
        noise = pull * self.own_sd
        root = _root(own @ own.T + noise @ noise.T)
        told = (rows @ self.mean)[:, None] - pull @ shared
        told += root @ rng.standard_normal((len(root), n))
        return np.asarray(flat * np.exp(told.T.reshape(n, *flat.shape)))


def fit_tone(readings: GreyReadings, freedom: Freedom) -> ToneFit:
    """The posterior of the unknowns given the neutral patches.

    Patches that disagree with any smooth curve more than expected widen the noise.
    """
    light = np.maximum(readings.light, _DARKEST)
    design = _rows(light, readings.place)
    wanted = (np.log(np.maximum(readings.reference, _DARKEST)) - np.log(light)).ravel()
    root = _prior_root(freedom)
    own = np.hypot(_OWN_SD, _VEIL_SD / light).ravel()
    patch = np.repeat(np.arange(len(light)), 3)
    same = freedom.reference_sd**2 * (patch[:, None] == patch[None, :])
    spread = design @ root

    def solved(own_sd: _Array) -> _Array:
        within = spread @ spread.T + np.diag(own_sd**2) + same
        return np.asarray(root @ np.linalg.solve(within, spread).T)

    gain = solved(own)
    left = wanted - design @ (gain @ wanted)
    excess = float(np.sqrt(np.mean(left**2 / (own**2 + freedom.reference_sd**2))))
    if excess > 1:
        own = own * min(excess, _MOST_EXCESS)
        gain = solved(own)
    mean = gain @ wanted
    return ToneFit(
        mean=mean,
        prior_root=root,
        design=design,
        gain=gain,
        own_sd=own,
        reference_sd=freedom.reference_sd,
        patch_of_row=patch,
    )


def _rows(light: _Array, place: _Array) -> _Array:
    """Design matrix (3 n, unknowns): row 3 i + c for patch i, channel c."""
    n = len(light)
    e = np.clip(light, 0, 1) ** (1 / 2.2)
    common = _hats(e.ravel(), _KNOTS)
    own = np.zeros((n, 3, 3, len(_CHANNEL_KNOTS)))
    weights = _hats(e.ravel(), _CHANNEL_KNOTS).reshape(n, 3, -1)
    gains = np.zeros((n, 3, 3))
    for channel in range(3):
        own[:, channel, channel] = weights[:, channel]
        gains[:, channel, channel] = 1
    where = np.repeat(place, 3, axis=0)
    return np.hstack([common, own.reshape(3 * n, -1), gains.reshape(3 * n, 3), -where])


def _hats(e: _Array, knots: _Array) -> _Array:
    """Weights (n, knots) of linear interpolation between evenly spaced knots."""
    step = knots[1] - knots[0]
    return np.maximum(0, 1 - np.abs(e[:, None] - knots[None, :]) / step)


def _root(covariance: _Array) -> _Array:
    """Lower triangle whose square is a covariance; triangles have no sign to choose."""
    least = 1e-12 * np.trace(covariance) + 1e-300
    return np.linalg.cholesky(covariance + least * np.eye(len(covariance)))


@lru_cache(maxsize=2)
def _shared_draws(n: int) -> _Array:
    """Unit normals (`_N_SHARED`, n), the same for every photograph."""
    draws = np.random.default_rng(_N_SHARED).standard_normal((_N_SHARED, n))
    draws.setflags(write=False)
    return draws


@lru_cache(maxsize=16)
def _prior_root(freedom: Freedom) -> _Array:
    """A root of the prior covariance: unknowns = root @ standard normal."""
    count, own = len(_KNOTS), len(_CHANNEL_KNOTS)
    covariance = np.zeros((count + 3 * own + 5,) * 2)
    if freedom.curve:
        covariance[:count, :count] = _curve_covariance()
        channel = _CHANNEL_SD**2 * _near(_CHANNEL_KNOTS, 0.5)
        for start in range(count, count + 3 * own, own):
            covariance[start : start + own, start : start + own] = channel
    gains = slice(count + 3 * own, count + 3 * own + 3)
    alike = np.ones((3, 3)) + (np.eye(3) if freedom.white_balance else 0)
    covariance[gains, gains] = _EXPOSURE_SD**2 * alike
    covariance[-2:, -2:] = freedom.gradient_sd**2 * np.eye(2)
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0)))


def _curve_covariance() -> _Array:
    """Prior of f at the knots: a change of gamma, one bend, largest in dark, a shoulder.

    The size of the bend follows S-curves that blend the encoded value with a smooth
    step at strengths to 0.5: they move the darkest tones by 1.6 in natural log, those of
    e > 0.4 by less than 0.2.
    """
    log_light = 2.2 * np.log(np.maximum(_KNOTS, 0.02))
    size = 0.12 + 0.8 * np.exp(-_KNOTS / 0.15)
    bend = size[:, None] * size[None, :] * _near(_KNOTS, _LENGTH)
    edge = 0.15 * np.exp(-(1 - _KNOTS) / 0.2)
    shoulder = edge[:, None] * edge[None, :] * _near(_KNOTS, _SHOULDER_LENGTH)
    return np.asarray(_GAMMA_SD**2 * np.outer(log_light, log_light) + bend + shoulder)


def _near(knots: _Array, length: float) -> _Array:
    return np.asarray(
        np.exp(-((knots[:, None] - knots[None, :]) ** 2) / (2 * length**2))
    )

"""Calibration models to choose from, and their error on patches left out of the fit."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.colour.matrix import MatrixFit, fit_matrix
from cicatrix.colour.tone import Freedom, GreyReadings, ToneFit, fit_tone
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab

__all__ = ["Candidate", "Patches", "fit_candidate", "held_out"]

_Array = npt.NDArray[np.float64]

_GRADIENT_SD = 0.15
"""Light over half a card printed for it: a window beside the patient gives 10-20 %."""

_GRADIENT_SD_ONE_ROW = 0.03
"""The same where all greys stand in one row and cannot tell it from the tone curve."""

_REFERENCE_SD = 0.015
"""A patch against its reference, natural log: 0.4 ΔL* at mid grey (BabelColor's 30
ColorCheckers scatter by about that); the same for the grain of a print."""

_SKIN_CHROMA = (12.0, 16.0)
_SKIN_SPREAD = 18.0
_SKIN_WEIGHT = 2.0
"""Patches near the colour of skin, a* = 12 and b* = 16, count up to 3 times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One model; `rooted` is `None` where no matrix is fitted."""

    name: str
    white_balance: bool = False
    curve: bool = False
    rooted: bool | None = None
    ridge: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patches:
    """Usable patches: decoded light, reference light and CIELAB, all (n, 3).

    `place` (n, 2) is -1..1 over the card, `neutral` (n,). `doubled` tells that greys
    are printed twice and far apart, so that a light gradient can be fitted.
    """

    light: _Array
    wanted: _Array
    lab: _Array
    place: _Array
    neutral: npt.NDArray[np.bool_]
    doubled: bool

    @property
    def greys(self) -> GreyReadings:
        """The neutral patches."""
        use = self.neutral
        return GreyReadings(
            light=self.light[use],
            reference=self.wanted[use],
            place=self.place[use],
            level=self.level[use],
        )

    @property
    def level(self) -> npt.NDArray[np.intp]:
        """(n,) the same number for patches of the same colour."""
        _, number = np.unique(self.lab.round(6), axis=0, return_inverse=True)
        return np.asarray(number).reshape(-1)


def fit_candidate(
    patches: Patches, model: Candidate
) -> tuple[ToneFit, MatrixFit | None]:
    """Fit one model to all patches."""
    tone = fit_tone(patches.greys, _freedom(patches, model))
    everything = np.ones(len(patches.light), dtype=bool)
    return tone, _matrix(patches, model, tone, everything)


def held_out(patches: Patches, models: list[Candidate]) -> list[_Array]:
    """Error (n,) per model: each patch and its twin left out of the fit, ΔE00."""
    tones: dict[tuple[bool, bool], list[ToneFit]] = {}
    levels = patches.level
    outs = [levels == level for level in np.unique(levels)]
    errors = []
    for model in models:
        key = model.white_balance, model.curve
        if key not in tones:
            tones[key] = _tones_without(patches, model)
        told = np.zeros_like(patches.light)
        for out, tone in zip(outs, tones[key], strict=True):
            matrix = _matrix(patches, model, tone, ~out)
            part = tone.at_place(patches.light[out], patches.place[out])
            told[out] = part if matrix is None else matrix.apply(part)
        errors.append(ciede2000(linear_srgb_to_lab(told), patches.lab))
    return errors


def _tones_without(patches: Patches, model: Candidate) -> list[ToneFit]:
    """The tone fit without each level in turn; coloured patches take no part in it."""
    freedom = _freedom(patches, model)
    greys = patches.greys
    own = set(greys.level.tolist())
    own = own if len(own) > 1 else set()
    levels = np.unique(patches.level).tolist()
    # With greys alone nothing is left out that the fit does not see.
    whole = None if own.issuperset(levels) else fit_tone(greys, freedom)
    return [
        fit_tone(greys.without(level), freedom)
        if whole is None or level in own
        else whole
        for level in levels
    ]


def _freedom(patches: Patches, model: Candidate) -> Freedom:
    return Freedom(
        curve=model.curve,
        white_balance=model.white_balance,
        gradient_sd=_GRADIENT_SD if patches.doubled else _GRADIENT_SD_ONE_ROW,
        reference_sd=_REFERENCE_SD,
    )


def _matrix(
    patches: Patches, model: Candidate, tone: ToneFit, use: npt.NDArray[np.bool_]
) -> MatrixFit | None:
    if model.rooted is None:
        return None
    light = tone.at_place(patches.light[use], patches.place[use])
    return fit_matrix(
        light,
        patches.wanted[use],
        _weight(patches)[use],
        rooted=model.rooted,
        ridge=model.ridge,
    )


def _weight(patches: Patches) -> _Array:
    """What a light error costs in lightness steps, more for colours of skin."""
    lightness = np.maximum(patches.wanted @ (0.2126, 0.7152, 0.0722), 0.0)
    off = ((patches.lab[:, 1:] - _SKIN_CHROMA) ** 2).sum(axis=1)
    skin = 1 + _SKIN_WEIGHT * np.exp(-off / (2 * _SKIN_SPREAD**2))
    return np.asarray(skin / (lightness + 0.03) ** (2 / 3))

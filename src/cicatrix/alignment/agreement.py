"""How well two aligned pictures of skin agree, and how well chance would."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.evidence import GridPair, warped
from cicatrix.alignment.products import product_sums
from cicatrix.photo.value import FloatImage

__all__ = ["PATCH", "Agreement", "agreement"]

_Array = npt.NDArray[np.float64]

PATCH = 16
"""Side in samples of the patches that are compared: several pores or mottles each."""

_SHIFTS = tuple(
    (round(radius * np.cos(angle)), round(radius * np.sin(angle)))
    for radius, count, phase in ((9, 6, 0.0), (14, 8, 0.3), (20, 10, 0.1))
    for angle in (phase + 2 * np.pi * np.arange(count) / count)
)
"""Displacements in samples at which only chance agrees: beyond the size of the marks,
within the window of the normalisation."""

_FRAME = max(max(abs(x), abs(y)) for x, y in _SHIFTS)
_CHANCE = 1 / (len(_SHIFTS) + 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Correlation of the skin of both pictures, patch by patch.

    `mean` is the weighted mean over patches, -1..1; `lead` by how many standard
    deviations of the shifted means it stands above their mean; `won` the share of
    patches that agree better in place than at any shift (chance: 1 in 25). `even` is how
    many of them win in the worst half (left, right, above or below the middle of what
    counts) over how many win in all: where a map holds on to one side only, few.
    `area` counts the patches by their weight; `each` and `counted` (rows, cols) are the
    correlation and the weight of each.
    """

    mean: float
    lead: float
    won: float
    even: float
    area: float
    each: _Array
    counted: _Array

    @property
    def beyond_chance(self) -> float:
        """By how many standard deviations more patches won than chance would let."""
        spread = np.sqrt(_CHANCE * (1 - _CHANCE))
        return (self.won - _CHANCE) * float(np.sqrt(self.area)) / float(spread)


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
    _, shown = cv2.threshold(follow_weight, 0.98, 1.0, cv2.THRESH_BINARY)
    base = _Planes.of(pair.base, pair.base_weight)
    there = _Planes.of(follow, cast(FloatImage, shown)).framed()
    focused = cast(FloatImage, cv2.multiply(pair.base_weight, focus))
    here, counted = _patches(base, there, focused, (0, 0))
    mass = float(counted.sum())
    if mass <= 0:
        return Agreement(
            mean=0, lead=0, won=0, even=0, area=0, each=here, counted=counted
        )
    rivals, means = [], []
    for shift_xy in _SHIFTS:
        other, weight = _patches(base, there, focused, shift_xy)
        rivals.append(np.where(weight > 0.25 * counted, other, -1.0))
        means.append((other * weight).sum() / max(weight.sum(), 1e-9))
    mean = float((here * counted).sum() / mass)
    winners = (here > np.max(rivals, axis=0)) * counted
    won = float(winners.sum() / mass)
    return Agreement(
        mean=mean,
        lead=(mean - float(np.mean(means))) / max(float(np.std(means)), 0.01),
        won=won,
        even=min(_halves_won(winners, counted)) / max(won, 1e-9),
        area=mass,
        each=here,
        counted=counted,
    )


def _halves_won(winners: _Array, counted: _Array) -> list[float]:
    """Share of winners on either side of the middle of what counts, across and down."""
    shares = []
    for axis in (0, 1):
        won, mass = winners.sum(axis=axis), counted.sum(axis=axis)
        at = np.arange(len(mass))
        middle = np.average(at, weights=mass)
        shares += [
            float(won[side].sum() / max(mass[side].sum(), 1e-9))
            for side in (at < middle, at > middle)
        ]
    return shares


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Planes:
    """Weighted grey and colour, their power and the weight, each (rows, cols)."""

    grey: FloatImage
    colour: FloatImage
    power: FloatImage
    weight: FloatImage

    @classmethod
    def of(cls, channels: tuple[FloatImage, ...], weight: FloatImage) -> "_Planes":
        grey, colour = (cv2.multiply(plane, weight) for plane in channels)
        power = cv2.add(cv2.multiply(grey, grey), cv2.multiply(colour, colour))
        return cls(
            grey=cast(FloatImage, grey),
            colour=cast(FloatImage, colour),
            power=cast(FloatImage, power),
            weight=weight,
        )

    def framed(self) -> "_Planes":
        """With zeros as wide as the widest shift all around."""
        planes = (self.grey, self.colour, self.power, self.weight)
        grey, colour, power, weight = (_framed(plane) for plane in planes)
        return _Planes(grey=grey, colour=colour, power=power, weight=weight)


def _framed(plane: FloatImage) -> FloatImage:
    sides = _FRAME, _FRAME, _FRAME, _FRAME
    wide = cv2.copyMakeBorder(plane, *sides, cv2.BORDER_CONSTANT, value=0)
    return cast(FloatImage, wide)


def _patches(
    base: _Planes, framed: _Planes, focused: FloatImage, shift_xy: tuple[int, int]
) -> tuple[_Array, _Array]:
    """Correlation of each patch over both channels, and how much it counts.

    Whole-sample shifts are slices of the same arrays: nothing is resampled.
    """
    rows, cols = base.weight.shape
    left, top = (_FRAME + by for by in shift_xy)
    away = (slice(top, top + rows), slice(left, left + cols))
    seen = framed.weight[away]
    grey, colour, power, powers, counted = (
        product_sums(
            (
                (base.grey, framed.grey[away]),
                (base.colour, framed.colour[away]),
                (base.power, seen),
                (base.weight, framed.power[away]),
                (focused, seen),
            ),
            PATCH,
        )
        / PATCH**2
    )
    ncc = (grey + colour) / np.sqrt(np.maximum(power * powers, 1e-6))
    return ncc, np.where(counted > 0.01, counted, 0.0)

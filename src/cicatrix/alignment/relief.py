"""Where skin lies below relief that is lit from another side: by the phases of grey."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import FloatImage

__all__ = ["Lit", "Phases", "SkinPlace", "phases_of", "skin_below_relief"]

_Array = npt.NDArray[np.float64]

_RINGS = np.array([0.24, 0.32, 0.4, 0.5, 0.6, 0.7, 0.8, 0.95, 1.1, 1.3, 1.5, 1.75])
"""Edges of rings of spatial frequency, radians a sample. What is coarser is the light on the
body, what is finer than 3.6 samples is noise. Of 318 phantom pairs (even ones of tuning seeds
100 to 739) the errors are alike from 0.08 on and up to 1.5 or 2.0; up to 1.1 alone the 95th
percentile is a third larger, as the finest marks tell light from skin best."""

_SECTORS = 16
"""Directions that are told apart on half a turn."""

_CLIP = 2.5
"""Spreads of grey at which a sample is cut off: hairs, glints. Each photograph by itself: a
weight by what differs between the two favours samples that fit where they happen to lie, and
held the skin there (the 95th percentile was a third larger)."""

_LEAST_WAVES, _LEAST_CLEAR = 2.0, 4.0
"""Waves that make a phase, and the power in common, over that of noise, that it is believed
from: noise reaches it in one phase of fifty."""

_OUTLIER = 4.0
"""Degrees of the Student's t of single phases. 2 and 9 are as good."""

_PIGMENT, _PIGMENT_SPREAD, _LIGHT_SPREAD = -3.0, 1.0, 4.0
"""What is believed before: the natural logarithm of the power of pigment over that of
darkened hollows with its spread, and the spread of the lights' parameters, samples. -2 and
-4, half and twice of the spreads change the 95th percentile by under 0.1 px of 12 megapixels."""

_SHADING, _SHADING_POWER, _COLOUR = 1.5, 1.33, 0.037
_OFFSET, _OFFSET_COLOUR = 0.08, 0.069
_LEAST_SPREAD = 0.05
"""How far the skin may lie from where colours placed it: the most likely error of 317 phantom
pairs (even ones of tuning seeds 100 to 739) before phases were looked at. Half and twice of
it are as good."""

_STEPS, _SMALLEST_GAIN = 25, 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lit:
    """How alike two photographs were lit, before phases are looked at.

    `shared_grey` at half the size and `shared_colour` of the better colour are how far the
    gradients of both agree, `grey_offset` how far grey lies beyond the skin, samples.
    """

    shared_grey: float
    shared_colour: float
    grey_offset: tuple[float, float]

    @property
    def spread(self) -> float:
        """Standard deviation an axis of where colours placed the skin, samples.

        Where the grey patterns differ, or colour places the skin elsewhere than grey,
        shading has moved, and of the colours only what both photographs share tells by how
        much.
        """
        unshared = float(np.clip(1 - self.shared_grey, 0.01, 1.0))
        colour = float(np.clip(self.shared_colour, 0.0, 1.0))
        x, y = self.grey_offset
        variance = _SHADING * unshared**_SHADING_POWER / (1 + (colour / _COLOUR) ** 2)
        variance += _OFFSET * (x * x + y * y) / (1 + (colour / _OFFSET_COLOUR) ** 2)
        return max(_LEAST_SPREAD, float(np.sqrt(variance)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Phases:
    """By how much waves of grey lie apart in two photographs, each (n,).

    `x`, `y` are radians a sample, `angle` the follow-up's phase less the baseline's,
    `weight` the inverse of its variance.
    """

    x: _Array
    y: _Array
    angle: _Array
    weight: _Array


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinPlace:
    """How much further the follow-up was taken than the skin lies, and the variance an axis.

    Samples, samples².
    """

    beyond_xy: tuple[float, float]
    variance: float


def phases_of(base: FloatImage, follow: FloatImage, weight: FloatImage) -> Phases:
    """Phases of two planes (rows, cols) of mean 0 and spread 1 where `weight` is.

    A phase is told over a ring and a sector of frequencies. Its variance is that of the
    mean phase of N waves of coherence g, (1 - g²) / (2 N g²).
    """
    rows, cols = (cv2.getOptimalDFTSize(side) for side in weight.shape)
    bins = _bins(rows, cols)
    first, second = (
        _waves(np.clip(plane, -_CLIP, _CLIP) * weight, (rows, cols))[bins.kept]
        for plane in (base, follow)
    )
    cross = second * first.conj()
    heavy = np.abs(cross)
    together = bins.sums(cross.real) + 1j * bins.sums(cross.imag * bins.sign)
    power = bins.sums(np.square(np.abs(first))) * bins.sums(np.square(np.abs(second)))
    waves = bins.sums(np.ones_like(heavy)) * float(
        np.square(weight).sum() / weight.size
    )
    chance = 1 / np.maximum(waves, 1e-9)
    common = np.square(np.abs(together)) / np.maximum(power, 1e-30)
    shared = np.clip((common - chance) / np.maximum(1 - chance, 0.01), 0, 0.98)
    sure = 2 * waves * shared / (1 - shared)
    mass = np.maximum(bins.sums(heavy), 1e-30)
    told = (waves > _LEAST_WAVES) & (common > _LEAST_CLEAR * chance)
    return Phases(
        x=(bins.sums(heavy * bins.x) / mass)[told],
        y=(bins.sums(heavy * bins.y) / mass)[told],
        angle=np.angle(together)[told],
        weight=sure[told],
    )


def _waves(plane: FloatImage, shape: tuple[int, int]) -> npt.NDArray[np.complex64]:
    """The Fourier transform, of what lies inside the rings."""
    (rows, cols), (high, wide) = shape, plane.shape
    padded = np.zeros(shape, dtype=np.float32)
    padded[:high, :wide] = plane
    # Packed: column 0 alone, then the real and the imaginary part of each wave across.
    packed = np.asarray(cv2.dft(padded))
    reach_x, reach_y = _within(cols), _within(rows)
    found = np.empty((2 * reach_y - 1, reach_x), dtype=np.complex64)
    both = packed[:, 1 : 2 * reach_x - 1]
    found[:reach_y, 1:].view(np.float32)[:] = both[:reach_y]
    found[reach_y:, 1:].view(np.float32)[:] = both[1 - reach_y :]
    real, imag = packed[1 : 2 * reach_y - 1 : 2, 0], packed[2 : 2 * reach_y : 2, 0]
    upright = real + 1j * imag
    found[0, 0] = packed[0, 0]
    found[1:reach_y, 0] = upright
    found[reach_y:, 0] = upright[::-1].conj()
    return found


def _within(length: int) -> int:
    """Frequencies from 0 on that lie inside the rings."""
    return int(_RINGS[-1] / (2 * np.pi) * length) + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Bins:
    """Which waves count, and the ring and sector of each; `sign` turns it to one side."""

    kept: npt.NDArray[np.bool_]
    label: npt.NDArray[np.intp]
    x: _Array
    y: _Array
    sign: _Array

    def sums(self, values: npt.NDArray[np.floating]) -> _Array:
        """By ring and sector."""
        found = np.bincount(self.label, values, (len(_RINGS) - 1) * _SECTORS)
        return np.asarray(found, dtype=np.float64)


@lru_cache(maxsize=4)
def _bins(rows: int, cols: int) -> _Bins:
    x = 2 * np.pi / cols * np.arange(_within(cols))[None, :]
    reach = _within(rows)
    y = 2 * np.pi / rows * np.r_[np.arange(reach), np.arange(1 - reach, 0)][:, None]
    size = np.hypot(x, y)
    kept = (size >= _RINGS[0]) & (size < _RINGS[-1])
    wide, high = (np.broadcast_to(axis, size.shape)[kept] for axis in (x, y))
    sign = np.where(high < 0, -1.0, 1.0)
    turn = np.arctan2(sign * high, sign * wide) / np.pi * _SECTORS
    sector = np.minimum(turn.astype(int), _SECTORS - 1)
    ring = np.searchsorted(_RINGS, size[kept], side="right") - 1
    return _Bins(
        kept=kept,
        label=ring * _SECTORS + sector,
        x=sign * wide,
        y=sign * high,
        sign=sign,
    )


def skin_below_relief(phases: Phases, lit: Lit) -> SkinPlace:
    """Where the skin lies, which colours placed here, good to `lit.spread` an axis.

    Hollows are dark under any light, slopes are bright towards it: of relief of height h a
    photograph shows h + l·∇h, with a vector l for its light, of a wave k therefore
    1 + i l·k. Skin that lies e from where it is looked for then has the phase

        k·e + arg(a + (1 - i l·k) (1 + i l'·k)),

    a being the power of pigment over that of hollows. The light moves wide waves by
    l' - l, just as skin would that moves, but none by more than half a turn: the finer ones
    tell the two apart. Solved by Gauss-Newton steps, damped after Levenberg and Marquardt,
    from several beginnings at once.
    """
    spread = lit.spread
    points = _starts(np.asarray(lit.grey_offset))
    damping = np.full(len(points), 0.01)
    cost, matrix, pull = _system(phases, points, spread)
    diagonal = np.arange(points.shape[1])
    for _ in range(_STEPS):
        damped = matrix.copy()
        damped[:, diagonal, diagonal] *= 1 + damping[:, None]
        steps = np.linalg.solve(damped, pull[..., None])[..., 0]
        largest = np.abs(steps).max(axis=1, keepdims=True)
        steps *= np.minimum(1, 2 / np.maximum(largest, 1e-9))
        after = _system(phases, points + steps, spread)
        better = after[0] < cost
        gain = float(np.where(better, cost - after[0], 0).max())
        points = np.where(better[:, None], points + steps, points)
        cost = np.where(better, after[0], cost)
        matrix = np.where(better[:, None, None], after[1], matrix)
        pull = np.where(better[:, None], after[2], pull)
        damping = np.where(better, np.maximum(damping / 5, 1e-5), 6 * damping)
        if gain < _SMALLEST_GAIN and better.any():
            break
    best = int(cost.argmin())
    x, y = points[best, :2]
    variance = np.linalg.inv(matrix[best])[:2, :2].trace() / 2
    return SkinPlace(beyond_xy=(float(x), float(y)), variance=float(variance))


def _starts(offset: _Array) -> _Array:
    """Unknowns (6, 7) to begin with: e, l' - l, (l' + l) / 2, ln a.

    The skin lies here or where grey does, and the light has turned by much or not at all.
    """
    size = float(np.hypot(*offset))
    along = offset / size if size > 0.05 else np.array([1.0, 0.0])
    aside = np.array([-along[1], along[0]])
    far = offset if size > 0.1 else 0.1 * along
    here = np.zeros(2)
    starts = [
        (here, 1.2 * far, 1.2 * aside),
        (here, -1.2 * far, 1.2 * aside),
        (-offset, 2 * far, 0.8 * aside),
        (-offset, -2 * far, 0.8 * aside),
        (here, 0.1 * along, 1.2 * along + aside),
        (here, 0.1 * along, 1.2 * along - aside),
    ]
    return np.stack([np.r_[e, turned, mean, _PIGMENT] for e, turned, mean in starts])


def _system(
    phases: Phases, points: _Array, spread: float
) -> tuple[_Array, _Array, _Array]:
    """Cost (m,), information (m, 7, 7) and pull (m, 7) at m points (m, 7)."""
    waves = np.stack([phases.x, phases.y])
    turned, mean = points[:, 2:4] @ waves, points[:, 4:6] @ waves
    power = np.exp(points[:, 6:])
    even, odd = 1 + power + mean * mean - turned * turned / 4, turned
    size = even * even + odd * odd + 1e-9
    by_turned = (even + odd * turned / 2) / size
    by_mean, by_power = -2 * odd * mean / size, -odd * power / size
    left = phases.angle - np.arctan2(odd, even) - points[:, :2] @ waves
    left = (left + np.pi) % (2 * np.pi) - np.pi
    slopes = np.empty((*left.shape, 7))
    slopes[..., :2] = waves.T
    slopes[..., 2:4] = by_turned[..., None] * waves.T
    slopes[..., 4:6] = by_mean[..., None] * waves.T
    slopes[..., 6] = by_power
    misfit = phases.weight * left * left
    heavy = slopes * (phases.weight / (1 + misfit / _OUTLIER))[..., None]
    matrix = heavy.transpose(0, 2, 1) @ slopes
    pull = (heavy.transpose(0, 2, 1) @ left[..., None])[..., 0]
    cost = 0.5 * _OUTLIER * np.log1p(misfit / _OUTLIER).sum(axis=1)
    away = points - np.array([0, 0, 0, 0, 0, 0, _PIGMENT])
    belief = np.repeat([spread, _LIGHT_SPREAD, _PIGMENT_SPREAD], [2, 4, 1]) ** -2.0
    cost += 0.5 * (np.square(away) @ belief)
    matrix[:, np.arange(7), np.arange(7)] += belief
    return cost, matrix, pull - belief * away

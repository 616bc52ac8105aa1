"""Where skin lies once the light has turned: shading taken out of colour."""

from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.channels import LocalWindow, inner
from cicatrix.alignment.evidence import GridPair, warped
from cicatrix.alignment.refine import Warp
from cicatrix.domain.begin import Begin
from cicatrix.photo.middle import median
from cicatrix.photo.value import FloatImage

__all__ = ["Compared", "Evened", "light_turned", "shading_slopes"]

_Array = npt.NDArray[np.float64]

_SIGMA = 20.0
"""Window of the local normalisation in samples: large against pores, small against the
turning of the light over the body."""

_REACH = 8
"""How far, in samples of the coarser grid, colour and grey may lie apart."""

_SLOPES = (0.3, 0.4, 0.5)
"""Slopes of colour on grey in shading that are tried; on phantoms 0.3 and 0.4 won."""

_SLOPE_LIMITS = ((0.2, 0.5), (0.05, 0.25))
"""Slopes of the two colours on grey in shading that are believed: of 60 tuning phantoms
whose light had turned, 90 % lie inside. What lies beyond was read off something else."""

_FINE = 1.5
"""Standard deviation in samples of the blur that grey is compared without. With it the
scatter of the error over the lesion fell from 0.40 to 0.28 px (139 phantom pairs, every
fourth of tuning seeds 100 to 739); colour without it follows the furrows."""

_LEAST_PEAK = 0.12
"""Correlation of colour below which it cannot say where the skin lies."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evened:
    """A picture freed of the turning of the light and of its strength.

    `planes` are grey and colours, `scales` how much each was multiplied to have a
    variance of 1, `weight` (rows, cols) is 0 or 1.
    """

    planes: tuple[FloatImage, ...]
    scales: tuple[float, ...]
    weight: FloatImage

    @classmethod
    def of(cls, planes: tuple[FloatImage, ...], weight: FloatImage) -> "Evened":
        """Of log channels, less their local means, all over the local spread of grey.

        Where relief is strong, so is what shading leaves in colour. One gain for all
        planes also lets shading be taken out afterwards.
        """
        window = LocalWindow.of(weight, _SIGMA)
        level = [window.levelled(plane) for plane in planes]
        gain = window.gain(level[0])
        out, scales = [], []
        for plane in level:
            even = cast(FloatImage, cv2.multiply(plane, gain))
            power = cv2.norm(even, cv2.NORM_L2SQR) / even.size / max(window.share, 1e-4)
            scales.append(1 / float(np.sqrt(power + 1e-12)))
            out.append(np.clip(even * np.float32(scales[-1]), -4, 4, dtype=np.float32))
        return cls(planes=tuple(out), scales=tuple(scales), weight=inner(weight))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """Both pictures on one grid as `Evened` has them, the baseline's first."""

    planes: tuple[tuple[FloatImage, ...], tuple[FloatImage, ...]]
    scales: tuple[tuple[float, ...], tuple[float, ...]]
    weights: tuple[FloatImage, FloatImage]

    @classmethod
    def of(cls, raw: GridPair, base: Evened | None = None) -> "Compared":
        """The pair `raw` of log channels; `base` is its baseline where it is at hand."""
        base = base or Evened.of(raw.base, raw.base_weight)
        # The follow-up leaves out the lesion as the baseline does: see `pair_at`.
        both = cast(FloatImage, cv2.multiply(raw.base_weight, raw.follow_weight))
        follow = Evened.of(raw.follow, both)
        return cls(
            planes=(base.planes, follow.planes),
            scales=(base.scales, follow.scales),
            weights=(base.weight, follow.weight),
        )

    def first_colour(self) -> "Compared":
        """Grey and the first colour alone."""
        base, follow = (planes[:2] for planes in self.planes)
        of_base, of_follow = (scales[:2] for scales in self.scales)
        return replace(self, planes=(base, follow), scales=(of_base, of_follow))

    def unshaded(self, slopes: tuple[float, ...], *, sharp: bool = False) -> GridPair:
        """The pair after shading, of a slope per colour, was taken out of the colours.

        `sharp`: of grey only what is finer than furrows, which moves least with the light.
        """
        sides: list[tuple[FloatImage, ...]] = []
        for (grey, *colours), (of_grey, *of_colours) in zip(
            self.planes, self.scales, strict=True
        ):
            bare = [
                cv2.addWeighted(colour, 1.0, grey, -slope * scale / of_grey, 0.0)
                for colour, slope, scale in zip(
                    colours, slopes, of_colours, strict=True
                )
            ]
            if sharp:
                wide = cv2.GaussianBlur(grey, (0, 0), _FINE)
                grey = cast(FloatImage, cv2.subtract(grey, wide))
            sides.append(cast(tuple[FloatImage, ...], (grey, *bare)))
        base, follow = sides
        return GridPair.of(base, self.weights[0], follow, self.weights[1])


def light_turned(
    compared: Compared, warp: Warp, beside: Begin
) -> tuple[Warp, GridPair]:
    """The warp moved as a whole to where colour without shading agrees best.

    With it comes the pair without the shading that was found.

    Grey goes to where grey does. The valley between the two is shallow, and Gauss-Newton
    steps walk along it slowly. Of the slopes tried, the one that brings colour furthest
    from grey has left the least shading in it: too much and too little of it both match
    where the shading does.
    """
    rows, cols = compared.weights[0].shape[:2]
    if min(rows, cols) < 8 * _REACH:
        return warp, compared.unshaded((_SLOPES[1],))
    shift = warp.sheet.on_grid(np.arange(cols), np.arange(rows))
    told = [beside(partial(_tried, compared, slope, shift)) for slope in _SLOPES]
    tried = [one() for one in told]
    pair, moved, _ = tried[0]
    grey = _peak(pair.base[0] * pair.base_weight, moved)  # it is the same in all
    seen = [(colour, pair) for pair, _, colour in tried if colour is not None]
    if grey is None or not seen:
        return warp, tried[1][0]
    here = grey.shift
    clear = 0.5 * max(colour.height for colour, _ in seen)
    colour, pair = max(
        (one for one in seen if one[0].height >= clear),
        key=lambda one: float(np.hypot(*(here - one[0].shift))),
    )
    x, y = here - colour.shift
    sheet = warp.sheet
    sheet = replace(sheet, coefficients=sheet.coefficients + colour.shift)
    return replace(warp, sheet=sheet, grey_offset=(float(x), float(y))), pair


def _tried(
    compared: Compared, slope: float, shift: FloatImage
) -> "tuple[GridPair, FloatImage, _Peak | None]":
    """The pair without shading of a slope, the follow-up's grey, where colours agree."""
    pair = compared.unshaded((slope,))
    (grey, colour), follow_weight = warped(pair, shift)
    shown = (follow_weight > 0.98).astype(np.float32)
    peak = _peak(pair.base[1] * pair.base_weight, colour * shown)
    return pair, grey * shown, peak


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Peak:
    """Shift (x, y) of best agreement, and its height over the usual agreement."""

    shift: _Array
    height: float


def _peak(base: FloatImage, follow: FloatImage) -> _Peak | None:
    """Where two planes agree best; None at the border or if faint."""
    middle = slice(_REACH, -_REACH)
    score = cv2.matchTemplate(
        cv2.GaussianBlur(follow, (0, 0), 1.0),
        np.ascontiguousarray(base[middle, middle]),
        cv2.TM_CCORR_NORMED,
    )
    row, col = np.unravel_index(int(score.argmax()), score.shape)
    last = 2 * _REACH
    if not (0 < row < last and 0 < col < last) or score[row, col] < _LEAST_PEAK:
        return None
    place = []
    for line, at in ((score[row], int(col)), (score[:, col], int(row))):
        before, here, after = (float(v) for v in line[at - 1 : at + 2])
        place.append(at + (before - after) / (2 * (before - 2 * here + after)))
    height = float(score[row, col] - np.median(score))
    return _Peak(shift=np.array(place) - _REACH, height=height)


def shading_slopes(raw: GridPair, warp: Warp, beside: Begin) -> tuple[float, ...]:
    """Slope of each colour on grey in shading, by what differs between the pictures.

    Shading is not quite grey: light spreads inside skin, red furthest, and fills the
    shadows, so that dark sides of furrows are also redder. What still differs between
    the aligned pictures at the scale of furrows is mostly shading that turned with the
    light; new hairs and glints, which differ most, are weighted down.
    """
    rows, cols = raw.shape
    shift = warp.sheet.on_grid(np.arange(cols), np.arange(rows))
    moved, moved_weight = warped(raw, shift)
    weight = raw.base_weight * (moved_weight > 0.98)
    told = [
        beside(partial(_left_over, base, follow, weight))
        for base, follow in zip(raw.base, moved, strict=True)
    ]
    grey, *colours = (one() for one in told)
    usual = max(1.4826 * median(np.abs(grey[::2])), 1e-6) if grey.size else 1.0
    far = np.square(grey / np.float32(2 * usual))
    heavy = grey / (1 + far * far)  # a general power takes longer than all the rest
    power = max(float(heavy @ grey), 1e-12)
    return tuple(
        float(np.clip(float(heavy @ colour) / power, *limits))
        for colour, limits in zip(colours, _SLOPE_LIMITS, strict=True)
    )


def _left_over(base: FloatImage, moved: FloatImage, weight: FloatImage) -> FloatImage:
    """What differs about as wide as furrows, between 1 and 3 samples: (n,)."""
    apart = cv2.multiply(cv2.subtract(base, moved), weight)
    # At half the size, of which the mean of 2 x 2 is half a sample's blur itself.
    small, seen = (
        cv2.resize(one, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        for one in (apart, weight)
    )
    fine, wide = (cv2.GaussianBlur(small, (0, 0), sigma) for sigma in (0.43, 1.48))
    return cast(FloatImage, cv2.subtract(fine, wide)[seen > 0.98])

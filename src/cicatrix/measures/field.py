"""A field with many scars: how even its complexion is, and how much of it is scar."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

from cicatrix.measures.blocks import block_means, block_side
from cicatrix.measures.texture import TextureChange, TextureIndex
from cicatrix.optics.cielab import linear_srgb_to_lab
from cicatrix.outline.ring import half_width
from cicatrix.photo.value import FloatImage
from cicatrix.skin.parts import labelled

__all__ = [
    "Field",
    "ScarLoad",
    "evenness",
    "evenness_change",
    "field_region",
    "scar_load",
]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float64]

_DARK = np.float32(1e-3)
_STANDS_OUT = 3.0
"""Standard deviations of the ring's own skin from which a spot counts."""
_LEAST_SPOT_SHARE = 0.15
"""Of the usual scar's area; smaller specks are pores and noise."""
_STRENGTH_SHARE = 0.6
"""Of the ln strength with which the follow-up draws the shared pattern of the skin, what a
field's own spread follows: its slope on it for 124 unchanged fields of tuning phantoms
(seeds 100 to 849; 0.69 and 0.52 on either half)."""
_DOUBT_OF_BLOCKS, _DOUBT_OF_STRENGTH, _LEAST_DOUBT = 3.0, 0.8, 0.03
"""How the error of a change (ln) grows with what blocks of the field tell and with that
strength: most likely under Student's t of five degrees for those fields (2.0 and 0.55;
2.2 and 0.62, 1.9 and 0.47 on either half), half as wide again, because one in nine of them
seemed changed at that law's own 95 %, and never less than the last."""
_ASIDE_SAMPLES = 5
"""Side of the square by which spots are grown before the ring is looked at alone."""
_LEAST_SEEN = 0.01
"""Share of a blur's weight on skin without spots below which it is not divided by it."""
_SURFACE_SAMPLES = 4000
_FEWEST_SAMPLES = 50
_BLOCKS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ScarLoad:
    """Scar-like spots of a field: share of its area, number, and the share's error."""

    area_fraction: float
    count: int
    area_fraction_sd: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """A field of scars in one photograph, as both measures look at it.

    `light` (rows, cols, 3) is linear, `mask`, `ring` (rows, cols) are the spots and the
    skin beside them, `half_width` of the spots in samples. `band` (rows, cols, 3) is log
    light between half and four times that width, `plain` the same of the skin without the
    spots, so that their halo is no unevenness of the ring.
    """

    light: FloatImage
    mask: _Mask
    ring: _Mask
    half_width: float
    band: FloatImage
    plain: FloatImage

    @classmethod
    def of(cls, light: FloatImage, mask: _Mask, ring: _Mask) -> "Field":
        """The field from light and masks."""
        half = half_width(mask)
        log = cv2.log(np.maximum(light, _DARK)) - _surface(light, ring)
        return cls(
            light=light,
            mask=mask,
            ring=ring,
            half_width=half,
            band=_band(log, half),
            plain=_band_beside(log, mask, ring, half),
        )


def field_region(mask: _Mask) -> _Mask:
    """The field as a whole: the convex hull of all its spots, (rows, cols) bool."""
    points = np.argwhere(mask)[:, ::-1].astype(np.int32)
    filled = np.zeros(mask.shape, np.uint8)
    if len(points):
        cv2.fillConvexPoly(filled, cv2.convexHull(points), 1)
    return filled.astype(bool)


def evenness(field: Field) -> TextureIndex:
    """How even the complexion of a field is at the size of its scars: ring over field.

    1 is as even as the skin beside it, 0 nothing but spots. Log light, freed of the light's
    own slope over the ring, is band-passed between half and four times the half width of
    the scars, put back on the ring's mean colour and taken to CIELAB; the spread is the
    root mean square of ΔE*ab from that colour, its upper hundredth left out. The field is
    the hull of the spots; of the ring only skin without spots counts.
    """
    return evenness_change((field, field), 0.0).before


def evenness_change(fields: tuple[Field, Field], strength_ln: float) -> TextureChange:
    """`evenness` of two visits on one grid, and its change.

    Parameters
    ----------
    fields
        Before and after.
    strength_ln
        ln of how strongly the follow-up draws the pattern of the skin that both show
        (`change.strength`): a photograph that draws skin stronger draws spots so too.

    Returns
    -------
    TextureChange
        NaN where a region is too small or flat. Both visits are put on one skin colour, as
        exposure would scale ΔE, and over one ring: what came to the ring is no change of
        the field.
    """
    before = fields[0]
    region = field_region(before.mask) & ~(before.ring & ~before.mask) | before.mask
    if min(np.count_nonzero(before.ring), np.count_nonzero(region)) < _FEWEST_SAMPLES:
        return _unknown_change()
    skin = np.exp(
        np.mean([np.log(one.light[before.ring].mean(axis=0)) for one in fields], axis=0)
    )
    squared = [_squared_steps(one.band, skin, region) for one in fields]
    plain = [_squared_steps(one.plain, skin, before.ring) for one in fields]
    inside = [_mean(one, region) for one in squared]
    around = [_mean(one, before.ring) for one in plain]
    if min(value for value, _ in inside + around) <= 0:
        return _unknown_change()
    logs = 0.5 * np.log([value for value, _ in inside])
    level = 0.5 * float(np.mean(np.log([value for value, _ in around])))
    change = _STRENGTH_SHARE * strength_ln - float(logs[1] - logs[0])
    indices = [
        TextureIndex(
            ratio=float(np.exp(level - logs.mean() + half * change)),
            log_sd=0.5 * float(np.hypot(error / value, ring[1] / ring[0])),
        )
        for half, (value, error), ring in zip((-0.5, 0.5), inside, around, strict=True)
    ]
    doubts = [
        _DOUBT_OF_BLOCKS * _paired_error(squared, region),
        _DOUBT_OF_STRENGTH * strength_ln,
        _LEAST_DOUBT,
    ]
    return TextureChange(
        before=indices[0],
        after=indices[1],
        log_change=change,
        log_sd=float(np.linalg.norm(doubts)),
    )


def _unknown_change() -> TextureChange:
    nothing = TextureIndex(ratio=float("nan"), log_sd=float("nan"))
    return TextureChange(
        before=nothing, after=nothing, log_change=float("nan"), log_sd=float("nan")
    )


def _paired_error(squared: list[FloatImage], region: _Mask) -> float:
    """Error of half the log ratio of two means over a region, over blocks in pairs."""
    side = block_side(region, wanted=_BLOCKS)
    before, after = (block_means(one[..., None], region, side) for one in squared)
    share = before.counts / before.counts.sum()
    means = [float(share @ one.values[:, 0]) for one in (before, after)]
    apart = after.values[:, 0] / means[1] - before.values[:, 0] / means[0]
    return 0.5 * float(((share**2) @ apart**2) ** 0.5)


def scar_load(field: Field) -> ScarLoad:
    """How much of a field is scar-like, judged by its own ring.

    A sample is scar-like where its band-passed log colour lies more than three standard
    deviations of the ring off, to the side where the outlined spots lie.
    """
    mask, ring, band = field.mask, field.ring, field.band
    region = field_region(mask) | mask
    centre = np.median(band[ring], axis=0)
    covariance = np.cov((band[ring] - centre).T) + 1e-8 * np.eye(3)
    level = np.median(band[mask], axis=0) - centre
    direction = np.linalg.solve(covariance, level)
    size = float(level @ direction) ** 0.5
    score = (band - centre) @ (direction / max(size, 1e-9)).astype(np.float32)
    # At half of the scars' own level where they stand out clearly.
    scars = (score > max(_STANDS_OUT, 0.5 * size)) & region
    labels, areas = labelled(scars)
    usual = np.pi * max(field.half_width, 1.0) ** 2
    large = areas >= max(4.0, _LEAST_SPOT_SHARE * usual)
    kept = large[labels]
    share, error = _mean(kept.astype(np.float32), region)
    return ScarLoad(area_fraction=share, count=int(large.sum()), area_fraction_sd=error)


def _band(log: MatLike, half_width_samples: float) -> FloatImage:
    fine, coarse = _ends(half_width_samples)
    return np.asarray(cv2.subtract(_blurred(log, fine), _blurred(log, coarse)))


def _band_beside(
    log: MatLike, spots: _Mask, ring: _Mask, half_width_samples: float
) -> FloatImage:
    """`_band` of the skin without spots: each blur is over what is seen of it."""
    grown = cv2.dilate(
        spots.astype(np.uint8), np.ones((_ASIDE_SAMPLES, _ASIDE_SAMPLES), np.uint8)
    )
    weight = np.asarray(grown == 0, np.float32)
    level = log[ring].mean(axis=0) if ring.any() else np.float32(0.0)
    seen = (log - level) * weight[..., None]
    fine, coarse = (
        _blurred(seen, sigma)
        / np.maximum(_blurred(weight, sigma), _LEAST_SEEN)[..., None]
        for sigma in _ends(half_width_samples)
    )
    return np.asarray(fine - coarse, np.float32)


def _ends(half_width_samples: float) -> tuple[float, float]:
    """The blurs (samples) between which a band lies."""
    return max(0.7, 0.5 * half_width_samples), max(6.0, 4.0 * half_width_samples)


def _blurred(values: MatLike, sigma: float) -> MatLike:
    """Gaussian blur; wide ones at reduced size, which changes them by under 1 %."""
    rows, cols = values.shape[:2]
    shrink = int(sigma // 3)
    if shrink < 2 or min(rows, cols) < 4 * shrink:
        return cv2.GaussianBlur(values, (0, 0), sigma)
    small = cv2.resize(
        values, (cols // shrink, rows // shrink), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
    return cv2.resize(small, (cols, rows))


def _squared_steps(band: FloatImage, skin: _Array, seen: _Mask) -> FloatImage:
    """ΔE*ab squared (rows, cols) of the samples seen from a skin's colour (3,).

    0 elsewhere; the upper hundredth is clipped.
    """
    lab = linear_srgb_to_lab(skin * np.exp(band[seen]))
    steps = ((lab - linear_srgb_to_lab(skin)) ** 2).sum(axis=-1)
    squared = np.zeros(seen.shape, dtype=np.float32)
    squared[seen] = np.minimum(steps, np.quantile(steps, 0.99))
    return squared


def _surface(light: FloatImage, ring: _Mask) -> FloatImage:
    """Second-order surface (rows, cols, 3) of log light over a ring, but for its level."""
    rows, cols = ring.shape
    y = (np.arange(rows, dtype=np.float32) / rows - np.float32(0.5))[:, None]
    x = (np.arange(cols, dtype=np.float32) / cols - np.float32(0.5))[None, :]
    at = np.flatnonzero(ring)
    at = at[:: max(1, len(at) // _SURFACE_SAMPLES)]
    v, u = y[at // cols, 0], x[0, at % cols]
    basis = np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=-1)
    logs = np.log(np.maximum(light.reshape(-1, 3)[at], _DARK))
    found = np.linalg.lstsq(basis, logs, rcond=None)[0].astype(np.float32)
    _, in_x, in_y, in_xx, in_xy, in_yy = found
    channels = [
        (x * in_x[c] + x * x * in_xx[c]) + y * (y * in_yy[c] + (in_y[c] + x * in_xy[c]))
        for c in range(3)
    ]
    return np.asarray(cv2.merge(channels), np.float32)


def _mean(values: FloatImage, region: _Mask) -> tuple[float, float]:
    """Mean over a region and its standard error over blocks."""
    if region.sum() < _FEWEST_SAMPLES:
        return float("nan"), float("nan")
    blocks = block_means(values[..., None], region, block_side(region, wanted=_BLOCKS))
    share = blocks.counts / blocks.counts.sum()
    mean = float(share @ blocks.values[:, 0])
    return mean, float((share**2) @ (blocks.values[:, 0] - mean) ** 2) ** 0.5

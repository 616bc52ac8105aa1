"""A field with many scars: how uneven its complexion is, and how much of it is scar."""

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
    "field_region",
    "scar_load",
    "unevenness",
    "unevenness_change",
]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float64]

_DARK = np.float32(1e-3)
_STANDS_OUT = 3.0
"""Standard deviations of the ring's own skin from which a spot counts."""
_LEAST_SPOT_SHARE = 0.15
"""Of the usual scar's area; smaller specks are pores and noise."""
_STEADY_SHARE = 0.9
"""Of the ring's samples; the others stand out most at one of the visits: a hair, a glint
or a flush that came to skin which was plain when the ring was drawn."""
_RING_SHARE = 0.65
"""Of a change of the ring is the photograph's doing, the rest new blotches of the skin:
slope of the field's change on the ring's where nothing changed."""
_DOUBT_OF_BLOCKS, _DOUBT_OF_RING = 3.2, 0.43
"""How the error of a change grows with what blocks of the field tell and with the change of
the ring's own unevenness (ln): most likely under Student's t of five degrees for 63
unchanged fields of tuning phantoms (seeds 100 to 739), and a third wider. What the
photographs do not share of the ring's pattern added nothing."""
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
    light between half and four times that width.
    """

    light: FloatImage
    mask: _Mask
    ring: _Mask
    half_width: float
    band: FloatImage

    @classmethod
    def of(cls, light: FloatImage, mask: _Mask, ring: _Mask) -> "Field":
        """The field from light and masks."""
        half = half_width(mask)
        log = cv2.log(np.maximum(light, _DARK)) - _surface(light, ring)
        return cls(
            light=light, mask=mask, ring=ring, half_width=half, band=_band(log, half)
        )


def field_region(mask: _Mask) -> _Mask:
    """The field as a whole: the convex hull of all its spots, (rows, cols) bool."""
    points = np.argwhere(mask)[:, ::-1].astype(np.int32)
    filled = np.zeros(mask.shape, np.uint8)
    if len(points):
        cv2.fillConvexPoly(filled, cv2.convexHull(points), 1)
    return filled.astype(bool)


def unevenness(field: Field) -> TextureIndex:
    """How uneven the complexion of a field is at the size of its scars, over its ring.

    Log light, freed of the light's own slope over the ring, is band-passed between half
    and four times the half width of the scars, put back on the ring's mean colour and
    taken to CIELAB; the spread is the root mean square of ΔE*ab from that colour, its
    upper hundredth left out. The field is the hull of the spots.
    """
    return unevenness_change((field, field)).before


def unevenness_change(fields: tuple[Field, Field]) -> TextureChange:
    """`unevenness` of two visits on one grid, and its change.

    The ring says how strongly each photograph draws unevenness, from the samples that
    are plain at both visits; two thirds of its change are taken for the photograph's.
    """
    before = fields[0]
    region = field_region(before.mask) & ~(before.ring & ~before.mask) | before.mask
    squared = [_squared_steps(field, region | before.ring) for field in fields]
    rings = [one[before.ring] for one in squared]
    if min(np.count_nonzero(before.ring), np.count_nonzero(region)) < _FEWEST_SAMPLES:
        return _unknown_change()
    levels = [max(float(np.median(one)), 1e-9) for one in rings]
    apart = np.maximum(*(one / level for one, level in zip(rings, levels, strict=True)))
    steady = before.ring.copy()
    steady[before.ring] = apart <= np.quantile(apart, _STEADY_SHARE)
    inside = [_mean(one, region) for one in squared]
    around = [_mean(one, steady) for one in squared]
    if min(value for value, _ in inside + around) <= 0:
        return _unknown_change()
    rings_log = np.log([value for value, _ in around])
    shrunk = rings_log.mean() + _RING_SHARE * (rings_log - rings_log.mean())
    indices = [
        TextureIndex(
            ratio=float(np.exp((np.log(value) - level) / 2)),
            log_sd=0.5 * float(np.hypot(error / value, ring[1] / ring[0])),
        )
        for (value, error), ring, level in zip(inside, around, shrunk, strict=True)
    ]
    return TextureChange(
        before=indices[0],
        after=indices[1],
        log_change=float(np.log(indices[1].ratio / indices[0].ratio)),
        log_sd=float(
            np.linalg.norm(
                [
                    _DOUBT_OF_BLOCKS * _paired_error(squared, region),
                    _DOUBT_OF_RING * (rings_log[1] - rings_log[0]) / 2,
                ]
            )
        ),
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
    fine = max(0.7, 0.5 * half_width_samples)
    coarse = max(6.0, 4.0 * half_width_samples)
    return np.asarray(cv2.subtract(_blurred(log, fine), _blurred(log, coarse)))


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


def _squared_steps(field: Field, seen: _Mask) -> FloatImage:
    """ΔE*ab squared (rows, cols) of the samples seen from the ring's mean colour.

    0 elsewhere; the upper hundredth is clipped.
    """
    skin = field.light[field.ring].mean(axis=0)
    level = linear_srgb_to_lab(skin)
    lab = linear_srgb_to_lab(skin * np.exp(field.band[seen]))
    steps = ((lab - level) ** 2).sum(axis=-1)
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

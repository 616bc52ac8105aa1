"""A field with many scars: how uneven its complexion is, and how much of it is scar."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

from cicatrix.measures.blocks import block_means, block_side
from cicatrix.optics.cielab import linear_srgb_to_lab
from cicatrix.outline.ring import half_width
from cicatrix.photo.value import FloatImage
from cicatrix.skin.parts import labelled

__all__ = ["Field", "ScarLoad", "Unevenness", "field_region", "scar_load", "unevenness"]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float64]

_DARK = np.float32(1e-3)
_STANDS_OUT = 3.0
"""Standard deviations of the ring's own skin from which a spot counts."""
_LEAST_SPOT_SHARE = 0.15
"""Of the usual scar's area; smaller specks are pores and noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unevenness:
    """Robust spread of colour at the size of scars, in ΔE*ab, and its error.

    `field` in the field, `ring` in the skin beside it, `ratio` field over ring with
    `log_sd`, one standard deviation of its natural log.
    """

    field: float
    ring: float
    ratio: float
    log_sd: float


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
        return cls(
            light=light, mask=mask, ring=ring, half_width=half, band=_band(light, half)
        )


def field_region(mask: _Mask) -> _Mask:
    """The field as a whole: the convex hull of all its spots, (rows, cols) bool."""
    points = np.argwhere(mask)[:, ::-1].astype(np.int32)
    filled = np.zeros(mask.shape, np.uint8)
    if len(points):
        cv2.fillConvexPoly(filled, cv2.convexHull(points), 1)
    return filled.astype(bool)


def unevenness(field: Field) -> Unevenness:
    """How uneven the complexion of a field is at the size of its scars.

    Log light is band-passed between half and four times the half width of the scars, put
    back on the ring's mean colour and taken to CIELAB; the spread is the root mean square
    of ΔE*ab from that colour, its upper hundredth left out. The field is the hull of the
    spots.
    """
    mask, ring = field.mask, field.ring
    region = field_region(mask) & ~(ring & ~mask)
    region |= mask
    seen = region | ring
    steps = _squared_steps(field, seen)
    squared = np.zeros(mask.shape, dtype=np.float32)
    squared[seen] = np.minimum(steps, np.quantile(steps, 0.99))
    (a, a_error), (b, b_error) = (_mean(squared, part) for part in (region, ring))
    if not (a > 0 and b > 0):
        return Unevenness(
            field=float("nan"),
            ring=float("nan"),
            ratio=float("nan"),
            log_sd=float("nan"),
        )
    return Unevenness(
        field=a**0.5,
        ring=b**0.5,
        ratio=(a / b) ** 0.5,
        log_sd=0.5 * float(np.hypot(a_error / a, b_error / b)),
    )


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


def _band(light: FloatImage, half_width_samples: float) -> FloatImage:
    log = cv2.log(np.maximum(light, _DARK))
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
    """ΔE*ab squared (n,) of the samples seen from the ring's mean colour."""
    skin = field.light[field.ring].mean(axis=0)
    level = linear_srgb_to_lab(skin)
    lab = linear_srgb_to_lab(skin * np.exp(field.band[seen]))
    return np.asarray(((lab - level) ** 2).sum(axis=-1), np.float32)


def _mean(values: FloatImage, region: _Mask) -> tuple[float, float]:
    """Mean over a region and its standard error over blocks."""
    if region.sum() < 50:
        return float("nan"), float("nan")
    blocks = block_means(values[..., None], region, block_side(region, wanted=40))
    share = blocks.counts / blocks.counts.sum()
    mean = float(share @ blocks.values[:, 0])
    return mean, float((share**2) @ (blocks.values[:, 0] - mean) ** 2) ** 0.5

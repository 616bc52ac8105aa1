"""Relief and lines of a lesion against the skin beside it: relative texture indices.

One photograph tells light and shade, not heights: these are ratios of lesion to ring,
so that exposure, gain and (to first order) the tone curve drop out. Bring two views to
one sharpness first (`sharpness.match_sharpness`).
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.measures.blocks import block_means, block_side
from cicatrix.photo.channels import mean_channel
from cicatrix.photo.value import FloatImage

__all__ = ["TextureIndex", "line_density", "relief_index"]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float64]

_DARK = np.float32(1e-3)
_FINE_SAMPLES, _COARSE_SAMPLES = 1.0, 4.0
"""Relief is looked for between these blurs: wider than noise, finer than mottling."""
_NOISE_SAMPLES = 41
"""Side of the square over which noise is taken to be alike."""
_LINE_SHARE = 0.10
"""Share of the ring that counts as line; the threshold follows each photograph."""
_MARGIN_SAMPLES = 2.0
"""Kept off the lesion's border, whose colour step is no relief."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextureIndex:
    """Lesion over ring, 1 where they are alike, and the error of its natural log.

    `log_sd` is one standard deviation over spatial blocks.
    """

    ratio: float
    log_sd: float


def relief_index(light: FloatImage, lesion: _Mask, ring: _Mask) -> TextureIndex:
    """Strength of light and shade at wrinkle size, lesion over ring.

    Root of the mean square of band-passed log light (difference of two Gaussian blurs),
    freed of white noise whose share is read from the finest differences of neighbours.

    Parameters
    ----------
    light : (rows, cols, 3) float32
        Linear light.
    lesion, ring : (rows, cols) bool
        As in an outline; samples near the lesion's border are left out.

    Returns
    -------
    TextureIndex
        NaN where either region is too small or flat.
    """
    log = _log_light(light)
    # Each region by its own level: the step of colour between them is no texture.
    band = _band(log, lesion | ring)
    noise = _noise_power(log)
    power = (band**2 - noise).astype(np.float32)
    return _ratio(power, _inner(lesion), ring, root=True)


def line_density(light: FloatImage, lesion: _Mask, ring: _Mask) -> TextureIndex:
    """Share of the lesion covered by fine dark or light lines, over that of the ring.

    A line is where the larger curvature of log light (Hessian at scale 1.5 samples)
    exceeds what a tenth of the ring exceeds, in the same photograph.
    """
    log = _log_light(light)
    smooth = cv2.GaussianBlur(log, (0, 0), 1.5)
    xx = cv2.Sobel(smooth, cv2.CV_32F, 2, 0, ksize=3)
    yy = cv2.Sobel(smooth, cv2.CV_32F, 0, 2, ksize=3)
    xy = cv2.Sobel(smooth, cv2.CV_32F, 1, 1, ksize=3)
    across = cv2.magnitude((xx - yy) / 2, xy)
    curvature = np.abs((xx + yy) / 2) + across
    # Lines bend one way only: a pore bends both ways alike and counts less.
    strength = np.minimum(curvature, 2 * across)
    if not ring.any():
        return TextureIndex(ratio=float("nan"), log_sd=float("nan"))
    values = strength[ring]
    place = round((1 - _LINE_SHARE) * (len(values) - 1))
    limit = np.partition(values, place)[place]
    lines = (strength > limit).astype(np.float32)
    return _ratio(lines, _inner(lesion), ring, root=False)


def _log_light(light: FloatImage) -> FloatImage:
    return np.asarray(np.log(np.maximum(mean_channel(light), _DARK)), np.float32)


def _band(log: FloatImage, seen: _Mask) -> FloatImage:
    weight = seen.astype(np.float32)
    fine = cv2.GaussianBlur(log, (0, 0), _FINE_SAMPLES)
    coarse = cv2.GaussianBlur(log, (0, 0), _COARSE_SAMPLES)
    return np.asarray((fine - coarse) * weight, np.float32)


def _noise_power(log: FloatImage) -> FloatImage:
    """White noise in the band, local: from differences that smooth skin has not."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6.0
    finest = cv2.filter2D(log, cv2.CV_32F, kernel) ** 2
    local = cv2.blur(finest, (_NOISE_SAMPLES, _NOISE_SAMPLES))
    # Power that white noise of unit variance leaves in the difference of two blurs.
    a, b = _FINE_SAMPLES**2, _COARSE_SAMPLES**2
    share = 1 / (4 * np.pi) * (1 / a + 1 / b - 4 / (a + b))
    return np.asarray(share * local, np.float32)


def _inner(lesion: _Mask) -> _Mask:
    depth = cv2.distanceTransform(lesion.astype(np.uint8), cv2.DIST_L2, 5)
    inner = depth > _MARGIN_SAMPLES
    return np.asarray(inner) if np.count_nonzero(inner) >= 50 else lesion


def _ratio(
    values: FloatImage, lesion: _Mask, ring: _Mask, *, root: bool
) -> TextureIndex:
    means, errors = [], []
    for region in (lesion, ring):
        if np.count_nonzero(region) < 50:
            return TextureIndex(ratio=float("nan"), log_sd=float("nan"))
        blocks = block_means(values[..., None], region, block_side(region, wanted=40))
        share = blocks.counts / blocks.counts.sum()
        mean = float(share @ blocks.values[:, 0])
        spread = float((share**2) @ (blocks.values[:, 0] - mean) ** 2)
        means.append(mean)
        errors.append(spread**0.5 / mean if mean > 0 else float("nan"))
    if min(means) <= 0:
        return TextureIndex(ratio=float("nan"), log_sd=float("nan"))
    power = 0.5 if root else 1.0
    return TextureIndex(
        ratio=(means[0] / means[1]) ** power,
        log_sd=power * float(np.hypot(errors[0], errors[1])),
    )

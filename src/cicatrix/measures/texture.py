"""Fine pattern of a lesion against the skin beside it: a relative texture index.

One photograph tells shade and pigment alike, not heights: the index is a ratio of lesion to
ring, so that exposure, gain and (to first order) the tone curve drop out. Bring two views
to one sharpness first (`sharpness.match_sharpness`).
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.measures.blocks import Blocks, block_means, block_side
from cicatrix.photo.channels import mean_channel
from cicatrix.photo.value import FloatImage

__all__ = [
    "TextureChange",
    "TextureIndex",
    "beside_contrast",
    "pattern_change",
    "pattern_index",
]

_Mask = npt.NDArray[np.bool_]

_DARK = np.float32(1e-3)
_FINE_SAMPLES, _COARSE_SAMPLES = 1.0, 4.0
"""The pattern lies between these blurs: wider than noise, finer than mottling."""
_NOISE_SAMPLES = 41
"""Side of the square over which noise is taken to be alike."""
_BLOCKS = 40
"""Blocks a region is cut into: each holds several furrows."""
_LEAST_SAMPLES = 50
"""A region of fewer has no pattern to speak of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextureIndex:
    """Lesion over ring, 1 where they are alike, and the error of its natural log.

    `log_sd` is one standard deviation over spatial blocks.
    """

    ratio: float
    log_sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextureChange:
    """An index at two visits and the change of its natural log, one SD told.

    What both photographs share, block by block, takes no part in that error; that light
    from elsewhere draws another relief does.
    """

    before: TextureIndex
    after: TextureIndex
    log_change: float
    log_sd: float


_Pair = tuple[FloatImage, FloatImage]
_Parts = tuple[Blocks, Blocks]
"""Of a lesion and of its ring."""


_DOUBT_OF_BLOCKS, _DOUBT_OF_UNSHARED, _DOUBT_OF_RING = 2.5, 0.31, 0.36
"""How the error of a change grows with what blocks of skin tell, with the pattern that the
photographs do not share, with the change of the ring's own texture (ln).

Most likely under Student's t of five degrees for unchanged lesions in 295 tuning pairs of
phantoms (1.4, 0.16 and 0.19; seeds 100 to 849; 1.1 to 1.6, 0.16 and 0.16 to 0.21
on either half), widened to that law's 95 %, and again by two fifths: under lamps, cameras
and lesions that tuning did not know, 3.5 % of pairs seemed changed where 1 % of tuning
pairs did at such a width."""

_FOLLOWS_CONTRAST = 0.7
"""How far the index of an unchanged lesion follows what camera and lamp do to its contrast
(ln), per share of its pattern that is more than skin's own: its border and its pigment.
By least squares beside the ring's own change, 216 unchanged pairs of tuning phantoms, each
told either way round (seeds 100 to 739): 0.73; 0.70 to 0.82 with a quarter of the cameras
left out, 0.54 to 0.75 with a kind of lamp left out."""


def pattern_change(lights: _Pair, lesion: _Mask, ring: _Mask) -> TextureChange:
    """`pattern_index` of two views on one grid, equally sharp, and its change.

    Parameters
    ----------
    lights : two (rows, cols, 3) float32
        Linear light before and after.
    lesion, ring : (rows, cols) bool
        As in an outline.

    Returns
    -------
    TextureChange
        NaN where either region is too small or flat.
    """
    logs = [_log_light(one) for one in lights]
    bands = [_band(one, lesion | ring) for one in logs]
    powers = [_power(band, log) for band, log in zip(bands, logs, strict=True)]
    parts = _blocks(powers, lesion, ring)
    return _change(parts, _shared_pattern([band[ring] for band in bands]))


def beside_contrast(found: TextureChange, contrast_sd_ln: float) -> TextureChange:
    """The same change, as sure as camera and lamp let the lesion's contrast be known.

    Parameters
    ----------
    found
        From `pattern_change`, whose error holds what the skin beside the lesion shows.
    contrast_sd_ln
        One standard deviation of the change of the lesion's contrast that two captures
        of an unchanged lesion may show.
    """
    ratios = found.before.ratio * found.after.ratio
    if not ratios > 1:
        return found
    doubt = _FOLLOWS_CONTRAST * (1 - 1 / ratios) * contrast_sd_ln
    return replace(found, log_sd=float(np.hypot(found.log_sd, doubt)))


def _shared_pattern(each: list[npt.NDArray[np.float32]]) -> float:
    """Correlation of the ring's band-passed log light (n,) between two views, -1..1."""
    if not each[0].size or min(float(one.std()) for one in each) == 0:
        return float("nan")
    return float(np.corrcoef(each[0], each[1])[0, 1])


def _change(parts: _Parts | None, shared: float) -> TextureChange:
    before, after = (_ratio(parts, view) for view in (0, 1))
    if parts is None or not (before.ratio > 0 and after.ratio > 0):
        return TextureChange(
            before=before, after=after, log_change=float("nan"), log_sd=float("nan")
        )
    (_, lesion_error), (ring_step, ring_error) = (_paired(part) for part in parts)
    return TextureChange(
        before=before,
        after=after,
        log_change=float(np.log(after.ratio / before.ratio)),
        log_sd=float(
            np.linalg.norm(
                [
                    _DOUBT_OF_BLOCKS * float(np.hypot(lesion_error, ring_error)) / 2,
                    _DOUBT_OF_UNSHARED * (1 - shared),
                    _DOUBT_OF_RING * ring_step / 2,
                ]
            )
        ),
    )


def _paired(blocks: Blocks) -> tuple[float, float]:
    """Log ratio of the means after to before, and its error over blocks in pairs."""
    share = blocks.counts / blocks.counts.sum()
    before, after = blocks.values.T
    means = [float(share @ one) for one in (before, after)]
    apart = after / means[1] - before / means[0]
    return float(np.log(means[1] / means[0])), float(((share**2) @ apart**2) ** 0.5)


def pattern_index(light: FloatImage, lesion: _Mask, ring: _Mask) -> TextureIndex:
    """Strength of shade and fine pigment at the size of furrows, lesion over ring.

    Root of the mean square of band-passed log light (difference of two Gaussian blurs),
    freed of white noise whose share is read from the finest differences of neighbours.

    Parameters
    ----------
    light : (rows, cols, 3) float32
        Linear light.
    lesion, ring : (rows, cols) bool
        As in an outline. The lesion's border counts as a whole: of a band that is left out
        a photograph laid half a sample off lets in another half.

    Returns
    -------
    TextureIndex
        NaN where either region is too small or flat.
    """
    log = _log_light(light)
    power = _power(_band(log, lesion | ring), log)
    return _ratio(_blocks([power], lesion, ring), 0)


def _power(band: FloatImage, log: FloatImage) -> FloatImage:
    """Square of the band-passed log light, freed of white noise, (rows, cols)."""
    return np.asarray(band**2 - _noise_power(log), np.float32)


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


def _blocks(powers: list[FloatImage], lesion: _Mask, ring: _Mask) -> _Parts | None:
    """Blocks of each region with the powers of all views; None where one is too small."""
    if min(np.count_nonzero(lesion), np.count_nonzero(ring)) < _LEAST_SAMPLES:
        return None
    values = np.stack(powers, axis=-1)
    of_lesion, of_ring = (
        block_means(values, region, block_side(region, wanted=_BLOCKS))
        for region in (lesion, ring)
    )
    return of_lesion, of_ring


def _ratio(parts: _Parts | None, view: int) -> TextureIndex:
    """Root of the ratio of two regions' mean powers in one of the views."""
    if parts is None:
        return TextureIndex(ratio=float("nan"), log_sd=float("nan"))
    means, errors = [], []
    for blocks in parts:
        share = blocks.counts / blocks.counts.sum()
        values = blocks.values[:, view]
        mean = float(share @ values)
        spread = float((share**2) @ (values - mean) ** 2)
        means.append(mean)
        errors.append(spread**0.5 / mean if mean > 0 else float("nan"))
    if min(means) <= 0:
        return TextureIndex(ratio=float("nan"), log_sd=float("nan"))
    return TextureIndex(
        ratio=(means[0] / means[1]) ** 0.5,
        log_sd=0.5 * float(np.hypot(errors[0], errors[1])),
    )

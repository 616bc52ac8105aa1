"""The pictures a report shows: both photographs aligned, at one scale and colour."""

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.change.visits import VisitComparison
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab
from cicatrix.outline.value import Outline
from cicatrix.photo.value import FloatImage
from cicatrix.report.pictures import ComparisonPictures
from cicatrix.work.laying import Laid

__all__ = ["pictures_of"]

_Mask = npt.NDArray[np.bool_]

MAX_SIDE = 640
"""Of a report's picture: sharp on a phone and on paper, small in the file."""


def pictures_of(
    before: Laid, after: Laid, outline: Outline, told: VisitComparison
) -> ComparisonPictures:
    """Both photographs on the outline's grid, colours matched on healthy skin."""
    first, second = told.calibrated[0], told.calibrated[-1]
    seen = outline.ring & before.usable & after.usable
    gain = np.ones(3)
    if seen.any():
        gain = np.median(first[seen], axis=0) / np.median(second[seen], axis=0)
    second = second * gain.astype(np.float32)
    shrink = min(1.0, MAX_SIDE / max(outline.window.shape))
    small = [_resized(image, shrink) for image in (first, second)]
    lesion, ring, usable = (
        _resized(mask.astype(np.float32), shrink) > 0.5
        for mask in (outline.mask, outline.ring, before.usable & after.usable)
    )
    labs = [linear_srgb_to_lab(image) for image in small]
    difference = np.where(usable, ciede2000(labs[0], labs[1]), np.nan)
    mm_per_px = None
    if before.photo.scale is not None:
        at = outline.polygon_xy.mean(axis=0)
        mm = before.photo.scale.mm_per_px_at(float(at[0]), float(at[1]))
        mm_per_px = mm * outline.window.step_px / shrink
    return ComparisonPictures(
        before=_encoded(small[0]),
        after=_encoded(small[1]),
        lesion=lesion,
        ring=ring,
        difference_de00=difference.astype(np.float32),
        mm_per_px=mm_per_px,
    )


def _resized(image: FloatImage, shrink: float) -> FloatImage:
    size = (
        max(1, round(image.shape[1] * shrink)),
        max(1, round(image.shape[0] * shrink)),
    )
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.float32)


def _encoded(linear: FloatImage) -> npt.NDArray[np.uint8]:
    """Code values of linear light after IEC 61966-2-1 (sRGB)."""
    light = np.clip(linear, 0, 1)
    code = np.where(
        light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055
    )
    return np.round(255 * code).astype(np.uint8)

"""Lay photographs of one lesion on the grid of its outline."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.value import Alignment
from cicatrix.change.sources import Regions
from cicatrix.change.visits import SkinView
from cicatrix.colour.calibration import Calibration, fit_calibration
from cicatrix.errors import PhotoUnusable
from cicatrix.measures.sharpness import match_sharpness
from cicatrix.outline.usable import excluded
from cicatrix.outline.value import Outline
from cicatrix.photo.value import FloatImage, Photo
from cicatrix.photo.view import linear_view
from cicatrix.skin.masks import glare_mask, hair_mask

__all__ = ["Laid", "calibration_of", "lay", "regions_for", "views_of"]

_Mask = npt.NDArray[np.bool_]

HAIR_SAMPLES = 2.5
"""Widest hair in samples of a lesion window; wider dark lines may be lesions."""

LEAST_SHINE_LN = 0.3
"""Gloss inside a lesion adds at least a third to its light; less is its own pattern."""

CLIPPED = 0.985
"""Linear light from here on has lost its colour: two steps below the top of 8 bits."""

MIN_CORE_SAMPLES = 12
MIN_RING_SAMPLES = 60
"""Fewer samples than these are no steadier than the skin's own grain."""

MIN_CORE_SHARE = 0.5
"""Less of a lesion than this left bare by hair and glare is another lesion."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """A photograph on an outline's grid; `alignment` is `None` for the outline's own.

    `light` (rows, cols, 3) linear as decoded; `usable` (rows, cols) where it shows bare
    skin or lesion, without hair, glare, card or frame.
    """

    photo: Photo
    alignment: Alignment | None
    light: FloatImage
    usable: _Mask
    calibration: Calibration | None


def calibration_of(photo: Photo) -> Calibration | None:
    """What the photograph's own colour reference says, `None` without one."""
    return None if photo.reference is None else fit_calibration(photo.reference)


def lay(photo: Photo, outline: Outline, alignment: Alignment | None) -> Laid:
    """Sample a photograph on the outline's grid, carried over by its alignment."""
    mapping = None if alignment is None else alignment.to_followup
    light, inside = linear_view(photo, outline.window, mapping)
    usable = inside & _unspoilt(light, outline.mask)
    if photo.reference is not None and photo.reference.corners_xy:
        corners = np.asarray(photo.reference.corners_xy)
        if alignment is not None:
            corners = alignment.to_baseline(corners)
        usable &= ~excluded(outline.window, [corners])
    return Laid(
        photo=photo,
        alignment=alignment,
        light=light,
        usable=usable,
        calibration=calibration_of(photo),
    )


def _unspoilt(light: FloatImage, lesion: _Mask) -> _Mask:
    """Where neither hair nor glare hides the skin.

    The masks of healthy skin take a pale scar for gloss and narrow striae for hair, so
    inside the lesion only what stands far above its own light counts.
    """
    near = cv2.dilate(lesion.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    spoilt = glare_mask(light) | hair_mask(light, hair_px=HAIR_SAMPLES)
    level = np.log(light.mean(axis=2) + np.float32(1e-4))
    own = level[lesion]
    middle = float(np.median(own))
    spread = 1.4826 * float(np.median(np.abs(own - middle)))
    shine = level > middle + max(LEAST_SHINE_LN, 5 * spread)
    clipped = light.max(axis=2) >= CLIPPED
    return np.asarray(~np.where(near, shine | clipped, spoilt))


def regions_for(outline: Outline, laid: list[Laid]) -> Regions:
    """The outline's masks where every photograph is usable.

    Raises
    ------
    PhotoUnusable
        Hair, glare or the picture's edge leave too little of the lesion or its ring.
    """
    usable = np.logical_and.reduce([one.usable for one in laid])
    core, ring = outline.core & usable, outline.ring & usable
    if core.sum() < max(MIN_CORE_SAMPLES, MIN_CORE_SHARE * outline.core.sum()):
        raise PhotoUnusable(
            f"Only {core.sum() / outline.core.sum():.0%} of the lesion is free of hair, "
            "glare and the picture's edge in every photograph, so what is left is not "
            "the same lesion. Photograph it again without flash gloss, hair clipped."
        )
    if ring.sum() < MIN_RING_SAMPLES:
        raise PhotoUnusable(
            f"Only {int(ring.sum())} samples of bare skin beside the lesion are seen in "
            f"every photograph; {MIN_RING_SAMPLES} are needed to compare it with. "
            "Photograph it with more skin around it."
        )
    alternatives = [part & usable for part in outline.alternative_rings]
    return Regions(
        core=core,
        ring=ring,
        cores=tuple(mask & usable for mask in outline.alternative_masks),
        rings=tuple(alternatives[:2]),
        sectors=tuple(alternatives[2:]),
    )


def views_of(
    laid: list[Laid], outline: Outline, regions: Regions
) -> tuple[list[SkinView], float]:
    """Views at one sharpness, and the blur (samples, one SD) that matching left.

    Every photograph is brought to the softest.
    """
    lights, leftover = match_sharpness([one.light for one in laid], regions.ring)
    views = [
        SkinView(
            light=light,
            calibration=one.calibration,
            alignment_sd_samples=_alignment_sd(one, outline),
            camera=_camera(one.photo),
        )
        for one, light in zip(laid, lights, strict=True)
    ]
    return views, leftover


def _alignment_sd(one: Laid, outline: Outline) -> float:
    if one.alignment is None:
        return 0.0
    # The median of a two-dimensional normal error is 1.1774 standard deviations.
    return one.alignment.error_px / 1.1774 / outline.window.step_px


def _camera(photo: Photo) -> str | None:
    make, model = photo.capture.camera_make, photo.capture.camera_model
    return None if model is None else f"{make or ''} {model}".strip()

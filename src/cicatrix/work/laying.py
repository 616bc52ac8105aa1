"""Lay photographs of one lesion on the grid of its outline."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.value import Alignment
from cicatrix.change.around import strength_between
from cicatrix.change.sources import Regions
from cicatrix.change.strength import SharedStrength
from cicatrix.change.view import SkinView
from cicatrix.colour.calibration import Calibration, fit_calibration
from cicatrix.domain.reference import ReferenceKind
from cicatrix.errors import PhotoUnusable
from cicatrix.measures.sharpness import match_sharpness
from cicatrix.outline.usable import carried, excluded
from cicatrix.outline.value import Outline
from cicatrix.photo.channels import brightest, hues, mean_channel
from cicatrix.photo.middle import median
from cicatrix.photo.value import FloatImage, Photo
from cicatrix.photo.view import Window, linear_view
from cicatrix.skin.masks import glare_mask, hair_mask

__all__ = [
    "Laid",
    "Surroundings",
    "calibration_of",
    "lay",
    "regions_for",
    "strength_of",
    "surroundings_of",
    "views_of",
]

_Mask = npt.NDArray[np.bool_]

HAIR_SAMPLES = 2.5
"""Widest hair in samples of a lesion window; wider dark lines may be lesions."""

LEAST_SHINE_LN = 0.3
"""Gloss inside a lesion adds at least a third to its light; less is its own pattern."""

CLIPPED = 0.985
"""Linear light from here on has lost its colour: two steps below the top of 8 bits."""

LEAST_HUE_LN = 0.15
"""Healthy skin wanders by at least this much in the log ratio of two channels."""

WIDE_SAMPLES = 90_000
"""Of the surroundings: blotches of skin span many samples even so."""

WIDE_PIXELS_A_STEP = 1.5
"""Of a reduced copy, to a step of the surroundings: their blotches are far wider."""

MIN_CORE_SAMPLES = 12
MIN_RING_SAMPLES = 60
"""Fewer samples than these are no steadier than the skin's own grain."""

MIN_CORE_SHARE = 0.5
"""Less of a lesion than this left bare by hair and glare is another lesion."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surroundings:
    """Linear light (rows, cols, 3) of the skin around a lesion; (rows, cols) where bare."""

    light: FloatImage
    healthy: _Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """A photograph on an outline's grid; `alignment` is `None` for the outline's own.

    `light` (rows, cols, 3) linear as decoded; `usable` (rows, cols) where it shows bare
    skin or lesion, without hair, glare, card or frame. `surroundings` and `healthy` are
    the skin farther around on a grid of its own, without the lesion.
    """

    photo: Photo
    alignment: Alignment | None
    light: FloatImage
    usable: _Mask
    surroundings: FloatImage
    healthy: _Mask
    calibration: Calibration | None


def calibration_of(photo: Photo) -> Calibration | None:
    """What the photograph's own colour reference says, `None` without one to be read."""
    reference = photo.reference
    if reference is None or reference.kind is ReferenceKind.NONE:
        return None
    return fit_calibration(reference)


def lay(
    photo: Photo,
    outline: Outline,
    alignment: Alignment | None,
    *,
    calibration: Callable[[], Calibration | None] | None = None,
    around: Callable[[], Surroundings] | None = None,
) -> Laid:
    """Sample a photograph on the outline's grid, carried over by its alignment.

    `calibration` gives what `calibration_of` says of the photograph, `around` what
    `surroundings_of` says of all three, where that was begun before.
    """
    card = _card_in(photo, alignment)
    light, inside = _seen(photo, outline.window, alignment)
    usable = inside & _unspoilt(light, outline.mask) & ~excluded(outline.window, card)
    wide = surroundings_of(photo, outline, alignment) if around is None else around()
    return Laid(
        photo=photo,
        alignment=alignment,
        light=light,
        usable=usable,
        surroundings=wide.light,
        healthy=wide.healthy,
        calibration=calibration_of(photo) if calibration is None else calibration(),
    )


def surroundings_of(
    photo: Photo, outline: Outline, alignment: Alignment | None
) -> Surroundings:
    """The skin around a lesion farther than its ring, as `Laid` holds it."""
    card = _card_in(photo, alignment)
    wide = wide_window(outline)
    light, inside = _seen(
        photo, wide, alignment, finest_px=wide.step_px / WIDE_PIXELS_A_STEP
    )
    healthy = (
        inside
        & ~excluded(wide, card)
        & _healthy(light, carried(outline.ring, outline.window, wide))
        & ~_grown(carried(outline.mask, outline.window, wide))
    )
    return Surroundings(light=light, healthy=healthy)


def strength_of(
    first: Laid,
    around: Callable[[], Surroundings],
    calibration: Callable[[], Calibration | None],
) -> SharedStrength | None:
    """`strength_between` a photograph and one of which no more is known than that."""
    wide = around()
    second = replace(
        first,
        surroundings=wide.light,
        healthy=wide.healthy,
        calibration=calibration(),
    )
    return strength_between([first], [second])


def wide_window(outline: Outline) -> Window:
    """The skin around a lesion, twice as wide as the outline's own window."""
    own = outline.window
    step = own.step_px * 2 * np.sqrt(own.rows * own.cols / WIDE_SAMPLES)
    step = max(own.step_px, float(step))
    width, height = 2 * own.cols * own.step_px, 2 * own.rows * own.step_px
    return Window(
        left_px=own.left_px - width / 4,
        top_px=own.top_px - height / 4,
        cols=max(2, int(width / step)),
        rows=max(2, int(height / step)),
        step_px=step,
    )


def _seen(
    photo: Photo,
    window: Window,
    alignment: Alignment | None,
    *,
    finest_px: float = 1.0,
) -> tuple[FloatImage, _Mask]:
    # An identity is not sampled through: rounding would make equal files differ.
    if alignment is None or _is_identity(alignment):
        return linear_view(photo, window, finest_px=finest_px)
    return linear_view(photo, window, alignment.to_followup, finest_px=finest_px)


def _is_identity(alignment: Alignment) -> bool:
    plain = type(alignment) is Alignment and not alignment.sheets
    return plain and np.array_equal(alignment.affine, np.eye(2, 3))


def _card_in(
    photo: Photo, alignment: Alignment | None
) -> list[npt.NDArray[np.float64]]:
    """The card's outline in pixels of the baseline, if there is one."""
    if photo.reference is None or len(photo.reference.corners_xy) < 3:
        return []
    corners = np.asarray(photo.reference.corners_xy, dtype=np.float64)
    return [corners if alignment is None else alignment.to_baseline(corners)]


def _healthy(light: FloatImage, ring: _Mask) -> _Mask:
    """Skin of the ring's own hue, without hair and glare."""
    if np.count_nonzero(ring) < MIN_RING_SAMPLES:
        return np.zeros(ring.shape, dtype=bool)
    logs = np.log(np.maximum(light, np.float32(1e-4)))
    alike = np.ones(ring.shape, dtype=bool)
    for hue in hues(logs):
        middle = median(hue[ring])
        spread = 1.4826 * median(np.abs(hue[ring] - middle))
        alike &= np.abs(hue - middle) < max(LEAST_HUE_LN, 5 * spread)
    return alike & ~glare_mask(light) & ~hair_mask(light, hair_px=HAIR_SAMPLES)


def _grown(mask: _Mask) -> _Mask:
    return cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0


def _unspoilt(light: FloatImage, lesion: _Mask) -> _Mask:
    """Where neither hair nor glare hides the skin.

    The masks of healthy skin take a pale scar for gloss and narrow striae for hair, so
    inside the lesion only what stands far above its own light counts.
    """
    near = cv2.dilate(lesion.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    spoilt = glare_mask(light) | hair_mask(light, hair_px=HAIR_SAMPLES)
    level = np.log(mean_channel(light) + np.float32(1e-4))
    own = level[lesion]
    middle = median(own)
    spread = 1.4826 * median(np.abs(own - middle))
    shine = level > middle + max(LEAST_SHINE_LN, 5 * spread)
    clipped = brightest(light) >= CLIPPED
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
    if np.count_nonzero(ring) < MIN_RING_SAMPLES:
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
        drawn=outline.given,
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
            surroundings=one.surroundings,
            healthy=one.healthy,
            calibration=one.calibration,
            alignment_sd_samples=_alignment_sd(one, outline),
            camera=_camera(one.photo),
            flash=one.photo.capture.flash_fired,
        )
        for one, light in zip(laid, lights, strict=True)
    ]
    return views, leftover


def _alignment_sd(one: Laid, outline: Outline) -> float:
    if one.alignment is None:
        return 0.0
    return one.alignment.sd_px / outline.window.step_px


def _camera(photo: Photo) -> str | None:
    make, model = photo.capture.camera_make, photo.capture.camera_model
    return None if model is None else f"{make or ''} {model}".strip()

"""From a mask on a window to an outline with its ring, core and alternatives."""

from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.begin import Begin, waiting
from cicatrix.errors import LesionNotFound
from cicatrix.outline.ring import (
    Distances,
    adjacent_ring,
    half_width,
    jittered_masks,
    lesion_core,
    ring_parts,
)
from cicatrix.outline.usable import excluded
from cicatrix.outline.value import Kind, Mask, Outline, Polarity
from cicatrix.photo.channels import mean_channel
from cicatrix.photo.middle import median
from cicatrix.photo.value import FloatImage, Photo
from cicatrix.photo.view import Window, window_around
from cicatrix.skin.parts import labelled

__all__ = [
    "MAX_SAMPLES",
    "MAX_SAMPLES_COMPACT",
    "assemble_outline",
    "excluded",
    "kind_of",
    "lesion_window",
    "outline_mask",
    "outline_polygons",
    "sampled_mask",
]

MAX_SAMPLES = 150_000
"""Samples of a lesion window: the outline of a scar gains nothing from more."""
MAX_SAMPLES_COMPACT = 80_000
"""Of the window of one compact scar, which is wide in every direction: its Dice and fade
stayed within 0.002 and 0.2 points (40 pairs of seeds 100 to 139); lines lose by it."""
_MIN_RING_SAMPLES = 60
"""Below this no steady skin colour can be had."""


def lesion_window(
    photo: Photo,
    box_xyxy: tuple[float, float, float, float],
    area_px: float,
    *,
    max_samples: int = MAX_SAMPLES,
) -> Window:
    """A window over a lesion's bounding box with room for its ring.

    `area_px` is the lesion's area; the ring needs about its root on every side.
    """
    margin = 0.7 * float(np.sqrt(max(area_px, 1.0))) + 16.0
    left, top, right, bottom = box_xyxy
    grown = (left - margin, top - margin, right + margin, bottom + margin)
    return window_around(photo, grown, max_samples)


def assemble_outline(
    light: FloatImage,
    window: Window,
    mask: Mask,
    *,
    usable: Mask,
    others: Mask | None = None,
    beside: Begin = waiting,
) -> Outline:
    """The outline of a lesion whose mask is known.

    `light` (rows, cols, 3) is linear, on the window's grid; `usable` is bare skin there
    (see `usable.usable_skin`), `others` other lesions that the ring must keep clear of.
    `beside` begins on another core what follows from the mask alone.

    Raises
    ------
    LesionNotFound
        There is too little bare skin beside the lesion to compare it with.
    """
    away = Distances.of(mask)
    told = beside(partial(_Shape.of, window, mask, away))
    ring = adjacent_ring(mask, usable, others=others, away=away)
    if np.count_nonzero(ring) < _MIN_RING_SAMPLES:
        raise LesionNotFound(
            f"Only {np.count_nonzero(ring)} samples of bare skin were found beside the lesion; "
            f"{_MIN_RING_SAMPLES} are needed to compare it with. Photograph it with "
            "more skin around it, or outline a smaller part."
        )
    parts = ring_parts(mask, ring, away=away)
    level = mean_channel(light)
    beside_it = median(level[ring])
    shape = told()
    polarity: Polarity = (
        "darker" if median(level[shape.core]) < beside_it else "lighter"
    )
    return Outline(
        window=window,
        mask=mask,
        core=shape.core,
        ring=ring,
        kind=shape.kind,
        polarity=polarity,
        polygon_xy=shape.polygon_xy,
        alternative_masks=shape.jittered,
        alternative_rings=parts,
        given=False,
        separation=float("inf"),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shape:
    """What follows from the mask alone, as in `Outline`."""

    core: Mask
    kind: Kind
    polygon_xy: npt.NDArray[np.float64]
    jittered: tuple[Mask, ...]

    @classmethod
    def of(cls, window: Window, mask: Mask, away: Distances) -> "_Shape":
        return cls(
            core=lesion_core(mask, away=away),
            kind=kind_of(mask),
            polygon_xy=_contours(window, mask)[0],
            jittered=jittered_masks(mask, away=away),
        )


def kind_of(mask: Mask) -> Kind:
    """Blob, line or field, from the shape of the parts of a mask.

    A part is line-shaped where its area is more than 3.5 times the square of its
    width; a field is six or more parts that are not lines.
    """
    labels, areas = labelled(mask)
    if not areas.any():
        return "blob"
    large = np.flatnonzero(areas >= 0.1 * areas.max())
    line_area = 0.0
    for label in large:
        part = labels == label
        left, top, width, height = cv2.boundingRect(part.view(np.uint8))
        part = np.pad(part[top : top + height, left : left + width], 1)
        across = 2.0 * half_width(part)
        area = np.count_nonzero(part)
        if area > 3.5 * across**2:
            line_area += area
    if line_area > 0.5 * areas[large].sum():
        return "line"
    return "field" if len(large) >= 6 else "blob"


def sampled_mask(mask: Mask, window: Window) -> Mask:
    """A full-resolution mask on a window's grid; a sample belongs if half of it does."""
    left, top = int(window.left_px), int(window.top_px)
    step = window.step_px
    right = int(np.ceil(window.left_px + window.cols * step)) + 1
    bottom = int(np.ceil(window.top_px + window.rows * step)) + 1
    part = mask[top:bottom, left:right].astype(np.float32)
    if step > 1.3:
        kernel = max(1, round(step))
        blurred = cv2.blur(part, (kernel, kernel), borderType=cv2.BORDER_REPLICATE)
        part = np.asarray(blurred, np.float32)
    x = np.arange(window.cols) * step + window.left_px - left
    y = np.arange(window.rows) * step + window.top_px - top
    map_x, map_y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    sampled = cv2.remap(
        part, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(sampled >= 0.5)


def outline_polygons(outline: Outline) -> tuple[npt.NDArray[np.float64], ...]:
    """Contours (n, 2) of all parts, largest first, full-resolution pixels."""
    return _contours(outline.window, outline.mask)


def outline_mask(outline: Outline, photo: Photo) -> Mask:
    """The outline as a mask (rows, cols) at the photograph's full resolution."""
    canvas = np.zeros((photo.height_px, photo.width_px), bool)
    window = outline.window
    left, top = int(np.ceil(window.left_px)), int(np.ceil(window.top_px))
    right = min(
        photo.width_px - 1, int(window.left_px + (window.cols - 1) * window.step_px)
    )
    bottom = min(
        photo.height_px - 1, int(window.top_px + (window.rows - 1) * window.step_px)
    )
    x = (np.arange(left, right + 1) - window.left_px) / window.step_px
    y = (np.arange(top, bottom + 1) - window.top_px) / window.step_px
    map_x, map_y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    fine = cv2.remap(outline.mask.astype(np.float32), map_x, map_y, cv2.INTER_LINEAR)
    canvas[top : bottom + 1, left : right + 1] = np.asarray(fine) >= 0.5
    return canvas


def _contours(window: Window, mask: Mask) -> tuple[npt.NDArray[np.float64], ...]:
    # Twice the grid puts the contour on the border between samples, not on centres.
    doubled = cv2.resize(
        mask.astype(np.uint8), None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST
    )
    found, _ = cv2.findContours(doubled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    ordered = sorted(found, key=cv2.contourArea, reverse=True)
    return tuple(
        window.to_pixels(contour[:, 0, :].astype(np.float64) / 2 - 0.25)
        for contour in ordered
    )

"""Which samples are bare skin that may be used."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.outline.pyramid import quick_view
from cicatrix.outline.value import Mask
from cicatrix.photo.value import FloatImage, Photo
from cicatrix.photo.view import Window
from cicatrix.skin.colours import colours_of, colours_of_half
from cicatrix.skin.masks import glare_mask, hair_mask, skin_of_colours

__all__ = ["Overview", "excluded", "overview", "polygon_mask", "usable_skin"]

_OVERVIEW_SAMPLES = 190_000
"""Of the reduced whole picture: the skin mask needs no more, and 8 divides 12 MP to it."""
_QUARTER = 4
"""Larger steps are multiples of this, for which reduced copies are at hand."""
_LEAST_REDNESS = 0.15
"""ln R - ln G of linear light that the palest skin still has; grey and blue have less."""
_HAIR_SAMPLES = 2.5
"""Widest hair in samples of a lesion window; wider dark lines may be lesions."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overview:
    """The whole photograph on a coarse grid, and where it shows skin.

    `skin` has the holes filled that lesions make; `bare` leaves them out.
    """

    window: Window
    light: FloatImage
    skin: Mask
    bare: Mask


def overview(
    photo: Photo,
    *,
    near_xy: tuple[float, float],
    exclude: Sequence[npt.ArrayLike] = (),
) -> Overview:
    """The reduced photograph with its skin, settled by the place that is pointed to.

    `exclude` are polygons (n, 2), full-resolution pixels.
    """
    step = max(1, round(np.sqrt(photo.width_px * photo.height_px / _OVERVIEW_SAMPLES)))
    if step > _QUARTER:
        step = _QUARTER * round(step / _QUARTER)
    window = Window(
        left_px=(step - 1) / 2,
        top_px=(step - 1) / 2,
        cols=max(1, photo.width_px // step),
        rows=max(1, photo.height_px // step),
        step_px=float(step),
    )
    light = quick_view(photo, window)
    at = window.to_samples([near_xy])[0]
    polygons = [window.to_samples(p) for p in exclude]
    level = step.bit_length() - 1
    halved = step == 2**level and 0 < level <= len(photo.halves)
    colours = colours_of_half(photo, level) if halved else colours_of(light)
    bare = skin_of_colours(colours, exclude=polygons)
    col, row = np.round(at).astype(int)
    here = bare[max(0, row - 3) : row + 4, max(0, col - 3) : col + 4]
    if not here.any():
        y, x = np.indices(window.shape, dtype=np.float32)
        seed = np.hypot(x - at[0], y - at[1]) < 0.12 * max(window.shape)
        if _like_skin(light, seed, bare):
            # The lesion pointed to misled the picture's own limit: its surroundings
            # decide.
            bare = skin_of_colours(colours, exclude=polygons, seed=seed)
    contours, _ = cv2.findContours(
        bare.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    filled = np.zeros(window.shape, np.uint8)
    cv2.drawContours(filled, contours, -1, 1, thickness=cv2.FILLED)
    skin = filled.astype(bool) & ~excluded(window, exclude)
    return Overview(window=window, light=light, skin=skin, bare=bare)


def _like_skin(light: FloatImage, seed: Mask, bare: Mask) -> bool:
    """Whether the surroundings of a place are red against green as skin is."""
    logs = np.log(np.maximum(light[..., :2], np.float32(0.004)))
    red = logs[..., 0] - logs[..., 1]
    level = float(np.median(red[seed])) if seed.any() else 0.0
    usual = float(np.median(red[bare])) if bare.any() else 0.0
    return level > max(_LEAST_REDNESS, 0.6 * usual)


def carried(mask: Mask, source: Window, target: Window) -> Mask:
    """A mask of one window on the grid of another; False outside."""
    moved = cv2.warpAffine(
        mask.astype(np.float32),
        target.to_other(source),
        (target.cols, target.rows),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    return np.asarray(np.asarray(moved) > 0.5)


def usable_skin(seen: Overview, window: Window, light: FloatImage) -> Mask:
    """Bare skin of a window without hair and glare, (rows, cols) bool."""
    usable = carried(seen.bare, seen.window, window)
    usable &= ~hair_mask(light, hair_px=_HAIR_SAMPLES)
    return usable & ~glare_mask(light)


def polygon_mask(window: Window, polygon_xy: npt.ArrayLike) -> Mask:
    """Samples whose centre lies in a polygon (n, 2) of full-resolution pixels."""
    canvas = np.zeros(window.shape, np.uint8)
    corners = window.to_samples(polygon_xy)
    # Fixed point with 1/16 sample, so that thin polygons keep their width.
    fixed = np.round(corners * 16).astype(np.int32)
    cv2.fillPoly(canvas, [fixed], 1, lineType=cv2.LINE_8, shift=4)
    return canvas.view(bool)


def excluded(window: Window, polygons: Sequence[npt.ArrayLike]) -> Mask:
    """Samples inside any of the polygons (cards, rulers), full-resolution pixels."""
    mask = np.zeros(window.shape, bool)
    for polygon in polygons:
        mask |= polygon_mask(window, polygon)
    return mask

"""A grey or white patch that the user points at: it anchors white balance only."""

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.colour.patches import read_spot
from cicatrix.domain.reference import (
    ColourReference,
    PatchReading,
    PatchState,
    ReferenceKind,
)
from cicatrix.photo.value import Photo
from cicatrix.photo.view import Window, linear_view

__all__ = ["grey_reference"]

_WINDOW_FRACTION = 0.006
"""Half side of the window read, over the picture's diagonal: 30 px at 12 megapixels."""

_UNEVEN = 0.15
"""SD over mean above which the spot is no even patch."""

_SEARCH_SAMPLES = 320
"""Samples along the longer side of the copy in which the patch's extent is looked for."""

_SAME_HUE_LN = 0.12
"""Greys differ by less than this in the log ratio of two channels; the palest skin is 0.25
off a neutral (published L*a*b* of skin of ITA 62)."""

_SAME_LIGHT_LN = 0.35
"""How far light falls off over a patch in the hand."""

_MOST_OF_PICTURE = 0.4
"""What is larger is a wall or a sheet: the patch's own border is not seen."""

_LEAST_FILL = 0.75
"""Share of its rectangle that a patch fills; grey things of other shapes are left alone."""


def grey_reference(photo: Photo, grey_xy: tuple[float, float]) -> ColourReference:
    """The reference made of one neutral spot of unknown lightness.

    Parameters
    ----------
    photo
        Where to read.
    grey_xy
        Centre of the spot, full-resolution pixels.

    Returns
    -------
    ColourReference
        Kind GREY_PATCH with one patch, or kind NONE with the reason as a note.

    Raises
    ------
    ValueError
        The point lies outside the photograph.
    """
    x, y = grey_xy
    if not (0 <= x < photo.width_px and 0 <= y < photo.height_px):
        raise ValueError(f"the grey patch {grey_xy} lies outside the photograph")
    half = max(2.0, _WINDOW_FRACTION * float(np.hypot(photo.width_px, photo.height_px)))
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
    corners = square + np.array(grey_xy)
    limits = np.array([photo.width_px - 1, photo.height_px - 1])
    spot = read_spot(photo, np.clip(corners, 0, limits))
    state, notes = spot.state, []
    if state is PatchState.CLIPPED:
        notes.append("The grey patch is clipped: its colour is lost. Expose less.")
    elif spot.sd[1] > _UNEVEN * spot.mean[1] + 0.005:
        state = PatchState.COVERED
        notes.append(
            "The grey patch is not even: point at the middle of a plain patch."
        )
    used = state is PatchState.USED
    reading = PatchReading(
        name="grey patch",
        centre_xy=(float(x), float(y)),
        linear_rgb=spot.mean,
        linear_rgb_sd=spot.sd,
        state=state,
        reference_lab_d65=None,
        neutral=True,
    )
    return ColourReference(
        kind=ReferenceKind.GREY_PATCH if used else ReferenceKind.NONE,
        patches=(reading,),
        corners_xy=_extent(photo, grey_xy, spot.mean) if used else (),
        notes=tuple(notes),
    )


def _extent(
    photo: Photo, grey_xy: tuple[float, float], light_rgb: npt.ArrayLike
) -> tuple[tuple[float, float], ...]:
    """Corners of the even rectangle around the spot; none where it is no rectangle.

    A patch is no skin: outline, alignment and the skin beside a lesion must keep off it.
    """
    step = max(1.0, max(photo.width_px, photo.height_px) / _SEARCH_SAMPLES)
    whole = Window(
        left_px=0.0,
        top_px=0.0,
        cols=int(photo.width_px / step),
        rows=int(photo.height_px / step),
        step_px=step,
    )
    light, _ = linear_view(photo, whole, finest_px=step)
    off = np.log(np.maximum(light, 1e-4)) - np.log(
        np.maximum(np.asarray(light_rgb, dtype=np.float32), 1e-4)
    )
    level = off.mean(axis=2)
    hue = np.abs(off - level[..., None]).max(axis=2)
    alike = (hue < _SAME_HUE_LN) & (np.abs(level) < _SAME_LIGHT_LN)
    _, labels = cv2.connectedComponents(alike.astype(np.uint8), connectivity=4)
    at_x, at_y = np.round(whole.to_samples(np.array([grey_xy]))[0]).astype(int)
    label = labels[np.clip(at_y, 0, whole.rows - 1), np.clip(at_x, 0, whole.cols - 1)]
    patch = labels == label
    if label == 0 or patch.mean() > _MOST_OF_PICTURE:
        return ()
    spots = np.argwhere(patch)[:, ::-1].astype(np.float32)
    middle, (width, height), turn = cv2.minAreaRect(spots)
    # Samples stand for a square each, and those on the border are mixed.
    grown = (width + 3, height + 3)
    if len(spots) < _LEAST_FILL * (width + 1) * (height + 1):
        return ()
    corners = cv2.boxPoints((middle, grown, turn)).astype(np.float64)
    return tuple((float(x), float(y)) for x, y in whole.to_pixels(corners))

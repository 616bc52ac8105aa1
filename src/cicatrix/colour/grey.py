"""A grey or white patch that the user points at: it anchors white balance only."""

import numpy as np

from cicatrix.colour.patches import read_spot
from cicatrix.domain.reference import (
    ColourReference,
    PatchReading,
    PatchState,
    ReferenceKind,
)
from cicatrix.photo.value import Photo

__all__ = ["grey_reference"]

_WINDOW_FRACTION = 0.006
"""Half side of the window read, over the picture's diagonal: 30 px at 12 megapixels."""

_UNEVEN = 0.15
"""SD over mean above which the spot is no even patch."""


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
        notes=tuple(notes),
    )

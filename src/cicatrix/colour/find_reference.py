"""Looking for a colour reference in a photograph: the best one found wins."""

import numpy as np
import numpy.typing as npt

from cicatrix.colour.card_layout import CARD_MARKERS
from cicatrix.colour.find_card import MIN_MARKERS, find_card
from cicatrix.colour.find_colorchecker import (
    colorchecker_from_corners,
    locate_colorchecker,
)
from cicatrix.colour.grey import grey_reference
from cicatrix.colour.patches import reduced_rgb
from cicatrix.colour.read_colorchecker import read_colorchecker
from cicatrix.domain.reference import ColourReference, ReferenceKind
from cicatrix.photo.value import Photo

__all__ = ["find_reference"]

_MARKER_SEARCH_PX = 2000
"""Longest side of the picture searched for markers: a Cicatrix card of a tenth of the
frame still has modules of 4 px there."""

_PATCH_SEARCH_PX = 1000
"""The same for patches, which are larger: 10 px for a card of a tenth of the frame."""

_WHOLE_CARD_PX = 500
"""The same for a card that lies there whole, as it mostly does, a third of the frame wide."""

_LEAST_SIDE_PX = 24
"""Smaller pictures hold no readable card."""


def find_reference(
    photo: Photo,
    *,
    grey_xy: tuple[float, float] | None = None,
    corners_xy: tuple[tuple[float, float], ...] | None = None,
) -> ColourReference | None:
    """The best colour reference in the photograph.

    What the user points at is taken first; then the Cicatrix card, then a ColorChecker
    Classic 24 at any rotation are looked for.

    Parameters
    ----------
    photo
        Where to look.
    grey_xy
        A neutral patch, full-resolution pixels. Used where no card is found.
    corners_xy
        Outer corners of a ColorChecker's corner patches (dark skin, bluish green,
        black, white), clockwise from the dark-skin patch, full-resolution pixels.

    Returns
    -------
    ColourReference or None
        `None` where nothing is seen. Kind NONE, with the reason in `notes`, where a
        reference is seen but must be refused.

    Raises
    ------
    ValueError
        `corners_xy` is not four finite points, or `grey_xy` lies outside.
    """
    if corners_xy is not None:
        corners = np.asarray(corners_xy, dtype=np.float64)
        if corners.shape != (4, 2) or not np.isfinite(corners).all():
            raise ValueError(f"corners_xy needs four finite points, got {corners_xy!r}")
        return read_colorchecker(photo, colorchecker_from_corners(corners))
    found = _searched(photo)
    if grey_xy is not None and (found is None or found.kind is ReferenceKind.NONE):
        return grey_reference(photo, grey_xy)
    return found


def _searched(photo: Photo) -> ColourReference | None:
    if min(photo.width_px, photo.height_px) < _LEAST_SIDE_PX:
        return None
    card = None
    for longest_px in (_WHOLE_CARD_PX, _PATCH_SEARCH_PX, _MARKER_SEARCH_PX):
        part = longest_px == _MARKER_SEARCH_PX
        card = find_card(
            photo,
            *_reduced(photo, longest_px),
            fewest_markers=MIN_MARKERS if part else len(CARD_MARKERS),
        )
        if card is not None:
            break
    if card is not None and card.kind is not ReferenceKind.NONE:
        return card
    small, factors = _reduced(photo, _PATCH_SEARCH_PX)
    place = locate_colorchecker(small, factors)
    return card if place is None else read_colorchecker(photo, place)


def _reduced(
    photo: Photo, longest_px: int
) -> tuple[npt.NDArray[np.uint8], tuple[float, float]]:
    """A copy whose longest side is at most that, and the (x, y) factors to full size."""
    level, step = photo.encoded, 1
    for index, half in enumerate(photo.halves, 1):
        if max(half.shape) >= longest_px:
            level, step = half, 2**index
    small, (x, y) = reduced_rgb(level, longest_px)
    return small, (x * step, y * step)

"""Open a photograph: its light, its colour reference, its scale, its quality sheet."""

import os
from collections.abc import Sequence
from dataclasses import replace

from cicatrix.colour.find_reference import find_reference
from cicatrix.colour.scale import scale_entered, scale_from_reference
from cicatrix.photo.reading import read_photo
from cicatrix.photo.value import Photo
from cicatrix.quality.sheet import assess

__all__ = ["open_photo"]

Point = tuple[float, float]


def open_photo(
    source: str | os.PathLike[str] | bytes,
    *,
    mm_per_px: float | None = None,
    grey_xy: Point | None = None,
    card_corners_xy: Sequence[Point] | None = None,
) -> Photo:
    """Open a photograph and look for what anchors its colour and its size.

    Parameters
    ----------
    source
        A file (JPEG, PNG, TIFF; HEIC and camera raw with their extras) or its bytes.
    mm_per_px
        The size of a pixel on the skin, where it is known from elsewhere.
    grey_xy
        A point on a grey patch, full-resolution pixels.
    card_corners_xy
        The four outer corners of a colour card, clockwise from its own top left,
        where it is not found by itself.

    Returns
    -------
    Photo
        Oriented; `linear()` is its light, `quality` the ten headings.

    Raises
    ------
    PhotoUnusable
        The file is no picture we can open, too large or too small; its `reason` says
        what to do.
    """
    photo = read_photo(source)
    corners = None if card_corners_xy is None else tuple(card_corners_xy)
    reference = find_reference(photo, grey_xy=grey_xy, corners_xy=corners)
    scale = None
    if mm_per_px is not None:
        scale = scale_entered(mm_per_px)
    elif reference is not None:
        scale = scale_from_reference(photo, reference)
    photo = replace(photo, reference=reference, scale=scale)
    return replace(photo, quality=assess(photo, reference=reference, scale=scale))

"""A grey patch that was pointed to where the lesion is: its colour is no white."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.reference import ReferenceKind
from cicatrix.errors import ReferenceUnusable
from cicatrix.outline.value import Box, Lesion, Outline, Scribble
from cicatrix.photo.value import Photo
from cicatrix.work.laying import Laid

__all__ = ["grey_spot_of", "require_grey_off_lesion", "require_grey_off_point"]

_Points = npt.NDArray[np.float64]


def grey_spot_of(photo: Photo) -> _Points | None:
    """Where a grey patch was pointed to, (2,) pixels, or `None`; it may be unreadable."""
    patches = () if photo.reference is None else photo.reference.patches
    if len(patches) != 1 or patches[0].name != ReferenceKind.GREY_PATCH.value:
        return None
    return np.asarray(patches[0].centre_xy, dtype=np.float64)


def require_grey_off_point(photo: Photo, lesion: Lesion) -> None:
    """Refuse a grey patch at the very place that is said to be the lesion.

    What lies on the patch is left out of the search for an outline, which would then
    blame the place of the lesion.

    Raises
    ------
    ReferenceUnusable
        The point, a stroke's point or a box's middle lies on the patch around the spot.
    """
    spot = grey_spot_of(photo)
    points = _said_to_be_on(lesion)
    if spot is None or photo.reference is None or len(points) == 0:
        return
    corners = np.asarray(photo.reference.corners_xy, dtype=np.float32)
    if len(corners) < 3:
        return
    if any(
        cv2.pointPolygonTest(corners, (float(x), float(y)), measureDist=False) >= 0
        for x, y in points
    ):
        raise _on_lesion(photo, spot)


def _said_to_be_on(lesion: Lesion) -> _Points:
    """Points (n, 2) said to lie on the lesion; none of a mask or a polygon's corners."""
    if isinstance(lesion, Box):
        middle = (
            (lesion.left_px + lesion.right_px) / 2,
            (lesion.top_px + lesion.bottom_px) / 2,
        )
        return np.array([middle])
    if isinstance(lesion, Scribble):
        return lesion.points_xy
    point = np.asarray(lesion)
    if point.shape != (2,):
        return np.zeros((0, 2))
    return np.asarray(point[None], dtype=np.float64)


def require_grey_off_lesion(laid: Sequence[Laid], outline: Outline) -> None:
    """Refuse a grey patch that was pointed to inside the lesion's outline.

    Raises
    ------
    ReferenceUnusable
        It is so in one of the photographs.
    """
    for one in laid:
        spot = grey_spot_of(one.photo)
        if spot is None:
            continue
        here = (
            spot[None]
            if one.alignment is None
            else one.alignment.to_baseline(spot[None])
        )
        col, row = np.round(outline.window.to_samples(here)[0]).astype(int)
        rows, cols = outline.mask.shape
        if 0 <= row < rows and 0 <= col < cols and outline.mask[row, col]:
            raise _on_lesion(one.photo, spot)


def _on_lesion(photo: Photo, spot: _Points) -> ReferenceUnusable:
    return ReferenceUnusable(
        f"The grey patch of {photo.name} was said to be at ({spot[0]:.0f}, "
        f"{spot[1]:.0f}), which lies on the lesion itself, so the lesion's own colour "
        "would be taken for white. Point to a plain grey or white patch beside it, or "
        "give none."
    )

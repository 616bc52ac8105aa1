"""Millimetres per pixel from a card whose size is known, or from a number given."""

import numpy as np
import numpy.typing as npt

from cicatrix.colour.card_layout import (
    CARD_HEIGHT_MM,
    CARD_WIDTH_MM,
    COLORCHECKER_COLS,
    COLORCHECKER_PATCH_FRACTION,
    COLORCHECKER_PITCH_MM,
    COLORCHECKER_ROWS,
)
from cicatrix.domain.reference import ColourReference, ReferenceKind
from cicatrix.domain.scale import Homography, Scale, ScaleSource
from cicatrix.photo.value import Photo

__all__ = ["scale_entered", "scale_from_reference"]

_Array = npt.NDArray[np.float64]

_CARD_ERROR = 0.005
"""Printers and scissors: 0.5 mm on 100 mm, if printed at 100 %."""

_CORNER_ERROR_PX = 0.3
"""How well a corner of the card is placed, full-resolution pixels."""

_PARTLY_SEEN_ERROR = 0.015
"""A card that leaves the picture: markers on one side only carry the perspective badly
(0.9 % over the card's height on a made-up photograph)."""

_COLORCHECKER_ERROR = 0.03
"""Pitch of the patches, which the makers do not state."""

_ENTERED_ERROR = 0.01
"""A ruler read by hand over some 50 mm."""

_USUAL_FOCAL = 0.8
"""Focal length over the picture's longer side where EXIF does not tell: phones 0.7-0.8,
cameras for close-ups 1.4 and more."""

_FILM_DIAGONAL_MM = 43.27


def scale_entered(mm_per_px: float) -> Scale:
    """A scale that the user measured: one number for the whole picture.

    Raises
    ------
    ValueError
        Not positive and finite.
    """
    return Scale(
        mm_per_px=mm_per_px,
        relative_error=_ENTERED_ERROR,
        source=ScaleSource.ENTERED,
    )


def scale_from_reference(
    photo: Photo, reference: ColourReference, *, colorchecker: str | None = None
) -> Scale | None:
    """The scale in the plane of a card.

    Parameters
    ----------
    photo
        Where the card was found; its EXIF focal length helps with the tilt.
    reference
        As found by `find_reference`.
    colorchecker
        Which product a ColorChecker is, a key of `COLORCHECKER_PITCH_MM`. All show the
        same patches, so without it a ColorChecker gives no scale.

    Returns
    -------
    Scale or None
        `None` where the reference has no known size. `tilt_deg` comes from the
        perspective of the card and the focal length; where EXIF has none, a usual one is
        taken, which puts the tilt off by up to about a third.

    Raises
    ------
    ValueError
        Unknown ColorChecker product.
    """
    plane = _plane_mm(reference.kind, colorchecker)
    if plane is None or len(reference.corners_xy) != 4:
        return None
    size, error = plane
    corners = np.asarray(reference.corners_xy, dtype=np.float64)
    limits = np.array([photo.width_px, photo.height_px])
    if (corners < -0.5).any() or (corners > limits - 0.5).any():
        error = float(np.hypot(error, _PARTLY_SEEN_ERROR))
    to_mm = _homography(corners, size)
    centre = corners.mean(axis=0)
    flat = Scale(
        mm_per_px=1.0,
        relative_error=0.0,
        source=ScaleSource.CARD,
        px_to_mm=_rows(to_mm),
    )
    width_px = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).mean()
    return Scale(
        mm_per_px=flat.mm_per_px_at(float(centre[0]), float(centre[1])),
        relative_error=float(np.hypot(error, _CORNER_ERROR_PX / width_px)),
        source=ScaleSource.CARD,
        at_xy=(float(centre[0]), float(centre[1])),
        px_to_mm=_rows(to_mm),
        tilt_deg=_tilt_deg(photo, to_mm),
    )


def _plane_mm(
    kind: ReferenceKind, colorchecker: str | None
) -> tuple[tuple[float, float], float] | None:
    """Size of the outline in mm, and its relative error."""
    if colorchecker is not None and colorchecker not in COLORCHECKER_PITCH_MM:
        raise ValueError(
            f"colorchecker must be one of {sorted(COLORCHECKER_PITCH_MM)}, "
            f"got {colorchecker!r}"
        )
    if kind is ReferenceKind.CICATRIX_CARD:
        return (CARD_WIDTH_MM, CARD_HEIGHT_MM), _CARD_ERROR
    if kind is ReferenceKind.COLORCHECKER and colorchecker is not None:
        pitch = COLORCHECKER_PITCH_MM[colorchecker]
        frame = COLORCHECKER_PATCH_FRACTION - 1
        size = (
            (COLORCHECKER_COLS + frame) * pitch,
            (COLORCHECKER_ROWS + frame) * pitch,
        )
        return size, _COLORCHECKER_ERROR
    return None


def _homography(corners: _Array, size: tuple[float, float]) -> _Array:
    """Pixels to mm from four corners: eight equations, exactly."""
    width, height = size
    plane = np.array([(0, 0), (width, 0), (width, height), (0, height)])
    rows = []
    for (x, y), (u, v) in zip(corners, plane, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved = np.linalg.solve(np.array(rows), plane.ravel())
    return np.append(solved, 1.0).reshape(3, 3)


def _rows(matrix: _Array) -> Homography:
    (a, b, c), (d, e, f), (g, h, i) = matrix.tolist()
    return (a, b, c), (d, e, f), (g, h, i)


def _focal_px(photo: Photo) -> float:
    capture = photo.capture
    if capture.focal_length_35mm_mm:
        diagonal = float(np.hypot(photo.width_px, photo.height_px))
        return capture.focal_length_35mm_mm / _FILM_DIAGONAL_MM * diagonal
    return _USUAL_FOCAL * max(photo.width_px, photo.height_px)


def _tilt_deg(photo: Photo, to_mm: _Array) -> float:
    """Angle between the camera's axis and the plane's normal.

    With H from plane to picture and focal length f, K⁻¹H = [r1 r2 t] up to scale
    (Zhang 2000, doi 10.1109/34.888718); the normal is r1 x r2.
    """
    focal = _focal_px(photo)
    centre = (photo.width_px - 1) / 2, (photo.height_px - 1) / 2
    inverse_camera = np.array(
        [
            [1 / focal, 0, -centre[0] / focal],
            [0, 1 / focal, -centre[1] / focal],
            [0, 0, 1],
        ]
    )
    axes = inverse_camera @ np.linalg.inv(to_mm)
    normal = np.cross(axes[:, 0], axes[:, 1])
    cosine = abs(normal[2]) / float(np.linalg.norm(normal))
    return float(np.degrees(np.arccos(min(1.0, cosine))))

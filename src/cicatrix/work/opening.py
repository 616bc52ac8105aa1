"""Open a photograph: its light, its colour reference, its scale, its quality sheet."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from cicatrix.colour.find_reference import find_reference
from cicatrix.colour.scale import scale_entered, scale_from_reference
from cicatrix.domain.quality import QualityFinding
from cicatrix.domain.scale import Scale, sizes_agree
from cicatrix.errors import ReferenceUnusable
from cicatrix.photo.reading import read_photo
from cicatrix.photo.value import Photo
from cicatrix.quality.sheet import assess
from cicatrix.work.together import together

__all__ = ["open_pair", "open_photo"]

Point = tuple[float, float]

WIDTHS_MM = (2.0, 3000.0)
"""No photograph of a scar shows less along its longer side, nor more: a person is not
three metres tall."""

LEAST_TURN = 0.17
"""Sine of 10 degrees: no card that can be read is seen so slanted."""


def open_photo(
    source: str | os.PathLike[str] | bytes,
    *,
    mm_per_px: float | None = None,
    grey_xy: Point | None = None,
    card_corners_xy: Sequence[Point] | None = None,
    flash_fired: bool | None = None,
) -> Photo:
    """Open a photograph and look for what anchors its colour and its size.

    Parameters
    ----------
    source
        A file (JPEG, PNG, TIFF; HEIC and camera raw with their extras) or its bytes.
    mm_per_px
        The size of a pixel on the skin, where it is known from elsewhere. A card in the
        picture says it better, and counts.
    grey_xy
        A point on a grey patch, full-resolution pixels.
    card_corners_xy
        The four outer corners of a colour card, clockwise from its own top left,
        where it is not found by itself.
    flash_fired
        Whether a flash fired, where a person knows: for a file that does not say, or one
        that says no of a flash which the camera did not fire itself. A file that says
        yes is right.

    Returns
    -------
    Photo
        Oriented; `linear()` is its light, `quality` the ten headings.

    Raises
    ------
    PhotoUnusable
        The file is no picture we can open, too large or too small, or what was said
        of the grey patch, the card's corners or the size of a pixel cannot be; its
        `reason` says what to do.
    """
    photo = read_photo(source)
    corners = None if card_corners_xy is None else tuple(card_corners_xy)
    if grey_xy is not None:
        _require_inside(photo, (grey_xy,), "The grey patch")
    if corners is not None:
        _require_inside(photo, corners, "A corner of the colour card")
        _require_card_shape(photo, corners)
    reference = find_reference(photo, grey_xy=grey_xy, corners_xy=corners)
    scale = None if reference is None else scale_from_reference(photo, reference)
    if mm_per_px is not None:
        _require_size(photo, mm_per_px, scale)
        scale = scale or scale_entered(mm_per_px)
    if flash_fired is not None:
        fired = flash_fired or bool(photo.capture.flash_fired)
        photo = replace(photo, capture=replace(photo.capture, flash_fired=fired))
    photo = replace(photo, reference=reference, scale=scale)
    return replace(photo, judged=_SheetWhenAsked(photo))


@dataclass(slots=True)
class _SheetWhenAsked:
    """The quality sheet of a whole picture, made once and only when asked for.

    A measurement judges the lesion instead. A class, so that photographs can be sent to
    other processes.
    """

    photo: Photo
    sheet: tuple[QualityFinding, ...] | None = None

    def __call__(self) -> tuple[QualityFinding, ...]:
        if self.sheet is None:
            self.sheet = assess(
                self.photo, reference=self.photo.reference, scale=self.photo.scale
            )
        return self.sheet


def open_pair(
    first: str | os.PathLike[str] | bytes, second: str | os.PathLike[str] | bytes
) -> tuple[Photo, Photo]:
    """Two photographs, opened by `open_photo` at the same time.

    Raises
    ------
    PhotoUnusable
        As `open_photo`; of the first where neither can be opened.
    """
    return together(partial(open_photo, first), partial(open_photo, second))


def _require_size(photo: Photo, mm_per_px: float, shown: Scale | None) -> None:
    """A size of a pixel that skin can have, and no other than the card shows."""
    width_mm = max(photo.width_px, photo.height_px) * mm_per_px
    if not WIDTHS_MM[0] <= width_mm <= WIDTHS_MM[1]:
        raise ReferenceUnusable(
            f"A pixel of {photo.name} was said to be {mm_per_px:g} mm, so the picture would "
            f"show {width_mm:.6g} mm of skin, and no size could be believed. Give how many "
            "millimetres of skin one pixel shows: the millimetres between two marks of a "
            "ruler, divided by the pixels between them."
        )
    if shown is None:
        return
    at = shown.mm_per_px_at(*shown.at_xy)
    if not sizes_agree(mm_per_px, at):
        raise ReferenceUnusable(
            f"A pixel of {photo.name} was said to be {mm_per_px:g} mm, but the card in it "
            f"shows {at:.3g} mm, so one of them is wrong. Leave the size of a pixel out, "
            "or see whether the card was printed at 100 %."
        )


def _require_card_shape(photo: Photo, corners: Sequence[Point]) -> None:
    """Four corners clockwise: every turn from side to side is a right-hand one."""
    quad = np.asarray(corners, dtype=np.float64)
    sides = np.roll(quad, -1, axis=0) - quad
    onward = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * onward[:, 1] - sides[:, 1] * onward[:, 0]
    lengths = np.linalg.norm(sides, axis=1) * np.linalg.norm(onward, axis=1)
    if len(quad) != 4 or not (turns > LEAST_TURN * lengths).all() or not lengths.all():
        raise ReferenceUnusable(
            f"The colour card's corners given for {photo.name} do not go round a card, "
            "so its patches cannot be found. Give its four corners clockwise, beginning "
            "at the card's own top left."
        )


def _require_inside(photo: Photo, points: Sequence[Point], what: str) -> None:
    for x, y in points:
        if not (0 <= x <= photo.width_px - 1 and 0 <= y <= photo.height_px - 1):
            raise ReferenceUnusable(
                f"{what} was said to be at ({x:.0f}, {y:.0f}), outside of {photo.name} "
                f"with its {photo.width_px} x {photo.height_px} px, so no colour can be "
                "read there. Point to it inside the photograph, or leave it out."
            )

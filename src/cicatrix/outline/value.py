"""What may point at a lesion, and the outline that is found there, as values."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cicatrix.photo.view import Window

__all__ = ["Box", "Kind", "Lesion", "Mask", "Outline", "Polarity", "Scribble"]

Mask = npt.NDArray[np.bool_]
Kind = Literal["blob", "line", "field"]
Polarity = Literal["darker", "lighter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle drawn around a lesion, full-resolution pixels."""

    left_px: float
    top_px: float
    right_px: float
    bottom_px: float

    def __post_init__(self) -> None:
        if not (self.right_px > self.left_px and self.bottom_px > self.top_px):
            raise ValueError(f"a box needs right > left and bottom > top, got {self}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scribble:
    """A stroke drawn on a lesion: `points_xy` (n, 2), full-resolution pixels."""

    points_xy: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.points_xy.ndim != 2 or self.points_xy.shape[1:] != (2,):
            raise ValueError(f"a scribble is (n, 2), got {self.points_xy.shape}")
        if len(self.points_xy) == 0 or not np.isfinite(self.points_xy).all():
            raise ValueError("a scribble needs at least one point, all finite")


Lesion = Box | Scribble | npt.ArrayLike
"""A point (2,), a polygon (n >= 3, 2), a bool mask (rows, cols), a Box or a Scribble."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outline:
    """A lesion and the skin beside it, on the grid of `window`.

    All masks are (rows, cols) bool. `core` is the part of `mask` away from its mixed
    edge, for colour; `ring` is guarded adjacent skin, four times as large. `kind` is
    blob, line (one or more bands) or field (many small spots); `polarity` says whether
    the lesion is darker or lighter than the skin beside it. `polygon_xy` (n, 2) is the
    largest part's contour in full-resolution pixels, for display.

    `alternative_masks` are masks that could as well have been drawn, tighter, wider, then shifted, and
    `alternative_rings` inner half, outer half and four sectors of the ring (left, up,
    right, down of the lesion's centre, empty ones dropped): their spread is what
    outline and ring cost. `given` is True where the mask was supplied by the user. `separation` is by
    how many standard deviations of the skin's own mottling a lesion that was found stands
    out where it was pointed to; infinite where it was given. `as_pointed_to` is how much it
    stands out in the median, of how much it does at the click that found it.
    """

    window: Window
    mask: Mask
    core: Mask
    ring: Mask
    kind: Kind
    polarity: Polarity
    polygon_xy: npt.NDArray[np.float64]
    alternative_masks: tuple[Mask, ...]
    alternative_rings: tuple[Mask, ...]
    given: bool
    separation: float
    as_pointed_to: float = 1.0

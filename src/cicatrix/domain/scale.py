"""How large one pixel is on the skin, where in the picture, and how sure we are."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, log, sqrt

Homography = tuple[
    tuple[float, float, float],
    tuple[float, float, float],
    tuple[float, float, float],
]

_SAME_SIZE_LN = 0.1
"""Sizes of a pixel that differ by more are of two things. A card lies up to some centimetres
above or below the lesion, which is a few hundredths."""


class ScaleSource(StrEnum):
    """What the scale was read from."""

    CARD = "card"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The size of a pixel on the skin, in the plane of the reference.

    `mm_per_px` holds at `at_xy` (full-resolution pixels). Where the reference shows
    the tilt, `px_to_mm` maps pixels to millimetres on the plane and the size varies
    over the picture; else one number holds everywhere. `relative_error` is one
    standard deviation of `mm_per_px`, as a fraction of it. `tilt_deg` is the angle
    between the camera axis and the plane's normal, where known.
    """

    mm_per_px: float
    relative_error: float
    source: ScaleSource
    at_xy: tuple[float, float] = (0.0, 0.0)
    px_to_mm: Homography | None = None
    tilt_deg: float | None = None

    def __post_init__(self) -> None:
        if not (isfinite(self.mm_per_px) and self.mm_per_px > 0):
            raise ValueError(
                f"mm_per_px must be positive and finite, got {self.mm_per_px!r}"
            )
        if not 0 <= self.relative_error < 1:
            raise ValueError(
                f"relative_error must be in [0, 1), got {self.relative_error!r}"
            )

    def mm_per_px_at(self, x: float, y: float) -> float:
        """The size of a pixel at (x, y): the root of the local area ratio, in mm."""
        if self.px_to_mm is None:
            return self.mm_per_px
        (a, b, c), (d, e, f), (g, h, i) = self.px_to_mm
        w = g * x + h * y + i
        u = (a * x + b * y + c) / w
        v = (d * x + e * y + f) / w
        determinant = (a - u * g) * (e - v * h) - (b - u * h) * (d - v * g)
        return sqrt(abs(determinant)) / abs(w)


def sizes_agree(one: float, other: float) -> bool:
    """Whether two sizes of the same thing (above 0, one unit) can both be true."""
    return abs(log(one / other)) <= _SAME_SIZE_LN

"""Where everything is on the Cicatrix card and the ColorChecker, as plain data.

Millimetres from the card's own top left corner, x right, y down. Whoever prints,
renders or looks for a card reads it here.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cicatrix.optics.cielab import D65_XYZ, xyz_to_lab

__all__ = [
    "CARD_HEIGHT_MM",
    "CARD_MARKERS",
    "CARD_PATCHES",
    "CARD_TICKS",
    "CARD_WIDTH_MM",
    "COLORCHECKER_COLS",
    "COLORCHECKER_LAB_D65",
    "COLORCHECKER_NAMES",
    "COLORCHECKER_PATCH_FRACTION",
    "COLORCHECKER_PITCH_MM",
    "COLORCHECKER_ROWS",
    "INK_REFLECTANCE",
    "PAPER_REFLECTANCE",
    "CardMarker",
    "CardPatch",
    "CardTick",
    "card_raster",
    "grey_lab_d65",
    "marker_modules",
]

_Array = npt.NDArray[np.float64]

CARD_WIDTH_MM = 100.0
CARD_HEIGHT_MM = 70.0

PAPER_REFLECTANCE = 0.85
"""Plain matt white paper: ISO brightness of office paper is 80-95 %."""

INK_REFLECTANCE = 0.045
"""Solid black of an office printer on matt paper, density about 1.35."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMarker:
    """A square ArUco marker: `bits` are its four inner rows, 1 = paper, 0 = ink.

    The full marker is 6 x 6 modules: the bits inside a border of ink one module wide.
    """

    marker_id: int
    bits: tuple[str, str, str, str]
    centre_mm: tuple[float, float]
    side_mm: float

    @property
    def corners_mm(self) -> tuple[tuple[float, float], ...]:
        """Outer corners clockwise from the top left."""
        (x, y), half = self.centre_mm, self.side_mm / 2
        return (
            (x - half, y - half),
            (x + half, y - half),
            (x + half, y + half),
            (x - half, y + half),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPatch:
    """A neutral step: `reflectance` is nominal, that is of an average office print."""

    name: str
    centre_mm: tuple[float, float]
    size_mm: tuple[float, float]
    reflectance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTick:
    """One stroke of a millimetre scale, from the card's edge inwards.

    `number_mm` is the figure printed at long strokes, else `None`.
    """

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    number_mm: int | None


_MARKER_SIDE_MM = 12.0
_MARKER_X_MM = (9.0, 91.0)
_MARKER_Y_MM = (14.0, 56.0)

CARD_MARKERS: tuple[CardMarker, ...] = tuple(
    CardMarker(
        marker_id=marker_id,
        bits=bits,
        centre_mm=(_MARKER_X_MM[col], _MARKER_Y_MM[row]),
        side_mm=_MARKER_SIDE_MM,
    )
    for marker_id, bits, col, row in (
        (5, ("0111", "1001", "1100", "1101"), 0, 0),
        (6, ("1001", "1110", "0010", "1110"), 1, 0),
        (35, ("0000", "1001", "0010", "1001"), 1, 1),
        (38, ("0000", "1101", "1111", "0110"), 0, 1),
    )
)
"""Clockwise from the top left; words of OpenCV's DICT_4X4_50.

Of its 50 words these four lie farthest apart (Hamming distance >= 7 under any rotation,
>= 6 to their own rotations).
"""

_STEPS = (0.85, 0.62, 0.45, 0.32, 0.22, 0.14, 0.085, 0.045)
_STEP_WIDTH_MM, _STEP_HEIGHT_MM = 8.0, 12.0
_FIRST_STEP_X_MM = 22.0


def _patches() -> tuple[CardPatch, ...]:
    rows = (
        ("upper", _MARKER_Y_MM[0], _STEPS),
        ("lower", _MARKER_Y_MM[1], _STEPS[::-1]),
    )
    return tuple(
        CardPatch(
            name=f"{row} {_STEPS.index(reflectance) + 1}",
            centre_mm=(_FIRST_STEP_X_MM + _STEP_WIDTH_MM * i, y),
            size_mm=(_STEP_WIDTH_MM, _STEP_HEIGHT_MM),
            reflectance=reflectance,
        )
        for row, y, steps in rows
        for i, reflectance in enumerate(steps)
    )


CARD_PATCHES: tuple[CardPatch, ...] = _patches()
"""Eight greys, each twice, at places that mirror each other through the card's centre.

A light gradient over the card then shows as a difference within the pairs and can be
told from the tone curve. Only neutrals: an ordinary printer is not colour-managed, so
the colour of a printed skin tone would be a guess.
"""


def _ticks() -> tuple[CardTick, ...]:
    stroke_mm, margin_mm = 0.25, 5
    lengths = {
        mm: 4.0 if mm % 10 == 0 else 3.0 if mm % 5 == 0 else 2.0
        for mm in range(int(CARD_WIDTH_MM) - 2 * margin_mm + 1)
    }
    return tuple(
        CardTick(
            left_mm=margin_mm + mm - stroke_mm / 2,
            top_mm=top,
            width_mm=stroke_mm,
            height_mm=length,
            number_mm=mm if mm % 10 == 0 else None,
        )
        for mm, length in lengths.items()
        for top in (0.0, CARD_HEIGHT_MM - length)
    )


CARD_TICKS: tuple[CardTick, ...] = _ticks()
"""Two scales of 90 mm along the long edges, so that either may lie against the skin."""


def marker_modules(marker: CardMarker) -> npt.NDArray[np.uint8]:
    """The marker's modules (6, 6), 1 = paper, 0 = ink, row 0 on top."""
    modules = np.zeros((6, 6), dtype=np.uint8)
    modules[1:5, 1:5] = [[int(bit) for bit in row] for row in marker.bits]
    return modules


def card_raster(px_per_mm: float) -> npt.NDArray[np.float32]:
    """The card's nominal reflectance, as an average office printer would give it.

    Scales, markers and steps are drawn; figures and words are not.

    Parameters
    ----------
    px_per_mm
        Pixels a millimetre. Edges between pixels are anti-aliased.

    Returns
    -------
    (rows, cols) float32
        Reflectance 0..1; pixel (row, col) covers the card from (col, row) / px_per_mm
        to one pixel further, in mm.
    """
    if not px_per_mm > 0:
        raise ValueError(f"px_per_mm must be positive, got {px_per_mm!r}")
    shape = round(CARD_HEIGHT_MM * px_per_mm), round(CARD_WIDTH_MM * px_per_mm)
    card = np.full(shape, PAPER_REFLECTANCE)
    for tick in CARD_TICKS:
        box = (tick.left_mm, tick.top_mm, tick.width_mm, tick.height_mm)
        _fill(card, box, INK_REFLECTANCE, px_per_mm)
    for patch in CARD_PATCHES:
        (x, y), (width, height) = patch.centre_mm, patch.size_mm
        box = (x - width / 2, y - height / 2, width, height)
        _fill(card, box, patch.reflectance, px_per_mm)
    for marker in CARD_MARKERS:
        left, top = marker.corners_mm[0]
        side = marker.side_mm / 6
        for (row, col), paper in np.ndenumerate(marker_modules(marker)):
            value = PAPER_REFLECTANCE if paper else INK_REFLECTANCE
            box = (left + col * side, top + row * side, side, side)
            _fill(card, box, value, px_per_mm)
    return card.astype(np.float32)


def _fill(
    card: _Array,
    box_mm: tuple[float, float, float, float],
    value: float,
    px_per_mm: float,
) -> None:
    """Paint a rectangle (left, top, width, height), edges by the area covered."""
    left, top, width, height = box_mm
    down = _cover(top, top + height, card.shape[0], px_per_mm)
    across = _cover(left, left + width, card.shape[1], px_per_mm)
    rows, cols = np.flatnonzero(down), np.flatnonzero(across)
    part = np.ix_(rows, cols)
    alpha = np.outer(down[rows], across[cols])
    # Nothing overlaps, so what neighbours add to the pixel they share sums up rightly.
    card[part] += alpha * (value - PAPER_REFLECTANCE)


def _cover(low_mm: float, high_mm: float, count: int, px_per_mm: float) -> _Array:
    edges = np.arange(count + 1)
    return np.diff(np.clip(edges, low_mm * px_per_mm, high_mm * px_per_mm))


@lru_cache(maxsize=32)
def grey_lab_d65(reflectance: float) -> tuple[float, float, float]:
    """CIELAB under D65 of a flat grey of this reflectance: a* = b* = 0."""
    lab = xyz_to_lab(D65_XYZ * reflectance)
    return float(lab[0]), 0.0, 0.0


COLORCHECKER_ROWS, COLORCHECKER_COLS = 4, 6

COLORCHECKER_PITCH_MM = {"classic": 46.0, "passport": 13.8}
"""Centre to centre of neighbouring patches by product, good to about 3 %.

From patch sides of 40 and 12 mm and `COLORCHECKER_PATCH_FRACTION`. All products show
the same 24 colours, so the photograph does not tell which one it is.
"""

COLORCHECKER_PATCH_FRACTION = 0.87
"""Side of a patch over the pitch; the rest is the black frame."""

COLORCHECKER_NAMES: tuple[str, ...] = (
    *("dark skin", "light skin", "blue sky", "foliage", "blue flower", "bluish green"),
    *("orange", "purplish blue", "moderate red", "purple", "yellow green"),
    *("orange yellow", "blue", "green", "red", "yellow", "magenta", "cyan"),
    *("white", "neutral 8", "neutral 6.5", "neutral 5", "neutral 3.5", "black"),
)
"""Row by row from the card's top left; patch k is at (k % 6, k // 6)."""

COLORCHECKER_LAB_D65: tuple[tuple[float, float, float], ...] = (
    (37.97, 12.11, 13.70),
    (65.41, 14.82, 17.52),
    (50.50, -1.41, -21.66),
    (43.25, -14.77, 22.26),
    (55.53, 11.20, -24.43),
    (71.32, -32.44, 1.74),
    (61.37, 32.16, 55.90),
    (40.92, 15.95, -43.52),
    (50.34, 45.45, 14.58),
    (30.30, 23.02, -21.10),
    (72.37, -27.16, 58.32),
    (70.92, 15.73, 66.90),
    (29.71, 21.97, -48.89),
    (55.53, -40.22, 33.53),
    (40.74, 50.71, 26.07),
    (81.52, -1.06, 80.20),
    (50.99, 49.56, -16.16),
    (51.79, -24.22, -25.52),
    (96.51, -0.90, 2.60),
    (81.22, -0.68, 0.38),
    (66.49, -0.49, 0.07),
    (50.84, -0.56, -0.09),
    (35.88, -0.47, -0.40),
    (20.83, 0.18, -0.33),
)
"""CIELAB under D65, 2° observer, in the order of `COLORCHECKER_NAMES`.

BabelColor's average spectra of 30 cards (D. Pascale, "The ColorChecker", 2006-2016),
integrated under D65. The maker's values differ by a mean of 0.8 ΔE00 (cards before
November 2014) and 0.9 (after), brought from D50 by Bradford: one table serves both.
"""

"""The printable card: markers, neutral steps and two millimetre scales on one sheet."""

import io
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from cicatrix.colour.card_layout import (
    CARD_HEIGHT_MM,
    CARD_MARKERS,
    CARD_PATCHES,
    CARD_TICKS,
    CARD_WIDTH_MM,
    INK_REFLECTANCE,
    PAPER_REFLECTANCE,
    marker_modules,
)

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

__all__ = ["PAPER_SIZES_MM", "card_pdf", "grey_to_print"]

PAPER_SIZES_MM: Mapping[str, tuple[float, float]] = {
    "a4": (210.0, 297.0),
    "letter": (215.9, 279.4),
}
"""Width and height by name: ISO 216 and ANSI/ASME Y14.1 A."""

_POINTS_PER_MM = 72 / 25.4
_TOP_MARGIN_MM = 30.0
_INSTRUCTIONS = (
    "Print at 100 % (“actual size”), without fitting to the page, on plain matt paper.",
    "In the printer's dialogue switch off colour enhancement, saving of toner and "
    "borders.",
    "Check with a ruler: each scale must be 90 mm long. If it is not, print again.",
    "Cut along the thin line. Keep it flat and dry; print a new one when it is soiled.",
    "Lay it beside the scar, in the same plane and in the same light, without gloss or "
    "shadow on it.",
    "The greys are those of an average office printer. Keep to one print for all visits "
    "of a case.",
)


def grey_to_print(reflectance: float) -> float:
    """The grey level (0 black, 1 paper) by which an office printer gives a reflectance.

    Between solid ink and bare paper, along the curve of IEC 61966-2-1 that printers
    take grey levels for.
    """
    span = PAPER_REFLECTANCE - INK_REFLECTANCE
    light = min(max((reflectance - INK_REFLECTANCE) / span, 0.0), 1.0)
    if light <= 0.0031308:
        return 12.92 * light
    return float(1.055 * light ** (1 / 2.4) - 0.055)


def card_pdf(paper: str) -> bytes:
    """The sheet with the card and how to print it, as a PDF.

    Parameters
    ----------
    paper
        A name of `PAPER_SIZES_MM`.

    Returns
    -------
    bytes
        The same for the same version of the program: no date is written.

    Raises
    ------
    ValueError
        `paper` is unknown: the caller has a bug.
    """
    if paper not in PAPER_SIZES_MM:
        raise ValueError(f"paper must be one of {list(PAPER_SIZES_MM)}, got {paper!r}")
    # Imported here: only this function draws a PDF, and reportlab is slow to load.
    from reportlab.pdfgen.canvas import Canvas

    width_mm, height_mm = PAPER_SIZES_MM[paper]
    stream = io.BytesIO()
    canvas = Canvas(
        stream,
        pagesize=(width_mm * _POINTS_PER_MM, height_mm * _POINTS_PER_MM),
        invariant=1,
    )
    canvas.setTitle("Cicatrix card")
    canvas.setAuthor("Cicatrix")
    # A viewer that scales to fit would spoil the millimetres.
    canvas.setViewerPreference("PrintScaling", "None")
    canvas.scale(_POINTS_PER_MM, _POINTS_PER_MM)
    left_mm = (width_mm - CARD_WIDTH_MM) / 2
    canvas.saveState()
    # From here on y runs up from the card's lower edge; the layout's runs down.
    canvas.translate(left_mm, height_mm - _TOP_MARGIN_MM - CARD_HEIGHT_MM)
    _draw_card(canvas)
    canvas.restoreState()
    _draw_words(canvas, left_mm, height_mm - _TOP_MARGIN_MM - CARD_HEIGHT_MM)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def _draw_card(canvas: "Canvas") -> None:
    """The card with its lower left corner at the origin, in millimetres."""
    canvas.setLineWidth(0.1)
    canvas.setStrokeGray(0.6)
    canvas.rect(0, 0, CARD_WIDTH_MM, CARD_HEIGHT_MM)
    for tick in CARD_TICKS:
        _box(canvas, (tick.left_mm, tick.top_mm, tick.width_mm, tick.height_mm), 0.0)
        if tick.number_mm is not None:
            centre = tick.left_mm + tick.width_mm / 2
            upper = tick.top_mm < CARD_HEIGHT_MM / 2
            below = tick.top_mm + tick.height_mm + 1.9 if upper else tick.top_mm - 0.5
            canvas.setFont("Helvetica", 2.1)
            canvas.drawCentredString(
                centre, CARD_HEIGHT_MM - below, str(tick.number_mm)
            )
    for patch in CARD_PATCHES:
        (x, y), (width, height) = patch.centre_mm, patch.size_mm
        box = (x - width / 2, y - height / 2, width, height)
        _box(canvas, box, grey_to_print(patch.reflectance))
    for marker in CARD_MARKERS:
        left, top = marker.corners_mm[0]
        side = marker.side_mm / 6
        # One solid square first: hairlines between ink modules would open its border.
        _box(canvas, (left, top, marker.side_mm, marker.side_mm), 0.0)
        for row, col in np.argwhere(marker_modules(marker) == 1).tolist():
            _box(canvas, (left + col * side, top + row * side, side, side), 1.0)


def _box(
    canvas: "Canvas", box_mm: tuple[float, float, float, float], grey: float
) -> None:
    """A filled rectangle (left, top, width, height) in the card's own millimetres."""
    left, top, width, height = box_mm
    canvas.setFillGray(grey)
    canvas.rect(left, CARD_HEIGHT_MM - top - height, width, height, stroke=0, fill=1)


def _draw_words(canvas: "Canvas", left_mm: float, bottom_mm: float) -> None:
    """How to print and use it, below the card."""
    canvas.setFillGray(0.15)
    canvas.setFont("Helvetica-Bold", 5)
    canvas.drawString(left_mm - 18, bottom_mm - 14, "Cicatrix card")
    canvas.setFont("Helvetica", 3.6)
    for number, line in enumerate(_INSTRUCTIONS):
        # Latin-1 is what the built-in letters can show.
        plain = line.replace("“", '"').replace("”", '"')
        canvas.drawString(left_mm - 18, bottom_mm - 24 - 6.5 * number, f"{number + 1}.")
        canvas.drawString(left_mm - 13, bottom_mm - 24 - 6.5 * number, plain)
    canvas.setFillGray(0.45)
    canvas.setFont("Helvetica", 3)
    foot = bottom_mm - 30 - 6.5 * len(_INSTRUCTIONS)
    canvas.drawString(left_mm - 18, foot, f"Cicatrix {version('cicatrix')}")

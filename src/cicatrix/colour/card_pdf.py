"""The Cicatrix card as a page to print: vectors in exact millimetres, and how to use it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

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
from cicatrix.errors import OutputUnwritable

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

__all__ = ["PAPERS", "card_code", "write_card"]

_PT_PER_MM = 72 / 25.4

PAPERS: dict[str, tuple[float, float]] = {
    "a4": (210.0, 297.0),
    "letter": (215.9, 279.4),
}
"""Width and height in mm, upright."""

_CARD_TOP_MM = 34.0
_CUT_MM = 4.0

_ADVICE = (
    (
        "Printing",
        (
            'Print this page at 100 % ("actual size"), never "fit to page", in black and '
            "white or greyscale, best quality, on matt paper or thin matt card.",
            "Lay a ruler on the card: 90 mm must be 90 mm, on both scales. If it is not, print "
            "again; sizes measured with a wrong card are wrong.",
            "Let ink dry for an hour, cut between the corner marks. Do not laminate it: "
            "gloss spoils it.",
        ),
    ),
    (
        "Photographing",
        (
            "Lay the card flat beside the scar, at the same height, its scale towards the scar, "
            "not on it and not bent around the limb.",
            "Keep it wholly in the picture, uncovered, out of shadow edges and out of the "
            "mirror direction of lamp and flash. No part of it may look burnt out.",
            "Use this same print at every visit. Mark its back with a number; keep it dry, "
            "clean and in the dark. Photographs with another print compare less well.",
        ),
    ),
    (
        "What it does",
        (
            "Its corner squares tell the size of a pixel and the tilt of the camera. Its greys, "
            "each printed twice, tell exposure, white balance, the camera's tone curve and how "
            "the light falls off.",
        ),
    ),
    (
        "What it cannot do",
        (
            "It has no colours, because an ordinary printer does not print known ones. A "
            "ColorChecker calibrates colours as well.",
            "Its greys are those of an average office printer. Yours differs, by the same amount "
            "at every visit: changes are hardly touched, absolute colours are.",
        ),
    ),
)


def card_code(reflectance: float) -> float:
    """Grey level 0..1 that asks a printer for this reflectance.

    Printers map 0 to their solid black and 1 to bare paper and follow sRGB between, so
    the reflectance is taken relative to both and encoded (IEC 61966-2-1).
    """
    span = PAPER_REFLECTANCE - INK_REFLECTANCE
    linear = min(1.0, max(0.0, (reflectance - INK_REFLECTANCE) / span))
    if linear <= 0.0031308:
        return 12.92 * linear
    return float(1.055 * linear ** (1 / 2.4) - 0.055)


def write_card(
    path: str | os.PathLike[str], *, paper: Literal["a4", "letter"] = "a4"
) -> None:
    """Write the card and how to use it as a one-page PDF.

    Parameters
    ----------
    path
        Where to; an existing file is replaced.
    paper
        A key of `PAPERS`.

    Raises
    ------
    ValueError
        Unknown paper.
    OutputUnwritable
        The file cannot be written.
    """
    if paper not in PAPERS:
        raise ValueError(f"paper must be one of {sorted(PAPERS)}, got {paper!r}")
    # Heavy, and needed for this page only.
    from reportlab.pdfgen.canvas import Canvas

    width, height = PAPERS[paper]
    target = Path(path)
    canvas = Canvas(
        str(target),
        pagesize=(width * _PT_PER_MM, height * _PT_PER_MM),
        invariant=1,  # the same page is the same file, byte by byte
        pageCompression=1,
    )
    canvas.setTitle("Cicatrix card")
    canvas.setSubject("Print at 100 %")
    # From here on millimetres, origin at the top left, y down.
    canvas.translate(0, height * _PT_PER_MM)
    canvas.scale(_PT_PER_MM, -_PT_PER_MM)
    left = (width - CARD_WIDTH_MM) / 2
    _heading(canvas, width)
    canvas.saveState()
    canvas.translate(left, _CARD_TOP_MM)
    _frame(canvas)
    _card(canvas)
    canvas.restoreState()
    _advice(canvas, left_mm=25.0, width_mm=width - 50.0)
    try:
        canvas.save()
    except OSError as wrong:
        raise OutputUnwritable(
            f"{target.name} could not be written ({wrong.strerror}), so there is no card "
            "to print. Choose a folder that exists and may be written to."
        ) from wrong


def _text(
    canvas: "Canvas",
    words: str,
    at_mm: tuple[float, float],
    *,
    size_mm: float,
    bold: bool,
) -> None:
    """Words with their base line at a place; the page's y runs down, letters' up."""
    canvas.saveState()
    canvas.translate(*at_mm)
    canvas.scale(1, -1)
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size_mm)
    canvas.drawString(0, 0, words)
    canvas.restoreState()


def _heading(canvas: "Canvas", width_mm: float) -> None:
    left = (width_mm - CARD_WIDTH_MM) / 2
    _text(canvas, "Cicatrix card", (left, 18), size_mm=6, bold=True)
    _text(
        canvas,
        "Print at 100 %. Check both scales with a ruler. Cut between the corner marks.",
        (left, 24.5),
        size_mm=3.4,
        bold=False,
    )


def _frame(canvas: "Canvas") -> None:
    """Corner marks outside the card, so that no ink is left on a cut edge."""
    canvas.setStrokeGray(0.5)
    canvas.setLineWidth(0.15)
    for x, outward_x in ((0.0, -1), (CARD_WIDTH_MM, 1)):
        for y, outward_y in ((0.0, -1), (CARD_HEIGHT_MM, 1)):
            canvas.line(x + outward_x, y, x + outward_x * _CUT_MM, y)
            canvas.line(x, y + outward_y, x, y + outward_y * _CUT_MM)


def _card(canvas: "Canvas") -> None:
    canvas.setFillGray(0)
    for tick in CARD_TICKS:
        canvas.rect(
            tick.left_mm, tick.top_mm, tick.width_mm, tick.height_mm, stroke=0, fill=1
        )
        if tick.number_mm is not None:
            upper = tick.top_mm < CARD_HEIGHT_MM / 2
            base = 6.4 if upper else CARD_HEIGHT_MM - 4.6
            number = str(tick.number_mm)
            # Figures of Helvetica are 0.556 of its size wide.
            x = tick.left_mm + tick.width_mm / 2 - 0.278 * 2.2 * len(number)
            _text(canvas, number, (x, base), size_mm=2.2, bold=False)
    for patch in CARD_PATCHES:
        (x, y), (width, height) = patch.centre_mm, patch.size_mm
        canvas.setFillGray(card_code(patch.reflectance))
        canvas.rect(x - width / 2, y - height / 2, width, height, stroke=0, fill=1)
    canvas.setFillGray(0)
    for marker in CARD_MARKERS:
        _marker(canvas, marker_modules(marker).tolist(), marker.corners_mm[0])
    _text(canvas, "Cicatrix card", (21, 32), size_mm=4.5, bold=True)
    _text(
        canvas,
        "Same print at every visit. Flat, uncovered, no glare.",
        (21, 37),
        size_mm=2.6,
        bold=False,
    )
    _text(
        canvas,
        "Print no. ______   Date ____________",
        (21, 43.5),
        size_mm=2.6,
        bold=False,
    )


def _marker(
    canvas: "Canvas", modules: list[list[int]], corner_mm: tuple[float, float]
) -> None:
    """One marker as runs of ink: whole runs leave no hairlines between modules."""
    side = CARD_MARKERS[0].side_mm / len(modules)
    outline = canvas.beginPath()
    for row, line in enumerate(modules):
        start = None
        for col, paper in enumerate([*line, 1]):
            if not paper and start is None:
                start = col
            elif paper and start is not None:
                # A hundredth of a millimetre of overlap keeps rows from parting.
                outline.rect(
                    corner_mm[0] + start * side,
                    corner_mm[1] + row * side,
                    (col - start) * side,
                    side + (0.01 if row < len(modules) - 1 else 0),
                )
                start = None
    canvas.drawPath(outline, stroke=0, fill=1)


def _advice(canvas: "Canvas", *, left_mm: float, width_mm: float) -> None:
    from reportlab.lib.utils import simpleSplit  # with the rest of reportlab

    y = _CARD_TOP_MM + CARD_HEIGHT_MM + 18
    for title, sentences in _ADVICE:
        _text(canvas, title, (left_mm, y), size_mm=4, bold=True)
        y += 5.6
        for sentence in sentences:
            for number, line in enumerate(
                simpleSplit(sentence, "Helvetica", 3.4, width_mm - 4)
            ):
                if number == 0:
                    _text(canvas, "•", (left_mm, y), size_mm=3.4, bold=False)
                _text(canvas, line, (left_mm + 4, y), size_mm=3.4, bold=False)
                y += 4.6
            y += 0.9
        y += 2.6

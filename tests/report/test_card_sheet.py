"""The printed card is what the search for it expects."""

import shutil
import subprocess

import cv2
import numpy as np
import pytest
from pypdf import PdfReader

from cicatrix.colour.card_layout import (
    CARD_HEIGHT_MM,
    CARD_MARKERS,
    CARD_WIDTH_MM,
    INK_REFLECTANCE,
    PAPER_REFLECTANCE,
    card_raster,
)
from cicatrix.report.card_sheet import card_pdf, grey_to_print

PX_PER_MM = 8


@pytest.mark.parametrize(
    ("paper", "size_mm"), [("a4", (210, 297)), ("letter", (215.9, 279.4))]
)
def test_the_sheet_has_the_papers_size(tmp_path, paper, size_mm):
    (tmp_path / "card.pdf").write_bytes(card_pdf(paper))

    (page,) = PdfReader(tmp_path / "card.pdf").pages

    found = [float(side) * 25.4 / 72 for side in page.mediabox[2:]]
    assert found == pytest.approx(size_mm, abs=0.05)
    words = page.extract_text()
    assert "90 mm" in words
    assert "100 %" in words


def test_the_same_sheet_is_the_same_file():
    assert card_pdf("a4") == card_pdf("a4")


def test_an_unknown_paper_is_the_callers_bug():
    with pytest.raises(ValueError, match="'a5'"):
        card_pdf("a5")


def test_greys_run_from_ink_to_paper():
    assert grey_to_print(INK_REFLECTANCE) == 0
    assert grey_to_print(PAPER_REFLECTANCE) == pytest.approx(1)
    assert grey_to_print(0.2) < grey_to_print(0.4)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm")
def test_the_printed_card_lies_where_the_layout_says(tmp_path):
    (tmp_path / "card.pdf").write_bytes(card_pdf("a4"))
    dpi = PX_PER_MM * 25.4
    subprocess.run(
        ["pdftoppm", "-r", f"{dpi}", "-gray", "card.pdf", "card"],
        cwd=tmp_path,
        check=True,
    )
    (drawn,) = tmp_path.glob("card*.pgm")
    sheet = cv2.imread(str(drawn), cv2.IMREAD_GRAYSCALE)
    left, top = (210 - CARD_WIDTH_MM) / 2 * PX_PER_MM, 30 * PX_PER_MM
    rows, cols = round(CARD_HEIGHT_MM * PX_PER_MM), round(CARD_WIDTH_MM * PX_PER_MM)
    printed = sheet[round(top) : round(top) + rows, round(left) : round(left) + cols]

    expected = card_raster(PX_PER_MM)

    light = np.where(printed > 10, (printed / 255) ** 2.2, 0)
    likeness = np.corrcoef(light.ravel(), expected.ravel())[0, 1]
    assert likeness > 0.97
    for marker in CARD_MARKERS:
        x, y = (round(c * PX_PER_MM) for c in marker.centre_mm)
        half = round(marker.side_mm * PX_PER_MM / 2)
        square = printed[y - half : y + half, x - half : x + half]
        wanted = expected[y - half : y + half, x - half : x + half]
        assert ((square > 127) == (wanted > 0.45)).mean() > 0.97

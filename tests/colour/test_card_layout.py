"""The card's data say the same as the libraries that others read cards with."""

import cv2
import numpy as np
import pytest

from cicatrix.colour.card_layout import (
    CARD_HEIGHT_MM,
    CARD_MARKERS,
    CARD_PATCHES,
    CARD_TICKS,
    CARD_WIDTH_MM,
    COLORCHECKER_LAB_D65,
    COLORCHECKER_NAMES,
    INK_REFLECTANCE,
    PAPER_REFLECTANCE,
    card_raster,
    grey_lab_d65,
    marker_modules,
)


@pytest.mark.parametrize("marker", CARD_MARKERS, ids=lambda m: str(m.marker_id))
def test_marker_bits_are_the_words_of_the_dictionary(marker):
    words = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    drawn = cv2.aruco.generateImageMarker(words, marker.marker_id, 6)

    assert np.array_equal(marker_modules(marker), drawn > 127)


def test_every_grey_stands_twice_and_mirrored_through_the_centre():
    places = {p.centre_mm: p.reflectance for p in CARD_PATCHES}

    for (x, y), reflectance in places.items():
        assert places[(CARD_WIDTH_MM - x, CARD_HEIGHT_MM - y)] == reflectance


def test_there_are_at_least_six_greys_from_ink_to_paper():
    levels = sorted({p.reflectance for p in CARD_PATCHES})

    assert len(levels) >= 6
    assert (levels[0], levels[-1]) == (INK_REFLECTANCE, PAPER_REFLECTANCE)


def test_nothing_overlaps_and_all_lies_on_the_card():
    painted = np.zeros((int(CARD_HEIGHT_MM * 10), int(CARD_WIDTH_MM * 10)), int)
    boxes = [(t.left_mm, t.top_mm, t.width_mm, t.height_mm) for t in CARD_TICKS]
    boxes += [
        (
            p.centre_mm[0] - p.size_mm[0] / 2,
            p.centre_mm[1] - p.size_mm[1] / 2,
            *p.size_mm,
        )
        for p in CARD_PATCHES
    ]
    boxes += [(*m.corners_mm[0], m.side_mm, m.side_mm) for m in CARD_MARKERS]
    for left, top, width, height in boxes:
        assert min(left, top) >= 0
        assert left + width <= CARD_WIDTH_MM
        assert top + height <= CARD_HEIGHT_MM
        painted[
            round(top * 10) : round((top + height) * 10),
            round(left * 10) : round((left + width) * 10),
        ] += 1

    assert painted.max() == 1


def test_raster_has_the_size_and_the_greys_asked_for():
    card = card_raster(6)

    assert card.shape == (420, 600)
    assert card.dtype == np.float32
    for patch in CARD_PATCHES:
        x, y = (round(6 * v) for v in patch.centre_mm)
        assert card[y, x] == pytest.approx(patch.reflectance)


def test_an_edge_within_a_pixel_is_shared_by_area():
    coarse, fine = card_raster(1), card_raster(7.5)

    assert coarse.mean() == pytest.approx(fine.mean(), abs=1e-6)


def test_a_raster_of_no_size_is_the_callers_bug():
    with pytest.raises(ValueError, match="px_per_mm"):
        card_raster(0)


@pytest.mark.filterwarnings("ignore")  # it tells which spectra it resampled
def test_colorchecker_reference_agrees_with_the_published_spectra():
    colour = pytest.importorskip("colour")
    observer = colour.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"]
    d65 = colour.SDS_ILLUMINANTS["D65"]
    white = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
    card = colour.SDS_COLOURCHECKERS["BabelColor Average"].values()

    for ours, spectrum in zip(COLORCHECKER_LAB_D65, card, strict=True):
        xyz = colour.sd_to_XYZ(spectrum, observer, d65, method="Integration") / 100
        assert colour.XYZ_to_Lab(xyz, white) == pytest.approx(ours, abs=0.02)
    assert len(COLORCHECKER_NAMES) == 24


def test_a_grey_has_no_chroma():
    assert grey_lab_d65(0.18) == pytest.approx((49.5, 0, 0), abs=0.05)

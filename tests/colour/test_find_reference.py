"""A card is found where it lies, whatever its turn, tilt, cast and size, or refused."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cicatrix.colour.card_layout import CARD_PATCHES, card_raster
from cicatrix.colour.find_reference import find_reference
from cicatrix.domain.reference import PatchState, ReferenceKind
from cicatrix.photo.transfer import srgb_decoding

CARD_RATIO = 0.7
CHECKER_RATIO = (4 + 2 / 3) / (6 + 2 / 3)


def used(reference):
    return [p for p in reference.patches if p.state is PatchState.USED]


@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270, 33])
def test_cicatrix_card_is_found_at_any_turn(made, turn_deg):
    corners = made.corners((610, 440), 500, CARD_RATIO, turn_deg=turn_deg, squeeze=0.05)

    found = find_reference(made.card_photo(corners))

    assert found.kind is ReferenceKind.CICATRIX_CARD
    assert np.abs(np.array(found.corners_xy) - corners).max() < 1.0
    read = [p.linear_rgb[1] for p in found.patches]
    assert read == pytest.approx([p.reflectance for p in CARD_PATCHES], rel=0.03)
    assert len(used(found)) == 16


def test_two_of_four_markers_are_enough_and_that_is_said(made):
    corners = made.corners((600, 450), 600, CARD_RATIO)
    light = made.laid(card_raster(12), corners, (900, 1200))
    light[:, 755:] = (0.45, 0.3, 0.22)

    found = find_reference(made.photo(light))

    assert found.kind is ReferenceKind.CICATRIX_CARD
    assert any("2 of 4 corner markers" in note for note in found.notes)
    names = {p.name for p in used(found)}
    # What lies over one of two twins is even, so neither is trusted.
    assert not names & {"upper 8", "lower 8", "upper 1", "lower 1"}
    assert len(names) == 12


def test_a_burnt_out_card_says_which_greys_are_lost(made):
    corners = made.corners((600, 450), 500, CARD_RATIO)
    light = made.laid(card_raster(12), corners, (900, 1200)) * 1.5

    found = find_reference(made.photo(light))

    assert [p.name for p in found.patches if p.state is PatchState.CLIPPED] == [
        "upper 1",
        "lower 1",
    ]


def test_a_mirrored_cicatrix_card_is_not_found(made):
    corners = made.corners((600, 450), 500, CARD_RATIO)
    light = made.laid(card_raster(12), corners, (900, 1200))

    assert find_reference(made.photo(light[:, ::-1])) is None


@pytest.mark.parametrize("turn_deg", [0, 90, 180, 270, 20])
def test_colorchecker_is_found_at_any_turn(made, turn_deg):
    corners = made.corners((500, 380), 420, CHECKER_RATIO, turn_deg=turn_deg)
    light = made.laid(made.checker_raster(), corners, (760, 1000))

    found = find_reference(made.photo(light))

    assert found.kind is ReferenceKind.COLORCHECKER
    read = np.array([p.linear_rgb for p in found.patches])
    assert np.abs(read - made.CHECKER_LIGHT).max() < 0.02
    assert len(used(found)) >= 22


@pytest.mark.parametrize(
    "gains", [(1.0, 0.55, 0.2), (0.45, 0.8, 1.0), (0.3, 0.3, 0.3)], ids=str
)
def test_a_strong_cast_does_not_turn_the_card_round(made, gains):
    corners = made.corners((500, 380), 420, CHECKER_RATIO, turn_deg=180)
    light = made.laid(made.checker_raster(), corners, (760, 1000)) * np.array(gains)

    found = find_reference(made.photo(light))

    assert found.kind is ReferenceKind.COLORCHECKER
    assert found.patches[0].centre_xy[0] > found.patches[5].centre_xy[0]
    assert found.patches[0].centre_xy[1] > found.patches[18].centre_xy[1]


def test_a_small_tilted_card_in_a_large_picture_is_found(made):
    corners = made.corners((2300, 700), 330, CHECKER_RATIO, turn_deg=-12, squeeze=0.06)
    light = made.laid(made.checker_raster(), corners, (1500, 3000))

    found = find_reference(made.photo(light))

    assert found.kind is ReferenceKind.COLORCHECKER


def test_a_mirrored_colorchecker_is_refused_with_the_reason(made):
    corners = made.corners((500, 380), 420, CHECKER_RATIO)
    light = made.laid(made.checker_raster(), corners, (760, 1000))

    found = find_reference(made.photo(light[:, ::-1]))

    assert found.kind is ReferenceKind.NONE
    assert "mirrored" in found.notes[0]


def test_a_half_covered_colorchecker_uses_only_what_shows(made):
    corners = made.corners((500, 380), 420, CHECKER_RATIO)
    light = made.laid(made.checker_raster(), corners, (760, 1000))
    light[:, 540:] = (0.13, 0.17, 0.06)

    found = find_reference(made.photo(light))

    right = [p for p in found.patches if p.centre_xy[0] > 545]
    assert right
    assert all(p.state is PatchState.COVERED for p in right)
    assert any("covered" in note for note in found.notes)


def test_veiling_glare_is_said(made):
    corners = made.corners((500, 380), 420, CHECKER_RATIO)
    light = made.laid(made.checker_raster(), corners, (760, 1000)) * 0.8 + 0.15

    found = find_reference(made.photo(light))

    assert any("Veiling glare" in note for note in found.notes)


def test_four_given_corners_are_taken_as_they_are(made):
    corners = made.corners((500, 380), 420, CHECKER_RATIO, turn_deg=8)
    light = made.laid(made.checker_raster(), corners, (760, 1000))
    inner = made.corners(
        (500, 380), 420 * (6 - 0.13) / (6 + 2 / 3), (4 - 0.13) / (6 - 0.13), turn_deg=8
    )

    found = find_reference(
        made.photo(light), corners_xy=tuple(map(tuple, inner.tolist()))
    )

    read = np.array([p.linear_rgb for p in found.patches])
    assert found.kind is ReferenceKind.COLORCHECKER
    assert np.abs(read - made.CHECKER_LIGHT).max() < 0.02


def test_plain_skin_and_noise_show_no_card(made):
    rng = np.random.default_rng(3)
    speckle = cv2.GaussianBlur(rng.normal(0.3, 0.3, (600, 800, 3)), (0, 0), 3)

    assert find_reference(made.photo(np.full((600, 800, 3), 0.3))) is None
    assert find_reference(made.photo(np.clip(speckle, 0, 1))) is None


def test_a_chessboard_is_no_colour_card(made):
    board = np.kron(np.indices((6, 8)).sum(axis=0) % 2, np.ones((40, 40))) * 0.7 + 0.05
    light = np.full((600, 800, 3), 0.3)
    light[100:340, 100:420] = board[..., None]

    assert find_reference(made.photo(light)) is None


def test_a_card_beats_the_grey_patch_pointed_at(made):
    corners = made.corners((600, 450), 500, CARD_RATIO)

    found = find_reference(made.card_photo(corners), grey_xy=(50, 50))

    assert found.kind is ReferenceKind.CICATRIX_CARD


def test_a_grey_patch_is_read_where_no_card_is(made):
    light = np.full((400, 600, 3), (0.2, 0.18, 0.12))

    found = find_reference(made.photo(light), grey_xy=(300, 200))

    assert found.kind is ReferenceKind.GREY_PATCH
    assert found.patches[0].linear_rgb == pytest.approx((0.2, 0.18, 0.12), rel=0.02)


def on_skin(shape):
    """Linear light of pale skin, with a grey where `shape` (rows, cols) is true."""
    light = np.full((400, 600, 3), (0.57, 0.44, 0.34))
    light[shape] = 0.3
    return light * np.linspace(0.9, 1.1, 600)[:, None]


@pytest.mark.parametrize("turn", [0.0, 0.3])
def test_a_grey_patch_tells_where_it_lies(made, turn):
    y, x = np.mgrid[0:400, 0:600] - np.array([200, 300])[:, None, None]
    along, across = (
        x * np.cos(turn) + y * np.sin(turn),
        y * np.cos(turn) - x * np.sin(turn),
    )
    patch = (np.abs(along) < 60) & (np.abs(across) < 40)

    found = find_reference(made.photo(on_skin(patch)), grey_xy=(310, 190))

    drawn = np.zeros((400, 600), np.uint8)
    cv2.fillConvexPoly(drawn, np.round(found.corners_xy).astype(np.int32), 1)
    held = drawn.astype(bool)
    assert held[patch].all()
    assert held.sum() < 1.2 * patch.sum()


def test_grey_of_no_rectangle_or_without_an_end_has_no_corners(made):
    y, x = np.mgrid[0:400, 0:600]
    corner = ((x > 200) & (x < 260)) | ((y > 150) & (y < 190) & (x < 500) & (x > 200))

    shaped = find_reference(made.photo(on_skin(corner)), grey_xy=(230, 170))
    endless = find_reference(
        made.photo(np.full((400, 600, 3), 0.3)), grey_xy=(300, 200)
    )

    assert shaped.kind is endless.kind is ReferenceKind.GREY_PATCH
    assert shaped.corners_xy == endless.corners_xy == ()


def test_a_clipped_grey_patch_is_refused(made):
    found = find_reference(made.photo(np.full((400, 600, 3), 1.2)), grey_xy=(300, 200))

    assert found.kind is ReferenceKind.NONE
    assert "clipped" in found.notes[0]


def test_an_uneven_grey_patch_is_refused(made):
    light = np.full((400, 600, 3), 0.1)
    light[:, 300:] = 0.4

    found = find_reference(made.photo(light), grey_xy=(300, 200))

    assert found.kind is ReferenceKind.NONE
    assert "not even" in found.notes[0]


def test_a_point_off_the_picture_is_the_callers_bug(made):
    with pytest.raises(ValueError, match="outside the photograph"):
        find_reference(made.photo(np.full((400, 600, 3), 0.3)), grey_xy=(600, 0))


def test_three_corners_are_the_callers_bug(made):
    three = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0))
    with pytest.raises(ValueError, match="four finite points"):
        find_reference(made.photo(np.full((40, 60, 3), 0.3)), corners_xy=three)


def test_a_tiny_picture_shows_nothing(made):
    assert find_reference(made.photo(np.full((1, 1, 3), 0.3))) is None


def test_sixteen_bits_are_read_as_well(made):
    corners = made.corners((600, 450), 500, CARD_RATIO)
    eight = made.card_photo(corners)
    deep = replace(
        eight,
        encoded=eight.encoded.astype(np.uint16) * 257,
        decoding=srgb_decoding(65536),
    )

    read = [p.linear_rgb for p in find_reference(deep).patches]
    assert np.allclose(
        read, [p.linear_rgb for p in find_reference(eight).patches], atol=2e-3
    )

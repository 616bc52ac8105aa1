"""What one mark on a photograph finds."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.errors import LesionNotFound
from cicatrix.outline.assemble import outline_mask, outline_polygons
from cicatrix.outline.finding import outline_again, outline_from_mask, outline_lesion
from cicatrix.outline.pointed import with_click
from cicatrix.outline.search import half_sizes
from cicatrix.outline.value import Box, Scribble


def dice(outline, photo, truth):
    mask = outline_mask(outline, photo)
    return 2 * (mask & truth).sum() / (mask.sum() + truth.sum())


RED = (-0.25, -0.55, -0.45)
PALE = (0.2, 0.35, 0.4)
FAINT = (-0.06, -0.17, -0.14)


@pytest.mark.parametrize("step", [RED, PALE, FAINT], ids=["red", "pale", "faint"])
def test_a_click_outlines_a_scar_of_either_sign(picture, disc, step):
    truth = disc()
    photo = picture(truth, step=step)

    outline = outline_lesion(photo, (330, 235))

    assert outline.kind == "blob"
    assert outline.polarity == ("lighter" if step is PALE else "darker")
    assert dice(outline, photo, truth) > 0.93


def test_a_scar_on_dark_skin_is_outlined_as_well_as_on_light_skin(picture, disc):
    truth = disc()
    dark = picture(truth, skin=np.array([0.14, 0.065, 0.038]))

    assert dice(outline_lesion(dark, (330, 235)), dark, truth) > 0.93


def test_a_click_on_one_stria_finds_its_neighbours(picture, bands):
    photo = picture(bands)

    outline = outline_lesion(photo, (320, 250))

    assert outline.kind == "line"
    assert dice(outline, photo, bands) > 0.88


def test_a_click_on_one_pit_finds_the_field(picture, disc):
    truth = np.zeros((480, 640), bool)
    for x, y in (
        (280, 200),
        (330, 210),
        (300, 260),
        (360, 250),
        (340, 300),
        (270, 300),
    ):
        truth |= disc(x, y, 10, 9)
    photo = picture(truth)

    outline = outline_lesion(photo, (330, 210))

    assert outline.kind == "field"
    assert dice(outline, photo, truth) > 0.85


def test_a_click_just_beside_a_scar_takes_the_scar(picture, disc):
    truth = disc(a=30, b=30)
    photo = picture(truth)

    assert dice(outline_lesion(photo, (320, 282)), photo, truth) > 0.9


def test_a_click_far_from_a_scar_does_not_take_the_scar(picture, disc):
    photo = picture(disc(a=20, b=20))

    with pytest.raises(LesionNotFound, match="stands out"):
        outline_lesion(photo, (320, 170))


def test_faint_blotches_all_over_a_photograph_are_no_lesion(picture, disc):
    blotches = np.zeros((480, 640), bool)
    for x in (80, 200, 320, 440, 560):
        for y in (90, 240, 390):
            blotches |= disc(x, y, 26, 22)
    fainter = tuple(0.4 * one for one in FAINT)
    clear, faint = (picture(blotches, step=step) for step in (FAINT, fainter))

    assert dice(outline_lesion(clear, (320, 240)), clear, blotches) > 0.8
    with pytest.raises(LesionNotFound, match="mottling"):
        outline_lesion(faint, (320, 240))


def test_how_far_a_lesion_stands_out_is_told(picture, disc):
    truth = disc()

    clear, faint = (
        outline_lesion(picture(truth, step=step), (330, 235)) for step in (RED, FAINT)
    )

    assert 3 < faint.separation < clear.separation
    assert outline_from_mask(picture(truth), truth).separation == np.inf


def test_how_far_an_outline_stands_out_as_its_click_does_is_told(picture, disc):
    truth = disc()
    even = outline_lesion(picture(truth), (330, 235))
    # What a border that ran out holds: a scar, and a larger blotch that differs less.
    blotch = disc(x=440.0, a=120.0, b=90.0)
    both = picture(blotch | truth, step=tuple(0.5 * one for one in RED))
    light = np.asarray(both.encoded).copy()
    light[truth] = picture(truth).encoded[truth]
    both = replace(both, encoded=light)
    wide = outline_from_mask(both, blotch | truth)

    assert even.as_pointed_to == pytest.approx(1.0, abs=0.05)
    assert wide.as_pointed_to == 1.0
    assert with_click(both, wide, (290.0, 240.0)).as_pointed_to == pytest.approx(
        0.5, abs=0.05
    )
    assert with_click(both, wide, (500.0, 240.0)).as_pointed_to == pytest.approx(
        1.0, abs=0.05
    )


def test_a_click_beside_what_was_found_is_told_by_its_nearest_samples(picture, disc):
    truth = disc(a=120.0, b=24.0)
    photo = picture(truth)
    wide = outline_from_mask(photo, truth)

    for beside in ((320.0, 300.0), (100.0, 240.0)):
        # The nearest ones lie at the border or in a tip, where the scar differs less.
        assert 0.95 < with_click(photo, wide, beside).as_pointed_to < 2


def test_a_click_tells_it_of_what_it_found(picture, disc):
    truth = disc(a=120.0, b=24.0)
    dark = truth & (np.arange(640) < 270)
    photo = picture(truth, step=RED)
    encoded = np.asarray(photo.encoded).copy()
    encoded[dark] = picture(truth, step=tuple(1.6 * one for one in RED)).encoded[dark]
    uneven = replace(photo, encoded=encoded)

    at_dark, at_usual = (outline_lesion(uneven, (x, 240)) for x in (235, 350))

    assert dice(at_dark, uneven, truth) > 0.9
    assert at_dark.as_pointed_to < 0.75
    assert at_usual.as_pointed_to == pytest.approx(1.0, abs=0.05)


def test_box_and_scribble_find_the_same_scar(picture, disc):
    truth = disc()
    photo = picture(truth)
    box = Box(left_px=250, top_px=185, right_px=390, bottom_px=295)
    stroke = Scribble(points_xy=np.array([[290.0, 240.0], [350.0, 245.0]]))

    assert dice(outline_lesion(photo, box), photo, truth) > 0.93
    assert dice(outline_lesion(photo, stroke), photo, truth) > 0.93


def test_a_given_mask_or_polygon_is_kept_as_it_is(picture, disc):
    truth = disc()
    photo = picture(truth)
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    polygon = np.stack([320 + 60 * np.cos(turn), 240 + 45 * np.sin(turn)], axis=1)

    for lesion in (truth, polygon):
        outline = outline_lesion(photo, lesion)
        assert outline.given
        assert dice(outline, photo, truth) > 0.98


def test_a_saved_outline_is_the_same_when_given_again(picture, disc):
    photo = picture(disc())
    found = outline_lesion(photo, (330, 235))

    again = outline_from_mask(photo, outline_mask(found, photo))

    assert dice(again, photo, outline_mask(found, photo)) > 0.99


def test_the_ring_keeps_off_the_lesion_and_off_a_card(picture, disc):
    photo = picture(disc())
    card = np.array([[400.0, 150.0], [560.0, 150.0], [560.0, 330.0], [400.0, 330.0]])

    outline = outline_lesion(photo, (330, 235), exclude=[card])

    xy = outline.window.samples_xy()[outline.ring]
    assert not ((xy[:, 0] > 400) & (xy[:, 1] > 150) & (xy[:, 1] < 330)).any()
    assert not (outline.ring & outline.mask).any()


def test_the_displayed_polygon_surrounds_the_lesion_in_photo_pixels(picture, disc):
    photo = picture(disc())

    low, high = (
        f(outline_lesion(photo, (330, 235)).polygon_xy, axis=0)
        for f in (np.min, np.max)
    )

    assert low == pytest.approx([260, 195], abs=5)
    assert high == pytest.approx([380, 285], abs=5)


def test_every_part_has_a_polygon(picture, bands):
    photo = picture(bands)

    assert len(outline_polygons(outline_from_mask(photo, bands))) == 3


def test_the_same_click_gives_the_same_outline(picture, disc):
    photo = picture(disc())
    first, second = (outline_lesion(photo, (330, 235)) for _ in range(2))

    assert np.array_equal(first.mask, second.mask)


def test_a_lesion_of_known_size_is_found_again_and_nothing_narrower(picture, disc):
    photo = picture(disc())

    again = outline_again(photo, (330, 235), across_px=120)

    assert np.array_equal(again.mask, outline_lesion(photo, (330, 235)).mask)
    assert min(half_sizes(photo)) == 40
    assert min(half_sizes(photo, 120)) == 80
    assert half_sizes(photo, 5000) == [320]


def test_nothing_on_plain_skin_is_said(picture):
    photo = picture(np.zeros((480, 640), bool))

    with pytest.raises(LesionNotFound, match="stands out"):
        outline_lesion(photo, (330, 235))


def test_a_point_outside_is_said(picture, disc):
    with pytest.raises(LesionNotFound, match="outside the photograph of 640 x 480"):
        outline_lesion(picture(disc()), (900, 100))


def test_a_point_on_the_background_is_said(picture, disc):
    photo = picture(disc())
    photo.encoded[:, 480:] = (70, 90, 120)

    with pytest.raises(LesionNotFound, match="off the skin"):
        outline_lesion(photo, (600, 240))


@pytest.mark.parametrize(
    "lesion",
    [
        (330, 235),
        Box(left_px=250, top_px=185, right_px=390, bottom_px=295),
        Scribble(points_xy=np.array([[290.0, 240.0], [350.0, 245.0]])),
    ],
    ids=["point", "box", "scribble"],
)
def test_a_picture_without_skin_is_said(picture, disc, lesion):
    green = picture(disc(), skin=np.array([0.02, 0.06, 0.03]))

    with pytest.raises(LesionNotFound, match="off the skin"):
        outline_lesion(green, lesion)


def test_a_mask_on_a_picture_without_skin_is_said(picture, disc):
    green = picture(disc(), skin=np.array([0.02, 0.06, 0.03]))

    with pytest.raises(LesionNotFound, match="bare skin"):
        outline_from_mask(green, disc())


def test_an_empty_mask_is_the_photographs_fault_and_a_wrong_size_the_callers(
    picture, disc
):
    photo = picture(disc())

    with pytest.raises(LesionNotFound, match="empty"):
        outline_lesion(photo, np.zeros((480, 640), bool))
    with pytest.raises(ValueError, match="mask is"):
        outline_lesion(photo, np.ones((10, 10), bool))
    with pytest.raises(ValueError, match="polygon"):
        outline_lesion(photo, np.zeros((2, 2)))


def test_a_lesion_that_fills_the_photograph_has_no_skin_beside_it(picture):
    whole = np.ones((480, 640), bool)

    with pytest.raises(LesionNotFound, match="bare skin"):
        outline_from_mask(picture(whole), whole)

"""What a person says of a photograph is used, or refused where it cannot be."""

import pickle

import numpy as np
import pytest

from cicatrix import phantom
from cicatrix.domain.capture import Capture
from cicatrix.errors import PhotoUnreadable, ReferenceUnusable
from cicatrix.photo.writing import jpeg_bytes
from cicatrix.work.opening import open_photo


def test_a_photograph_has_its_sheet_and_no_size_unless_told(png):
    photo = open_photo(png())

    assert len(photo.quality) == 10
    assert photo.scale is None
    assert photo.reference is None


def test_a_size_that_is_entered_is_the_scale(png):
    photo = open_photo(png(), mm_per_px=0.05)

    assert photo.scale.mm_per_px_at(10, 10) == 0.05
    assert photo.scale.source == "entered"


@pytest.mark.parametrize(
    ("filed", "said", "told"),
    [
        (None, None, None),
        (None, True, True),
        (None, False, False),
        (False, None, False),
        (False, True, True),
        (True, False, True),
    ],
)
def test_a_flash_is_as_the_file_has_it_or_a_person_says(filed, said, told):
    codes = np.full((80, 100, 3), 150, np.uint8)
    file = jpeg_bytes(codes, quality=90, capture=Capture(flash_fired=filed))

    assert open_photo(file, flash_fired=said).capture.flash_fired is told


@pytest.mark.parametrize("size", [50.0, 0.0001])
def test_a_size_that_no_skin_can_have_is_refused(png, size):
    with pytest.raises(ReferenceUnusable, match="mm of skin"):
        open_photo(png(), mm_per_px=size)


def test_a_card_counts_for_more_than_a_size_that_agrees_and_refuses_another():
    scene = phantom.Scene(
        seed=3, objects=(phantom.SceneObject(kind="cicatrix-card", centre_mm=(0, 60)),)
    )
    card = phantom.render(
        scene, phantom.Capture(width_px=1200, height_px=1400, px_per_mm=7.0)
    )
    shown = open_photo(card.file_bytes).scale.mm_per_px
    agreed = open_photo(card.file_bytes, mm_per_px=shown * 1.03).scale

    assert (agreed.source, agreed.mm_per_px) == ("card", shown)
    with pytest.raises(ReferenceUnusable, match=r"the card in it shows 0\.1"):
        open_photo(card.file_bytes, mm_per_px=shown * 1.5)


def test_a_grey_patch_that_is_pointed_to_is_the_reference(png):
    photo = open_photo(png(), grey_xy=(20, 20))

    assert photo.reference.patches[0].centre_xy == (20, 20)


@pytest.mark.parametrize("place", [(200, 10), (10, 150), (-1, 10)])
def test_a_grey_patch_outside_is_refused(png, place):
    with pytest.raises(ReferenceUnusable, match="200 x 150 px"):
        open_photo(png(), grey_xy=place)


@pytest.mark.parametrize(
    "corners",
    [
        [(10, 10), (10, 10), (10, 10), (10, 10)],
        [(10, 10), (50, 50), (90, 90), (130, 130)],
        [(10, 10), (10, 90), (110, 90), (110, 10)],
        [(10, 10), (110, 90), (110, 10), (10, 90)],
        [(10, 10), (110, 10), (110, 90)],
    ],
    ids=["one point", "a line", "the wrong way round", "crossed", "three"],
)
def test_corners_that_go_round_no_card_are_refused(png, corners):
    with pytest.raises(ReferenceUnusable, match="clockwise"):
        open_photo(png(), card_corners_xy=corners)


def test_corners_of_a_turned_and_slanted_card_are_taken(png):
    photo = open_photo(
        png(), card_corners_xy=[(150, 20), (160, 120), (40, 110), (45, 30)]
    )

    assert photo.reference is not None


def test_what_is_no_photograph_is_refused():
    with pytest.raises(PhotoUnreadable):
        open_photo(b"hello")


def test_an_opened_photograph_can_be_sent_to_another_process(png):
    photo = open_photo(png())

    there = pickle.loads(pickle.dumps(photo))  # noqa: S301 - our own bytes

    assert there.quality == photo.quality
    assert (there.encoded == photo.encoded).all()

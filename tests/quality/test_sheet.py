"""The sheet: ten lines, right on pictures of known fault, fit to be acted on."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cicatrix.domain.quality import Grade, Heading
from cicatrix.domain.reference import (
    ColourReference,
    PatchReading,
    PatchState,
    ReferenceKind,
)
from cicatrix.domain.scale import Scale, ScaleSource
from cicatrix.errors import PhotoUnusable
from cicatrix.photo.reading import read_photo
from cicatrix.quality.sheet import assess

BOX = (260.0, 190.0, 380.0, 290.0)


def line(findings, heading):
    return next(f for f in findings if f.heading is heading)


SMALL = (300.0, 220.0, 360.0, 260.0)


def textured(made, *, number=120):
    """Skin with spots all over: every part has edges."""
    light = made.skin()
    light *= 1 - 0.45 * made.spots(number=number)[..., None]
    return made.noisy(light, 0.003)


def test_there_are_ten_lines_in_the_order_of_the_headings(made):
    findings = assess(made.photo(textured(made)))

    assert [f.heading for f in findings] == list(Heading)
    assert all(f.sentence.endswith(".") for f in findings)


def test_a_good_photograph_passes_all_that_needs_no_card(made):
    findings = assess(made.photo(textured(made)), lesion_box_xyxy=BOX)

    warned = [f.heading for f in findings if f.grade is not Grade.PASS]
    assert warned == [Heading.COLOUR_REFERENCE, Heading.SCALE]


def blurred(made, sd_px, bits=8):
    light = cv2.GaussianBlur(textured(made, number=25), (0, 0), sd_px)
    photo = made.photo(made.noisy(light, 0.002), bits=bits)
    return line(assess(photo, lesion_box_xyxy=SMALL), Heading.SHARPNESS)


def test_blur_is_graded_by_the_size_of_the_lesion(made):
    graded = [blurred(made, sd_px) for sd_px in (0.5, 5.0, 12.0)]

    assert [f.grade for f in graded] == [Grade.PASS, Grade.WARN, Grade.STOP]
    assert graded[1].value == pytest.approx(2.563 * 5, rel=0.35)
    assert graded[1].unit == "px"


def test_blur_of_16_bit_files_is_that_of_8_bit_files(made):
    assert blurred(made, 5.0, bits=16).value == pytest.approx(
        blurred(made, 5.0).value, rel=0.2
    )


def test_without_a_lesion_nothing_of_light_or_blur_stops(made):
    light = cv2.GaussianBlur(textured(made), (0, 0), 20) + 0.45

    findings = assess(made.photo(light))

    assert line(findings, Heading.SHARPNESS).grade is Grade.WARN
    assert line(findings, Heading.CLIPPING).grade is Grade.WARN
    assert Grade.STOP not in {f.grade for f in findings}


def test_featureless_skin_is_not_called_blurred(made):
    finding = line(assess(made.photo(made.skin())), Heading.SHARPNESS)

    assert finding.value is None
    assert "No clear edge" in finding.sentence


def test_motion_is_not_known_where_no_edges_show_it(made):
    finding = line(assess(made.photo(made.skin())), Heading.MOTION)

    assert finding.value is None
    assert finding.sentence.startswith("Motion is not known")


def test_motion_is_told_from_blur(made):
    light = textured(made)

    still = assess(made.photo(cv2.GaussianBlur(light, (0, 0), 2)))
    moved = assess(made.photo(made.smear(light, 16, 30)))

    assert line(still, Heading.MOTION).grade is Grade.PASS
    assert line(moved, Heading.MOTION).grade is Grade.WARN
    assert "both hands" in line(moved, Heading.MOTION).sentence


def test_clipping_counts_at_the_lesion_alone(made):
    light = textured(made)
    light[:100] = 2.0
    elsewhere = line(assess(made.photo(light), lesion_box_xyxy=BOX), Heading.CLIPPING)
    light[200:250, 280:370] = 2.0
    there = line(assess(made.photo(light), lesion_box_xyxy=BOX), Heading.CLIPPING)

    assert elsewhere.grade is Grade.PASS
    assert there.grade is Grade.STOP
    assert there.value == pytest.approx(100 * 50 * 90 / (120 * 100), rel=0.02)


def test_a_gradient_is_told_across_the_lesion_and_per_cm(made):
    slope = np.exp(0.004 * (np.arange(640) - 320))
    light = made.noisy(made.skin(light=0.4 * slope * np.ones((480, 1))), 0.002)
    scale = Scale(mm_per_px=0.1, relative_error=0.01, source=ScaleSource.ENTERED)

    finding = line(
        assess(made.photo(light), lesion_box_xyxy=BOX, scale=scale), Heading.SHADOW
    )

    # The lesion is 120 px and its ring 60 px on each side.
    assert finding.value == pytest.approx(100 * (np.exp(0.004 * 240) - 1), rel=0.15)
    assert finding.grade is Grade.WARN
    assert "49 % per cm" in finding.sentence or "48 % per cm" in finding.sentence


def test_tilt_and_scale_are_graded_where_they_are_known(made):
    photo = made.photo(textured(made))
    scale = Scale(
        mm_per_px=0.05, relative_error=0.01, source=ScaleSource.CARD, tilt_deg=4.0
    )
    grades = {
        tilt: line(assess(photo, scale=replace(scale, tilt_deg=tilt)), Heading.TILT)
        for tilt in (4.0, 20.0, 50.0, None)
    }

    assert [f.grade for f in grades.values()] == [
        Grade.PASS,
        Grade.WARN,
        Grade.STOP,
        Grade.PASS,
    ]
    assert grades[None].value is None
    assert line(assess(photo, scale=scale), Heading.SCALE).value == pytest.approx(50)
    rough = replace(scale, relative_error=0.2)
    assert line(assess(photo, scale=rough), Heading.SCALE).grade is Grade.WARN
    assert line(assess(photo), Heading.SCALE).grade is Grade.WARN


def test_resolution_counts_pixels_where_it_matters(made):
    photo = made.photo(textured(made))
    scale = Scale(mm_per_px=0.5, relative_error=0.01, source=ScaleSource.ENTERED)

    def grade(**known):
        return line(assess(photo, **known), Heading.RESOLUTION).grade

    assert grade(lesion_box_xyxy=BOX) is Grade.PASS
    assert grade(lesion_box_xyxy=(300, 200, 420, 225)) is Grade.WARN
    assert grade(lesion_box_xyxy=(300, 200, 420, 208)) is Grade.STOP
    assert grade(scale=scale) is Grade.WARN
    assert grade() is Grade.WARN


def test_compression_is_graded_and_lossless_files_pass(made):
    light = textured(made)
    found = [
        line(assess(made.photo(light, jpeg_quality=q)), Heading.COMPRESSION).grade
        for q in (95, 70, 10, None)
    ]

    assert found == [Grade.PASS, Grade.WARN, Grade.STOP, Grade.PASS]


def reference(kind, states):
    patches = tuple(
        PatchReading(
            name=str(n),
            centre_xy=(0.0, 0.0),
            linear_rgb=(0.5, 0.5, 0.5),
            linear_rgb_sd=(0.0, 0.0, 0.0),
            state=state,
            reference_lab_d65=None,
            neutral=True,
        )
        for n, state in enumerate(states)
    )
    corners = ((10.0, 10.0), (200.0, 10.0), (200.0, 150.0), (10.0, 150.0))
    return ColourReference(kind=kind, patches=patches, corners_xy=corners)


def test_a_colour_reference_passes_when_all_of_it_is_used(made):
    photo = made.photo(textured(made))
    used, glare = PatchState.USED, PatchState.GLARE

    def told(kind, states):
        found = assess(photo, reference=reference(kind, states))
        return line(found, Heading.COLOUR_REFERENCE)

    assert told(ReferenceKind.COLORCHECKER, [used] * 24).grade is Grade.PASS
    partial = told(ReferenceKind.CICATRIX_CARD, [used] * 10 + [glare] * 2)
    assert (partial.grade, partial.value) == (Grade.WARN, 10)
    assert "10 of 12" in partial.sentence
    assert told(ReferenceKind.GREY_PATCH, [used]).grade is Grade.WARN


def test_a_lesion_outside_the_photograph_is_refused(made):
    with pytest.raises(PhotoUnusable, match="outside"):
        assess(made.photo(textured(made)), lesion_box_xyxy=(700, 0, 800, 90))


def test_sharp_clinical_photographs_are_not_called_blurred(shared_data):
    files = sorted((shared_data / "dermoscopy" / "images").glob("*.jpg"))[:3]
    files += sorted((shared_data / "wound-series" / "images").glob("*.png"))[::11]
    for file in files:
        photo = read_photo(file)
        findings = assess(photo)
        blurred = replace(photo, encoded=cv2.GaussianBlur(photo.encoded, (0, 0), 5))
        worse = line(assess(blurred), Heading.SHARPNESS)

        assert line(findings, Heading.SHARPNESS).grade is Grade.PASS, file.name
        assert line(findings, Heading.MOTION).grade is Grade.PASS, file.name
        assert worse.grade is Grade.WARN, file.name


def test_without_a_scale_only_what_is_read_is_advised(made):
    sentence = line(assess(made.photo(made.skin())), Heading.SCALE).sentence

    assert "lay a card beside the lesion" in sentence
    assert "measure a ruler in the picture" in sentence

"""Millimetres per pixel come from what is known, or not at all."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.colour.find_reference import find_reference
from cicatrix.colour.scale import scale_entered, scale_from_reference
from cicatrix.domain.capture import Capture
from cicatrix.domain.scale import ScaleSource


def tilted(made, tilt_deg, *, focal_px=1500.0, px_per_mm=5.0):
    """Corners of a card seen by a pinhole camera that leans over by `tilt_deg`."""
    half = np.array([(-50, -35), (50, -35), (50, 35), (-50, 35)], float)
    angle, far = np.radians(tilt_deg), focal_px / px_per_mm
    x, y, z = half[:, 0], half[:, 1] * np.cos(angle), half[:, 1] * np.sin(angle) + far
    return np.stack([focal_px * x / z + 599.5, focal_px * y / z + 449.5], axis=1)


def seen(made, corners, capture=None):
    photo = made.card_photo(corners, capture=capture)
    return photo, find_reference(photo)


def test_a_straight_card_gives_its_scale(made):
    photo, reference = seen(made, tilted(made, 0))

    scale = scale_from_reference(photo, reference)

    assert scale.source is ScaleSource.CARD
    assert scale.mm_per_px == pytest.approx(1 / 5, rel=0.005)
    assert scale.tilt_deg < 3


@pytest.mark.parametrize("tilt_deg", [10, 20, 30])
def test_tilt_is_read_from_perspective_and_focal_length(made, tilt_deg):
    # 1500 px of focal length on a diagonal of 1500 px is 43.27 mm on film.
    capture = Capture(focal_length_35mm_mm=43.27)
    photo, reference = seen(made, tilted(made, tilt_deg), capture)

    scale = scale_from_reference(photo, reference)

    assert scale.tilt_deg == pytest.approx(tilt_deg, abs=2)


def test_the_scale_varies_over_a_tilted_plane(made):
    photo, reference = seen(made, tilted(made, 25))

    scale = scale_from_reference(photo, reference)

    near, far = scale.mm_per_px_at(600, 300), scale.mm_per_px_at(600, 600)
    assert far > near * 1.1 or near > far * 1.1


def test_an_entered_number_holds_everywhere():
    scale = scale_entered(0.08)

    assert scale.source is ScaleSource.ENTERED
    assert scale.mm_per_px_at(1234, 56) == 0.08


def test_an_impossible_number_is_the_callers_bug():
    with pytest.raises(ValueError, match="mm_per_px"):
        scale_entered(0)


def test_a_colorchecker_has_no_size_unless_the_product_is_told(made):
    reference = made.checker_reference(made.CHECKER_LIGHT)
    reference = replace(
        reference, corners_xy=((100, 100), (687, 100), (687, 487), (100, 487))
    )
    photo = made.photo(np.full((600, 800, 3), 0.3))

    assert scale_from_reference(photo, reference) is None
    scale = scale_from_reference(photo, reference, colorchecker="passport")
    assert scale.mm_per_px == pytest.approx(13.8 / 100, rel=0.001)
    assert scale.relative_error >= 0.03
    with pytest.raises(ValueError, match="colorchecker"):
        scale_from_reference(photo, reference, colorchecker="poster")


def test_a_card_that_leaves_the_picture_is_less_sure(made):
    photo, reference = seen(made, tilted(made, 0))
    cut = replace(photo, encoded=photo.encoded[:600])

    whole = scale_from_reference(photo, reference)
    part = scale_from_reference(cut, reference)

    assert part.relative_error > 2 * whole.relative_error

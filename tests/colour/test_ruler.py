"""A ruler's ticks give a scale; hairs, wood and too few ticks give none."""

import cv2
import numpy as np
import pytest

from cicatrix.colour.ruler import scale_from_ruler
from cicatrix.domain.scale import ScaleSource


def ruled(made, pitch_px, *, turn_deg=0.0, ticks=24, lengths=(14, 14, 14, 14, 22)):
    """Even skin with a row of dark ticks whose upper ends lie on one line."""
    light = np.ones((500, 700, 3)) * (0.45, 0.32, 0.25)
    ink = np.zeros((500, 700), np.uint8)
    a = np.radians(turn_deg)
    along, down = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)])
    first = np.array([350.0, 240.0]) - along * pitch_px * (ticks - 1) / 2
    for k in range(ticks):
        start = first + along * pitch_px * k
        end = start + down * lengths[k % len(lengths)]
        points = [tuple(np.round(p * 16).astype(int).tolist()) for p in (start, end)]
        cv2.line(ink, *points, 255, 2, cv2.LINE_AA, shift=4)
    return made.photo(light * (1 - 0.85 * ink[..., None] / 255))


@pytest.mark.parametrize("turn_deg", [0, 37, 90])
@pytest.mark.parametrize("pitch_px", [9.5, 16.0])
def test_ticks_are_found_at_any_turn(made, pitch_px, turn_deg):
    scale = scale_from_ruler(ruled(made, pitch_px, turn_deg=turn_deg))

    assert scale.source is ScaleSource.RULER
    assert scale.mm_per_px == pytest.approx(1 / pitch_px, rel=0.01)
    assert scale.at_xy == pytest.approx((350, 245), abs=15)


def test_alternating_ticks_are_half_millimetres(made):
    scale = scale_from_ruler(ruled(made, 12.0, lengths=(22, 13)))

    assert scale.mm_per_px == pytest.approx(0.5 / 12, rel=0.01)


def test_the_distance_of_ticks_may_be_told(made):
    scale = scale_from_ruler(ruled(made, 16.0), tick_mm=2.0)

    assert scale.mm_per_px == pytest.approx(2 / 16, rel=0.01)


def test_a_box_keeps_the_search_to_the_ruler(made):
    photo = ruled(made, 16.0)

    assert scale_from_ruler(photo, box_xyxy=(0, 200, 700, 300)) is not None
    assert scale_from_ruler(photo, box_xyxy=(0, 300, 700, 480)) is None


def test_six_ticks_are_too_few_to_be_sure(made):
    assert scale_from_ruler(ruled(made, 16.0, ticks=6)) is None


def test_strokes_at_random_are_no_ruler(made):
    rng = np.random.default_rng(5)
    ink = np.zeros((500, 700), np.uint8)
    for x, y in rng.uniform((40, 40), (660, 460), (80, 2)).astype(int).tolist():
        cv2.line(
            ink, (x, y), (x + int(rng.integers(-3, 4)), y + 16), 255, 2, cv2.LINE_AA
        )
    light = (
        np.ones((500, 700, 3)) * (0.45, 0.32, 0.25) * (1 - 0.85 * ink[..., None] / 255)
    )

    assert scale_from_ruler(made.photo(light)) is None


def test_wrong_arguments_are_the_callers_bug(made):
    photo = ruled(made, 16.0)

    with pytest.raises(ValueError, match="tick_mm"):
        scale_from_ruler(photo, tick_mm=0)
    with pytest.raises(ValueError, match="does not meet"):
        scale_from_ruler(photo, box_xyxy=(900, 0, 950, 40))

"""Sizes of shapes whose sizes are known exactly."""

import numpy as np
import pytest

import cicatrix as cx
from cicatrix.domain.scale import Scale, ScaleSource
from cicatrix.measures.size import mm_per_px_map, size_of
from cicatrix.phantom.scene import SceneObject
from cicatrix.photo.view import Window

ROWS, COLS = np.mgrid[:400, :500].astype(float)
WINDOW = Window(left_px=0, top_px=0, cols=500, rows=400, step_px=1)
TENTH = Scale(mm_per_px=0.1, relative_error=0.01, source=ScaleSource.CARD)


def bar(angle, length, width):
    u = (COLS - 250) * np.cos(angle) + (ROWS - 200) * np.sin(angle)
    v = (ROWS - 200) * np.cos(angle) - (COLS - 250) * np.sin(angle)
    return (abs(u) < length / 2) & (abs(v) < width / 2)


@pytest.mark.parametrize("radius", [20, 63, 150])
def test_a_disc_has_its_area_and_diameter(radius):
    size = size_of(
        np.hypot(COLS - 250, ROWS - 200) < radius, WINDOW, kind="blob", scale=TENTH
    )

    assert size.area_mm2 == pytest.approx(np.pi * radius**2 / 100, rel=0.01)
    assert size.length_mm == pytest.approx(2 * radius / 10, rel=0.03)
    assert size.width_mm == pytest.approx(2 * radius / 10, rel=0.03)
    assert size.count == 1


def test_an_ellipse_has_both_its_axes():
    size = size_of(
        ((COLS - 250) / 120) ** 2 + ((ROWS - 200) / 50) ** 2 < 1, WINDOW, kind="blob"
    )

    assert size.length_px == pytest.approx(240, rel=0.02)
    assert size.width_px == pytest.approx(100, rel=0.02)
    assert size.area_mm2 is None


@pytest.mark.parametrize("angle", [0.013, 0.3, 1.2])
@pytest.mark.parametrize(("length", "width"), [(300, 6), (300, 12.5), (200, 25)])
def test_a_bar_has_its_length_and_width(angle, length, width):
    size = size_of(bar(angle, length, width), WINDOW, kind="line")

    assert size.length_px == pytest.approx(length, rel=0.03)
    assert size.width_px == pytest.approx(width, rel=0.03)


@pytest.mark.parametrize("width", [5, 10, 20])
def test_a_bent_band_is_measured_along_its_middle(width):
    radius, angle = np.hypot(COLS - 250, ROWS - 500), np.arctan2(ROWS - 500, COLS - 250)
    arc = (abs(radius - 350) < width / 2) & (abs(angle + np.pi / 2) < 0.5)

    size = size_of(arc, WINDOW, kind="line")

    assert size.length_px == pytest.approx(350, rel=0.02)
    assert size.width_px == pytest.approx(width, rel=0.04)


def spindle(length, width, cut):
    """Tapers to points; what is narrower than `cut` was not seen."""
    u, v = COLS - 250, ROWS - 200
    across = width * (1 - (2 * u / length) ** 2)
    return (abs(v) < across / 2) & (across > cut)


@pytest.mark.parametrize("cut", [3, 5, 7])
def test_tips_too_narrow_to_be_seen_are_part_of_a_length(cut):
    seen = spindle(300, 14, cut)

    size = size_of(seen, WINDOW, kind="line")

    extent = np.ptp(np.flatnonzero(seen.any(axis=0))) + 1
    assert 1.02 * extent < size.length_px < 300


def test_a_line_with_round_ends_does_not_run_on():
    round_ended = np.hypot(np.maximum(abs(COLS - 250) - 143, 0), ROWS - 200) < 7

    size = size_of(round_ended, WINDOW, kind="line")

    assert size.length_px == pytest.approx(300, rel=0.03)


@pytest.mark.parametrize("angle", [0.0, 0.5, 1.3])
def test_striae_that_a_bridge_joins_are_measured_one_by_one(angle):
    u = (COLS - 250) * np.cos(angle) + (ROWS - 200) * np.sin(angle)
    v = (ROWS - 200) * np.cos(angle) - (COLS - 250) * np.sin(angle)
    two = (abs(abs(v) - 15) <= 6) & (abs(u + np.sign(v) * 40) < 120)
    bridge = (abs(u) < 10) & (abs(v) < 15)

    size = size_of(two | bridge, WINDOW, kind="line")

    assert size.length_px == pytest.approx(240, rel=0.06)
    assert size.total_length_px == pytest.approx(480, rel=0.06)
    assert size.width_px == pytest.approx(12.5, abs=0.6)


def test_several_striae_add_up_and_the_longest_is_named():
    mask = np.zeros(WINDOW.shape, bool)
    mask[100:108, 50:350] = True
    mask[200:208, 50:250] = True

    size = size_of(mask, WINDOW, kind="line")

    assert size.count == 2
    assert size.length_px == pytest.approx(300, rel=0.03)
    assert size.total_length_px == pytest.approx(500, rel=0.03)
    assert size.width_px == pytest.approx(8, rel=0.05)


def test_a_coarser_window_measures_the_same():
    coarse = Window(left_px=10, top_px=20, cols=500, rows=400, step_px=2.5)

    size = size_of(bar(0.3, 300, 12.5), coarse, kind="line")

    assert size.length_px == pytest.approx(750, rel=0.03)
    assert size.area_px2 == pytest.approx(300 * 12.5 * 6.25, rel=0.03)


def test_a_tilted_plane_is_measured_pixel_by_pixel():
    tilt = ((0.1, 0.0, 0.0), (0.0, 0.1, 0.0), (0.0, 4e-4, 1.0))
    scale = Scale(
        mm_per_px=0.1, relative_error=0.0, source=ScaleSource.CARD, px_to_mm=tilt
    )
    local = mm_per_px_map(WINDOW, scale)

    assert local[10, 20] == pytest.approx(scale.mm_per_px_at(20, 10))
    mask = np.zeros(WINDOW.shape, bool)
    mask[50:351, 100:401] = True
    # The true area is that of the mapped quadrilateral, by the shoelace formula.
    corners = np.array([[99.5, 49.5], [400.5, 49.5], [400.5, 350.5], [99.5, 350.5]])
    w = 1 + 4e-4 * corners[:, 1]
    x, y = (0.1 * corners / w[:, None]).T
    true = abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
    assert size_of(mask, WINDOW, kind="blob", scale=scale).area_mm2 == pytest.approx(
        true, rel=1e-4
    )


@pytest.mark.parametrize("radius_mm", [33, 50])
@pytest.mark.parametrize("lesion", ["red-scar", "stria-alba"])
def test_a_lesion_on_a_curved_limb_loses_less_than_eight_percent(lesion, radius_mm):
    scene = cx.phantom.Scene(
        seed=7,
        lesion=lesion,
        skin_ita_deg=30,
        curvature_per_mm=1 / radius_mm,
        curvature_axis_deg=90,
        objects=(SceneObject(kind="cicatrix-card", centre_mm=(0, 60)),),
    )
    frame = cx.phantom.Capture(width_px=800, height_px=600, px_per_mm=5)
    made = cx.phantom.render(scene, frame, cx.phantom.Pose(shift_mm=(0, -38)))
    window = Window(left_px=0, top_px=0, cols=800, rows=600, step_px=1)

    scale = cx.open_photo(made.file_bytes).scale
    size = size_of(made.truth.lesion_mask, window, kind="blob", scale=scale)

    assert -0.08 < size.area_mm2 / made.truth.area_mm2 - 1 < 0.01


def test_an_empty_mask_is_the_callers_bug():
    with pytest.raises(ValueError, match="not empty"):
        size_of(np.zeros(WINDOW.shape, bool), WINDOW, kind="blob")

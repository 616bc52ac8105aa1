"""A made-up photograph is what its truth says."""

import cv2
import numpy as np
import pytest

from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab
from cicatrix.phantom import (
    HELD_OUT_LESIONS,
    LESION_KINDS,
    Capture,
    Pose,
    Scene,
    SceneObject,
    render,
    truth_displacement,
)
from cicatrix.phantom.geometry import view_of
from cicatrix.phantom.picture import _over_pixels
from cicatrix.phantom.surface import Sitting

PERFECT = {
    "camera": "cie-1931",
    "cct_k": 6504.0,
    "ambient": 1.0,
    "gloss": 0.0,
    "noise": 0.0,
    "vignetting": 0.0,
    "blur_px": 0.0,
    "jpeg_quality": None,
}


def measured_contrast(made):
    lab = linear_srgb_to_lab(made.encoded.astype(float) / 65535)
    lesion = np.median(lab[made.truth.lesion_mask], axis=0)
    ring = np.median(lab[made.truth.adjacent_mask], axis=0)
    return float(ciede2000(lesion, ring)), lesion - ring


def slip_px(first, second):
    """The shift of one picture on another, least squares over its gradients."""
    first, second = (cv2.GaussianBlur(p, (0, 0), 2) for p in (first, second))
    down, right = np.gradient((first + second) / 2)
    slopes = np.stack([right.ravel(), down.ravel()], axis=-1)
    return np.linalg.lstsq(slopes, (first - second).ravel(), rcond=None)[0]


@pytest.mark.parametrize("lesion", [*LESION_KINDS, *HELD_OUT_LESIONS])
def test_a_perfect_photograph_shows_the_true_contrast(plain, small, lesion):
    scene = plain(lesion=lesion, contrast_de00=8.0)
    made = render(scene, small(px_per_mm=8.0, **PERFECT), fade=0.25)

    contrast, signed = measured_contrast(made)

    assert made.truth.contrast_de00 == pytest.approx(6.0, rel=0.005)
    # Small pits are a few pixels wide here, so their medians differ a little.
    assert contrast == pytest.approx(made.truth.contrast_de00, rel=0.025)
    np.testing.assert_allclose(signed, made.truth.signed_lab, atol=0.25)


@pytest.mark.parametrize("ita", [55, 20, -10, -45])
@pytest.mark.parametrize("fade", [0.0, 0.3, 0.9])
def test_fade_is_what_was_asked_for_on_every_skin(ita, fade):
    truth = render(
        Scene(seed=11, skin_ita_deg=ita, lesion="dark-scar", contrast_de00=7),
        Capture(width_px=64, height_px=48, px_per_mm=0.8),
        fade=fade,
        visit=2,
    ).truth

    assert truth.baseline_de00 == pytest.approx(7, rel=0.005)
    assert truth.contrast_de00 == pytest.approx(7 * (1 - fade), rel=0.005)
    assert truth.fade == pytest.approx(fade, abs=0.004)
    assert truth.skin_ita_deg == pytest.approx(ita, abs=4)


def test_a_scar_may_fade_past_skin_colour(plain, small):
    before = render(plain(lesion="red-scar", contrast_de00=8), small()).truth
    past = render(plain(lesion="red-scar", contrast_de00=8), small(), fade=1.3).truth

    assert past.fade == pytest.approx(1.3, abs=0.01)
    assert before.signed_lab[1] > 0 > past.signed_lab[1]


def test_a_contrast_no_pigment_can_make_is_answered_by_the_largest(plain, small):
    scene = plain(skin_ita_deg=-40, lesion="dark-scar", contrast_de00=40)

    now, later = render(scene, small()).truth, render(scene, small(), fade=0.5).truth

    assert 3 < now.contrast_de00 < 39
    assert later.contrast_de00 == pytest.approx(now.contrast_de00 / 2, rel=0.01)
    assert later.fade == pytest.approx(0.5, abs=0.005)


def test_signs_are_those_of_the_kind(plain, small):
    def signed(lesion):
        return render(plain(lesion=lesion, contrast_de00=6), small()).truth.signed_lab

    assert signed("red-scar")[1] > 2
    assert signed("dark-scar")[0] < -2
    assert signed("stria-alba")[0] > 2
    assert signed("pale-scar")[0] > 2


def test_the_same_arguments_give_the_same_file(small):
    scene = Scene(seed=3)

    assert render(scene, small()).file_bytes == render(scene, small()).file_bytes


def test_noise_differs_between_two_photographs_of_a_visit(plain, small):
    first = render(plain(), small()).encoded.astype(int)
    second = render(plain(), small(), Pose(shift_mm=(1e-9, 0))).encoded.astype(int)

    assert 0 < np.abs(first - second).mean() < 3


def test_hair_and_cards_are_elsewhere_at_the_next_visit(small):
    thing = SceneObject(kind="grey-patch", centre_mm=(20, 0))
    scene = Scene(seed=3, hairs_per_cm2=5, vascular_change=0, objects=(thing,))

    now = render(scene, small())
    later = render(scene, small(), visit=1)

    moved = np.subtract(
        now.truth.objects[0].corners_px, later.truth.objects[0].corners_px
    )
    assert np.abs(moved).max() > 2
    differ = np.abs(now.encoded.astype(int) - later.encoded.astype(int)).max(axis=2)
    assert 0.01 < (differ > 25).mean() < 0.5


def test_displacement_is_where_the_skin_really_went(plain, small):
    # Moles and freckles are landmarks that no pose changes.
    scene = plain(seed=7, mottling=3.0)
    clean = dict(PERFECT, px_per_mm=6.0)
    pose = Pose(
        tilt_x_deg=8, tilt_y_deg=-6, rotation_deg=12, distance_factor=0.93,
        shift_mm=(2, -1), deformation_mm=0.8, deformation_seed=4,
    )  # fmt: skip
    one = render(scene, small(width_px=600, height_px=450, **clean))
    two = render(scene, small(width_px=600, height_px=450, **clean), pose)

    x, y = np.meshgrid(np.arange(150.0, 450), np.arange(120.0, 330))
    points = np.stack([x, y], axis=-1).reshape(-1, 2)
    there = truth_displacement(one.truth, two.truth, points).reshape(*x.shape, 2)
    carried = cv2.remap(
        two.encoded[..., 1].astype(np.float32),
        there[..., 0].astype(np.float32),
        there[..., 1].astype(np.float32),
        cv2.INTER_CUBIC,
    )
    original = one.encoded[120:330, 150:450, 1].astype(np.float32)
    for part in (np.s_[:105, :150], np.s_[105:, 150:], np.s_[:, :]):
        assert np.hypot(*slip_px(carried[part], original[part])) < 0.01


@pytest.mark.parametrize("px_per_mm", [12.0, 30.0])
def test_the_warp_between_lattice_points_is_as_exact_as_on_them(px_per_mm):
    width = 1600 if px_per_mm < 20 else 4000
    capture = Capture(width_px=width, height_px=400, px_per_mm=px_per_mm)
    scene = Scene(seed=1, curvature_per_mm=0.005)
    pose = Pose(tilt_x_deg=12, deformation_mm=1.5, deformation_seed=2)
    view = view_of(scene, capture, pose)
    sitting = Sitting(
        scene=scene, capture=capture, view=view, state=None, fade=0, visit=0
    )

    drawn = _over_pixels(sitting, view.to_skin_mm, 2).reshape(-1, 2)

    x, y = np.meshgrid(np.arange(width), np.arange(400))
    exact = view.to_skin_mm(np.stack([x, y], axis=-1).reshape(-1, 2))
    assert np.abs(drawn - exact).max() * px_per_mm < 0.02


def test_displacement_there_and_back_is_exact(plain, small):
    scene = plain(curvature_per_mm=0.006)
    one = render(scene, small()).truth
    two = render(scene, small(), Pose(tilt_x_deg=9, deformation_mm=1)).truth
    points = np.array([[100.0, 80], [200, 150], [333, 222]])

    back = truth_displacement(two, one, truth_displacement(one, two, points))

    np.testing.assert_allclose(back, points, atol=1e-6)


def test_masks_lie_on_the_lesion_and_beside_it(plain, small):
    made = render(plain(lesion="red-scar"), small(**PERFECT))
    truth = made.truth
    x, y = (round(v) for v in truth.lesion_point_px)

    assert truth.lesion_mask[y, x]
    assert not (truth.lesion_mask & truth.adjacent_mask).any()
    area = truth.lesion_mask.sum() / truth.px_per_mm**2
    assert area == pytest.approx(truth.area_mm2, rel=0.02)


def test_a_card_hides_the_skin_in_the_masks(plain, small):
    thing = SceneObject(kind="grey-patch", centre_mm=(0, 0))
    made = render(plain(objects=(thing,)), small())

    assert not made.truth.lesion_mask.any()
    assert made.truth.hidden[150, 200]


def test_striae_say_how_long_and_wide_they_are(plain, small):
    truth = render(plain(lesion="stria-alba", contrast_de00=5), small()).truth

    assert 12 < truth.length_mm < 60
    assert 0.5 < truth.width_mm < 6


@pytest.mark.parametrize(
    "changes",
    [
        {"fade": 2.5},
        {"fade": -2},
        {"fade": float("nan")},
    ],
)
def test_a_fade_out_of_range_is_the_callers_bug(plain, small, changes):
    with pytest.raises(ValueError, match="fade must be"):
        render(plain(), small(), **changes)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (Scene, {"seed": 1, "lesion": "wart"}),
        (Scene, {"seed": 1, "contrast_de00": 0}),
        (Scene, {"seed": 1, "skin_ita_deg": 80}),
        (Scene, {"seed": 1, "curvature_per_mm": 1}),
        (Scene, {"seed": 1, "vascular_change": 2}),
        (Scene, {"seed": 1, "lesion_size_mm": 1}),
        (Capture, {"width_px": 2}),
        (Capture, {"px_per_mm": 0}),
        (Capture, {"jpeg_quality": 0}),
        (Pose, {"tilt_x_deg": 70}),
        (Pose, {"distance_factor": 0}),
        (Pose, {"deformation_mm": 9}),
        (SceneObject, {"kind": "coin", "centre_mm": (0, 0)}),
    ],
)
def test_impossible_settings_are_the_callers_bug(kind, changes):
    with pytest.raises(ValueError, match=r"must be|within"):
        kind(**changes)

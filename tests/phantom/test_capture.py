"""What camera and light do to a picture."""

from datetime import datetime

import cv2
import numpy as np
import pytest

from cicatrix.colour.card_layout import COLORCHECKER_LAB_D65
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab
from cicatrix.optics.illuminants import Light, illuminant
from cicatrix.phantom import Capture, Scene, SceneObject, capture_preset, render
from cicatrix.phantom.capture import pose_preset
from cicatrix.photo.reading import read_photo

STYLES = ("linear", "controlled", "clinic", "wild")


def patch_light(made, thing, spots):
    """Median linear light at fractions (n, 2) of a thing's width and height."""
    corners = np.float32(made.truth.objects[thing].corners_px)
    square = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]])
    warp = cv2.getPerspectiveTransform(square, corners)
    at = cv2.perspectiveTransform(np.float32(spots)[None], warp)[0].round().astype(int)
    light = made.encoded.astype(float) / 65535
    return np.array(
        [np.median(light[y - 2 : y + 3, x - 2 : x + 3], axis=(0, 1)) for x, y in at]
    )


def test_a_colorchecker_has_its_published_colours_under_a_perfect_camera(plain):
    thing = SceneObject(kind="colorchecker", centre_mm=(0, 0), rotation_deg=10)
    capture = Capture(
        width_px=600, height_px=450, px_per_mm=5, camera="cie-1931", cct_k=6504,
        noise=0, vignetting=0, jpeg_quality=None,
    )  # fmt: skip
    made = render(plain(objects=(thing,)), capture)
    spots = [((k % 6 + 0.5) / 6, (k // 6 + 0.5) / 4) for k in range(24)]

    lab = linear_srgb_to_lab(patch_light(made, 0, spots))

    error = ciede2000(lab, np.array(COLORCHECKER_LAB_D65))
    inside = np.abs(lab - COLORCHECKER_LAB_D65).max(axis=1) < 3
    assert inside.sum() >= 23  # cyan lies outside sRGB and is clipped
    assert np.median(error) < 0.2


def test_the_cicatrix_card_is_found_by_its_markers(small):
    thing = SceneObject(kind="cicatrix-card", centre_mm=(0, 10), rotation_deg=8)
    scene = Scene(seed=2, objects=(thing,))
    made = render(scene, small(width_px=1000, height_px=750, px_per_mm=6.5))
    detector = cv2.aruco.ArucoDetector(
        cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    )

    _, ids, _ = detector.detectMarkers(made.encoded)

    assert sorted(ids.ravel().tolist()) == [5, 6, 35, 38]


def test_a_card_from_an_unknown_printer_keeps_its_own_greys_at_all_visits(plain):
    def greys(spread, visit):
        thing = SceneObject(
            kind="cicatrix-card", centre_mm=(0, 0), moves_mm=0, turns_deg=0,
            print_spread=spread,
        )  # fmt: skip
        capture = Capture(
            width_px=800,
            height_px=600,
            px_per_mm=6,
            noise=0,
            vignetting=0,
            jpeg_quality=None,
        )
        made = render(plain(objects=(thing,)), capture, visit=visit)
        steps = [((22 + 8 * n) / 100, 0.2) for n in range(8)]
        return patch_light(made, 0, steps)

    nominal, printed = greys(0.0, 0), greys(1.0, 0)

    expected = [0.85, 0.62, 0.45, 0.32, 0.22, 0.14, 0.085, 0.045]
    np.testing.assert_allclose(
        nominal, np.repeat(np.c_[expected], 3, axis=1), rtol=0.02
    )
    assert 0.005 < np.abs(printed / nominal - 1).max() < 0.6
    np.testing.assert_allclose(greys(1.0, 1), printed, rtol=1e-3)


def test_a_stop_more_is_twice_the_light(plain, small):
    dark = render(plain(), small(jpeg_quality=None, noise=0, exposure_ev=-1))
    light = render(plain(), small(jpeg_quality=None, noise=0))

    ratio = light.encoded.mean() / dark.encoded.mean()
    assert ratio == pytest.approx(2, rel=0.01)


def test_noise_grows_with_the_root_of_light(plain, small):
    def grain(ev):
        clean = small(jpeg_quality=None, exposure_ev=ev, noise=0)
        noisy = small(jpeg_quality=None, exposure_ev=ev, noise=0.02)
        made = render(plain(), noisy).encoded - render(plain(), clean).encoded.astype(
            float
        )
        return made.std() / 65535

    assert grain(0) / grain(-2) == pytest.approx(2, rel=0.15)


def test_light_from_the_other_side_shows_other_relief(small):
    scene = Scene(seed=4, hairs_per_cm2=0)
    left = render(scene, small(light_direction_deg=180, noise=0)).encoded.astype(int)
    right = render(scene, small(light_direction_deg=0, noise=0)).encoded.astype(int)

    assert np.abs(left - right).mean() > 0.5


def test_a_date_stamp_is_burnt_in(plain, small):
    taken = datetime.fromisoformat("2025-03-04 10:00:00")
    made = render(plain(), small(date_stamp=True, taken_at=taken)).encoded

    corner = made[-30:, -120:].astype(int)
    assert ((corner[..., 0] - corner[..., 2]) > 100).sum() > 50


def test_the_file_says_when_and_how_it_was_taken(tmp_path, plain, small):
    taken = datetime.fromisoformat("2025-03-04 10:00:00")
    made = render(plain(), small(taken_at=taken, flash=True, jpeg_quality=90))
    made.write(tmp_path / "made.jpg")

    photo = read_photo(tmp_path / "made.jpg")

    assert photo.capture.taken_at == taken
    assert photo.capture.flash_fired
    assert photo.capture.exposure_time_s == pytest.approx(1 / 125)
    assert photo.jpeg_quality == pytest.approx(90, abs=1)
    np.testing.assert_array_equal(photo.encoded, made.encoded)


def test_a_linear_file_is_read_back_as_linear_light(tmp_path, plain, small):
    made = render(plain(), small(jpeg_quality=None))
    made.write(tmp_path / "made.png")

    photo = read_photo(tmp_path / "made.png")

    np.testing.assert_allclose(
        photo.linear(), made.encoded.astype(np.float32) / 65535, atol=2e-3
    )


@pytest.mark.parametrize("style", STYLES)
def test_presets_are_drawn_from_their_ranges_and_nothing_else(style):
    ev, wb, curve = {
        "linear": (0, 0, 0),
        "controlled": (0.15, 0.02, 0.1),
        "clinic": (0.6, 0.10, 0.35),
        "wild": (1.0, 0.20, 0.5),
    }[style]
    drawn = [capture_preset(style, np.random.default_rng(n)) for n in range(60)]

    evs = np.array([one.exposure_ev for one in drawn])
    assert np.abs(evs).max() <= ev
    assert np.abs(evs).max() >= 0.8 * ev
    assert max(abs(v) for one in drawn for v in one.white_balance_error) <= wb
    assert all(0 <= one.s_curve <= curve for one in drawn)
    assert capture_preset(style, np.random.default_rng(3)) == drawn[3]


def test_the_same_camera_keeps_its_matrix():
    rng = np.random.default_rng(1)
    first = capture_preset("wild", rng)

    again = [capture_preset("wild", rng, like=first) for _ in range(8)]
    others = [capture_preset("wild", rng) for _ in range(8)]

    assert {one.camera for one in again} == {first.camera}
    assert {one.matrix_error for one in again} == {first.matrix_error}
    assert len({one.matrix_error for one in others}) == 8
    assert len({one.exposure_ev for one in again}) == 8


@pytest.mark.parametrize("preset", [capture_preset, pose_preset])
def test_an_unknown_style_is_refused(preset):
    with pytest.raises(ValueError, match="style"):
        preset("studio", np.random.default_rng(1))


def test_a_light_of_ones_own_is_used(plain, small):
    power = tuple(float(p) for p in illuminant("planck", 3000.0))
    own = small(illuminant=Light(name="lamp", power=power))
    named = small(illuminant="planck", cct_k=3000.0)

    made = [render(plain(), one).encoded for one in (own, named, small())]

    np.testing.assert_array_equal(made[0], made[1])
    assert (made[0] != made[2]).any()
    with pytest.raises(ValueError, match="31 values"):
        Light(name="short", power=power[:5])


def test_less_furrows_in_a_lesion_change_its_texture_and_not_its_truth(small):
    def seen(share):
        scene = Scene(seed=4, lesion_furrows=share, hairs_per_cm2=0)
        made = render(scene, small(noise=0, px_per_mm=8, ambient=0.1))
        level = made.encoded[..., 1].astype(np.float32)
        fine = level - cv2.GaussianBlur(level, (0, 0), 3)
        mask = made.truth.lesion_mask
        return fine[mask].std(), fine[made.truth.adjacent_mask].std(), made.truth

    smooth, rough = seen(0.0), seen(1.0)

    assert rough[0] > 1.3 * smooth[0]
    assert rough[1] == pytest.approx(smooth[1], rel=0.02)
    assert rough[2].contrast_de00 == smooth[2].contrast_de00

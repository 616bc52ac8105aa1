"""Made-up skin has the colours of skin."""

import numpy as np
import pytest

from cicatrix.optics.cameras import (
    GENERIC_CAMERAS,
    generic_camera,
    read_camera,
    rgb_weights,
)
from cicatrix.optics.cielab import ciede2000, ita_deg, linear_srgb_to_lab
from cicatrix.optics.illuminants import illuminant
from cicatrix.optics.reflectances import smooth_reflectance
from cicatrix.optics.skin import pigments_for_ita, skin_lab, skin_reflectance
from cicatrix.optics.skin_table import skin_table


def lab_at(ita):
    skin = pigments_for_ita(ita)
    return skin_lab(skin_reflectance(skin.melanin_fraction, skin.blood_fraction))


@pytest.mark.parametrize("ita", [-60, -45, -10, 0, 10, 28, 41, 55, 62])
def test_the_skin_has_the_angle_asked_for(ita):
    assert float(ita_deg(lab_at(ita))) == pytest.approx(ita, abs=0.01)


@pytest.mark.parametrize(
    ("ita", "expected"),
    [(45, (68, 8, 17)), (10, (53.3, 11.5, 19.5)), (-45, (35, 11, 15))],
)
def test_light_tan_and_dark_skin_lie_where_instruments_find_them(ita, expected):
    np.testing.assert_allclose(lab_at(ita), expected, atol=2)


def test_lighter_skin_is_lighter():
    lightness = [lab_at(ita)[0] for ita in range(-60, 62, 5)]

    assert (np.diff(lightness) > 0).all()


def test_more_blood_is_redder_and_darker():
    lab = skin_lab(skin_reflectance(0.03, np.array([0.003, 0.01, 0.03, 0.1])))

    assert (np.diff(lab[:, 1]) > 0).all()
    assert (np.diff(lab[:, 0]) < 0).all()


def test_more_scattering_is_lighter():
    lab = skin_lab(skin_reflectance(0.03, 0.006, np.array([0.7, 1.0, 1.5, 2.5])))

    assert (np.diff(lab[:, 0]) > 0).all()


def test_deoxygenated_blood_is_bluer():
    pink = skin_lab(skin_reflectance(0.02, 0.03, oxygenation=0.95))
    livid = skin_lab(skin_reflectance(0.02, 0.03, oxygenation=0.2))

    assert livid[2] < pink[2]


@pytest.mark.parametrize("ita", [-61, 63, float("nan")])
def test_skin_beyond_all_skins_is_refused(ita):
    with pytest.raises(ValueError, match="wanted_ita_deg"):
        pigments_for_ita(ita)


@pytest.mark.parametrize("camera", GENERIC_CAMERAS)
def test_the_table_stays_within_three_permille_of_the_spectral_sum(camera):
    weights = rgb_weights(generic_camera(camera), illuminant("led", 4000))
    rng = np.random.default_rng(5)
    low, high = np.log([0.001, 0.001, 0.5]), np.log([0.9, 0.45, 3.0])
    logs = rng.uniform(low, high, (200, 200, 3)).astype(np.float32)
    melanin, blood, scattering = np.moveaxis(logs, -1, 0).copy()

    exact = (
        skin_reflectance(np.exp(melanin), np.exp(blood), np.exp(scattering)) @ weights
    )
    table = skin_table(weights).light_scattered(melanin, blood, scattering)

    assert np.abs(table / exact - 1).max() < 3e-3
    assert np.abs(table / exact - 1).mean() < 5e-4


def test_the_table_of_normal_scattering_is_the_same_table():
    weights = rgb_weights(generic_camera("cie-1931"), illuminant("daylight", 6504))
    table = skin_table(weights)
    melanin = np.linspace(-5, -1, 900, dtype=np.float32).reshape(30, 30)
    blood = np.linspace(-6, -2, 900, dtype=np.float32).reshape(30, 30)[::-1].copy()

    np.testing.assert_allclose(
        table.light(melanin, blood),
        table.light_scattered(melanin, blood, np.zeros_like(melanin)),
        rtol=1e-5,
    )


def test_the_perfect_camera_sees_skin_as_the_observer_does():
    weights = rgb_weights(generic_camera("cie-1931"), illuminant("daylight", 6504))
    reflectance = skin_reflectance([0.02, 0.3], [0.005, 0.05])

    np.testing.assert_allclose(
        linear_srgb_to_lab(reflectance @ weights), skin_lab(reflectance), atol=1e-6
    )


@pytest.mark.parametrize("camera", GENERIC_CAMERAS)
def test_every_camera_shows_a_perfect_diffuser_as_white(camera):
    weights = rgb_weights(generic_camera(camera), illuminant("planck", 2856))

    np.testing.assert_allclose(weights.sum(axis=0), 1, atol=1e-12)


@pytest.mark.parametrize("camera", GENERIC_CAMERAS[1:])
def test_made_up_cameras_err_as_cameras_do(camera):
    weights = rgb_weights(generic_camera(camera), illuminant("daylight", 5500))
    skin = [pigments_for_ita(ita) for ita in (50, 30, 0, -30)]
    spectra = skin_reflectance(
        [s.melanin_fraction for s in skin], [s.blood_fraction for s in skin]
    )

    error = ciede2000(linear_srgb_to_lab(spectra @ weights), skin_lab(spectra))

    assert 0.2 < error.max() < 7


def test_real_cameras_are_read_and_err_alike(shared_data):
    files = sorted((shared_data / "cameras" / "camera").glob("*.json"))
    light = illuminant("daylight", 5500)
    skin = pigments_for_ita(30)
    spectrum = skin_reflectance(skin.melanin_fraction, skin.blood_fraction)

    errors = []
    for file in files:
        seen = linear_srgb_to_lab(spectrum @ rgb_weights(read_camera(file), light))
        errors.append(float(ciede2000(seen, skin_lab(spectrum))))

    assert len(errors) >= 20
    assert np.median(errors) < 5


def test_a_file_that_is_no_camera_is_refused(tmp_path):
    file = tmp_path / "odd.json"
    file.write_text('{"header": {}}')

    with pytest.raises(ValueError, match=r"odd\.json is not a camera file"):
        read_camera(file)


def test_an_unknown_camera_is_refused():
    with pytest.raises(ValueError, match="camera must be one of"):
        generic_camera("brownie")


@pytest.mark.parametrize("lab", [(50, 0, 0), (65, 15, 17), (40, 50, 26), (29, 20, -48)])
def test_a_smooth_reflectance_has_its_colour(lab):
    spectrum = smooth_reflectance(lab)

    np.testing.assert_allclose(skin_lab(spectrum), lab, atol=1e-6)
    assert ((spectrum > 0) & (spectrum < 1)).all()


def test_a_colour_no_paint_can_have_is_refused():
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        smooth_reflectance((90.0, 100.0, -80.0))

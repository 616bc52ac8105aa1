"""Melanin, blood and scattering from colour, against the optical model itself."""

import numpy as np
import pytest

from cicatrix.measures.chromophores import (
    _RESTING_BLOOD_LOG,
    _RESTING_MELANIN_LOG,
    pigment_contrast,
    pigment_jacobian,
    skin_pigments,
)
from cicatrix.optics.cameras import generic_camera, rgb_weights
from cicatrix.optics.illuminants import illuminant
from cicatrix.optics.skin import pigments_for_ita, skin_reflectance

WEIGHTS = rgb_weights(generic_camera("cie-1931"), illuminant("daylight", 5500.0))
TONES = [45.0, 20.0, -5.0, -35.0]
SHINE = 0.02


def skin_and_step(ita, change, shine=SHINE):
    pigments = pigments_for_ita(ita)
    melanin, blood = pigments.melanin_fraction, pigments.blood_fraction
    skin = skin_reflectance(melanin, blood) @ WEIGHTS + shine
    m, b, s = np.exp(change)
    lesion = skin_reflectance(melanin * m, blood * b, s) @ WEIGHTS + shine
    return skin, np.log(lesion / skin)


@pytest.mark.parametrize("ita", TONES)
def test_more_blood_is_blood_and_not_melanin(ita):
    found = pigment_contrast(*skin_and_step(ita, (0.0, 0.5, 0.0)))

    assert found.change[1] == pytest.approx(0.5, abs=0.08)
    assert abs(found.change[0]) < 0.05


@pytest.mark.parametrize("ita", TONES)
def test_more_melanin_is_melanin_and_not_blood(ita):
    found = pigment_contrast(*skin_and_step(ita, (0.4, 0.0, 0.0)))

    assert found.change[0] == pytest.approx(0.4, abs=0.06)
    assert abs(found.change[1]) < 0.06


def test_a_pale_stria_does_not_vanish_from_light_skin():
    found = pigment_contrast(*skin_and_step(30.0, (0.0, 0.0, 0.4)))

    assert found.change[2] > 0.15
    assert found.change[0] < 0


def test_where_colour_cannot_tell_it_is_said():
    dark = pigment_contrast(*skin_and_step(-35.0, (0.2, 0.2, 0.0)))
    poor = pigment_contrast(*skin_and_step(45.0, (0.2, 0.2, 0.0)), np.eye(3))

    assert dark.resolved.tolist() == [True, True, False]
    assert not poor.resolved.any()


def test_what_colour_leaves_open_is_part_of_the_error():
    found = pigment_contrast(*skin_and_step(20.0, (0.2, 0.2, 0.0)))

    of_noise = found.covariance - found.left_open
    assert (np.linalg.eigvalsh(of_noise) > 0).all()
    assert (np.diag(found.left_open) > 0).all()


def test_shine_that_pales_dark_skin_is_not_taken_for_missing_melanin():
    dull, shining = (
        pigment_contrast(*skin_and_step(-35.0, (0.5, 0.0, 0.0), shine))
        for shine in (0.01, 0.04)
    )

    assert dull.change[0] == pytest.approx(0.5, abs=0.15)
    assert shining.change[0] == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("ita", TONES)
def test_another_cameras_hue_does_not_make_another_skin(ita):
    skin, _ = skin_and_step(ita, (0.0, 0.0, 0.0))
    usual = np.log(pigments_for_ita(ita).melanin_fraction)

    for hue in ([1.06, 1.0, 1.0], [1.0, 1.0, 1.08], [1.0, 1.0, 0.92]):
        assert skin_pigments(skin * hue)[0] == pytest.approx(usual, abs=0.75)


@pytest.mark.parametrize(("ita", "pigment", "most"), [(45.0, 0, 0.3), (-35.0, 1, 0.2)])
def test_a_blue_misread_by_three_hundredths_is_no_pigment(ita, pigment, most):
    skin, step = skin_and_step(ita, (0.0, 1.0, 0.0))

    read, misread = (
        pigment_contrast(skin, step + np.array([0.0, 0.0, off])).change
        for off in (0.0, 0.03)
    )

    assert abs(misread[pigment] - read[pigment]) < most


def test_resting_blood_is_that_of_the_optical_model():
    for ita in (57.0, 30.0, -10.0, -45.0):
        pigments = pigments_for_ita(ita)
        resting = np.interp(
            np.log(pigments.melanin_fraction), _RESTING_MELANIN_LOG, _RESTING_BLOOD_LOG
        )

        assert np.exp(resting) == pytest.approx(pigments.blood_fraction, rel=0.01)


def test_an_unsure_difference_makes_unsure_pigments():
    skin, step = skin_and_step(30.0, (0.3, 0.3, 0.0))

    sure = pigment_contrast(skin, step, np.eye(3) * 1e-6)
    unsure = pigment_contrast(skin, step, np.eye(3) * 0.05**2)

    assert (np.diag(unsure.covariance) > np.diag(sure.covariance)).all()


@pytest.mark.parametrize("ita", TONES)
def test_doubt_does_not_lend_one_pigments_colour_to_the_other(ita):
    doubt = np.eye(3) * 0.1**2

    blood = pigment_contrast(*skin_and_step(ita, (0.0, 1.0, 0.0)), doubt).change
    melanin = pigment_contrast(*skin_and_step(ita, (1.0, 0.0, 0.0)), doubt).change

    assert abs(blood[0]) < 0.08
    assert abs(melanin[1]) < 0.3
    assert min(blood[1], melanin[0]) > 0.7


def test_what_is_taken_back_is_part_of_the_error():
    skin, step = skin_and_step(20.0, (0.0, 1.0, 0.0))
    doubt = np.eye(3) * 0.1**2

    found = pigment_contrast(skin, step, doubt)

    of_reading = found.sensitivity @ doubt @ found.sensitivity.T
    rest = found.covariance - found.left_open - of_reading
    assert np.linalg.eigvalsh(rest).min() > 0
    assert (np.linalg.eigvalsh(rest) < np.linalg.eigvalsh(of_reading)).all()


@pytest.mark.parametrize("ita", TONES)
def test_the_answer_moves_with_the_colour_as_its_sensitivity_says(ita):
    skin, step = skin_and_step(ita, (0.3, 0.6, 0.0))
    doubt = np.eye(3) * 0.1**2
    told = pigment_contrast(skin, step, doubt).sensitivity

    for channel in range(3):
        nudge = 0.01 * np.eye(3)[channel]
        ahead, behind = (
            pigment_contrast(skin, step + way * nudge, doubt).change for way in (1, -1)
        )
        moved = (ahead - behind) / 0.02
        np.testing.assert_allclose(told[:2, channel], moved[:2], rtol=0.1, atol=0.1)


def test_skin_of_unknown_exposure_keeps_its_pigments():
    skin, _ = skin_and_step(20.0, (0, 0, 0))
    pigments = pigments_for_ita(20.0)

    melanin, blood, gain, shine = skin_pigments(skin * 0.8)

    assert np.exp(shine) == pytest.approx(SHINE, rel=0.5)
    assert melanin == pytest.approx(np.log(pigments.melanin_fraction), abs=0.5)
    assert blood == pytest.approx(np.log(pigments.blood_fraction), abs=0.2)
    assert np.log(0.8) < gain < -0.05


def test_every_pigment_darkens_and_scattering_brightens():
    slope = pigment_jacobian(np.log([0.05, 0.006, 1.0]))

    assert (slope[:, :2] < 0).all()
    assert (slope[:, 2] > 0).all()


def test_what_is_not_a_colour_is_the_callers_bug():
    with pytest.raises(ValueError, match="positive"):
        skin_pigments([0.4, 0.0, 0.2])
    with pytest.raises(ValueError, match="finite"):
        pigment_contrast([0.4, 0.3, 0.2], [np.nan, 0, 0])

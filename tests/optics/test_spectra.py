"""The tables are the published ones."""

import numpy as np
import pytest

import colour
from cicatrix.optics.illuminants import daylight, illuminant, led, planck
from cicatrix.optics.spectra import (
    CMF_1931,
    WAVELENGTH_NM,
    baseline_absorption_per_cm,
    blood_absorption_per_cm,
    dermis_scattering_per_cm,
    melanosome_absorption_per_cm,
)


def test_the_observer_is_that_of_the_cie():
    observer = colour.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"]

    np.testing.assert_allclose(
        CMF_1931, [observer[nm] for nm in WAVELENGTH_NM], atol=1e-6
    )


def test_daylight_at_6504_k_is_d65():
    d65 = colour.SDS_ILLUMINANTS["D65"]

    published = np.array([d65[nm] for nm in WAVELENGTH_NM])
    # S0, S1, S2 are published rounded to one decimal.
    np.testing.assert_allclose(daylight(6504) * 100, published, atol=0.15)


@pytest.mark.parametrize("cct_k", [4500, 5500, 7500, 12000])
def test_daylight_agrees_with_another_implementation(cct_k):
    xy = colour.temperature.CCT_to_xy_CIE_D(cct_k)
    theirs = colour.sd_CIE_illuminant_D_series(xy)

    expected = np.array([theirs[nm] for nm in WAVELENGTH_NM]) / 100
    np.testing.assert_allclose(daylight(cct_k), expected, rtol=4e-3)


def test_planck_at_2856_k_is_illuminant_a():
    a = colour.SDS_ILLUMINANTS["A"]

    expected = np.array([a[nm] for nm in WAVELENGTH_NM]) / 100
    np.testing.assert_allclose(planck(2856), expected, rtol=2e-3)


@pytest.mark.parametrize("cct_k", [2700, 4000, 5500, 6500])
def test_an_led_has_the_temperature_asked_for(cct_k):
    xyz = led(cct_k) @ CMF_1931
    found = colour.temperature.xy_to_CCT_McCamy1992(xyz[:2] / xyz.sum())

    assert found == pytest.approx(cct_k, rel=0.01)


@pytest.mark.parametrize(
    ("kind", "cct_k"), [("daylight", 3000), ("led", 9000), ("planck", 100), ("gas", 1)]
)
def test_a_light_that_does_not_exist_is_refused(kind, cct_k):
    with pytest.raises(ValueError, match=r"illuminant|needs|must be"):
        illuminant(kind, cct_k)


@pytest.mark.parametrize(
    ("oxygenation", "name"), [(1.0, "Oxyhemoglobin"), (0.0, "Deoxyhemoglobin")]
)
def test_blood_agrees_with_another_compilation(shared_data, oxygenation, name):
    file = shared_data / "chromophore-spectra" / f"absorption_spectra_data__{name}.npz"
    with np.load(file) as table:
        theirs = dict(zip(table["wavelengths"].tolist(), table["values"], strict=True))
    blood = dict(zip(WAVELENGTH_NM, blood_absorption_per_cm(oxygenation), strict=True))

    for nm in range(450, 701, 10):
        assert blood[nm] == pytest.approx(theirs[nm], rel=0.005), nm


def test_jacques_figures_hold_at_500_nm():
    at_500 = WAVELENGTH_NM == 500

    assert melanosome_absorption_per_cm()[at_500] == pytest.approx(690, rel=0.01)
    assert baseline_absorption_per_cm()[at_500] == pytest.approx(0.703, rel=0.01)
    assert dermis_scattering_per_cm()[at_500] == pytest.approx(46)


def test_oxygenation_is_a_fraction():
    with pytest.raises(ValueError, match="oxygenation"):
        blood_absorption_per_cm(98.0)

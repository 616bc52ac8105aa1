"""Colorimetry agrees with the standard's own test data and with another implementation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import colour
from cicatrix.optics.cielab import (
    D65_XYZ,
    ciede2000,
    ita_deg,
    lab_to_xyz,
    linear_srgb_to_lab,
    xyz_to_lab,
)
from cicatrix.photo.transfer import srgb_to_linear

# Sharma, Wu & Dalal 2005, doi 10.1002/col.20070, supplementary table: all 34 pairs.
SHARMA = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, 2.8361, -74.0200), (50, 0, -82.7485), 3.4412),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, -1.1848, -84.8006), (50, 0, -82.7485), 1.0000),
    ((50, -0.9009, -85.5211), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, -1, 2), (50, 0, 0), 2.3669),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0009), 7.1792),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0010), 7.1792),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0011), 7.2195),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0012), 7.2195),
    ((50, -0.0010, 2.4900), (50, 0.0009, -2.4900), 4.8045),
    ((50, -0.0010, 2.4900), (50, 0.0010, -2.4900), 4.8045),
    ((50, -0.0010, 2.4900), (50, 0.0011, -2.4900), 4.7461),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (61, -5, 29), 22.8977),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((50, 2.5, 0), (58, 24, 15), 19.4535),
    ((50, 2.5, 0), (50, 3.1736, 0.5854), 1.0000),
    ((50, 2.5, 0), (50, 3.2972, 0), 1.0000),
    ((50, 2.5, 0), (50, 1.8634, 0.5757), 1.0000),
    ((50, 2.5, 0), (50, 3.2592, 0.3350), 1.0000),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((61.2901, 3.7196, -5.3901), (61.4292, 2.2480, -4.9620), 1.8731),
    ((35.0831, -44.1164, 3.7933), (35.0232, -40.0716, 1.5901), 1.8645),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]

WHITE_XY = np.array([0.3127, 0.3290])


@pytest.mark.parametrize(("first", "second", "published"), SHARMA)
def test_ciede2000_gives_the_published_differences(first, second, published):
    assert float(ciede2000(first, second)) == pytest.approx(published, abs=5e-5)


def test_ciede2000_agrees_with_another_implementation_over_the_whole_space():
    rng = np.random.default_rng(1)
    first = rng.uniform([0, -80, -80], [100, 80, 80], (20000, 3))
    second = rng.uniform([0, -80, -80], [100, 80, 80], (20000, 3))

    ours = ciede2000(first, second)

    np.testing.assert_allclose(
        ours, colour.difference.delta_E_CIE2000(first, second), atol=1e-9
    )


lab = st.tuples(st.floats(0, 100), st.floats(-90, 90), st.floats(-90, 90))


@given(lab, lab)
def test_ciede2000_does_not_care_which_colour_comes_first(first, second):
    assert float(ciede2000(first, second)) == pytest.approx(
        float(ciede2000(second, first)), abs=1e-9
    )


def test_ciede2000_pairs_one_colour_with_many():
    many = np.array([[50.0, 0, 0], [60, 0, 0]])

    assert ciede2000(many, [50, 0, 0]).shape == (2,)
    assert ciede2000(many, [50, 0, 0])[0] == 0


def test_lab_agrees_with_another_implementation_down_to_black():
    xyz = np.random.default_rng(2).uniform(0, 1, (5000, 3)) ** 3

    np.testing.assert_allclose(
        xyz_to_lab(xyz), colour.XYZ_to_Lab(xyz, WHITE_XY), atol=2e-4
    )


@given(lab)
def test_lab_to_xyz_undoes_xyz_to_lab(colour_lab):
    np.testing.assert_allclose(
        xyz_to_lab(lab_to_xyz(colour_lab)), colour_lab, atol=1e-9
    )


def test_noise_below_black_continues_without_a_break():
    ramp = xyz_to_lab(np.linspace(-0.01, 0.02, 301)[:, None] * D65_XYZ)[:, 0]

    assert np.isfinite(ramp).all()
    assert (np.diff(ramp) > 0).all()


def test_srgb_agrees_with_another_implementation():
    linear = np.random.default_rng(3).uniform(0, 1, (2000, 3))

    theirs = colour.XYZ_to_Lab(
        colour.RGB_to_XYZ(linear, "sRGB", apply_cctf_decoding=False), WHITE_XY
    )

    # The rounded matrix of IEC 61966-2-1 differs in the fourth decimal.
    np.testing.assert_allclose(linear_srgb_to_lab(linear), theirs, atol=0.03)


@pytest.mark.parametrize("levels", [256, 65536])
def test_code_values_become_the_light_of_another_implementation(levels):
    codes = np.linspace(0, 1, levels)

    np.testing.assert_allclose(
        srgb_to_linear(codes), colour.models.eotf_sRGB(codes), atol=1e-9
    )


def test_ita_of_skin_colours_agrees_with_another_implementations_lab():
    rng = np.random.default_rng(4)
    skins = np.array([0.4, 0.25, 0.18]) * np.exp(
        rng.normal(0, [0.6, 0.7, 0.8], (2000, 3))
    )

    theirs = colour.XYZ_to_Lab(
        colour.RGB_to_XYZ(skins, "sRGB", apply_cctf_decoding=False), WHITE_XY
    )
    # Chardon, Cretois & Hourseau 1991: the angle from L* = 50 in the (b*, L*) plane.
    expected = np.degrees(np.arctan2(theirs[:, 0] - 50, theirs[:, 2]))
    warm = theirs[:, 2] > 3
    assert warm.sum() > 1000

    np.testing.assert_allclose(
        ita_deg(linear_srgb_to_lab(skins))[warm], expected[warm], atol=0.1
    )


def test_white_of_srgb_is_exactly_neutral():
    np.testing.assert_allclose(linear_srgb_to_lab([1, 1, 1]), [100, 0, 0], atol=1e-6)


@pytest.mark.parametrize(
    ("skin_lab", "angle"), [((68, 8, 18), 45.0), ((50, 8, 18), 0.0), ((32, 9, 18), -45)]
)
def test_ita_is_the_angle_in_the_plane_of_lightness_and_yellow(skin_lab, angle):
    assert float(ita_deg(skin_lab)) == pytest.approx(angle)

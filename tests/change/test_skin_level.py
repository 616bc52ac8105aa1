"""Skin is as light as was told, and keeps its hue."""

import numpy as np
import pytest

from cicatrix.change.skin_level import at_told_level
from cicatrix.optics.cielab import linear_srgb_to_lab
from cicatrix.optics.skin import pigments_for_ita, skin_lab, skin_reflectance

TAN = np.array([0.42, 0.25, 0.18])


def test_skin_of_which_nobody_told_stays_as_it_was_seen():
    assert at_told_level(TAN, None) is TAN


@pytest.mark.parametrize("told", [-45.0, -10.0, 0.0, 35.0, 58.0])
def test_skin_comes_out_as_light_as_usual_skin_of_the_angle(told):
    skin = at_told_level(TAN, told)

    np.testing.assert_allclose(skin / skin.sum(), TAN / TAN.sum())
    usual = pigments_for_ita(told)
    lab = skin_lab(skin_reflectance(usual.melanin_fraction, usual.blood_fraction))
    # L* is that of usual skin of the angle; a* and b* follow the skin's own hue.
    assert linear_srgb_to_lab(skin)[0] == pytest.approx(lab[0], abs=1e-3)


def test_darker_skin_is_darker():
    levels = [at_told_level(TAN, float(angle)).sum() for angle in range(-60, 63)]

    assert levels == sorted(levels)


@pytest.mark.parametrize(("told", "like"), [(-90.0, -60.0), (85.0, 62.0)])
def test_beyond_the_skin_that_is_known_its_ends_are_taken(told, like):
    np.testing.assert_array_equal(at_told_level(TAN, told), at_told_level(TAN, like))

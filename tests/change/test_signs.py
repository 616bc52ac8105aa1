"""What causes leave on the skin that both photographs show."""

import numpy as np

from cicatrix.change.signs import SkinSigns, hue_of, signs_of
from cicatrix.change.strength import BLOTCH_LN, GREEN


def test_hue_does_not_depend_on_exposure():
    light = np.log([0.4, 0.2, 0.1])

    np.testing.assert_allclose(hue_of(light), np.log([2.0, 0.5]))
    np.testing.assert_allclose(hue_of(light + 0.7), hue_of(light))


def test_signs_are_what_the_moves_take_back():
    """A follow-up drawn too strongly and too red is weakened and made less red."""
    blotch, skin = np.zeros((2, 2, 3))
    blotch[1] = -0.2 * np.array(BLOTCH_LN)
    skin[1, 0] = -0.1

    told = signs_of(blotch, skin)

    np.testing.assert_allclose(told, [0.2, 0.1, 0.0])
    # The same put right at the baseline means that it was drawn too weakly there.
    np.testing.assert_allclose(signs_of(-blotch[::-1], -skin[::-1]), told)


def test_only_green_tells_strength():
    blotch, skin = np.zeros((2, 5, 2, 3))
    blotch[:, 0] = 0.05
    blotch[:, 0, GREEN] = 0.0

    assert not signs_of(blotch, skin).any()


def test_what_has_no_finite_error_was_not_read():
    told = SkinSigns(found=np.zeros(3), sd=np.array([0.1, np.inf, 0.2]))

    np.testing.assert_array_equal(told.read, [0, 2])

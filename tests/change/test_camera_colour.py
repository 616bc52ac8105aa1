"""What camera and lamp make of a lesion's colour, and what the skin tells of it."""

from itertools import combinations

import numpy as np
import pytest

from cicatrix.change.camera_colour import camera_colour_source
from cicatrix.change.conditioning import told_by_skin
from cicatrix.change.signs import SkinSigns, hue_of
from cicatrix.evidence.measuring import measuring_limits
from cicatrix.optics.cameras import GENERIC_CAMERAS, generic_camera, rgb_weights
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab
from cicatrix.optics.illuminants import illuminant
from cicatrix.optics.mixing import LEAKS, MIXING_COVARIANCE, mixing_steps
from cicatrix.optics.skin import pigments_for_ita, skin_reflectance

SKIN = np.array([0.42, 0.25, 0.18])
STEP = np.array([-0.05, -0.5, -0.45])


def source(*, scale=1.0, skin=SKIN, step=STEP):
    return camera_colour_source(
        np.stack([step, step]),
        np.stack([skin, skin]),
        scale,
        np.random.default_rng(0),
    )


def test_alike_captures_leave_nothing_to_doubt():
    told = source(scale=0.0)

    assert not told.moves.any()
    assert not told.signs.any()


def test_what_has_no_colour_cannot_change_it():
    """White stays white: on grey skin a grey step is drawn alike by every camera."""
    told = source(skin=np.full(3, 0.3), step=np.full(3, -0.4))

    np.testing.assert_allclose(told.moves, 0, atol=1e-12)
    np.testing.assert_allclose(told.signs[:, 1:], 0, atol=1e-12)


def test_scale_is_how_far_two_captures_differ_in_mixing():
    """The step of the skin's hue spreads as mixing and what it leaves would spread it."""
    turns = hue_of(np.moveaxis(mixing_steps(np.log(SKIN)), -1, 0))
    red, green, blue = (
        np.sum((np.log(SKIN) - channel) ** 2) for channel in np.log(SKIN)
    )
    left = measuring_limits().camera_colour_unmixed ** 2
    left *= np.array([[red + green, green], [green, blue + green]])

    spread = np.cov(source(scale=0.5).signs[:, 1:].T)

    expected = 0.25 * (turns.T @ MIXING_COVARIANCE @ turns + left)
    np.testing.assert_allclose(spread, expected, rtol=0.1)


def test_the_skins_own_hue_takes_doubt_off_every_channel():
    told = source()
    skin = SkinSigns(found=np.zeros(3), sd=np.array([np.inf, 0.005, 0.005]))

    left = told_by_skin([told], skin, rng=np.random.default_rng(1))

    def spread(sources):
        moves = np.sum([one.moves for one in sources], axis=0)
        return (moves[:, 1] - moves[:, 0]).std(axis=0)

    kept = spread(left.sources) / spread([told])
    assert kept[0] < 0.6
    assert (kept < 0.9).all()


@pytest.mark.parametrize("ita_deg", [50, 15, -30])
def test_hue_sees_through_much_of_what_cameras_and_lamps_differ_by(ita_deg):
    """Spectra of skin with a redder scar, seen by made-up cameras under three lamps."""
    pigments = pigments_for_ita(ita_deg)
    spectra = skin_reflectance(
        pigments.melanin_fraction, pigments.blood_fraction * np.array([1.0, 2.5])
    )
    cameras = [generic_camera(name) for name in GENERIC_CAMERAS[1:]]
    lamps = [
        illuminant("planck", 3000),
        illuminant("led", 4500),
        illuminant("led", 6500),
    ]
    views = [np.log(spectra @ rgb_weights(c, x)) for c in cameras for x in lamps]
    plain, told = [], []
    for one, other in combinations(views, 2):
        steps, skins = np.stack([v[1] - v[0] for v in (one, other)]), (one[0], other[0])
        cause = camera_colour_source(
            steps, np.exp(skins), 1.0, np.random.default_rng(0)
        )
        found = np.array([0.0, *hue_of(other[0] - one[0])])
        signs = SkinSigns(found=found, sd=np.array([np.inf, 0.005, 0.005]))
        shift = told_by_skin([cause], signs, rng=np.random.default_rng(1)).shift
        plain.append(log_ratio(steps, skins))
        told.append(log_ratio(steps + shift, skins))

    assert np.std(plain) > 0.03
    assert np.std(told) < 0.8 * np.std(plain)


def log_ratio(steps, skins):
    """Ln of the contrast after over that before, on one skin."""
    skin = np.exp(np.mean(skins, axis=0))
    before, after = ciede2000(
        linear_srgb_to_lab(skin * np.exp(steps)), linear_srgb_to_lab(skin)
    )
    return np.log(after / before)


def test_every_pair_of_channels_may_leak_once():
    assert len(set(LEAKS)) == 6
    assert all(into != leaks for into, leaks in LEAKS)

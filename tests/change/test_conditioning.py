"""What signs on the skin leave of what was assumed before looking."""

import numpy as np
import pytest

from cicatrix.change.conditioning import Expected, told_by_skin
from cicatrix.change.fading import DRAWS, Source
from cicatrix.change.signs import SkinSigns
from cicatrix.change.sources import slope_source

STEP = np.array([-0.1, -0.4, -0.35])
PHOTOGRAPHED = np.stack([STEP, 1.1 * STEP])
SKIN = np.tile([0.42, 0.25, 0.18], (2, 1))
NOT_READ = np.inf


def rng(seed=5):
    return np.random.default_rng(seed)


def tone(sd):
    return slope_source(PHOTOGRAPHED, SKIN, sd, rng())


def signs(strength, sd, *, hue=(0.0, 0.0), hue_sd=NOT_READ):
    return SkinSigns(
        found=np.array([strength, *hue]), sd=np.array([sd, hue_sd, hue_sd])
    )


def log_ratio_spread(sources):
    """One standard deviation of ln |after| - ln |before| in green, over all sources."""
    moved = PHOTOGRAPHED + np.sum([source.moves for source in sources], axis=0)
    return np.log(np.abs(moved[:, 1, 1] / moved[:, 0, 1])).std()


def test_it_is_the_posterior_of_two_normals():
    prior, doubt, found = 0.08, 0.05, 0.10

    told = told_by_skin([tone(prior)], signs(found, doubt), rng=rng(6))

    weight = prior**2 / (prior**2 + doubt**2)
    # Half of it is given to either visit.
    expected = (
        np.stack([0.5 * PHOTOGRAPHED[0], -0.5 * PHOTOGRAPHED[1]]) * weight * found
    )
    np.testing.assert_allclose(told.shift, expected, rtol=0.05)
    assert log_ratio_spread(told.sources) == pytest.approx(
        np.sqrt(weight) * doubt, rel=0.05
    )


def test_two_causes_are_told_apart_by_two_signs():
    """Of causes that leave strength alike and hue otherwise, hue says which it was."""
    z = rng().standard_normal((2, DRAWS, 1, 1)) * 0.1
    unit = np.zeros((2, 3))
    unit[1, 0] = 1.0
    other = np.roll(unit, 1, axis=1)
    first, second = (
        Source(
            name=name,
            explanation="",
            moves=drawn * move,
            signs=drawn[:, 0] * np.array([1.0, hue, 0.0]),
        )
        for name, drawn, move, hue in (("a", z[0], unit, 1.0), ("b", z[1], other, -1.0))
    )

    told = told_by_skin(
        [first, second], signs(0.1, 1e-4, hue=(0.1, 0.0), hue_sd=1e-4), rng=rng(6)
    )
    blind = told_by_skin([first, second], signs(0.1, 1e-4), rng=rng(6))

    np.testing.assert_allclose(told.shift, 0.1 * unit, atol=0.002)
    np.testing.assert_allclose(blind.shift, 0.05 * (unit + other), atol=0.005)


def test_a_steeper_follow_up_loses_contrast():
    told = told_by_skin([tone(0.5)], signs(np.log(1.1), 0.001), rng=rng(6))

    after, before = (PHOTOGRAPHED + told.shift)[::-1, 1]
    assert after / before == pytest.approx(1.0, abs=0.01)


def test_a_steeper_curve_is_told_by_the_hue_it_leaves():
    """A curve steeper by a tenth draws red over green of the skin farther from white."""
    hue = 0.1 * (np.log(SKIN[0, [0, 2]]) - np.log(SKIN[0, 1]))

    told = told_by_skin(
        [tone(0.5)], signs(0.0, NOT_READ, hue=hue, hue_sd=0.001), rng=rng(6)
    )

    np.testing.assert_allclose(
        told.shift, [0.05 * PHOTOGRAPHED[0], -0.05 * PHOTOGRAPHED[1]], rtol=0.02
    )


def test_looking_never_widens():
    told = told_by_skin([tone(0.05)], signs(0.3, 0.42), rng=rng(6))

    assert log_ratio_spread(told.sources) <= 1.01 * log_ratio_spread([tone(0.05)])


def test_a_source_that_leaves_the_skin_alone_stays_as_it_was():
    noise = Source(name="noise", explanation="", moves=np.ones((DRAWS, 2, 3)))

    told = told_by_skin([noise, tone(0.05)], signs(0.3, 0.014), rng=rng(6))

    assert told.sources[0] is noise
    assert [source.name for source in told.sources] == [
        "noise",
        "tone curve",
        "shared skin",
    ]


def test_without_a_sign_all_stays_as_assumed():
    assumed = tone(0.05)

    told = told_by_skin([assumed], signs(0.3, NOT_READ), rng=rng(6))

    assert told.sources == (assumed,)
    assert not told.shift.any()


def test_only_what_is_not_expected_pulls_on_the_sources():
    expected = Expected(shift=np.full((2, 3), 0.01), signs=np.array([0.1, 0.0, 0.0]))

    def shift(found, before=None):
        return told_by_skin(
            [tone(0.08)], signs(found, 0.05), expected=before, rng=rng(6)
        ).shift

    np.testing.assert_allclose(shift(0.1, expected), expected.shift)
    np.testing.assert_allclose(
        shift(0.25, expected) - expected.shift, shift(0.15), atol=1e-12
    )


def test_what_is_expected_is_taken_without_a_sign_too():
    expected = Expected(shift=np.full((2, 3), 0.01), signs=np.array([0.1, 0.0, 0.0]))

    told = told_by_skin(
        [tone(0.08)], signs(0.0, NOT_READ), expected=expected, rng=rng(6)
    )

    np.testing.assert_array_equal(told.shift, expected.shift)

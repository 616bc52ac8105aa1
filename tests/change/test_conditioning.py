"""What a strength that was found leaves of what was assumed before looking."""

import numpy as np
import pytest

from cicatrix.change.conditioning import Expected, told_by_strength
from cicatrix.change.fading import DRAWS, Source
from cicatrix.change.sources import slope_source
from cicatrix.change.strength import SharedStrength

STEP = np.array([-0.1, -0.4, -0.35])
PHOTOGRAPHED = np.stack([STEP, 1.1 * STEP])


def rng(seed=5):
    return np.random.default_rng(seed)


def strength(log_ratio, sd):
    return SharedStrength(log_ratio=log_ratio, sd=sd, correlation=0.9)


def log_ratio_spread(sources):
    """One standard deviation of ln |after| - ln |before| in green, over all sources."""
    moved = PHOTOGRAPHED + np.sum([source.moves for source in sources], axis=0)
    return np.log(np.abs(moved[:, 1, 1] / moved[:, 0, 1])).std()


def test_it_is_the_posterior_of_two_normals():
    prior, sampling, response, found = 0.08, 0.03, 0.04, 0.10
    tone = slope_source(PHOTOGRAPHED, prior, rng())

    told = told_by_strength(
        [tone], strength(found, sampling), response_sd=response, rng=rng(6)
    )

    doubt = sampling**2 + response**2
    weight = prior**2 / (prior**2 + doubt)
    # Half of it is given to either visit.
    expected = (
        np.stack([0.5 * PHOTOGRAPHED[0], -0.5 * PHOTOGRAPHED[1]]) * weight * found
    )
    np.testing.assert_allclose(told.shift, expected, rtol=0.05)
    assert log_ratio_spread(told.sources) == pytest.approx(
        np.sqrt(weight * doubt), rel=0.05
    )


def test_a_steeper_follow_up_loses_contrast():
    tone = slope_source(PHOTOGRAPHED, 0.5, rng())

    told = told_by_strength(
        [tone], strength(np.log(1.1), 0.001), response_sd=0.0, rng=rng(6)
    )

    after, before = (PHOTOGRAPHED + told.shift)[::-1, 1]
    assert after / before == pytest.approx(1.0, abs=0.01)


def test_looking_never_widens():
    tone = slope_source(PHOTOGRAPHED, 0.05, rng())

    told = told_by_strength([tone], strength(0.3, 0.3), response_sd=0.3, rng=rng(6))

    assert log_ratio_spread(told.sources) <= 1.01 * log_ratio_spread([tone])


def test_a_source_that_leaves_the_pattern_alone_stays_as_it_was():
    noise = Source(name="noise", explanation="", moves=np.ones((DRAWS, 2, 3)))
    tone = slope_source(PHOTOGRAPHED, 0.05, rng())

    told = told_by_strength(
        [noise, tone], strength(0.3, 0.01), response_sd=0.01, rng=rng(6)
    )

    assert told.sources[0] is noise
    assert [source.name for source in told.sources] == [
        "noise",
        "tone curve",
        "shared skin",
    ]


def test_without_a_shared_pattern_all_stays_as_assumed():
    tone = slope_source(PHOTOGRAPHED, 0.05, rng())

    told = told_by_strength([tone], None, response_sd=0.01, rng=rng(6))

    assert told.sources == (tone,)
    assert not told.shift.any()


def test_only_what_is_not_expected_pulls_on_the_sources():
    tone = slope_source(PHOTOGRAPHED, 0.08, rng())
    expected = Expected(shift=np.full((2, 3), 0.01), log_strength=0.1)

    def shift(found, before=None):
        return told_by_strength(
            [tone], strength(found, 0.03), expected=before, response_sd=0.04, rng=rng(6)
        ).shift

    np.testing.assert_allclose(shift(0.1, expected), expected.shift)
    np.testing.assert_allclose(
        shift(0.25, expected) - expected.shift, shift(0.15), atol=1e-12
    )


def test_what_is_expected_is_taken_without_a_shared_pattern_too():
    tone = slope_source(PHOTOGRAPHED, 0.08, rng())
    expected = Expected(shift=np.full((2, 3), 0.01), log_strength=0.1)

    told = told_by_strength(
        [tone], None, expected=expected, response_sd=0.04, rng=rng(6)
    )

    np.testing.assert_array_equal(told.shift, expected.shift)

"""What the fade promises about its number, its interval and its words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.change.fading import DRAWS, Source, fade_between, normal_draws
from cicatrix.domain.fade import Verdict
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab

SKIN = np.array([0.45, 0.25, 0.17])
REDDER = np.array([-0.05, -0.35, -0.30])


def doubt(sd, seed=0, *, common=False):
    """A source that moves each channel of each visit by `sd`, alone or together."""
    rng = np.random.default_rng(seed)
    vectors = np.zeros((3 if common else 6, 2, 3))
    for channel in range(3):
        if common:
            vectors[channel, :, channel] = sd
        else:
            vectors[channel, 0, channel] = vectors[3 + channel, 1, channel] = sd
    return (
        Source(name="test", explanation="made up", moves=normal_draws(vectors, rng)),
    )


def contrast(difference):
    lab = linear_srgb_to_lab(np.stack([SKIN, SKIN * np.exp(difference)]))
    return float(ciede2000(lab[0], lab[1]))


@given(st.floats(0.05, 0.95))
def test_without_doubt_the_fade_is_the_ratio_of_the_two_contrasts(kept):
    reading = fade_between(np.stack([REDDER, kept * REDDER]), SKIN, ())

    expected = 1 - contrast(kept * REDDER) / contrast(REDDER)
    assert reading.fade.estimate == pytest.approx(expected, abs=1e-12)
    assert reading.fade.low == pytest.approx(expected)
    assert reading.fade.high == pytest.approx(expected)


def test_the_same_contrast_twice_is_no_detectable_change():
    reading = fade_between(np.stack([REDDER, REDDER]), SKIN, doubt(0.01))

    assert reading.fade.estimate == 0
    assert reading.fade.verdict is Verdict.NO_DETECTABLE_CHANGE


@given(st.floats(0.2, 3.0))
def test_swapping_the_visits_flips_the_sign_of_the_log_ratio(kept):
    ahead = fade_between(np.stack([REDDER, kept * REDDER]), SKIN, ()).fade.estimate
    back = fade_between(np.stack([kept * REDDER, REDDER]), SKIN, ()).fade.estimate

    assert np.log(1 - ahead) == pytest.approx(-np.log(1 - back), abs=1e-9)


def test_a_clear_fade_and_its_reverse_are_told_apart():
    pair = np.stack([REDDER, 0.5 * REDDER])

    assert fade_between(pair, SKIN, doubt(0.01)).fade.verdict is Verdict.FADED
    back = fade_between(pair[::-1], SKIN, doubt(0.01)).fade.verdict
    assert back is Verdict.MORE_VISIBLE


def test_every_source_widens_the_interval_and_the_smallest_detectable_change():
    pair = np.stack([REDDER, 0.7 * REDDER])
    (large,), (small,) = doubt(0.02, seed=1), doubt(0.01, seed=2)

    def widths(*sources):
        fade = fade_between(pair, SKIN, sources).fade
        return np.array([fade.high - fade.low, fade.smallest_detectable_change])

    alone = widths(large)
    np.testing.assert_allclose(widths(large, small) / alone, np.sqrt(1.25), rtol=0.04)
    np.testing.assert_allclose(widths(small, large) / alone, np.sqrt(1.25), rtol=0.04)


def test_what_is_common_to_both_visits_costs_little():
    pair = np.stack([REDDER, 0.9 * REDDER])

    alone = fade_between(pair, SKIN, doubt(0.03)).fade
    together = fade_between(pair, SKIN, doubt(0.03, common=True)).fade

    assert together.high - together.low < 0.4 * (alone.high - alone.low)


@pytest.mark.parametrize("kept", [1.0, 0.7, 0.4])
def test_the_interval_holds_the_truth_as_often_as_it_says(kept):
    truth = np.stack([REDDER, kept * REDDER])
    expected = 1 - contrast(kept * REDDER) / contrast(REDDER)
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(150):
        seen = truth + rng.normal(0, 0.03, (2, 3))
        fade = fade_between(seen, SKIN, doubt(0.03)).fade
        held += fade.low <= expected <= fade.high

    # 150 tries at 95 %: three binomial standard deviations are 0.053.
    assert 0.90 <= held / 150 <= 0.99


def test_noise_does_not_lengthen_a_faint_contrast_on_average():
    faint = 0.12 * REDDER
    rng = np.random.default_rng(8)
    told, plain = [], []
    for _ in range(80):
        seen = np.stack([REDDER, faint + rng.normal(0, 0.02, 3)])
        reading = fade_between(seen, SKIN, doubt(0.02))
        told.append(reading.contrast_after_de00.estimate)
        plain.append(contrast(seen[1]))

    true = contrast(faint)
    assert abs(np.mean(told) - true) < 0.5 * abs(np.mean(plain) - true)


def test_the_interval_of_a_faint_contrast_lies_around_the_truth_on_average():
    faint = np.stack([REDDER, 0.3 * REDDER])
    rng = np.random.default_rng(6)
    middles = []
    for _ in range(120):
        seen = faint + rng.normal(0, 0.03, (2, 3))
        told = fade_between(seen, SKIN, doubt(0.03)).contrast_after_de00
        middles.append((told.low + told.high) / 2)

    # Draws carry the noise twice; taken off but once they lie a tenth too high.
    assert np.mean(middles) == pytest.approx(contrast(faint[1]), rel=0.05)


def test_smallest_detectable_change_is_that_of_equal_errors():
    reading = fade_between(np.stack([REDDER, REDDER]), SKIN, doubt(0.01))
    sem = reading.contrast_sd_de00 / contrast(REDDER)

    assert reading.fade.smallest_detectable_change == pytest.approx(
        1.96 * np.sqrt(2) * sem, rel=0.08
    )


def test_a_scar_that_went_past_skin_colour_is_named():
    past = fade_between(np.stack([REDDER, -0.3 * REDDER]), SKIN, doubt(0.01))
    short = fade_between(np.stack([REDDER, 0.3 * REDDER]), SKIN, doubt(0.01))

    assert past.went_past_skin
    assert not short.went_past_skin
    assert past.signed_before["delta_a"].estimate > 0
    assert past.signed_after["delta_a"].estimate < 0


def test_the_budget_names_what_costs_most():
    rng = np.random.default_rng(1)
    small = Source(
        name="small",
        explanation="",
        moves=normal_draws(0.002 * np.ones((1, 2, 3)) * [[[1], [0]]], rng),
    )
    large = Source(
        name="large",
        explanation="",
        moves=normal_draws(0.05 * np.ones((1, 2, 3)) * [[[1], [0]]], rng),
    )
    budget = fade_between(np.stack([REDDER, REDDER]), SKIN, (small, large)).fade.budget

    cost = {line.source: line.fade_sd_fraction for line in budget}
    assert cost["large"] > 10 * cost["small"] > 0


def test_a_line_of_the_budget_is_the_spread_of_the_fade_over_all_draws():
    differences = np.stack([REDDER, 0.6 * REDDER])
    rng = np.random.default_rng(2)
    vectors = 0.02 * rng.standard_normal((6, 2, 3))
    wide = normal_draws(vectors, rng)
    lopsided = np.maximum(wide, -0.01)
    sources = tuple(
        Source(name=name, explanation="", moves=moves)
        for name, moves in (("wide", wide), ("lopsided", lopsided))
    )

    budget = fade_between(differences, SKIN, sources).fade.budget

    skin = linear_srgb_to_lab(SKIN)
    for line, source in zip(budget, sources, strict=True):
        lesion = linear_srgb_to_lab(SKIN * np.exp(differences + source.moves))
        drawn = ciede2000(lesion, skin)
        spread = float((drawn[:, 1] / drawn[:, 0]).std())
        assert line.fade_sd_fraction == pytest.approx(spread, rel=0.03)


def test_draws_have_the_asked_spread_and_no_mean():
    vectors = np.zeros((1, 2, 3))
    vectors[0, 0, 1] = 0.5
    draws = normal_draws(vectors, np.random.default_rng(0))

    assert draws.shape == (DRAWS, 2, 3)
    assert abs(draws.mean()) < 1e-15
    assert draws[:, 0, 1].std() == pytest.approx(0.5, rel=0.03)
    assert not draws[:, 1].any()

"""An interval is whole or wholly unknown, and a verdict is its own word."""

from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.domain.fade import Fade, Interval, Verdict

number = st.floats(-1e6, 1e6)


@given(number, number, number)
def test_an_interval_in_order_is_known(estimate, one, other):
    interval = Interval(estimate=estimate, low=min(one, other), high=max(one, other))

    assert interval.is_known


def test_an_interval_turned_round_is_the_callers_bug():
    with pytest.raises(ValueError, match="low <= high"):
        Interval(estimate=0.0, low=0.1, high=-0.1)


@pytest.mark.parametrize(
    "half", [(nan, 0.0, 1.0), (0.5, nan, 1.0), (0.5, 0.0, nan), (0.5, 0.0, inf)]
)
def test_half_an_interval_is_the_callers_bug(half):
    estimate, low, high = half

    with pytest.raises(ValueError, match="all finite or all NaN"):
        Interval(estimate=estimate, low=low, high=high)


def test_the_unknown_interval_gives_no_number():
    unknown = Interval.unknown()

    assert not unknown.is_known
    assert isnan(unknown.estimate)
    assert isnan(unknown.low)
    assert isnan(unknown.high)


def test_a_pair_that_cannot_be_measured_has_no_number_and_says_so():
    fade = Fade.not_measurable()

    assert fade.verdict == "not measurable"
    assert isnan(fade.estimate)
    assert isnan(fade.smallest_detectable_change)


def test_verdicts_are_the_words_that_others_build_on():
    assert [str(verdict) for verdict in Verdict] == [
        "faded",
        "more visible",
        "no detectable change",
        "not measurable",
    ]

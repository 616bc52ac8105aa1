import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.outcomes.course import share_of_full, share_on_day
from cicatrix.outcomes.latent import full_effect

SHAPES = st.tuples(st.floats(0.3, 10), st.floats(0.05, 0.95), st.floats(1, 40))


@given(SHAPES, st.integers(1, 20), st.floats(1, 10), st.floats(0, 40))
def test_a_further_session_or_week_never_lowers_the_share(
    shape, sessions, apart, weeks
):
    def share(k, t):
        return share_of_full(k, interval_weeks=apart, weeks_after=t, shape=shape)

    assert share(sessions, weeks + 1) >= share(sessions, weeks) - 1e-12
    assert share(sessions + 1, weeks) >= share(sessions, weeks) - 1e-12


@given(SHAPES)
def test_four_monthly_sessions_seen_after_twelve_weeks_are_the_whole(shape):
    share = share_of_full(4, interval_weeks=4.0, weeks_after=12.0, shape=shape)

    assert float(share) == pytest.approx(1.0)


@given(SHAPES, st.integers(1, 8), st.integers(1, 60), st.integers(0, 300))
def test_days_and_weeks_agree(shape, sessions, apart_days, after_days):
    days = [k * apart_days for k in range(sessions)]
    by_day = share_on_day(days, days[-1] + after_days, shape=shape)
    by_week = share_of_full(
        sessions,
        interval_weeks=apart_days / 7,
        weeks_after=after_days / 7,
        shape=shape,
    )

    assert float(by_day) == pytest.approx(float(by_week))


def test_nothing_is_there_before_the_first_session():
    assert share_on_day([10.0], 9.0, shape=(2.0, 0.5, 6.0)) == 0


@given(st.floats(-200, 200), st.floats(0.1, 50))
def test_a_higher_level_is_a_larger_effect_and_never_below_nothing(level, more):
    assert 0 <= full_effect(level) < full_effect(level + more)


def test_large_levels_stand_as_they_are():
    assert np.allclose(full_effect(np.array([60.0, 90.0])), [60.0, 90.0], atol=0.03)

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from cicatrix.outcomes.proportions import exact_interval, jeffreys_interval

COUNT_OF = st.integers(1, 200).flatmap(
    lambda of: st.tuples(st.integers(0, of), st.just(of))
)


@given(COUNT_OF)
def test_the_exact_interval_is_where_both_tails_are_one_in_forty(pair):
    count, of = pair
    low, high = exact_interval(count, of)

    if count:
        assert binom.sf(count - 1, of, low) == pytest.approx(0.025, abs=1e-6)
    if count < of:
        assert binom.cdf(count, of, high) == pytest.approx(0.025, abs=1e-6)


@given(COUNT_OF)
def test_jeffreys_lies_within_the_exact_interval_and_holds_the_share(pair):
    count, of = pair
    low, high = exact_interval(count, of)
    inner_low, inner_high = jeffreys_interval(count, of)

    assert low <= inner_low + 1e-9
    assert inner_high <= high + 1e-9
    assert inner_low <= count / of <= inner_high


def test_jeffreys_is_a_beta_quantile():
    assert jeffreys_interval(17, 127)[0] == pytest.approx(beta.ppf(0.025, 17.5, 110.5))

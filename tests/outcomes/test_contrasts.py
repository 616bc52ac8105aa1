import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.evidence.trial_rows import arms
from cicatrix.outcomes.contrasts import _superiority, contrasts

ALL = contrasts(arms())


def of(study, first, second):
    (found,) = [
        c
        for c in ALL
        if (c.study.key, c.first, c.second) == (f"trial-{study}", first, second)
    ]
    return found


def test_treatments_are_compared_within_a_study_only():
    treatments = {}
    for arm in arms():
        treatments.setdefault(arm.study.key, set()).add(arm.treatment)

    assert len(ALL) > 50
    for contrast in ALL:
        assert {contrast.first, contrast.second} <= treatments[contrast.study.key]
        assert contrast.first != contrast.second


def test_needling_always_stands_second_except_against_nothing():
    assert {c.second for c in ALL if c.first == "needling"} <= {
        "untreated",
        "needling-rf",
    } - {"needling-rf"}


def test_a_larger_mean_improvement_is_more_than_half():
    better = of("idoj", "laser-co2", "needling")

    assert better.low > 0.5
    assert "32.9 % and 9.3 %" in better.numbers


def test_a_lower_score_at_the_end_is_better_where_lower_is_better():
    assert of("kaur-2024", "needling-prp", "needling").low > 0.5


def test_grades_are_put_in_order():
    assert of("krithika-2025", "prp", "needling").better > 0.95
    assert of("mohamed-ali-2017", "microdermabrasion", "needling").high < 0.5


def test_rows_not_to_be_pooled_are_kept_without_a_number():
    kept = [c for c in ALL if "do-not-pool" in c.flags]

    assert {c.study.key for c in kept} >= {"trial-jabeen", "trial-seby"}
    assert all(c.better is None for c in kept)


@pytest.mark.parametrize("study", ["osman-2017", "hedelund-2010", "rana-2017"])
def test_ambiguous_numbers_medians_and_misprinted_spreads_give_no_share(study):
    assert all(c.better is None for c in ALL if c.study.key == f"trial-{study}")


COUNTS = st.tuples(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30))


@given(COUNTS, COUNTS)
def test_turning_the_arms_turns_the_share(first, second):
    share, low, high = _superiority(first, second)
    turned, turned_low, turned_high = _superiority(second, first)

    assert share == pytest.approx(1 - turned)
    assert 0 <= low <= share <= high <= 1
    assert low == pytest.approx(1 - turned_high)
    assert high == pytest.approx(1 - turned_low)


@given(COUNTS)
def test_an_arm_against_itself_is_half(counts):
    share, low, high = _superiority(counts, counts)

    assert share == pytest.approx(0.5)
    assert low < 0.5 < high

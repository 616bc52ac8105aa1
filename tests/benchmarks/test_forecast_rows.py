"""Rows of trials enter the forecast's fit once each, and only where they may."""

from collections import Counter

import pytest

import forecast_rows
from cicatrix.evidence.trial_rows import arms


@pytest.fixture(scope="module")
def rows():
    return forecast_rows.rows_of_trials()


@pytest.fixture(scope="module")
def design(rows):
    return forecast_rows.design_of(rows)


def places(rows):
    """Each arm once for each likelihood of its level."""
    cells = {place for place, _, _, _ in rows.cells}
    means = [place for place, _, _, _ in rows.means]
    contrasts = [place for a, b, _, _ in rows.contrasts for place in (a, b)]
    return Counter([*cells, *means, *contrasts])


def test_no_arm_is_used_twice(rows):
    assert set(places(rows).values()) == {1}
    assert set(places(rows)) == {
        i for i, arm in enumerate(rows.arms) if arm.key in rows.how
    }


def test_what_must_not_be_pooled_is_left_out(rows):
    used = {key.rsplit(".", 1)[0] for key in rows.how}

    assert {arm.study.key for arm in arms() if not arm.pooled} & used == set()
    assert "trial-osman-2017" not in used  # percent of what is not clear
    assert "trial-fabbrocini-2014" not in used  # an instrument measured
    assert "trial-rana-2017" not in used  # a standard error printed as a spread
    assert "trial-ablon-2018" not in used  # ageing skin


def test_every_person_of_an_arm_stands_in_one_grade(rows):
    totals = Counter()
    for place, _, _, weighted in rows.cells:
        totals[place] += weighted
    one = next(i for i, a in enumerate(rows.arms) if a.key == "trial-yaseen.1")
    side = next(i for i, a in enumerate(rows.arms) if a.key == "trial-yadav-2024.1")

    assert totals[one] == pytest.approx(35)
    assert totals[side] == pytest.approx(50 / 1.5)  # two sides of one person


def test_a_grade_that_ends_at_the_floor_lost_all_there_was(rows):
    """4 to 2 of Goodman and Baron's grades is two of three: from half of it on."""
    cuts = {
        (round(rows.cuts[low].at), round(rows.cuts[high].at))
        for place, low, high, _ in rows.cells
        if rows.arms[place].key == "trial-yaseen.1"
    }

    assert (50, 83) in cuts
    assert all(low < high for low, high in cuts)


def test_mean_grades_count_from_their_floor(rows):
    value = {rows.arms[place].key: v for place, v, _, _ in rows.means}

    assert value["trial-vietnam-rhustr.1"] == pytest.approx(66.4, abs=0.1)
    assert value["trial-abel.1"] == pytest.approx(37.63)


def test_borders_of_a_studys_own_lie_above_each_other(rows):
    for cut in rows.cuts:
        if cut.above >= 0:
            assert cut.at > 0
            assert rows.cuts[cut.above].study == cut.study


def test_parts_of_treatments_leave_needling_at_nought(rows, design):
    by_treatment = {
        arm.treatment: row for arm, row in zip(rows.arms, design.parts, strict=True)
    }

    assert by_treatment["needling"].sum() == 0
    assert by_treatment["needling-prp"].sum() == 1
    assert by_treatment["subcision-prp"].sum() == 2

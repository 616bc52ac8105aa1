import pytest

from cicatrix.evidence.judging import redness_window
from cicatrix.planning.aftercare import (
    care,
    closing,
    open_hours,
    red_flags,
    sun,
    topical,
    topicals,
    usual_course,
)


def last_days(*indications):
    return {each.to_day for each in usual_course(indications)}


def test_the_days_of_redness_are_those_of_the_measuring_part():
    window = redness_window()

    assert {window.usual_days, window.longest_days} <= last_days("acne-scar")


def test_only_deep_needling_of_burns_stays_red_for_weeks():
    deep = redness_window().deep_needling_days

    assert deep in last_days("burn-scar", "striae")
    assert deep not in last_days("striae")


@pytest.mark.parametrize(
    ("length_mm", "hours"), [(0.25, 24), (0.5, 24), (0.51, 72), (1.0, 72), (3.0, 72)]
)
def test_skin_is_open_for_longer_after_longer_needles(length_mm, hours):
    assert open_hours(length_mm)[0] == hours


def test_studies_of_the_device_stand_before_those_of_any():
    found = [each.needle for each in closing("roller")]

    assert "roller" in found[0]
    assert not any("pen" in needle for needle in found)


def test_the_most_urgent_flags_stand_first():
    acts = [each.act for each in red_flags()]

    assert acts == sorted(acts, key=["now", "today", "this week"].index)


def test_skin_that_darkens_more_easily_is_kept_from_the_sun_for_longer():
    assert sun("V").weeks > sun("II").weeks
    assert sun(None) is None


def test_every_known_product_is_advised_against_and_no_other_is_called_safe():
    assert all("not" in topical(each).verdict for each in topicals())
    assert topical("unheard-of").verdict == ""
    assert topical("unheard-of").backing is None


def test_care_begins_with_the_session():
    assert min(each.from_hours for each in care()) == 0

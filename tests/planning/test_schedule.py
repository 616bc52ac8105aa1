from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.evidence.judging import judge_after_days, redness_window
from cicatrix.evidence.words_of_the_field import indications
from cicatrix.planning.schedule import Course, schedule

START = date(2026, 12, 1)


@given(
    indication=st.sampled_from(tuple(indications())),
    device=st.sampled_from(("pen", "roller", "stamp", "rf")),
    sessions=st.integers(1, 12),
    interval_days=st.none() | st.integers(7, 200),
    start_on=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
)
def test_adding_a_session_never_shortens_the_judging_date(
    indication, device, sessions, interval_days, start_on
):
    def judged(count):
        return schedule(
            [indication],
            device=device,
            course=Course(
                start_on=start_on, sessions=count, interval_days=interval_days
            ),
        ).judge_from

    sooner, later = judged(sessions), judged(sessions + 1)
    assert sooner is None or later is None or sooner < later
    assert (later is None) >= (sooner is None)


def test_the_result_is_judged_when_the_measuring_part_judges_it():
    found = schedule(
        ["acne-scar"], device="pen", course=Course(start_on=START, sessions=2)
    )
    sessions = [each.on for each in found.appointments if each.kind == "session"]

    assert sessions == [START, START + timedelta(days=30)]
    assert found.judge_from == sessions[-1] + timedelta(days=judge_after_days())
    assert found.red_until_days == redness_window().longest_days


def test_burn_scars_stay_red_longer_and_have_no_interval():
    found = schedule(
        ["burn-scar"], device="roller", course=Course(start_on=START, sessions=2)
    )

    assert found.red_until_days == redness_window().deep_needling_days
    assert found.interval_days is None
    assert [each.on for each in found.appointments] == [START]
    assert found.judge_from is None


def test_sessions_done_count_and_the_next_follows_by_the_interval():
    done = (date(2026, 10, 1), date(2026, 11, 2))
    found = schedule(["striae"], device="pen", course=Course(start_on=None, done=done))
    sessions = [each for each in found.appointments if each.kind == "session"]

    assert [each.done for each in sessions] == [True, True, False]
    assert sessions[-1].on == done[-1] + timedelta(days=28)


def test_two_indications_take_the_longer_interval_and_the_more_sessions():
    found = schedule(
        ["striae", "acne-scar"], device="pen", course=Course(start_on=START)
    )

    assert found.interval_days == 30
    assert found.sessions == 3


def test_the_conflict_of_two_and_four_weeks_is_shown():
    found = schedule(["striae-alba"], device="pen", course=Course(start_on=START))

    assert {each.interval_days for each in found.studies} >= {14, 28}
    assert found.interval_days == 28


def test_a_session_that_comes_too_soon_is_named():
    done = (date(2026, 11, 24),)
    found = schedule(
        ["acne-scar"], device="pen", course=Course(start_on=START, done=done)
    )

    assert found.too_close == ((2, 7),)


def test_a_plan_on_the_studied_interval_has_no_session_too_soon():
    found = schedule(["acne-scar"], device="pen", course=Course(start_on=START))

    assert found.too_close == ()
    assert found.sessions_studied == (1, 6)
    assert found.date_sources == found.longest_sources != ()


def test_an_interval_of_the_user_alone_borrows_no_source():
    found = schedule(
        ["acne-scar"], device="pen", course=Course(start_on=START, interval_days=60)
    )

    assert found.date_sources == ()


@pytest.mark.parametrize("device", ["pen", "roller"])
def test_radiofrequency_schedules_do_not_answer_for_needles(device):
    studies = schedule(
        ["acne-scar"], device=device, course=Course(start_on=START)
    ).studies

    assert all("rf-chandra" not in each.backing.sources for each in studies)

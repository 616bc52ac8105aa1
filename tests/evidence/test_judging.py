"""The wait after a session is what the sources say, shortest first."""

from cicatrix.evidence.judging import judge_after_days, redness_window


def test_redness_spans_are_those_of_the_sources():
    window = redness_window()

    # 72 hours; up to 7 days; under three weeks after deep needling.
    assert window.usual_days == 3
    assert window.longest_days == 7
    assert window.deep_needling_days == 21


def test_the_final_result_waits_three_months_and_outlasts_any_redness():
    assert judge_after_days() == 91
    assert judge_after_days() > redness_window().deep_needling_days

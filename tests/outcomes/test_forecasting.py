from dataclasses import astuple, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cicatrix.errors import InputInvalid
from cicatrix.evidence.words_of_the_field import indications
from cicatrix.outcomes.forecast_sheet import forecast_sheet
from cicatrix.outcomes.forecasting import Bands, forecast
from cicatrix.outcomes.measured import Measured, MeasuredFade
from cicatrix.outcomes.request import ForecastRequest
from cicatrix.outcomes.words import treatments

FIRST = date(2026, 12, 1)
TREATMENTS = sorted(set(treatments()) - {"untreated", "needling-unspecified"})
FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def ask(sessions=4, *, interval=28, **words):
    days = tuple(FIRST + timedelta(days=interval * k) for k in range(sessions))
    words = {"indication": "acne-scar", "treatment": "needling", **words}
    return ForecastRequest(session_days=days, **words)


def faded(percent, *, half=5.0, after_days=50):
    fade = MeasuredFade(
        on=FIRST + timedelta(days=after_days),
        percent=percent,
        low=percent - half,
        high=percent + half,
    )
    return Measured(lesion="scar", first_on=FIRST, fades=(fade,), passed_over=())


def every_band(found):
    for step in found.steps:
        yield from (step.reported, step.blinded, step.stopping, step.fade)
    if found.going_on:
        yield from (
            found.going_on.stopping,
            found.going_on.going_on,
            found.going_on.gain,
        )


QUESTIONS = st.fixed_dictionaries(
    {
        "indication": st.sampled_from(sorted(indications())),
        "treatment": st.sampled_from(TREATMENTS),
        "skin_type": st.sampled_from([None, "I", "III", "VI"]),
        "interval": st.sampled_from([14, 28, 45]),
    }
)
FADES = st.none() | st.tuples(st.floats(-60, 95), st.floats(2, 40)).map(
    lambda pair: faded(pair[0], half=pair[1])
)


@FEW
@given(QUESTIONS, FADES)
def test_bands_hold_each_other_and_chances_fall_with_the_threshold(question, measured):
    found = forecast(ask(4, **question), measured=measured)

    for bands in every_band(found):
        assert bands.low95 <= bands.low50 <= bands.middle
        assert bands.middle <= bands.high50 <= bands.high95 <= 100
    for step in found.steps:
        for chances in (step.reported_chances, step.blinded_chances):
            assert 1 >= chances[0] >= chances[1] >= chances[2] >= 0
        assert step.reported.expected >= step.blinded.expected


@FEW
@given(QUESTIONS, FADES)
def test_a_further_session_never_lowers_what_is_expected(question, measured):
    found = forecast(ask(5, **question), measured=measured)

    for name in ("reported", "blinded", "stopping", "fade"):
        values = [getattr(step, name).expected for step in found.steps]
        assert values == sorted(values)


@FEW
@given(QUESTIONS, st.integers(1, 6))
def test_a_course_with_one_session_more_ends_no_lower(question, sessions):
    fewer, more = (forecast(ask(n, **question)) for n in (sessions, sessions + 1))

    assert more.steps[-1].blinded.expected >= fewer.steps[-1].blinded.expected


@FEW
@given(QUESTIONS, st.floats(-40, 95))
def test_a_measured_fade_moves_the_forecast_toward_it(question, percent):
    asked = ask(4, **question)
    before = forecast(asked).steps[1]
    day = (before.seen_on - FIRST).days
    after = forecast(asked, measured=faded(percent, after_days=day)).steps[1]

    # The middle, not the mean: the fades expected before are skewed, and a fade within
    # them cuts their long end off.
    if abs(percent - before.fade.middle) > 8:
        moved = after.fade.middle - before.fade.middle
        assert moved * (percent - before.fade.middle) > 0
    # At the very border noise of the draws decides.
    if percent > before.fade.high50 + 5:
        assert after.blinded.expected > before.blinded.expected
    if percent < before.fade.low50 - 5:
        assert after.blinded.expected < before.blinded.expected


def test_an_interval_that_says_nothing_moves_nothing():
    before, after = (
        forecast(ask(), measured=m) for m in (None, faded(-80, half=20_000))
    )

    for plain, told in zip(before.steps, after.steps, strict=True):
        assert astuple(told.blinded) == pytest.approx(astuple(plain.blinded), abs=0.5)


@pytest.mark.parametrize("after_days", [-30, 0])
def test_what_was_measured_before_the_first_session_says_nothing_of_the_course(
    after_days,
):
    early = forecast(ask(), measured=faded(60, after_days=after_days))

    assert early.steps == forecast(ask()).steps
    assert early.measured.fades == ()
    assert "not after the first session" in early.measured.passed_over[0]


def test_a_narrower_interval_moves_more():
    def moved(half):
        found = forecast(ask(), measured=faded(70, half=half))
        return found.steps[-1].fade.expected

    plain = forecast(ask()).steps[-1].fade.expected
    assert moved(3) > moved(40) > moved(120) > plain


def test_going_on_is_judged_once_a_session_is_done_and_one_is_left():
    assert forecast(ask()).going_on is None
    assert forecast(ask(sessions_done=4)).going_on is None
    found = forecast(ask(sessions_done=2)).going_on

    assert found.sessions_done == 2
    assert found.gain.expected > 0
    assert 0 < found.worth < 1


def test_a_fade_measured_after_two_sessions_counts_them_as_done():
    found = forecast(ask(), measured=faded(5, after_days=50)).going_on
    better = forecast(ask(), measured=faded(60, after_days=50)).going_on

    assert found.sessions_done == better.sessions_done == 2
    assert better.gain.expected > found.gain.expected


def test_where_the_trials_cannot_tell_the_bands_are_wider_and_it_is_said():
    plain, dark = (forecast(ask(skin_type=t)) for t in ("III", "VI"))

    def width(found):
        return found.steps[-1].blinded.high50 - found.steps[-1].blinded.low50

    assert width(dark) > width(plain)
    assert "dark-skin" in {limit.id for limit in dark.limits}
    assert "dark-skin" not in {limit.id for limit in plain.limits}
    assert dark.dark_marks.mean > plain.dark_marks.mean


def test_ice_pick_scars_respond_less_to_needling_but_not_to_cross():
    def end(**words):
        return forecast(ask(**words)).steps[-1].blinded.expected

    assert end(indication="acne-scar-ice-pick") < end() - 5
    cross = end(indication="acne-scar-ice-pick", treatment="tca-cross")
    assert cross == pytest.approx(end(treatment="tca-cross"))


def test_fades_far_from_every_trial_are_said_to_be():
    one = faded(90, half=2, after_days=27)
    strange = replace(one, fades=one.fades * 3)

    for measured, told in ((strange, True), (faded(20), False)):
        sheet = forecast_sheet(forecast(ask(), measured=measured))
        assert ("beware" in {line.label for line in sheet.lines()}) is told


def test_the_same_question_has_the_same_answer():
    assert forecast(ask()) == forecast(ask())


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"indication": "acne"}, "Did you mean"),
        ({"treatment": "needling-prq"}, "Did you mean “needling-prp”"),
        ({"treatment": "untreated"}, "no treatment of the forecast"),
        ({"skin_type": "7"}, "skin_type"),
        ({"sessions": 40}, "takes 1 to 20"),
        ({"interval": 0}, "not in order"),
        ({"sessions_done": 5}, "5 sessions done of 4"),
    ],
)
def test_an_impossible_question_is_refused(words, reason):
    with pytest.raises(InputInvalid, match=reason):
        ask(**words)


def test_bands_are_points_of_percent():
    bands = forecast(ask()).steps[-1].blinded

    assert isinstance(bands, Bands)
    assert 20 < bands.expected < 70
    assert replace(bands, expected=0.0).expected == 0

"""What a patient reads says what was measured, and no more."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.domain.fade import Fade, Interval, Verdict
from cicatrix.domain.reference import ReferenceKind
from cicatrix.report.words import (
    UNNAMED_LESION,
    anchor_text,
    answer,
    interval_text,
    measure_unit,
    number_text,
    percent_text,
    short_answer,
    skin_told_text,
    spread_text,
)


def a_fade(estimate, low, high, verdict, least=0.1):
    return Fade(
        estimate=estimate,
        low=low,
        high=high,
        smallest_detectable_change=least,
        verdict=verdict,
    )


def said(comparison, fade, **changes):
    return answer(replace(comparison, fade=fade, **changes)).replace("\u00a0", " ")


def test_a_fade_is_told_with_its_interval(comparison):
    fade = a_fade(0.312, 0.24, 0.381, Verdict.FADED)

    assert said(comparison, fade) == (
        "The colour contrast of “left cheek” with the skin around it fell by 31 % "
        "(95 % sure: between 24 % and 38 %)."
    )


def test_a_lesion_without_a_name_is_called_the_scar(comparison):
    fade = a_fade(0.31, 0.24, 0.38, Verdict.FADED)

    told = said(comparison, fade, lesion=UNNAMED_LESION)

    assert told.startswith("The scar's colour contrast with the skin around it fell")


def test_more_visible_is_a_rise_and_never_called_worse(comparison):
    fade = a_fade(-0.2, -0.31, -0.12, Verdict.MORE_VISIBLE)

    told = said(comparison, fade)

    assert "rose by 20 % (95 % sure: between 12 % and 31 %)" in told
    assert "worse" not in told
    assert short_answer(fade).startswith("20")
    assert short_answer(fade).endswith("more contrast")


def test_no_detectable_change_names_what_could_be_seen(comparison):
    fade = a_fade(0.03, -0.04, 0.1, Verdict.NO_DETECTABLE_CHANGE, least=0.09)

    told = said(comparison, fade)

    assert told.startswith("No change could be detected.")
    assert "measured 3 % lower (95 % sure: between 4 % higher and 10 % lower)" in told
    assert "a change of 9 % or more" in told


def test_no_change_at_all_is_the_same(comparison):
    fade = a_fade(0.0, -0.01, 0.01, Verdict.NO_DETECTABLE_CHANGE)

    assert "measured the same (" in said(comparison, fade)


def test_what_cannot_be_measured_gives_the_reason(unmeasurable):
    assert answer(unmeasurable).startswith(
        "The change cannot be measured. The same skin was not found"
    )


@pytest.mark.parametrize(
    ("value", "ending", "expected"),
    [
        (Interval(estimate=16.23, low=15.61, high=16.84), "de00", "16.2"),
        (Interval(estimate=112.4, low=106.2, high=118.6), "mm2", "112"),
        (Interval(estimate=0.4219, low=0.36, high=0.48), "ln", "0.42"),
        (Interval(estimate=0.312, low=0.24, high=0.38), "fraction", "31"),
        (Interval.unknown(), "mm2", "—"),
    ],
)
def test_no_more_digits_than_the_interval_is_sure_of(value, ending, expected):
    assert interval_text(value, ending) == expected


def test_both_ends_of_an_interval_have_the_digits_of_the_estimate():
    value = Interval(estimate=-0.126, low=-0.18, high=0.079)

    assert spread_text(value, "ln", sign=True) == "−0.18 to +0.08"
    assert spread_text(Interval.unknown(), "ln") == ""


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_a_number_reads_back_and_zero_has_no_sign(value, decimals):
    text = number_text(value, decimals).replace("\N{MINUS SIGN}", "-")

    assert float(text) == pytest.approx(round(value, decimals), abs=10**-decimals)
    assert not (float(text) == 0 and text.startswith("-"))


def test_a_number_and_its_percent_sign_stay_on_one_line():
    assert percent_text(0.5) == "50\u00a0%"


def test_a_reference_that_fixes_no_tone_curve_has_its_part_in_words(comparison):
    grey, card = ReferenceKind.GREY_PATCH, ReferenceKind.CICATRIX_CARD

    def told(before, after, anchor=ReferenceKind.NONE):
        return anchor_text(
            replace(
                comparison,
                baseline=replace(comparison.baseline, reference=before),
                followup=replace(comparison.followup, reference=after),
                colour_anchor=anchor,
            )
        )

    assert "; the grey patch balances white, it does not fix" in told(grey, grey)
    assert "the grey patch and the Cicatrix card balance white" in told(grey, card)
    assert told(grey, ReferenceKind.NONE) == ReferenceKind.NONE.value
    assert told(card, card, card) == card.value


def test_units_are_written_as_people_write_them():
    assert measure_unit("area_mm2", "mm2") == "mm²"
    assert measure_unit("delta_l", "ΔL*") == ""


def test_how_light_the_skin_was_told_to_be_stands_in_words(comparison):
    assert skin_told_text(comparison) is None
    told = replace(comparison, skin_ita_deg=-40.0)
    assert skin_told_text(told) == "dark (ITA −40°)"

"""What is measured on made-up skin is what was done to it."""

from math import isnan, log

import pytest

import cicatrix as cx


def test_a_clear_fade_is_found_within_its_interval(faded_result, story):
    fade = faded_result.fade
    truth = story.faded.truth.fade

    assert truth == pytest.approx(0.5, abs=1e-3)
    assert fade.low <= truth <= fade.high
    assert fade.estimate == pytest.approx(truth, abs=0.12)
    assert fade.verdict == "faded"
    assert faded_result.colour_anchor == "Cicatrix card"


def test_skin_that_did_not_change_shows_no_detectable_change(story):
    result = cx.compare(
        story.open("before.jpg"),
        story.open("still.jpg"),
        lesion=story.before.truth.lesion_point_px,
    )

    assert result.fade.verdict == "no detectable change"
    assert result.fade.low <= 0 <= result.fade.high
    assert result.fade.smallest_detectable_change < 0.2


def test_the_same_file_twice_has_not_faded_at_all(story):
    result = cx.compare(
        story.open("before.jpg"),
        story.open("before.jpg"),
        lesion=story.before.truth.lesion_point_px,
    )

    assert result.fade.estimate == 0
    assert result.fade.low < 0 < result.fade.high
    assert result.fade.verdict == "no detectable change"
    assert result.alignment.error_px == 0
    assert "The same file stands for more than one photograph." in result.notes


def test_other_skin_is_not_measurable_and_says_why(story):
    result = cx.compare(
        story.open("before.jpg"),
        story.open("other.jpg"),
        lesion=story.before.truth.lesion_point_px,
    )

    assert result.fade.verdict == "not measurable"
    assert isnan(result.fade.estimate)
    assert "was not recognised in other.jpg" in result.reason


def test_the_other_way_round_the_change_turns_its_sign(story):
    before, faded = story.open("before.jpg"), story.open("faded.jpg")

    forward = cx.compare(before, faded, lesion=story.before.truth.lesion_mask)
    back = cx.compare(faded, before, lesion=story.faded.truth.lesion_mask)

    assert forward.fade.verdict == "faded"
    assert back.fade.verdict == "more visible"
    there, again = log(1 - forward.fade.estimate), log(1 - back.fade.estimate)
    assert there == pytest.approx(-again, abs=0.1)
    assert any("clocks put the follow-up before" in note for note in back.notes)

"""The questionnaire and the intake to fill in."""

import re
import tomllib
from datetime import date

import pytest

from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form
from cicatrix.screening.answering import Answers, applicable
from cicatrix.screening.asking import blank_intake, questionnaire
from cicatrix.screening.intake import intake_from_form
from cicatrix.screening.judging import screen
from cicatrix.screening.policies import disputed
from cicatrix.screening.questions import questions
from cicatrix.screening.sheet import questionnaire_sheet, screening_sheet
from cicatrix.screening.value import Verdict

TODAY = date(2026, 3, 1)


def test_a_blank_intake_answers_nothing():
    intake = intake_from_form(
        Form(fields=tomllib.loads(blank_intake()), at="blank"), today=TODAY
    )

    assert dict(intake.answers) == {}
    assert screen(intake).verdict is Verdict.NOT_CLEARED


def test_every_field_stands_in_the_blank_intake_with_its_number():
    fields = set(re.findall(r"^# ([\w-]+) =", blank_intake(), re.MULTILINE))

    asked = {f for q in questions().values() for f in (q.id, q.weeks_field) if f}
    assert asked | set(disputed()) | {"asked_on", "planned_for"} <= fields
    for asked in questionnaire():
        assert f"# {asked.number}. {asked.question.ask}" in blank_intake()


def test_a_line_freed_but_not_filled_in_is_never_an_answer():
    """Whoever removes a # and writes nothing must be told, not believed."""
    for field in re.findall(r"^# (\w+ =.*)$", blank_intake(), re.MULTILINE):
        if field.startswith("chosen") or field.split()[0] in disputed():
            continue
        with pytest.raises(
            (tomllib.TOMLDecodeError, InputInvalid), match=r"Invalid|must be"
        ):
            intake_from_form(Form(fields=tomllib.loads(field), at="x"), today=TODAY)


def test_every_choice_of_the_blank_intake_can_be_answered():
    for question in questions().values():
        for choice in question.answers:
            assert f"#      {choice}: " in blank_intake()


def test_a_question_comes_after_those_it_hangs_on():
    seen = set()
    for question in questions().values():
        for table in (*question.asked_if, *question.asked_unless):
            assert set(table) <= seen, question.id
        seen.add(question.id)


def test_following_must_ask_to_its_end_clears_the_person():
    """Whoever answers what is asked, and only that, is cleared at last."""
    answers = {"indication": "acne-scar", "sites": ["cheek"], "device_kind": "pen"}
    for _ in questions():
        screening = screen(intake_from_form(Form(fields=answers, at="x"), today=TODAY))
        if not screening.must_ask:
            break
        question = questions()[screening.must_ask[0].id]
        answers[question.id] = {
            "yes-no": False,
            "number": 40,
            "choices": [],
            "choice": next(iter(question.answers), ""),
        }[question.kind]

    assert screening.verdict is Verdict.PROCEED


def test_nobody_is_asked_what_does_not_apply():
    answers = Answers(given={"sex": "male"}, planned_for=TODAY)

    assert applicable(questions()["pregnancy"], answers).value is False
    assert applicable(questions()["wound_closed_on"], answers).value is None


def test_the_questionnaire_says_of_every_question_why():
    lines = [line for part in questionnaire_sheet().sections for line in part.lines]

    assert len(lines) == len(questions())
    assert all(re.match(r"Why: \S", line.note) for line in lines)


@pytest.mark.parametrize("jurisdiction", ["us", "uk"])
def test_the_sheet_tells_verdict_reasons_labels_and_who_decides(jurisdiction):
    fields = {
        "jurisdiction": jurisdiction,
        "indication": "striae-alba",
        "skin_type": "VI",
        "sunburn": True,
        "sunburn_weeks_ago": 1,
        "acne": "mild",
    }
    sheet = screening_sheet(
        screen(intake_from_form(Form(fields=fields, at="x"), today=TODAY))
    )

    text = " ".join(line.text for line in sheet.lines())
    assert "Defer until 8 March 2026 and the acne is under control" in text
    assert "Questions are open, and more may come up." in sheet.answer.text
    assert ("Off-label in the US" in text) == (jurisdiction == "us")
    assert ("No statement of a label" in text) == (jurisdiction == "uk")
    assert "0 of 60" in text
    notes = " ".join(line.note for line in sheet.lines())
    assert "nobody knows how many had type VI: that is not zero risk" in notes
    assert "No clinician has reviewed these rules yet" in text


def test_a_question_that_hangs_on_another_says_so_on_paper():
    told = {asked.question.id: asked.only for asked in questionnaire()}
    number = {asked.question.id: asked.number for asked in questionnaire()}

    assert told["pregnancy"] == f"unless {number['sex']} is male"
    assert told["sunburn_on"] == f"if {number['sunburn']} is yes"
    assert told["burn_scar"] == f"if {number['indication']} is burn scar"
    assert told["cushing_signs"] == f"if {number['indication']} is stretch marks"
    assert told["infection"] == ""


def test_counts_are_told_with_their_denominators():
    fields = {"skin_type": "III"}
    sheet = screening_sheet(
        screen(intake_from_form(Form(fields=fields, at="x"), today=TODAY))
    )

    text = " ".join(line.text for line in sheet.lines())
    assert "7 of 32: brown discolouration (PIH)." in text
    assert "0 of 39: darker pigment." in text

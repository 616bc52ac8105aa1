"""Only what bears on an anaesthetic is taken from an intake, and nothing is made up."""

from datetime import date

import pytest

from cicatrix.anaesthesia.conditions import intake_questions
from cicatrix.anaesthesia.intake import from_intake
from cicatrix.errors import InputInvalid
from cicatrix.evidence.clinical import load_clinical
from cicatrix.forms.reading import Form


def read(**fields):
    return from_intake(Form(fields=fields, at="intake.toml"))


def test_an_empty_intake_answers_nothing():
    said = read(skin_type="iii")

    assert said.person.age_years is None
    assert said.person.conditions == {}
    assert said.jurisdiction is None


def test_answers_become_conditions_and_none_named_means_none():
    said = read(
        anaesthetic_allergies=["paba"],
        methaemoglobinaemia=True,
        severe_liver_disease=False,
        jurisdiction="uk",
    )

    assert said.person.conditions == {
        "amide_allergy": False,
        "ester_allergy": False,
        "paba_allergy": True,
        "methaemoglobinaemia": True,
        "g6pd_deficiency": True,
        "severe_liver_disease": False,
    }
    assert said.jurisdiction == "uk"


@pytest.mark.parametrize(
    ("days", "age"),
    [
        ({"planned_for": date(2026, 3, 1)}, 25),
        ({"asked_on": date(2026, 3, 2)}, 26),
        ({}, None),
    ],
)
def test_the_age_is_counted_to_the_day_of_the_visit(days, age):
    assert read(born_on=date(2000, 3, 2), **days).person.age_years == age


@pytest.mark.parametrize(
    "fields",
    [
        {"heart": "yes"},
        {"anaesthetic_allergies": "amide"},
        {"age_years": 360},
        {"born_on": date(2026, 1, 1), "asked_on": date(2025, 1, 1)},
    ],
)
def test_an_answer_of_the_wrong_kind_is_refused(fields):
    with pytest.raises(InputInvalid):
        read(**fields)


def test_every_question_that_is_read_stands_in_the_intake_with_its_choice():
    asked = {
        row.fields["id"]: {each["id"] for each in row.fields.get("answers", ())}
        for file in load_clinical("questions").values()
        for row in file.rows
    }

    for question, choice in intake_questions().values():
        assert question in asked
        assert choice is None or choice in asked[question]

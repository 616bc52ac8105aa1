"""Screening as JSON obeys its schema, and no number stands there without a source."""

from datetime import date

import pytest
from jsonschema import Draft202012Validator

from cicatrix.forms.reading import Form
from cicatrix.report.screening_json import (
    questionnaire_to_json,
    screening_schema,
    screening_to_json,
)
from cicatrix.screening.intake import intake_from_form
from cicatrix.screening.judging import screen

SCHEMA = Draft202012Validator(
    screening_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER
)
INTAKES = [
    {},
    {
        "jurisdiction": "us",
        "device": "exceed",
        "indication": "striae-rubra",
        "sites": ["abdomen"],
        "age_years": 20,
        "skin_type": "III",
        "isotretinoin": "stopped",
        "isotretinoin_stopped_weeks_ago": 3,
        "anaesthetic": True,
        "heart": True,
        "policy": {
            "chosen_by": "lead",
            "chosen_on": date(2026, 1, 1),
            "isotretinoin-recent": "consensus",
        },
    },
    {"infection": True, "jurisdiction": "eu"},
]


def document(fields):
    intake = intake_from_form(Form(fields=fields, at="x"), today=date(2026, 3, 1))
    return screening_to_json(screen(intake))


DOCUMENTS = [*(document(fields) for fields in INTAKES), questionnaire_to_json()]


def bare(node, *, backed=False, path=""):
    """Places of numbers that no source and no echo of the user stands behind."""
    if isinstance(node, dict):
        backed = backed or bool(node.get("sources") or node.get("computed_from"))
        return [
            place
            for key, value in node.items()
            if key not in ("schema", "asked", "bibliography")
            for place in bare(value, backed=backed, path=f"{path}/{key}")
        ]
    if isinstance(node, list):
        return [p for each in node for p in bare(each, backed=backed, path=path)]
    number = isinstance(node, int | float) and not isinstance(node, bool)
    digits = isinstance(node, str) and any(letter.isdigit() for letter in node)
    return [path] if (number or digits) and not backed else []


@pytest.mark.parametrize("told", DOCUMENTS)
def test_every_document_obeys_the_schema(told):
    SCHEMA.validate(told)


@pytest.mark.parametrize("told", DOCUMENTS)
def test_no_number_stands_without_its_source(told):
    assert bare(told) == []


def test_a_bare_number_would_be_found():
    assert bare({"verdict": {"until_on": "2026-03-01", "sources": []}}) == [
        "/verdict/until_on"
    ]


@pytest.mark.parametrize("told", DOCUMENTS)
def test_every_cited_source_is_in_the_bibliography(told):
    cited = set()

    def walk(node):
        if isinstance(node, dict):
            cited.update(node.get("sources", ()))
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(told)
    assert cited == set(told["bibliography"])


def test_a_field_that_nobody_described_is_refused():
    told = {**DOCUMENTS[0], "mood": "good"}

    assert not SCHEMA.is_valid(told)

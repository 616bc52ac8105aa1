"""A fact file is read exactly or refused with a reason."""

from datetime import date
from importlib.resources import files

import pytest

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.reading import (
    Support,
    load_facts,
    load_sources,
    parse_facts,
    parse_sources,
)

FACT = """
[[fact]]
name = "rest_days"
value = 3
unit = "days"
statement = "Made up."
sources = ["made-up-2020"]
support = "weak"
read_on = 2026-01-15
review_by = 2028-01-15
"""
SOURCE = """
[[source]]
key = "made-up-2020"
title = "Made up"
url = "https://example.org"
read = "abstract"
"""
FILES = sorted(
    entry.name
    for entry in files("cicatrix.evidence").iterdir()
    if entry.name.endswith(".toml") and not entry.name.startswith("sources")
)


def read(text):
    return parse_facts(text, filename="made-up.toml", source_keys=["made-up-2020"])


def test_a_fact_keeps_its_number_unit_source_and_dates():
    fact = read(FACT)["rest_days"]

    assert (fact.value, fact.unit) == (3.0, "days")
    assert fact.sources == ("made-up-2020",)
    assert fact.support is Support.WEAK
    assert (fact.read_on, fact.review_by) == (date(2026, 1, 15), date(2028, 1, 15))
    assert fact.note == ""


@pytest.mark.parametrize(
    ("found", "instead", "reason"),
    [
        ('name = "rest_days"', 'name = "rest_weeks"', "ends in its unit"),
        ('name = "rest_days"', 'name = "Rest_days"', "lower-case"),
        ("value = 3", "value = nan", "finite"),
        ("value = 3", 'value = "3"', "must be a number"),
        ("value = 3", "value = true", "must be a number"),
        ('statement = "Made up."', 'statement = " "', "must be words"),
        ('sources = ["made-up-2020"]', "sources = []", "at least one"),
        ('["made-up-2020"]', '["unheard-of"]', "unheard-of.*does not hold"),
        ('support = "weak"', 'support = "sure"', "'sure', not one of label"),
        ("read_on = 2026-01-15", 'read_on = "2026"', "must be a date"),
        ("review_by = 2028-01-15", "review_by = 2026-01-15", "not after"),
        ('unit = "days"', 'unti = "days"', r"missing \['unit'\], unknown \['unti'\]"),
        ("[[fact]]", "[[facts]]", "found facts"),
        ("value = 3", "value = ", "is not TOML"),
    ],
)
def test_a_malformed_fact_is_refused_with_its_name_and_the_reason(
    found, instead, reason
):
    assert found in FACT

    with pytest.raises(EvidenceInvalid, match=reason) as refusal:
        read(FACT.replace(found, instead))

    assert str(refusal.value).startswith("made-up.toml")


def test_two_facts_of_one_name_are_refused():
    with pytest.raises(EvidenceInvalid, match="stands twice"):
        read(FACT + FACT)


def test_an_empty_file_is_refused():
    with pytest.raises(EvidenceInvalid, match="found none"):
        read("")


def test_a_source_says_where_it_can_be_found():
    assert parse_sources(SOURCE, filename="s")["made-up-2020"].url

    with pytest.raises(EvidenceInvalid, match="where it can be found"):
        parse_sources(
            SOURCE.replace('url = "https://example.org"', ""), filename="sources"
        )


@pytest.mark.parametrize(
    ("found", "instead", "reason"),
    [
        ("made-up-2020", "Made Up", "lower-case words joined by hyphens"),
        ('read = "abstract"', "", r"missing \['read'\]"),
        ('title = "Made up"', 'title = "Made up"\nyear = "2020"', "whole number"),
        ("[[source]]", SOURCE + "[[source]]", "stands twice"),
    ],
)
def test_a_malformed_source_is_refused(found, instead, reason):
    with pytest.raises(EvidenceInvalid, match=reason):
        parse_sources(SOURCE.replace(found, instead), filename="sources.toml")


@pytest.mark.parametrize("name", FILES)
def test_every_packaged_fact_file_is_read_and_cites_known_sources(name):
    for fact in load_facts(name).values():
        assert set(fact.sources) <= load_sources().keys()


def test_reading_twice_gives_the_same_values_without_reading_again():
    assert load_facts("judging.toml") is load_facts("judging.toml")


def test_facts_cannot_be_changed_by_a_reader():
    with pytest.raises(TypeError):
        load_facts("judging.toml")["redness_usual_days"] = None

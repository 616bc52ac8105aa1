"""The JSON obeys its schema, and no number stands there without its unit."""

import json
from dataclasses import fields, is_dataclass, replace
from math import inf, nan
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from cicatrix.domain.fade import Fade, Interval, MeasureChange, Verdict
from cicatrix.report.as_json import (
    UNIT_ENDINGS,
    comparison_to_json,
    json_text,
    result_schema,
    to_json,
    unit_ending,
)

VALIDATOR = Draft202012Validator(
    result_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER
)


def as_document(comparison):
    return comparison_to_json(comparison, versions=[("cicatrix", "1")], parameters=[])


def numbers(node, key="", path=""):
    """Every number of a document with the nearest name above it."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from numbers(value, name, f"{path}/{name}")
    elif isinstance(node, list):
        for value in node:
            yield from numbers(value, key, path)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield path, key


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(result_schema())


def test_a_case_obeys_the_schema(case):
    VALIDATOR.validate(json.loads(json_text(to_json(case))))


def test_a_comparison_obeys_the_schema(comparison):
    VALIDATOR.validate(json.loads(json_text(as_document(comparison))))


def test_what_could_not_be_measured_obeys_the_schema_and_is_null(unmeasurable):
    document = json.loads(json_text(as_document(unmeasurable)))

    VALIDATOR.validate(document)
    assert document["comparison"]["fade"]["estimate_fraction"] is None
    assert document["comparison"]["reason"].startswith("The same skin was not found")


def test_a_comparison_without_photographs_obeys_the_schema(unmeasurable):
    VALIDATOR.validate(as_document(replace(unmeasurable, baseline=None, followup=None)))


def test_every_number_ends_with_its_unit(case, comparison):
    found = [*numbers(to_json(case)), *numbers(as_document(comparison))]

    assert len(found) > 200
    for path, key in found:
        assert any(key == e or key.endswith(f"_{e}") for e in UNIT_ENDINGS), path


def test_every_number_of_the_schema_ends_with_its_unit():
    def named(node):
        """Every (name, schema) of the properties of a schema, however deep."""
        if isinstance(node, dict):
            yield from node.get("properties", {}).items()
            for child in node.values():
                yield from named(child)

    numeric = {
        name
        for name, schema in named(result_schema())
        if {"number", "integer"} & set(_types(schema))
    }

    assert {"error_px", "estimate_fraction", "width_px"} <= numeric
    assert [n for n in numeric if not any(n.endswith(e) for e in UNIT_ENDINGS)] == []


def _types(schema):
    """The types of one schema, as a list."""
    kinds = schema.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]


def test_every_photograph_is_named_by_its_hash(case):
    text = json_text(to_json(case))

    for visit in case.lesions[0].visits:
        for photo in visit.photos:
            assert photo.sha256 in text


@pytest.mark.parametrize("broken", [nan, inf])
def test_no_broken_number_reaches_the_text(comparison, broken):
    fade = Fade(
        estimate=broken,
        low=broken,
        high=broken,
        smallest_detectable_change=broken,
        verdict=Verdict.NOT_MEASURABLE,
    )

    text = json_text(as_document(replace(comparison, fade=fade)))

    assert "NaN" not in text
    assert "Infinity" not in text


def test_a_number_that_is_not_in_the_schema_is_noticed(comparison):
    document = as_document(comparison)
    document["comparison"]["fade"]["estimate"] = 0.3

    with pytest.raises(ValidationError, match="'estimate' was unexpected"):
        VALIDATOR.validate(document)


def test_nothing_of_a_result_is_forgotten(case):
    """Each field of each value is in the JSON under its own or its unit's name."""
    text = json_text(to_json(case))

    def names(value):
        if is_dataclass(value):
            for field in fields(value):
                yield field.name
                yield from names(getattr(value, field.name))
        elif isinstance(value, tuple):
            for item in value:
                yield from names(item)

    renamed = {"lesions", "unit", "estimate", "low", "high", "scale", "iso", "value"}
    renamed |= {"px_to_mm", "mm_per_px"}
    for name in set(names(case)) - renamed:
        assert f'"{name}' in text, name


def test_a_measures_unit_is_read_from_its_name(comparison):
    measures = as_document(comparison)["comparison"]["measures"]

    assert measures[3]["before_mm2"]["estimate_mm2"] == 112.4
    assert measures[1]["change_cielab"]["low_cielab"] == pytest.approx(1.3)


def test_a_measure_without_a_unit_is_the_callers_bug(comparison):
    nameless = MeasureChange(
        name="size",
        label="Size",
        unit="ells",
        before=Interval.unknown(),
        after=Interval.unknown(),
        change=Interval.unknown(),
        verdict=Verdict.NOT_MEASURABLE,
    )

    with pytest.raises(ValueError, match="no unit is known at the end of 'size'"):
        as_document(replace(comparison, measures=(nameless,)))


def test_the_longest_ending_wins():
    assert unit_ending("length_density_mm_per_cm2") == "mm_per_cm2"
    assert unit_ending("scale_mm_per_px") == "mm_per_px"


def test_every_unit_stands_in_the_reference():
    docs = Path(__file__).parents[2] / "docs"
    text = (docs / "reference" / "result-json.md").read_text(encoding="utf-8")

    for ending, meaning in UNIT_ENDINGS.items():
        assert f"| `{ending}` | {meaning} |" in text

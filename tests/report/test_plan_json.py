import json
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from tests.planning.strategies import requests

from cicatrix.planning.planning import plan
from cicatrix.planning.request import read_plan
from cicatrix.report.plan_json import plan_to_json

EXEMPT = {"schema", "bibliography", "asked"}


@pytest.fixture(scope="module")
def validator():
    text = files("cicatrix.report").joinpath("schema/plan-1.json").read_text("utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def bare(value, *, backed=False, path=""):
    """Paths of leaves that hold a digit and that nobody stands behind."""
    if isinstance(value, dict):
        backed = backed or bool(value.get("sources") or value.get("computed_from"))
        for key, each in value.items():
            if key not in EXEMPT:
                yield from bare(each, backed=backed, path=f"{path}/{key}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from bare(each, backed=backed, path=f"{path}/{number}")
    elif not backed and holds_a_number(value):
        yield path


def holds_a_number(value):
    if isinstance(value, str):
        return any(sign.isdigit() for sign in value)
    return not isinstance(value, bool) and value is not None


def test_the_walk_finds_a_bare_number():
    assert list(bare({"a": {"b": [1]}, "c": {"sources": ["x"], "d": 2}})) == ["/a/b/0"]


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(request=requests())
def test_every_plan_obeys_its_schema_and_holds_no_bare_number(validator, request):
    answer = json.loads(json.dumps(plan_to_json(plan(request)), allow_nan=False))

    validator.validate(answer)
    assert list(bare(answer)) == []


def test_a_plan_with_every_table_obeys_them_too(validator, tmp_path):
    text = files("cicatrix.planning").joinpath("example.toml").read_text("utf-8")
    path = tmp_path / "plan.toml"
    path.write_text(
        text.replace('device = "pen"', 'device = "exceed"')
        + "[needling]\nrate_hz = 120\npasses = 2\n"
        + '[anaesthetic]\nproduct = "EMLA"\narea_cm2 = 100\n'
        + "[intake]\nasked_on = 2026-11-22\n",
        "utf-8",
    )
    answer = json.loads(json.dumps(plan_to_json(plan(read_plan(path)))))

    validator.validate(answer)
    assert list(bare(answer)) == []
    assert answer["punctures"]["per_cm2"] > 0
    assert answer["anaesthetic"]["high_g"] > answer["anaesthetic"]["low_g"]
    assert answer["screening"]["must_ask"]


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(request=requests())
def test_the_bibliography_holds_what_is_named_and_nothing_else(request):
    answer = plan_to_json(plan(request))
    named = set()

    def walk(value):
        if isinstance(value, dict):
            named.update(value.get("sources", ()))
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk({key: each for key, each in answer.items() if key != "bibliography"})
    assert set(answer["bibliography"]) == named

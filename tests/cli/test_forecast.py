"""What to expect of a planned course, on the terminal, as a page and as JSON."""

import json
from pathlib import Path

import jsonschema
import pytest

from cicatrix.report.forecast_json import forecast_schema

PLAN = """
sex = "female"
skin_type = "V"
device = "pen"
start_on = 2026-12-01
sessions = 4
interval_days = 28
[[site]]
site = "cheek"
indication = "acne-scar-rolling"
[[site]]
site = "abdomen"
indication = "striae-alba"
"""


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    return str(path)


def a_result(fade):
    names = ("estimate_fraction", "low_fraction", "high_fraction")
    since = {"fade": dict(zip(names, fade, strict=True))}
    visits = [
        {"visited_on": "2026-12-01", "since_baseline": None, "judge_from": None},
        {"visited_on": "2027-01-24", "since_baseline": since, "judge_from": None},
    ]
    return {
        "schema": "urn:cicatrix:schema:result:1",
        "kind": "case",
        "case": {"lesions": [{"lesion": "scar", "visits": visits}]},
    }


def test_a_course_is_told_session_by_session_with_its_limits(run, plan):
    told = run("forecast", plan)
    words = " ".join(told.output.split())

    assert told.exit_code == 0
    assert "4 sessions, 2027-05-18" in words
    assert "Skin types V and VI" in words
    assert "Red and pale stretch marks" in words
    assert "not a promise" in words


def test_the_json_obeys_its_schema_and_leaves_standard_output_clean(run, plan):
    document = json.loads(run("forecast", plan, "--json", "-").stdout)

    jsonschema.Draft202012Validator(forecast_schema()).validate(document)
    assert [f["asked"]["indication"] for f in document["forecasts"]] == [
        "acne-scar-rolling",
        "striae-alba",
    ]
    assert document["forecasts"][1]["asked"]["on_body"]
    cited = {key for f in document["forecasts"] for key in f["sources"]}
    assert cited <= document["bibliography"].keys()


def test_measured_fades_change_it_and_say_whether_going_on_is_worth_it(
    run, plan, tmp_path
):
    results = {}
    for name, fade in {"good": (0.5, 0.45, 0.55), "poor": (0.0, -0.05, 0.05)}.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(a_result(fade)))
        words = ("--measured", str(path), "--indication", "acne-scar-rolling")
        told = run("forecast", plan, *words, "--json", "-")
        rolling, striae = json.loads(told.stdout)["forecasts"]
        results[name] = rolling["going_on"]
        assert striae["asked"]["measured_fades"] == []

    assert results["good"]["worth_fraction"] > results["poor"]["worth_fraction"] + 0.2
    assert results["good"]["sessions_done_count"] == 2


@pytest.mark.parametrize("named", [(), ("--indication", "keloid")])
def test_one_scars_fades_move_one_forecast_that_must_be_named(
    run, plan, tmp_path, named
):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(a_result((0.5, 0.45, 0.55))))

    told = run("forecast", plan, "--measured", str(path), *named)

    assert told.exit_code == 1
    assert "Name it with --indication" in told.stderr


def test_the_page_draws_the_course(run, plan, tmp_path):
    page = tmp_path / "forecast.html"

    assert run("forecast", plan, "--html", str(page)).exit_code == 0
    assert "Expected improvement after each session" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("acne-scar-rolling", "acne-scar-roling"), "acne-scar-rolling"),
        (("sessions = 4", "sesions = 4"), "Did you mean “sessions”"),
        (("sessions = 4", "sessions = 400"), "no possible number of sessions"),
        (("interval_days = 28", "interval_days = 4"), "looks like weeks"),
    ],
)
def test_a_faulty_plan_is_refused_with_the_reason(run, plan, change, reason):
    path = Path(plan)
    path.write_text(path.read_text().replace(*change))

    told = run("forecast", plan)
    assert told.exit_code == 1
    assert reason in told.stderr


def test_an_unknown_treatment_is_refused_with_the_nearest(run, plan):
    told = run("forecast", plan, "--treatment", "laser-co3")

    assert told.exit_code == 1
    assert "Did you mean “laser-co2”" in told.stderr

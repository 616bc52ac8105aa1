"""What trials show of an indication, and which facts are due."""

import json

import pytest


def test_an_indication_is_answered_with_its_sources(run):
    told = run("evidence", "striae")

    assert told.exit_code == 0
    assert "Within one trial" in told.output
    assert "Not shown" in told.output
    assert "[1] " in told.output


def test_everything_as_json_leaves_standard_output_clean(run):
    told = run("evidence", "keloid", "--json", "-")

    document = json.loads(told.stdout)
    assert document["schema"] == "cicatrix/evidence-1"
    assert document["asked"] == {"indication": "keloid"}


def test_the_page_holds_the_forest_plot(run, tmp_path):
    page = tmp_path / "evidence.html"

    assert run("evidence", "acne-scar", "--html", str(page)).exit_code == 0
    assert "Forest plot" in page.read_text("utf-8")


def test_an_unknown_indication_is_refused_with_the_nearest(run):
    told = run("evidence", "acnescar")

    assert told.exit_code == 1
    assert "Did you mean “acne-scar”" in told.stderr


@pytest.mark.parametrize(("day", "code"), [("2026-11-22", 0), ("2040-01-01", 3)])
def test_check_tells_by_its_exit_code_whether_a_fact_is_overdue(run, day, code):
    told = run("evidence", "check", "--on", day)

    assert told.exit_code == code
    assert "not reviewed by any clinician" in " ".join(told.output.split())

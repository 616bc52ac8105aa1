"""A folder of dated photographs goes in; the course of the scar comes out."""

import json
import shutil
from datetime import date

import pytest
from jsonschema import Draft202012Validator

import cicatrix as cx
from cicatrix.report.as_json import result_schema, to_json

CASE = """
[case]
title = "A scar seen three times"

[[lesion]]
name = "cheek"
point_xy = [{click}]

[[visit]]
photos = ["photos/before.jpg"]

[[visit]]
date = 2025-03-06
photos = ["photos/still.jpg"]
session = true

[[visit]]
photos = ["photos/faded.jpg"]
"""
"""Days come from the photographs but for the session, four days before the last."""


@pytest.fixture(scope="module")
def folder(story, tmp_path_factory):
    case = tmp_path_factory.mktemp("case")
    (case / "photos").mkdir()
    for name in ("before", "still", "faded"):
        shutil.copy(story.folder / f"{name}.jpg", case / "photos")
    (case / "case.toml").write_text(CASE.format(click=story.click))
    return case


@pytest.fixture(scope="module")
def measured(folder):
    return cx.measure(folder)


def test_the_curve_follows_the_truth(measured):
    baseline, still, faded = measured.lesions[0].visits

    assert [v.visited_on for v in (baseline, still, faded)] == [
        date(2025, 1, 10),
        date(2025, 3, 6),
        date(2025, 3, 10),
    ]
    assert baseline.since_baseline is None
    assert still.since_baseline.fade.verdict == "no detectable change"
    assert faded.since_baseline.fade.verdict == "faded"
    assert faded.since_baseline.fade.low <= 0.5 <= faded.since_baseline.fade.high
    assert faded.since_last.fade.verdict == "faded"
    assert baseline.contrast_de00.estimate == pytest.approx(14, abs=3)
    assert faded.contrast_de00.estimate < 0.65 * baseline.contrast_de00.estimate


def test_days_after_a_session_the_judgement_waits(measured):
    baseline, still, faded = measured.lesions[0].visits

    assert (baseline.judge_from, still.judge_from) == (None, None)
    assert faded.judge_from == date(2025, 3, 13)
    assert "The last session was on 2025-03-06" in measured.notes[0]


def test_the_result_obeys_the_schema(measured):
    document = json.loads(json.dumps(to_json(measured)))

    Draft202012Validator(result_schema()).validate(document)


def test_the_shell_measures_a_case_and_leaves_its_report(run, story, folder, tmp_path):
    case = tmp_path / "case"
    shutil.copytree(folder, case)
    text = (case / "case.toml").read_text()
    (case / "case.toml").write_text(text.rpartition("[[visit]]")[0])

    told = run("measure", case, "--json", "result.json")

    assert told.exit_code == 0, told.output
    assert "2025-03-06" in told.stdout
    assert "no detectable change" in told.stdout
    assert "<!doctype html>" in (case / "report.html").read_text("utf-8")
    assert json.loads((tmp_path / "result.json").read_text())["kind"] == "case"

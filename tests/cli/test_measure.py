"""`cicatrix measure` reads a case, measures it and leaves a report in its folder."""

import json
from dataclasses import replace
from datetime import date

import pytest

from cicatrix.cli import measure as module
from cicatrix.domain.fade import Fade, Interval
from cicatrix.domain.result import CaseResult, LesionSeries, VisitResult
from cicatrix.errors import PhotoUnreadable

CASE = """
[[lesion]]
name = "chin"
point_xy = [3, 4]
[[visit]]
date = 2025-01-01
photos = ["photos/a.jpg"]
[[visit]]
date = 2025-02-01
photos = ["photos/b.jpg"]
"""


@pytest.fixture
def folder(tmp_path):
    case = tmp_path / "case"
    (case / "photos").mkdir(parents=True)
    for name in ("a.jpg", "b.jpg"):
        (case / "photos" / name).write_bytes(b"-")
    (case / "case.toml").write_text(CASE)
    return case


@pytest.fixture
def measured(monkeypatch, comparison):
    """Answers at once and remembers which casebook was asked for."""
    seen = {}
    visits = (
        VisitResult(
            visited_on=date(2025, 1, 1),
            photos=(comparison.baseline,),
            contrast_de00=comparison.contrast_before_de00,
            since_baseline=None,
            since_last=None,
        ),
        VisitResult(
            visited_on=date(2025, 2, 1),
            photos=(comparison.followup,),
            contrast_de00=comparison.contrast_after_de00,
            since_baseline=comparison,
            since_last=comparison,
            judge_from=date(2025, 2, 8),
        ),
    )
    seen["result"] = CaseResult(
        title="Case",
        lesions=(LesionSeries(lesion="chin", visits=visits),),
        versions=(),
        parameters=(),
    )

    def measure_with_pictures(casebook, *, progress):
        seen["casebook"] = casebook
        progress(0.5, "half")
        return seen["result"], {}

    monkeypatch.setattr(module, "measure_with_pictures", measure_with_pictures)
    return seen


def test_a_case_leaves_a_table_and_a_report(run, folder, measured):
    told = run("measure", folder)

    assert told.exit_code == 0, told.output
    assert "2025-02-01" in told.stdout
    assert "24 % to 38 %" in told.stdout.replace("\u00a0", " ")
    assert "judge it from 2025-02-08" in told.stdout.replace("\n", " ")
    assert (folder / "report.html").exists()
    assert measured["casebook"].lesions[0].point_xy == (3, 4)


def test_json_on_standard_output_is_alone_there(run, folder, measured):
    told = run("measure", folder, "--json", "-")

    assert json.loads(told.stdout)["kind"] == "case"


def test_json_and_report_go_where_they_are_asked(run, folder, measured, tmp_path):
    told = run("measure", folder, "--json", "r.json", "--report", "r.html")

    assert told.exit_code == 0
    assert (tmp_path / "r.json").exists()
    assert (tmp_path / "r.html").exists()
    assert not (folder / "report.html").exists()


def test_what_cannot_be_measured_says_why(run, folder, measured, comparison):
    nothing = replace(comparison, fade=Fade.not_measurable(), reason="Other skin.")
    series = measured["result"].lesions[0]
    visit = replace(
        series.visits[1], since_baseline=nothing, contrast_de00=Interval.unknown()
    )
    measured["result"] = replace(
        measured["result"],
        lesions=(replace(series, visits=(series.visits[0], visit)),),
    )

    told = run("measure", folder)

    assert "not measurable" in told.stdout
    assert told.exit_code == 3
    assert "[1] Other skin." in told.stdout


def test_a_missing_photograph_is_told_before_measuring(run, folder, measured):
    (folder / "photos" / "b.jpg").unlink()

    told = run("measure", folder)

    assert told.exit_code == 1
    assert "Error [casebook-invalid]" in told.stderr
    assert "photos/b.jpg" in told.stderr
    assert "casebook" not in measured


def test_a_report_never_replaces_what_the_case_consists_of(run, folder, measured):
    for name in ("case.toml", "photos/a.jpg"):
        told = run("measure", folder, "--report", folder / name)
        assert told.exit_code == 1
        assert "Error [output-unwritable]" in told.stderr
    assert (folder / "case.toml").read_text() == CASE


def test_a_point_and_a_case_file_contradict_each_other(run, folder, measured):
    told = run("measure", folder, "--lesion", "3,4")

    assert told.exit_code == 2
    assert "leave out" in told.stderr


def test_loose_photographs_make_visits_by_their_days(
    run, folder, measured, monkeypatch
):
    (folder / "case.toml").unlink()
    days = {"a.jpg": date(2025, 1, 1), "b.jpg": date(2025, 2, 1)}
    monkeypatch.setattr(module, "taken_on", lambda path: days[path.name])

    told = run("measure", folder, "--lesion", "3,4")

    assert told.exit_code == 0, told.output
    assert [v.visited_on for v in measured["casebook"].visits] == list(days.values())


def test_a_photograph_that_cannot_be_opened_is_one_message(
    run, folder, measured, monkeypatch
):
    def refuse(casebook, *, progress):
        raise PhotoUnreadable("a.jpg is cut short. Copy it again.")

    monkeypatch.setattr(module, "measure_with_pictures", refuse)

    told = run("measure", folder)

    assert told.exit_code == 1
    assert (
        told.stderr == "Error [photo-unreadable]: a.jpg is cut short. Copy it again.\n"
    )
    assert not (folder / "report.html").exists()


def test_the_report_holds_the_screening_of_the_case(run, folder, measured):
    (folder / "intake.toml").write_text("age_years = 16\n")
    (folder / "case.toml").write_text('[case]\nintake = "intake.toml"\n' + CASE)

    told = run("measure", str(folder))

    assert told.exit_code == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'id="screening"' in page
    assert "younger than 18" in page.lower()


def test_a_fault_in_the_intake_is_told_before_measuring(run, folder, measured):
    (folder / "intake.toml").write_text("age = 16\n")
    (folder / "case.toml").write_text('[case]\nintake = "intake.toml"\n' + CASE)

    told = run("measure", str(folder))

    assert told.exit_code == 1
    assert "Did you mean “age_years”?" in told.stderr
    assert "casebook" not in measured

"""A case's own intake and plan are answered for its report."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from cicatrix.casebook.value import Casebook, LesionEntry, VisitEntry
from cicatrix.cli.main import main
from cicatrix.domain.fade import Fade, Interval, Verdict
from cicatrix.domain.result import CaseResult, Comparison, LesionSeries, VisitResult
from cicatrix.errors import InputInvalid
from cicatrix.work.course import course_sheets, forecast_sheets


@pytest.fixture
def case(tmp_path):
    """A case that names the files given by their text."""

    def made(*, intake=None, plan=None):
        for name, text in (("intake", intake), ("plan", plan)):
            if text is not None:
                (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        return Casebook(
            title="Case",
            folder=tmp_path,
            lesions=(LesionEntry(name="chin", point_xy=(1, 2)),),
            visits=(VisitEntry(visited_on=date(2026, 3, 1), photos=(Path("a.jpg"),)),),
            intake=None if intake is None else tmp_path / "intake.toml",
            plan=None if plan is None else tmp_path / "plan.toml",
        )

    return made


@pytest.fixture(scope="module")
def example():
    return CliRunner().invoke(main, ["plan", "--example"]).stdout


def test_a_case_without_them_has_no_sheets(case):
    assert course_sheets(case()) == ()


def test_screening_stands_before_the_plan(case, example):
    sheets = course_sheets(case(intake="age_years = 16\n", plan=example))

    assert len(sheets) == 2
    assert "not treat" in sheets[0].sheet.answer.text.lower()
    assert "Acne scars of the cheeks" in sheets[1].sheet.title


@pytest.mark.parametrize(
    ("day", "answer"),
    [(date(2026, 3, 1), "Defer until 2 August 2026"), (date(2026, 8, 2), "Cannot be")],
)
def test_an_intake_without_a_day_is_as_of_the_first_visit(case, day, answer):
    stopped = 'isotretinoin = "stopped"\nisotretinoin_stopped_on = 2026-02-01\n'
    visits = (VisitEntry(visited_on=day, photos=(Path("a.jpg"),)),)

    sheet = course_sheets(replace(case(intake=stopped), visits=visits))[0]

    assert sheet.sheet.answer.text.startswith(answer)


def test_a_fault_in_the_intake_is_told(case):
    with pytest.raises(InputInvalid, match=r"intake\.toml: nothing here is called"):
        course_sheets(case(intake="pregnent = true\n"))


def a_result(fade):
    """One lesion, photographed before the course and seven weeks into it."""
    contrast = Interval(estimate=8.0, low=7.0, high=9.0)
    later = Comparison(
        lesion="chin",
        baseline=None,
        followup=None,
        fade=Fade(
            estimate=fade,
            low=fade - 0.05,
            high=fade + 0.05,
            smallest_detectable_change=0.1,
            verdict=Verdict.FADED,
        ),
        reason=None,
        contrast_before_de00=contrast,
        contrast_after_de00=contrast,
    )
    visits = tuple(
        VisitResult(
            visited_on=day,
            photos=(),
            contrast_de00=contrast,
            since_baseline=since,
            since_last=since,
        )
        for day, since in ((date(2026, 12, 1), None), (date(2027, 1, 20), later))
    )
    return CaseResult(
        title="Case",
        lesions=(LesionSeries(lesion="chin", visits=visits),),
        versions=(),
        parameters=(),
    )


def test_a_plan_is_forecast_after_the_fades_that_were_measured(case, example):
    one = example.replace('"acne-scar"', '"acne-scar-rolling"')
    good, poor = (
        forecast_sheets(case(plan=one), a_result(fade))[0] for fade in (0.6, 0.0)
    )

    assert "60 % (55 to 65 %)" in {line.text for line in good.sheet.lines()}
    assert good.sheet.answer.text != poor.sheet.answer.text
    assert forecast_sheets(case(), a_result(0.6)) == ()


def test_no_fade_is_taken_for_another_scar(case, example):
    one = a_result(0.6)
    two = replace(one, lesions=one.lesions * 2)
    rolling = example.replace('"acne-scar"', '"acne-scar-rolling"')

    for plan, result in ((rolling, two), (example, one)):
        for sheet in forecast_sheets(case(plan=plan), result):
            labels = {line.label for line in sheet.sheet.lines()}
            assert "measured fade at the end" not in labels

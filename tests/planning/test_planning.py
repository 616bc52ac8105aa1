from pathlib import Path

from hypothesis import HealthCheck, given, settings
from tests.planning.strategies import requests

import cicatrix.planning
from cicatrix.domain.sheet import Origin
from cicatrix.evidence.reading import load_sources
from cicatrix.planning.planning import plan
from cicatrix.planning.request import read_plan
from cicatrix.planning.telling import plan_sheet

EXAMPLE = Path(cicatrix.planning.__file__).with_name("example.toml")
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(request=requests())
def test_whatever_is_asked_every_number_told_has_a_known_source(request):
    """`Line` itself refuses a bare number; here no request may stumble over it."""
    for brief in (True, False):
        sheet = plan_sheet(plan(request), brief=brief)

        assert set(sheet.cited()) <= set(load_sources())
        assert all(part.lines for part in sheet.sections)


@FEW
@given(request=requests())
def test_a_plan_asks_and_answers_the_same_sites(request):
    answer = plan(request)

    assert [(s.depth.site, s.depth.indication) for s in answer.sites] == [
        (each.site, each.indication) for each in request.sites
    ]
    assert len(answer.aftercare.topicals) == len(request.topicals)


def test_the_example_is_a_plan_with_dates_and_a_conflict():
    answer = plan(read_plan(EXAMPLE))
    labels = [line.label for line in plan_sheet(answer).lines()]

    assert answer.schedule.judge_from is not None
    assert "conflict" in labels
    assert answer.sites[0].preference.prefers == "pen"


def test_the_warning_of_the_asked_device_stands_in_the_short_form(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(
        EXAMPLE.read_text("utf-8").replace('device = "pen"', 'device = "rf"'), "utf-8"
    )
    lines = plan_sheet(plan(read_plan(path)), brief=True).lines()
    (warning,) = [line for line in lines if line.label.startswith("warning")]

    assert "fda-rf-2025" in warning.sources


def test_several_sites_stand_in_one_table_first():
    answer = plan(read_plan(EXAMPLE))
    (zones,) = [
        part for part in plan_sheet(answer).sections if part.title == "Depth by zone"
    ]

    assert [line.label for line in zones.lines] == ["cheek", "forehead"]
    # The cheek is asked for more than its ceiling, the forehead for nothing.
    assert "is asked" in zones.lines[0].text
    assert zones.lines[1].text == "up to 0.75 mm"


def test_the_short_form_holds_no_line_that_the_whole_does_not():
    answer = plan(read_plan(EXAMPLE))
    whole = plan_sheet(answer).lines()
    short = plan_sheet(answer, brief=True).lines()

    assert set(short) < set(whole)
    assert len(short) < 0.6 * len(whole)


def test_what_is_rubbed_in_is_flagged_and_what_no_source_knows_is_not_called_safe(
    tmp_path,
):
    path = tmp_path / "plan.toml"
    text = EXAMPLE.read_text("utf-8")
    path.write_text('topicals = ["vitamin-c", "snail"]\n' + text, "utf-8")
    lines = [
        line
        for line in plan_sheet(plan(read_plan(path))).lines()
        if line.label == "product"
    ]

    assert lines[0].text.startswith("do not use")
    assert lines[1].origin is Origin.ASKED
    assert "no source" in lines[1].text

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.planning.strategies import requests

import cicatrix.planning
from cicatrix.planning.answers import first_visit
from cicatrix.planning.planning import plan
from cicatrix.planning.request import read_plan
from cicatrix.report.leaflet import render_answers, render_leaflet

EXAMPLE = Path(cicatrix.planning.__file__).with_name("example.toml")
STATEMENT = re.compile(r"<(?:li|dd)[^>]*>(.*?)</(?:li|dd)>", re.DOTALL)


@pytest.fixture(scope="module")
def leaflet():
    return render_leaflet(plan(read_plan(EXAMPLE)))


def statements(page):
    body = page.split("<footer>")[0]
    return [each for each in STATEMENT.findall(body) if re.search(r"\w", each)]


def test_the_dates_are_those_of_the_plan(leaflet):
    assert "Tue 1 December 2026" in leaflet
    assert "Sat 1 May 2027" in leaflet


def test_every_statement_carries_the_number_of_its_source(leaflet):
    told = statements(leaflet)

    assert len(told) > 15
    assert [each for each in told if "<sup>" not in each] == []


def test_every_number_of_a_source_stands_in_the_list(leaflet):
    named = {
        int(number)
        for marks in re.findall(r"<sup>([^<]+)</sup>", leaflet)
        for number in marks.split(",")
    }
    listed = {int(number) for number in re.findall(r'<li value="(\d+)">', leaflet)}

    assert named == listed


def test_a_long_course_lists_a_few_dates_and_the_last(tmp_path):
    path = tmp_path / "plan.toml"
    text = EXAMPLE.read_text("utf-8").replace("# sessions = 3 ", "sessions = 12 ")
    path.write_text(text.replace('skin_type = "III"', ""), "utf-8")
    page = render_leaflet(plan(read_plan(path)))

    assert "8 more, the last on" in page
    assert page.count("<dt>Session") == 4
    # Nobody told the skin type: the least that holds for every skin is told.
    assert "at least 2 weeks" in page


def test_it_says_whom_to_call_and_leaves_a_line_for_the_telephone(leaflet):
    assert "Clinic’s telephone" in leaflet
    assert 'class="blank"' in leaflet
    assert "Call the emergency number now" in leaflet


def test_it_needs_nothing_from_elsewhere(leaflet):
    assert not re.search(r"<script|<link|<img|src=", leaflet)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(request=requests())
def test_words_of_the_user_are_never_markup(request):
    object.__setattr__(request, "title", "<b>bold</b>")

    assert "<b>bold</b>" not in render_leaflet(plan(request))


def test_the_first_visit_answers_each_question_with_sources():
    answers = first_visit()
    page = render_answers(answers, about=None)

    assert page.count("<article>") == len(answers)
    assert page.count("<sup>") == len(answers)


def test_who_comes_for_stretch_marks_reads_nothing_about_scars_alone():
    asked = {each.id for each in first_visit("striae")}

    assert "remove-striae" in asked
    assert "remove-scar" not in asked

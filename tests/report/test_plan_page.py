from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from tests.planning.strategies import requests

import cicatrix.planning
from cicatrix.planning.depth import site_depth
from cicatrix.planning.planning import plan
from cicatrix.planning.request import read_plan
from cicatrix.report.depth_chart import depth_chart, depth_svg
from cicatrix.report.plan_page import plan_view
from cicatrix.report.provenance import Provenance
from cicatrix.report.sheet_page import render_sheets

EXAMPLE = Path(cicatrix.planning.__file__).with_name("example.toml")
NOTHING = Provenance(versions=(), parameters=())


def of(site, indication="acne-scar", *, device="pen", asked_mm=1.5):
    return site_depth(
        site, indication=indication, device=device, sex="female", asked_mm=asked_mm
    )


def page_of(request):
    return render_sheets([plan_view(plan(request))], title="Plan", provenance=NOTHING)


def test_a_needle_ends_as_deep_as_it_is_long():
    chart = depth_chart(of("forehead"))
    mm = (chart.dermis_y - chart.top) / 1.06
    asked = next(each for each in chart.needles if each.words[0] == "asked")
    cautious = next(each for each in chart.needles if each.words[0] == "cautious")

    assert (asked.tip_y - chart.top) / mm == pytest.approx(1.5, abs=0.01)
    assert (cautious.tip_y - chart.top) / mm == pytest.approx(0.75, abs=0.01)
    assert (asked.shade, cautious.shade) == ("through", "stays")
    assert chart.low_y < chart.dermis_y < chart.high_y


def test_where_layers_were_not_told_apart_no_epidermis_is_drawn():
    svg = depth_svg(of("abdomen", "striae"))

    assert "epidermis" not in svg
    assert "whole skin" in svg


def test_a_foreign_device_is_named_below_its_needle():
    names = {each.words[0] for each in depth_chart(of("forehead")).needles}

    assert "review, rf" in names


def test_what_was_not_measured_is_not_drawn():
    assert depth_svg(of("chin")) == ""


@pytest.mark.parametrize("site", ["forehead", "neck", "breast", "thigh"])
@pytest.mark.parametrize("device", ["pen", "roller", "rf"])
def test_the_drawing_is_sound_xml_and_stays_within_its_frame(site, device):
    chart = depth_chart(of(site, device=device, asked_mm=4.0))
    drawn = depth_svg(of(site, device=device, asked_mm=4.0))
    ElementTree.fromstring(drawn)  # noqa: S314  # drawn by the line above

    assert all(each.tip_y < chart.height - 50 for each in chart.needles)
    assert all(0 < each.x < chart.width for each in chart.needles)


def test_devices_stand_side_by_side_and_no_line_is_lost():
    view = plan_view(plan(read_plan(EXAMPLE)))
    page = page_of(read_plan(EXAMPLE))

    assert '<th scope="col">roller</th>' in page
    for section in view.sheet.sections:
        aside = view.matrices.get(section.title)
        shown = view.listed(section) + (() if aside is None else tuple(aside.lines()))
        assert set(shown) == set(section.lines)


def test_the_page_needs_nothing_from_elsewhere_and_shows_the_drawing():
    page = page_of(read_plan(EXAMPLE))

    assert page.count('class="depth"') == 2
    assert "<script" not in page


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(request=requests())
def test_every_plan_has_a_page(request):
    page = page_of(request)
    sections = plan_view(plan(request)).sheet.sections

    # One more heading stands above the sources.
    assert page.count("<h3>") + page.count("<summary>") == len(sections) + 1

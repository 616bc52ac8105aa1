"""The page holds everything it promises and needs nothing from outside."""

import re
import time
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from cicatrix.domain.fade import Fade, Interval, Verdict
from cicatrix.domain.quality import Heading
from cicatrix.report.page import render_comparison_report, render_report
from cicatrix.report.provenance import Provenance

PROVENANCE = Provenance(versions=(("cicatrix", "0.1.0"),), parameters=(("seed", "0"),))
VOID = {"meta", "img", "input", "br", "link"}
SVG_EMPTY = {"path", "line", "rect", "circle"}


class _Reader(HTMLParser):
    """Collects words, elements and faults of nesting."""

    def __init__(self):
        super().__init__()
        self.words, self.elements, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.words.append(data)

    @property
    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.words))


def read(page):
    reader = _Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


@pytest.fixture
def case_page(case, pictures):
    return render_report(case, {("left cheek", index): pictures for index in range(4)})


@pytest.fixture
def pair_page(comparison, pictures):
    return render_comparison_report(comparison, pictures, PROVENANCE)


def test_the_answer_stands_first(case_page):
    text = read(case_page).text

    assert text.index("fell by 31 %") < text.index("Over time")


def test_nothing_is_fetched_from_anywhere(case_page):
    for tag, attributes in read(case_page).elements:
        for name in ("src", "href", "data", "action", "srcset", "poster"):
            address = attributes.get(name) or "#"
            assert address.startswith(("data:", "#")), (tag, address)
    assert "default-src 'none'" in case_page
    assert "@import" not in case_page
    assert not re.search(r"url\((?!data:)", case_page)


def test_every_picture_and_chart_has_words(case_page):
    elements = read(case_page).elements

    pictures = [a for tag, a in elements if tag == "img"]
    charts = [a for tag, a in elements if tag == "svg"]
    assert len(pictures) >= 4
    assert all("alt" in a for a in pictures)
    assert all(a["alt"] for a in pictures if "src" in a)
    assert all(a.get("aria-label") or a.get("aria-hidden") for a in charts)
    assert ("html", {"lang": "en"}) in elements


def test_the_slider_works_from_the_keyboard(case_page):
    ranges = [a for tag, a in read(case_page).elements if tag == "input" and "min" in a]

    assert [a["type"] for a in ranges] == ["range"]
    assert ranges[0]["aria-label"]


def test_everything_promised_is_there(case_page, case):
    text = read(case_page).text

    for heading in (
        "Over time",
        "All measures",
        "Where it changed",
        "Where the uncertainty comes from",
        "How good the photographs are",
        "What the words mean",
        "Limits",
        "How this was made",
        *(heading.value for heading in Heading),
    ):
        assert heading in text, heading
    for name, value in (*case.versions, *case.parameters):
        assert name in text
        assert value in text
    for visit in case.lesions[0].visits:
        for photo in visit.photos:
            assert photo.sha256 in text
    assert "Cheon" in text
    assert "does not diagnose" in text


def test_words_that_judge_are_not_used(case_page):
    text = read(case_page).text.lower()

    for word in ("worse", "better scar", "healed", "diagnosed", "ugly", "failed"):
        assert word not in text


def test_redness_is_named_with_the_day_to_wait_for(case):
    visits = case.lesions[0].visits[:3]
    early = replace(case, lesions=(replace(case.lesions[0], visits=visits),))

    text = read(render_report(early, {})).text

    assert "judge it from 16 May 2025" in text


def test_a_case_without_pictures_is_a_page_too(case):
    page = render_report(case, {})

    assert "<img" not in page
    assert "fell by" in page


def test_a_lesion_without_visits_is_a_page_too(case):
    empty = replace(case, lesions=(replace(case.lesions[0], visits=()),))

    assert "left cheek" in render_report(empty, {})


def test_several_lesions_are_listed_first(case, pictures):
    other = replace(case.lesions[0], lesion="chin")
    page = render_report(replace(case, lesions=(*case.lesions, other)), {})

    links = [a["href"] for tag, a in read(page).elements if tag == "a"]
    assert links[:2] == ["#lesion-1", "#lesion-2"]


def test_a_visit_that_could_not_be_measured_says_why(case, unmeasurable):
    series = case.lesions[0]
    visits = list(series.visits)
    visits[1] = replace(
        visits[1], contrast_de00=Interval.unknown(), since_baseline=unmeasurable
    )
    changed = replace(case, lesions=(replace(series, visits=tuple(visits)),))

    assert "12 matches, 30 are needed" in read(render_report(changed, {})).text


def test_a_pair_is_a_page_with_the_cameras_days(pair_page):
    text = read(pair_page).text

    assert "Before · 10 Jan 2025" in text
    assert "Over time" not in text
    assert "0.1.0" in text


def test_two_contrasts_side_by_side_do_not_tell_a_fade_that_is_refused(comparison):
    refused = replace(comparison, fade=Fade.not_measurable(), reason="Too faint.")

    told, untold = (
        read(render_comparison_report(one, None, PROVENANCE)).text
        for one in (comparison, refused)
    )

    assert re.search(r"\d → \d+(\.\d+)? ΔE00", told)
    assert "→" not in untold
    assert "— to —" not in untold


@pytest.mark.parametrize(
    ("verdict", "word"), [(Verdict.MORE_VISIBLE, "larger"), (Verdict.FADED, "smaller")]
)
def test_a_size_is_smaller_or_larger_and_does_not_fade(comparison, verdict, word):
    area = next(one for one in comparison.measures if one.name == "area_mm2")

    def page(**changes):
        told = replace(comparison, measures=(replace(area, **changes),))
        return read(render_comparison_report(told, None, PROVENANCE)).text

    assert page(verdict=verdict).count(word) == page().count(word) + 1


def test_a_pair_that_cannot_be_measured_says_why(unmeasurable):
    text = read(render_comparison_report(unmeasurable, None, PROVENANCE)).text

    assert "Not measurable" in text
    assert "The same skin was not found" in text
    assert "nan" not in text.lower().split()


def test_names_cannot_smuggle_markup(comparison, pictures):
    nasty = "<script>alert(1)</script>\"'&"

    page = render_comparison_report(
        replace(comparison, lesion=nasty, notes=(nasty,)), pictures, PROVENANCE
    )

    assert "<script>alert" not in page
    assert [tag for tag, _ in read(page).elements].count("script") == 1


def test_a_page_is_made_in_a_second_and_is_small(case, pictures):
    started = time.perf_counter()
    page = render_report(case, {("left cheek", i): pictures for i in range(4)})

    assert time.perf_counter() - started < 1.0
    assert len(page) < 1_500_000


def _luminance(colour):
    value = colour.lstrip("#")
    value = "".join(2 * c for c in value) if len(value) == 3 else value
    parts = [int(value[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


PAIRS = [
    ("ink", "paper"),
    ("soft", "paper"),
    ("soft", "card"),
    ("deep", "card"),
    ("faded", "faded-tint"),
    ("more", "more-tint"),
    ("same", "same-tint"),
    ("none", "none-tint"),
    ("ink", "more-tint"),
    ("card", "stop"),
]


@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_letters_stand_out_from_their_ground_as_wcag_aa_asks(front, back):
    style = files("cicatrix.report").joinpath("templates/style.css.j2").read_text()
    colours = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})", style))

    light, dark = sorted(
        (_luminance(colours[front]), _luminance(colours[back])), reverse=True
    )

    assert (light + 0.05) / (dark + 0.05) >= 4.5

import pytest

from cicatrix.domain.sheet import Line, Origin, Section, Sheet


@pytest.mark.parametrize("origin", [Origin.FACT, Origin.COMPUTED])
def test_a_fact_that_nobody_said_cannot_be_made(origin):
    with pytest.raises(ValueError, match="must name its sources"):
        Line(text="redness lasts 3 days", origin=origin)


@pytest.mark.parametrize("field", ["text", "label", "note"])
def test_mere_words_cannot_hold_a_number(field):
    words = {"text": "wait", field: "wait 2 weeks"}

    with pytest.raises(ValueError, match="holds a number"):
        Line(**words)


def test_the_lead_of_a_section_cannot_hold_a_number():
    with pytest.raises(ValueError, match="lead of a section"):
        Section(title="Depth", lead="at 1 mm", lines=())


def test_sources_are_cited_once_in_the_order_in_which_they_are_named():
    fact = {"origin": Origin.FACT}
    sheet = Sheet(
        title="Title",
        answer=Line(text="yes", sources=("b-2020",), **fact),
        sections=(
            Section(
                title="Part",
                lines=(
                    Line(text="one", sources=("a-2019", "b-2020"), **fact),
                    Line(text="what was asked: 62 kg", origin=Origin.ASKED),
                ),
            ),
        ),
    )

    assert sheet.cited() == ("b-2020", "a-2019")
    assert sheet.lines()[0].text == "yes"

from cicatrix.domain.sheet import Line, Origin, Section, Sheet
from cicatrix.evidence.reading import load_sources
from cicatrix.report.bibliography import bibliography, source_line, source_link
from cicatrix.report.provenance import Provenance
from cicatrix.report.sheet_page import render_sheets, sheet_view

SHEET = Sheet(
    title="After care",
    answer=Line(
        text="Redness passes in 7 days.", origin=Origin.FACT, sources=("chu-2021",)
    ),
    sections=(
        Section(
            title="Asked",
            lines=(
                Line(label="site", text="cheek <b>", origin=Origin.ASKED),
                Line(label="say", text="no more", note="only words"),
            ),
        ),
        Section(
            title="Sun",
            lead="Stay out of it.",
            lines=(
                Line(
                    text="3 days",
                    origin=Origin.FACT,
                    sources=("martin-2021", "chu-2021"),
                    support="peer-reviewed",
                ),
            ),
        ),
    ),
)
PROVENANCE = Provenance(versions=(("cicatrix", "1"),), parameters=(("site", "cheek"),))


def test_a_page_shows_every_line_with_the_number_of_its_source():
    page = render_sheets(
        [sheet_view(SHEET, pictures=["<svg id='own'></svg>"])],
        title="Visit",
        provenance=PROVENANCE,
    )

    assert "cheek &lt;b&gt;" in page
    assert "[2, 1]" in page
    assert "Stay out of it." in page
    assert "<svg id='own'></svg>" in page
    assert page.count("10.1097/01.dss.0000790428.70373.f6") >= 1
    assert "No clinician has reviewed" in page


def test_a_page_needs_nothing_from_elsewhere():
    page = render_sheets(
        [sheet_view(SHEET)],
        title="Visit",
        provenance=Provenance(versions=(), parameters=()),
    )

    assert "<script" not in page
    assert "<link" not in page
    assert "Made with" not in page


def test_a_source_is_told_with_its_year_its_address_and_its_kind():
    line = source_line("chu-2021")

    assert "(2021)" in line
    assert source_link("chu-2021") in line
    assert "peer-reviewed" in line


def test_a_paper_is_linked_by_its_own_record_before_any_copy_of_it():
    with_pmid_alone = load_sources()["asds-iso"]

    assert with_pmid_alone.pmid
    assert not with_pmid_alone.doi
    assert with_pmid_alone.pmid not in ("", with_pmid_alone.url)
    assert source_link("asds-iso") == "https://pubmed.ncbi.nlm.nih.gov/28498204/"
    assert source_link("chopra") == "https://doi.org/10.1093/asj/sjv079"


def test_the_bibliography_of_json_names_each_source_once():
    found = bibliography(["martin-2021", "chu-2021", "martin-2021"])

    assert list(found) == ["chu-2021", "martin-2021"]
    assert found["chu-2021"]["tier"] == "B"
    assert "url" not in found["chu-2021"]

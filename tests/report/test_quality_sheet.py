"""A tick claims to know: what could not be seen is marked as not known."""

from dataclasses import replace

import pytest

from cicatrix.domain.quality import Grade, Heading, QualityFinding
from cicatrix.report.quality_sheet import quality_view


def finding(heading, value, unit=""):
    return QualityFinding(
        heading=heading,
        grade=Grade.PASS,
        sentence="Nothing.",
        value=value,
        unit=unit,
    )


@pytest.fixture
def cell(comparison):
    """The cell of one finding."""

    def told(found):
        view = quality_view([replace(comparison.baseline, quality=(found,))])
        return dict(view.rows)[found.heading.value][0]

    return told


@pytest.mark.parametrize("heading", [Heading.TILT, Heading.MOTION])
def test_what_was_not_seen_is_not_called_good(cell, heading):
    assert cell(finding(heading, None)).word == "not known"
    assert cell(finding(heading, 1.0, "px")).word == "good"


def test_what_needs_no_number_stays_good_without_one(cell):
    assert cell(finding(Heading.COMPRESSION, None)).word == "good"


@pytest.mark.parametrize(
    ("count", "text"), [(0.0, "0 patches"), (1.0, "1 patch"), (24.0, "24 patches")]
)
def test_one_patch_is_not_many(cell, count, text):
    assert cell(finding(Heading.COLOUR_REFERENCE, count, "patches")).value == text

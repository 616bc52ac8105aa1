"""Every file of clinical content proves itself with its own worked cases.

A new file needs no new test; a new kind needs one line here.
"""

import pytest

from cicatrix.anaesthesia.worked import worked_product, worked_safety
from cicatrix.evidence import words_of_the_field
from cicatrix.evidence.clinical import clinical_kinds, load_clinical
from cicatrix.evidence.reading import Support, load_sources
from cicatrix.forms import quantities
from cicatrix.outcomes import words
from cicatrix.planning.worked import worked_in
from cicatrix.punctures import needles
from cicatrix.scales import scoring
from cicatrix.screening import contradictions, figures, labels
from cicatrix.screening.worked import worked_question, worked_rule

ALL_THREE = {"speaks", "silent", "lacks-an-answer"}
TABLE = {"speaks", "lacks-an-answer"}

KINDS = {
    "outcomes": (words.worked, TABLE),
    "needles": (needles.worked, TABLE),
    "anaesthetic-safety": (worked_safety, TABLE),
    "anaesthetics": (worked_product, {"silent", "lacks-an-answer"}),
    "answers": (worked_in("answers"), TABLE),
    "aftercare": (worked_in("aftercare"), TABLE),
    "courses-of-skin": (worked_in("courses-of-skin"), TABLE),
    "depths": (worked_in("depths"), TABLE),
    "devices": (worked_in("devices"), TABLE),
    "penetration": (worked_in("penetration"), TABLE),
    "scales": (scoring.worked, {"lacks-an-answer"}),
    "quantities": (quantities.worked, ALL_THREE),
    "schedules": (worked_in("schedules"), TABLE),
    "thickness": (worked_in("thickness"), TABLE),
    "contradictions": (contradictions.worked, ALL_THREE),
    "figures": (figures.worked, TABLE),
    "labels": (labels.worked, ALL_THREE),
    "questions": (worked_question, TABLE),
    "screening": (worked_rule, ALL_THREE),
    "vocabulary": (words_of_the_field.worked, TABLE),
}
"""Who answers the cases of a kind, and which states each of its files must show."""

FILES = [file for kind in clinical_kinds() for file in load_clinical(kind).values()]
CASES = [
    pytest.param(file, case, id=f"{file.kind}/{file.name}: {case.name}")
    for file in FILES
    for case in file.cases
]


def test_every_kind_has_somebody_who_answers_its_cases():
    assert set(clinical_kinds()) == set(KINDS)


@pytest.mark.parametrize(("file", "case"), CASES)
def test_the_file_answers_as_its_case_expects(file, case):
    answer, _ = KINDS[file.kind]
    told = answer(file.name, case.given)

    assert {key: told.get(key) for key in case.expect} == dict(case.expect)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.kind}/{file.name}")
def test_the_file_shows_when_it_speaks_and_when_it_cannot(file):
    _, needed = KINDS[file.kind]

    assert needed <= {case.expect["state"] for case in file.cases}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.kind}/{file.name}")
def test_no_clinician_is_invented(file):
    """Whoever sets one of these true names the clinician in the commit."""
    assert not any(backing.clinician_reviewed for backing in file.backings())


def test_every_source_of_clinical_content_has_its_tier():
    cited = {
        key for file in FILES for backing in file.backings() for key in backing.sources
    }
    design = {"cicatrix-design", "cicatrix-forecast", "cicatrix-phantoms"}

    assert cited - design
    assert {key for key in cited - design if not load_sources()[key].tier} == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.kind}/{file.name}")
def test_a_label_was_read_in_more_than_a_makers_manual_or_a_clinics_copy(file):
    """A maker's own papers (C) and clinics' copies of them (D) are no label."""
    alone = [
        backing.sources
        for backing in file.backings()
        if backing.support is Support.LABEL
        and not {load_sources()[key].tier for key in backing.sources} & {"A", "B"}
    ]

    assert alone == []

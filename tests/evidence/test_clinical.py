"""What a file of clinical content must hold, and how a fault in it is told."""

import pytest

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.clinical import clinical_kinds, load_clinical, parse_clinical
from cicatrix.evidence.reading import Support

RULE = """
title = "Made up"
effect = "defer"
sources = ["made-up-2020"]
support = "weak"
read_on = 2026-01-01
review_by = 2028-01-01
clinician_reviewed = false
note = "one page"

[[case]]
name = "speaks"
given = { answer = true }
expect = { state = "speaks" }
"""
TABLE = """
title = "Made up"
read_on = 2026-01-01
review_by = 2028-01-01
clinician_reviewed = false

[[row]]
depth_mm = 1.5
sources = ["made-up-2020"]
support = "label"

[[row]]
depth_mm = 2.5
sources = ["other-2021"]
support = "weak"
review_by = 2027-01-01
"""


def parsed(text):
    return parse_clinical(
        text, kind="made", name="up", source_keys={"made-up-2020", "other-2021"}
    )


def test_a_rule_is_its_fields_what_stands_behind_it_and_its_cases():
    rule = parsed(RULE)

    assert dict(rule.fields) == {"effect": "defer"}
    assert rule.backing.support is Support.WEAK
    assert rule.backing.note == "one page"
    assert [case.expect["state"] for case in rule.cases] == ["speaks"]
    assert rule.backings() == (rule.backing,)


def test_a_row_takes_from_its_file_what_it_does_not_say_itself():
    table = parsed(TABLE)

    assert table.backing is None
    assert [row.fields["depth_mm"] for row in table.rows] == [1.5, 2.5]
    assert [row.backing.review_by.year for row in table.rows] == [2028, 2027]
    assert [row.backing.support for row in table.rows] == ["label", "weak"]
    assert len(table.backings()) == 2


@pytest.mark.parametrize(
    ("found", "instead", "reason"),
    [
        ('title = "Made up"', "", "has no title"),
        ('title = "Made up"', "title = 3", "has no title"),
        ('title = "Made up"', "title = ", "not TOML"),
        ('sources = ["made-up-2020"]', "", "names no sources"),
        ('sources = ["made-up-2020"]', "sources = []", "at least one key"),
        ("made-up-2020", "nobody-2020", r"cites \['nobody-2020'\]"),
        ('support = "weak"', "", "lacks support"),
        ('support = "weak"', 'support = "sure"', "not one of label"),
        ("read_on = 2026-01-01", 'read_on = "2026"', "must be a date"),
        ("review_by = 2028-01-01", "review_by = 2025-01-01", "not after read_on"),
        ("clinician_reviewed = false", 'clinician_reviewed = "no"', "true or false"),
        ('state = "speaks"', 'state = "shouts"', "needs a name, given"),
        ("given = { answer = true }", "", "needs a name, given"),
        ("[[case]]", "[case]", r"must be \[\[case\]\] tables"),
    ],
)
def test_a_malformed_rule_is_refused_with_its_place(found, instead, reason):
    with pytest.raises(EvidenceInvalid, match=reason) as refusal:
        parsed(RULE.replace(found, instead))

    assert "made/up.toml" in str(refusal.value)


def test_the_packaged_kinds_are_found_and_read_once():
    kinds = clinical_kinds()

    assert {"quantities", "vocabulary"} <= set(kinds)
    assert load_clinical("vocabulary") is load_clinical("vocabulary")
    assert "sites" in load_clinical("vocabulary")

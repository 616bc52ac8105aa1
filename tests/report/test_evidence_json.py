import jsonschema
import pytest

from cicatrix.evidence.words_of_the_field import indications
from cicatrix.outcomes.asking import evidence_for
from cicatrix.report.as_json import json_text
from cicatrix.report.evidence_json import evidence_schema, evidence_to_json
from cicatrix.report.forest import forest_plot


@pytest.mark.parametrize("indication", list(indications()))
def test_the_document_obeys_its_schema_and_every_number_has_its_source(
    unsourced, indication
):
    document = evidence_to_json(evidence_for(indication))

    jsonschema.Draft202012Validator(evidence_schema()).validate(document)
    assert list(unsourced(document)) == []
    cited = {key for row in document["arms"] for key in row["sources"]}
    assert cited <= document["bibliography"].keys()
    assert json_text(document)


def test_a_number_without_a_source_would_be_found(unsourced):
    assert list(unsourced({"a": {"b": 3}})) == [".a.b"]


def test_the_forest_holds_one_mark_for_each_contrast_with_a_number():
    found = evidence_for("acne-scar")
    plot = forest_plot(found)

    assert plot.count("<rect") == sum(c.better is not None for c in found.contrasts)
    assert "second named did better" in plot


def test_no_forest_where_nothing_is_compared():
    assert forest_plot(evidence_for("traumatic-scar")) == ""

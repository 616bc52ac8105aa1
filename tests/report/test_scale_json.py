import jsonschema
import pytest

from cicatrix.report.as_json import json_text
from cicatrix.report.scale_json import scale_schema, scale_to_json
from cicatrix.scales.known import left_out, scales
from cicatrix.scales.scoring import scale


@pytest.mark.parametrize("name", [*scales(), *left_out()])
@pytest.mark.parametrize("answered", ["none", "all"])
def test_the_document_obeys_its_schema_and_every_number_has_its_source(
    unsourced, name, answered
):
    items = scales()[name].items if name in scales() else ()
    scores = {item.id: item.high for item in items} if answered == "all" else {}
    document = scale_to_json(scale(name, scores, unverified=True))

    jsonschema.Draft202012Validator(scale_schema()).validate(document)
    assert list(unsourced(document)) == []
    expected = "scored" if answered == "all" else "incomplete"
    assert document["state"] == (expected if items else "refused")
    assert json_text(document)

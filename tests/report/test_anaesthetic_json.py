import jsonschema
import pytest

from cicatrix.anaesthesia.answering import anaesthetic
from cicatrix.anaesthesia.products import products
from cicatrix.anaesthesia.value import Person
from cicatrix.report.anaesthetic_json import anaesthetic_schema, anaesthetic_to_json
from cicatrix.report.as_json import json_text

ADULT = Person(weight_kg=62, age_years=34)
ASKED = [
    *({"product": product, "area_cm2": 20, "person": ADULT} for product in products()),
    {"product": "nonesuch-3", "area_cm2": 20},
    {"product": "EMLA", "area_cm2": 20, "more": [("EMLA", 5), ("pliaglis", 3)]},
    {"product": "EMLA", "area_cm2": 20, "jurisdiction": "uk"},
    {
        "product": "EMLA",
        "area_cm2": 20,
        "use": "major",
        "person": Person(age_years=40, conditions={"heart": True, "open_skin": False}),
    },
    {
        "product": "EMLA",
        "area_cm2": 500,
        "person": Person(age_years=40, conditions={"paba_allergy": True}),
        "more": [("pliaglis", 3)],
    },
]


@pytest.mark.parametrize("asked", ASKED)
def test_the_document_obeys_its_schema_and_every_number_has_its_source(
    unsourced, asked
):
    product = asked["product"]
    rest = {name: value for name, value in asked.items() if name != "product"}
    answer = anaesthetic(product, **rest)
    document = anaesthetic_to_json(answer)

    jsonschema.Draft202012Validator(anaesthetic_schema()).validate(document)
    assert list(unsourced(document)) == []
    assert document["state"] == ("refused" if document["refusals"] else "dose")
    assert json_text(document)


def test_every_code_of_a_refusal_is_in_the_schema():
    codes = anaesthetic_schema()["$defs"]["refusal"]["properties"]["code"]["enum"]
    told = {row.code for product in products().values() for row in product.no_dose} | {
        p.standing for p in products().values() if p.standing != "offered"
    }

    assert told <= set(codes)


@pytest.mark.parametrize(("age", "assumed"), [(None, True), (34, False)])
def test_an_amount_for_an_unknown_age_says_that_it_assumes_an_adult(age, assumed):
    answer = anaesthetic("EMLA", area_cm2=20, person=Person(age_years=age))

    assert anaesthetic_to_json(answer)["assumes_adult"] is assumed

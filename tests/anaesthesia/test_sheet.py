"""What is read before any cream is weighed out."""

import pytest

from cicatrix.anaesthesia.answering import anaesthetic
from cicatrix.anaesthesia.listing import list_sheet, product_sheet
from cicatrix.anaesthesia.products import products
from cicatrix.anaesthesia.sheet import anaesthetic_sheet
from cicatrix.anaesthesia.value import Person


def said(sheet):
    return "\n".join(
        [
            sheet.title,
            *(f"{line.label} {line.text} {line.note}" for line in sheet.lines()),
        ]
    )


@pytest.mark.parametrize("product", [*products(), "nonesuch"])
def test_every_product_has_a_sheet_whose_answer_comes_first(product):
    sheet = anaesthetic_sheet(anaesthetic(product, area_cm2=20))

    offered = product in products() and products()[product].standing == "offered"
    assert sheet.answer.text.startswith("No dose.") != offered


def test_the_sheet_says_what_no_label_says():
    told = said(anaesthetic_sheet(anaesthetic("EMLA", area_cm2=20)))

    assert "of a cream for intact skin states a maximum in milligrams" in told
    assert "No label read here names microneedling" in told
    assert "it states no maximum" in told
    assert "age not given" in told


def test_never_again_on_needled_skin_is_marked_as_derived_beside_the_contrary():
    sheet = anaesthetic_sheet(anaesthetic("EMLA", area_cm2=20))
    (section,) = [s for s in sheet.sections if s.title == "Before the needle"]

    (again,) = [line for line in section.lines if "again" in line.text]
    assert again.support == "synthesis"
    assert again.note.startswith("derived")
    assert any(line.text.startswith("Contrary practice") for line in section.lines)


def test_an_adult_in_the_uk_is_told_to_look_the_maximum_up():
    answer = anaesthetic(
        "EMLA", area_cm2=20, person=Person(age_years=30), jurisdiction="uk"
    )

    told = anaesthetic_sheet(answer).answer.text
    assert told.startswith("No dose.")
    assert "not verified" in told
    assert "Look it up" in told


def test_the_list_names_products_and_conditions():
    told = said(list_sheet())

    for product in products():
        assert product in told
    assert "g6pd_deficiency" in told


@pytest.mark.parametrize("product", products().values(), ids=lambda each: each.id)
def test_a_product_shows_every_row_that_was_read(product):
    sheet = product_sheet(product)

    shown = sum(
        len(section.lines)
        for section in sheet.sections
        if section.title.startswith("Label")
    )
    assert shown == len(product.rows) + len(product.no_dose)

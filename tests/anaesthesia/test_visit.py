"""All products of a visit together, and whom they are not for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.anaesthesia.answering import anaesthetic
from cicatrix.anaesthesia.products import find_product, products
from cicatrix.anaesthesia.value import Person
from cicatrix.errors import InputInvalid

LP = "lidocaine-prilocaine-2.5-2.5"
PLIAGLIS = "lidocaine-tetracaine-7-7"
ADULT = Person(weight_kg=62, age_years=34)


def milligrams(answer):
    return {each.name: each.high_mg for each in answer.sums}


@given(
    st.floats(min_value=1, max_value=150),
    st.lists(st.floats(min_value=0.01, max_value=4), max_size=4),
)
def test_sums_are_additive_and_in_proportion_to_the_weight(area, grams):
    alone = anaesthetic(LP, area_cm2=area, person=ADULT)
    together = anaesthetic(
        LP, area_cm2=area, person=ADULT, more=[(PLIAGLIS, each) for each in grams]
    )

    added = 70 * sum(grams)
    assert milligrams(together)["lidocaine"] == pytest.approx(
        milligrams(alone)["lidocaine"] + added
    )
    assert milligrams(together)["prilocaine"] == milligrams(alone)["prilocaine"]
    assert milligrams(together).get("tetracaine", 0) == pytest.approx(added)
    assert together.sums[0].low_mg == pytest.approx(25 * 0.1 * area + added)
    for each in together.sums:
        assert each.low_mg_per_kg == pytest.approx(each.low_mg / 62)
        assert each.high_mg_per_kg == pytest.approx(each.high_mg / 62)


@given(st.floats(min_value=1, max_value=400), st.floats(min_value=0.01, max_value=60))
def test_shares_of_the_maxima_never_pass_the_whole(area, grams):
    answer = anaesthetic(LP, area_cm2=area, person=ADULT, more=[(PLIAGLIS, grams)])

    whole = 0.125 * area / 60 + grams / 53
    assert (answer.amount is not None) == (whole <= 1 + 1e-9)


def test_more_of_the_same_cream_counts_against_its_own_maximum():
    refused = anaesthetic(LP, area_cm2=400, person=ADULT, more=[("EMLA", 10.5)])
    allowed = anaesthetic(LP, area_cm2=400, person=ADULT, more=[("EMLA", 10)])

    assert [each.code for each in refused.refusals] == ["sum-above-maxima"]
    assert [share.fraction for share in allowed.shares] == [1.0]


def test_a_further_product_without_a_dose_refuses_the_whole():
    answer = anaesthetic(
        LP,
        area_cm2=20,
        person=ADULT,
        more=[("lidocaine-40", 1), ("nonesuch", 1), ("lidocaine-4", 1)],
    )

    codes = [each.code for each in answer.refusals]
    assert codes == ["warned-against", "unknown-product", "no-label"]
    assert answer.sums == ()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("EMLA", LP),
        ("lmx4", "lidocaine-4"),
        ("lidocaine 10", "lidocaine-above-4"),
        ("lidocaine-4.5", "lidocaine-above-4"),
        ("lidocaine-5", "lidocaine-5-ointment"),
        ("23-7", "compounded-lidocaine-23-tetracaine-7"),
    ],
)
def test_other_names_lead_to_the_product(name, meant):
    assert find_product(name).id == meant


@pytest.mark.parametrize("name", ["lidocaine-3", "benzocaine", ""])
def test_what_nobody_read_a_label_of_is_refused(name):
    answer = anaesthetic(name, area_cm2=10, person=ADULT)

    assert [each.code for each in answer.refusals] == ["unknown-product"]
    assert LP in {each.id for each in answer.instead}


def test_the_nearest_known_product_is_named():
    answer = anaesthetic("lidocain-prilocaine", area_cm2=10)

    assert "Did you mean “lidocaine-prilocaine”" in answer.refusals[0].text


@pytest.mark.parametrize(
    ("condition", "refused", "offered"),
    [
        ("g6pd_deficiency", LP, ["lidocaine-4", PLIAGLIS]),
        ("paba_allergy", PLIAGLIS, ["lidocaine-4", LP]),
        ("amide_allergy", LP, []),
        ("open_skin", "lidocaine-4", []),
        ("heart", LP, []),
        ("class_3_antiarrhythmic", "lidocaine-4", []),
        ("methaemoglobin_medicines", LP, ["lidocaine-4", PLIAGLIS]),
    ],
)
def test_an_exclusion_names_what_holds_no_such_ingredient(condition, refused, offered):
    answer = anaesthetic(
        refused,
        area_cm2=10,
        person=Person(age_years=40, conditions={condition: True}),
    )

    assert [each.code for each in answer.refusals] == ["excluded-by-condition"]
    assert [each.id for each in answer.instead] == offered


def test_care_is_told_beside_a_dose():
    answer = anaesthetic(
        LP,
        area_cm2=10,
        person=Person(age_years=40, conditions={"newly_shaven": True}),
    )

    assert answer.amount is not None
    assert [each.key for each in answer.concerns] == ["newly_shaven"]
    assert answer.concerns[0].excluded == ()


@pytest.mark.parametrize(("age", "country"), [(40, "us"), (8, "uk")])
def test_atopic_dermatitis_shortens_the_time(age, country):
    answer = anaesthetic(
        LP,
        area_cm2=10,
        person=Person(age_years=age, conditions={"atopic_dermatitis": True}),
        jurisdiction=country,
    )

    assert answer.amount.dwell_min_minutes == 15
    assert answer.amount.dwell_max_minutes == 30


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"use": "mayor"}, "Did you mean “major”"),
        ({"jurisdiction": "fr"}, "Choose one of us, uk, eu"),
        (
            {"person": Person(conditions={"g6pd": True})},
            "Did you mean “g6pd_deficiency”",
        ),
        (
            {"person": Person(conditions={"g6pd_deficency": True})},
            "Did you mean “g6pd_deficiency”",
        ),
    ],
)
def test_an_unknown_word_is_named_with_the_nearest(given_, message):
    with pytest.raises(InputInvalid, match=message):
        anaesthetic(LP, area_cm2=10, **given_)


def test_every_product_that_is_not_offered_says_why():
    for product in products().values():
        assert (product.standing == "offered") == (product.reason == "")
        assert (product.standing == "offered") == bool(product.rows)

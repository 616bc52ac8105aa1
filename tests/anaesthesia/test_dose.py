"""A dose never exceeds its label at any area, weight or age."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.anaesthesia.answering import anaesthetic
from cicatrix.anaesthesia.conditions import condition_keys
from cicatrix.anaesthesia.products import products
from cicatrix.anaesthesia.value import Person
from cicatrix.errors import InputInvalid

LP = "lidocaine-prilocaine-2.5-2.5"
OFFERED = [p.id for p in products().values() if p.standing == "offered"]

areas = st.floats(min_value=0.1, max_value=10_000)
weights = st.none() | st.floats(min_value=0.4, max_value=350)
ages = st.none() | st.floats(min_value=0, max_value=120)
countries = st.sampled_from(["us", "uk", "eu"])
conditions = st.dictionaries(
    st.sampled_from(sorted(condition_keys())), st.booleans(), max_size=6
)


NOTHING = (0, 0, 0)
CHILDREN_US = [(10, 1, 60), (20, 2, 240), (100, 10, 240), (200, 20, 240)]
CHILDREN_UK = [(10, 1, 60), (20, 2, 60), (100, 10, 300), (200, 20, 300)]


def table_limit(product, country, age, weight):
    """Largest area (cm²), dose (g) and time (minutes), written anew from the labels."""
    age = 40 if age is None else age
    adult = age >= 18
    limits = {
        ("lidocaine-4", "uk"): (900, 180, 300) if adult else NOTHING,
        ("lidocaine-tetracaine-7-7", "us"): (400, 53, 60) if adult else NOTHING,
        (LP, "uk"): NOTHING
        if age >= 12
        else CHILDREN_UK[sum(age >= start for start in (0.25, 1, 6))],
        (LP, "us"): american_lp(age, weight),
    }
    return limits.get((product, country), NOTHING)


def american_lp(age, weight):
    if age >= 13:
        fits = age >= 18 and (weight is None or weight > 20)
        return (400, 60, inf) if fits else NOTHING
    by_age = sum(age >= start for start in (0.25, 1, 7))
    if weight is None:
        return NOTHING if by_age else CHILDREN_US[0]
    return CHILDREN_US[min(by_age, sum(weight > above for above in (5, 10, 20)))]


@given(
    st.sampled_from(OFFERED), areas, weights, ages, countries, conditions, st.booleans()
)
def test_a_dose_never_exceeds_the_table(
    product, area, weight, age, country, there, last_use
):
    uses = [row.use for row in products()[product].rows]
    answer = anaesthetic(
        product,
        area_cm2=area,
        person=Person(weight_kg=weight, age_years=age, conditions=there),
        jurisdiction=country,
        use=uses[-1] if last_use else None,
    )

    area_limit, dose_limit, time_limit = table_limit(product, country, age, weight)
    if answer.amount is None:
        assert answer.refusals
        return
    assert not answer.refusals
    assert area <= area_limit
    assert 0 < answer.amount.low_g <= answer.amount.high_g <= dose_limit
    for other in answer.other_uses:
        assert other.high_g <= dose_limit
    assert (answer.amount.dwell_max_minutes or 0) <= time_limit


@given(st.sampled_from(OFFERED), areas, weights, ages, countries)
def test_within_the_table_somebody_without_conditions_is_not_refused(
    product, area, weight, age, country
):
    limit = table_limit(product, country, age, weight)
    answer = anaesthetic(
        product,
        area_cm2=area,
        person=Person(weight_kg=weight, age_years=age),
        jurisdiction=country,
    )

    assert (answer.amount is not None) == (area <= limit[0])


@given(st.sampled_from(OFFERED), areas, areas, st.booleans())
def test_more_area_never_gets_less_cream_until_it_is_refused(
    product, area, other, last_use
):
    small, large = sorted((area, other))
    uses = [row.use for row in products()[product].rows]
    use = uses[-1] if last_use else None
    less = anaesthetic(product, area_cm2=small, use=use).amount
    more = anaesthetic(product, area_cm2=large, use=use).amount

    if more is not None:
        assert less is not None
        assert less.low_g <= more.low_g
        assert less.high_g <= more.high_g


@given(areas, conditions)
def test_a_condition_more_never_turns_a_refusal_into_a_dose(area, there):
    with_them = anaesthetic(LP, area_cm2=area, person=Person(conditions=there))
    without = anaesthetic(
        LP,
        area_cm2=area,
        person=Person(conditions=dict.fromkeys(there, False)),
    )

    if without.amount is None:
        assert with_them.amount is None
    if with_them.amount is not None and without.amount is not None:
        assert with_them.amount.high_g == without.amount.high_g


@given(areas, ages, weights, countries, conditions)
def test_unanswered_is_never_more_than_a_plain_no(area, age, weight, country, there):
    def most(answered):
        person = Person(weight_kg=weight, age_years=age, conditions=answered)
        amount = anaesthetic(
            LP, area_cm2=area, person=person, jurisdiction=country
        ).amount
        return 0 if amount is None else amount.high_g

    yes = {key: there_ for key, there_ in there.items() if there_}
    no = dict.fromkeys(condition_keys(), False)
    assert most(yes) <= most({**no, **yes})


@given(conditions)
def test_what_was_not_answered_is_asked_and_what_was_answered_is_not(there):
    answer = anaesthetic(LP, area_cm2=20, person=Person(conditions=there))

    asked = {question.key for question in answer.to_ask}
    assert asked & set(there) == set()
    concerned = {"amide_allergy", "severe_liver_disease", "g6pd_deficiency"}
    assert concerned - set(there) <= asked


@pytest.mark.parametrize(
    ("age", "weight", "largest_g"),
    [
        (0.24, 6, 1),
        (0.25, 5, 1),
        (0.25, 5.1, 2),
        (5, 10, 2),
        (5, 10.1, 10),
        (7, 20, 10),
        (7, 20.1, 20),
        (12.9, 60, 20),
        (13, 60, None),
        (17.9, 60, None),
        (18, 60, 60),
        (18, 20, None),
        (18, 20.1, 60),
    ],
)
def test_the_american_rows_begin_and_end_where_the_label_says(age, weight, largest_g):
    answer = anaesthetic(
        LP,
        area_cm2=1,
        person=Person(age_years=age, weight_kg=weight),
        jurisdiction="us",
    )

    most = None if answer.amount is None else answer.amount.row.max_dose_g
    assert most == largest_g


@pytest.mark.parametrize(
    ("square_inches", "grams"), [(1, 0.5), (2, 1), (2.5, 2), (35, 29.5), (62, 53)]
)
def test_between_two_rows_of_a_table_lies_a_straight_line(square_inches, grams):
    area_cm2 = min(square_inches * 2.54**2, 400)
    amount = anaesthetic("pliaglis", area_cm2=area_cm2).amount

    assert amount.low_g == amount.high_g == pytest.approx(grams, abs=1e-4)


@pytest.mark.parametrize("asked_of", [LP, "lidocaine-4"])
def test_an_unknown_age_is_told_and_asked_first(asked_of):
    answer = anaesthetic(asked_of, area_cm2=20)

    assert answer.amount is not None
    assert answer.to_ask[0].key == "age_years"


@pytest.mark.parametrize(
    ("field", "value", "unit"),
    [
        ("area_cm2", 15_000.0, "mm²"),
        ("area_cm2", 0.015, "m²"),
        ("weight_kg", 62_000.0, "g"),
        ("age_years", 360.0, "months"),
        ("dose_g", 5_000.0, "mg"),
    ],
)
def test_a_slip_of_the_unit_is_named(field, value, unit):
    given_ = {"area_cm2": 20.0, "weight_kg": 62.0, "age_years": 34.0, "dose_g": 5.0}
    given_[field] = value

    with pytest.raises(InputInvalid, match=f"looks like {unit}:"):
        anaesthetic(
            LP,
            area_cm2=given_["area_cm2"],
            person=Person(weight_kg=given_["weight_kg"], age_years=given_["age_years"]),
            more=[(LP, given_["dose_g"])],
        )

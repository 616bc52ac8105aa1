"""The answer: an amount that a label allows for this person, or why there is none."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from cicatrix.anaesthesia.adding import (
    Used,
    added_product,
    ingredient_sums,
    other_uses,
    shares,
    unknown_product,
)
from cicatrix.anaesthesia.amount import amount_for, label_row
from cicatrix.anaesthesia.conditions import (
    check_conditions,
    concerns,
    conduct,
    questions,
)
from cicatrix.anaesthesia.products import find_product, products
from cicatrix.anaesthesia.value import (
    Amount,
    Anaesthetic,
    Asked,
    Concern,
    Person,
    Product,
    Question,
    Refusal,
)
from cicatrix.errors import InputInvalid
from cicatrix.forms.quantities import check_quantity

__all__ = ["JURISDICTIONS", "anaesthetic"]

JURISDICTIONS = ("us", "uk", "eu", "other")
"""Whose label can be asked for; of the last two none was read, so all is refused."""


def anaesthetic(
    product: str,
    *,
    area_cm2: float,
    person: Person | None = None,
    jurisdiction: str | None = None,
    use: str | None = None,
    more: Sequence[tuple[str, float]] = (),
) -> Anaesthetic:
    """How much of a topical anaesthetic a label allows for an area, and for how long.

    No dose is invented: a product, an age, a weight or an area that no label covers is
    refused, with the reason. No clinician has reviewed the answer.

    Parameters
    ----------
    product
        Id or trade name, such as "lidocaine-prilocaine-2.5-2.5" or "EMLA".
    area_cm2
        Skin to be covered.
    person
        Weight, age and conditions; whatever was not asked stays `None` or absent.
    jurisdiction
        "us" or "uk" ("eu" and "other" are refused); by default that of the product's own label.
    use
        Of the label, such as "minor" or "major"; by default the label's first.
    more
        Other local anaesthetics of the same visit: name and grams.

    Returns
    -------
    Anaesthetic
        With an `amount`, or with `refusals`.

    Raises
    ------
    InputInvalid
        A number is impossible (the message names the likely unit), or a condition, a
        use or a jurisdiction is not known.

    Examples
    --------
    >>> answer = anaesthetic("EMLA", area_cm2=150, person=Person(age_years=34))
    >>> round(answer.amount.high_g, 2)
    18.75
    """
    asked = _checked(
        Asked(
            product=product,
            area_cm2=area_cm2,
            person=person or Person(),
            jurisdiction=jurisdiction,
            use=use,
            more=tuple(more),
        )
    )
    found = find_product(product)
    if found is None:
        return _refused(asked, None, [unknown_product(product)])
    if found.standing != "offered":
        why = Refusal(
            code=found.standing, text=found.reason, sources=found.backing.sources
        )
        return _refused(asked, found, [why])
    return _answered(asked, found)


def _checked(asked: Asked) -> Asked:
    check_quantity("area_cm2", asked.area_cm2, at="area_cm2")
    if asked.person.weight_kg is not None:
        check_quantity("weight_kg", asked.person.weight_kg, at="weight_kg")
    if asked.person.age_years is not None:
        check_quantity("age_years", asked.person.age_years, at="age_years")
    for name, grams in asked.more:
        check_quantity("dose_g", grams, at=f"more, {name}")
    if asked.jurisdiction not in (None, *JURISDICTIONS):
        raise InputInvalid(
            f"no label of the jurisdiction “{asked.jurisdiction}” was read, so nothing "
            f"can be said for it. Choose one of {', '.join(JURISDICTIONS)}."
        )
    check_conditions(asked.person.conditions)
    return asked


def _refused(
    asked: Asked, product: Product | None, why: Sequence[Refusal]
) -> Anaesthetic:
    home = product.home if product else JURISDICTIONS[0]
    return Anaesthetic(
        asked=asked,
        product=product,
        jurisdiction=asked.jurisdiction or home,
        refusals=tuple(why),
        amount=None,
        other_uses=(),
        sums=(),
        shares=(),
        concerns=(),
        to_ask=(),
        told=(),
        instead=_instead(product, frozenset()),
    )


def _answered(asked: Asked, product: Product) -> Anaesthetic:
    person, jurisdiction = asked.person, asked.jurisdiction or product.home
    others = [(added_product(name), grams) for name, grams in asked.more]
    used: list[Used] = [(o, g, g) for o, g in others if isinstance(o, Product)]
    ingredients = tuple(
        dict.fromkeys(
            name
            for each in (product, *(o for o, _, _ in used))
            for name in each.mg_per_g
        )
    )
    there = concerns(person, ingredients)
    row = label_row(product, jurisdiction=jurisdiction, use=asked.use, person=person)
    amount = (
        row
        if isinstance(row, Refusal)
        else amount_for(row, area_cm2=asked.area_cm2, concerns=there)
    )
    why = [each for each, _ in others if isinstance(each, Refusal)]
    why += [_excluding(concern) for concern in there if concern.excluded]
    if isinstance(amount, Refusal):
        return _with_person(
            _refused(asked, product, [amount, *why]), there, ingredients
        )
    used.insert(0, (product, amount.low_g, amount.high_g))
    parts, above = shares(used, first=amount, jurisdiction=jurisdiction, person=person)
    why += above
    if why:
        return _with_person(_refused(asked, product, why), there, ingredients)
    return Anaesthetic(
        asked=asked,
        product=product,
        jurisdiction=jurisdiction,
        refusals=(),
        amount=amount,
        other_uses=other_uses(product, amount, area_cm2=asked.area_cm2, person=person),
        sums=ingredient_sums(used, weight_kg=person.weight_kg),
        shares=parts,
        concerns=there,
        to_ask=_to_ask(person, ingredients, amount),
        told=(*product.told, *conduct(ingredients)),
        instead=(),
    )


def _excluding(concern: Concern) -> Refusal:
    return Refusal(
        code="excluded-by-condition",
        text=concern.text,
        sources=concern.backing.sources,
    )


def _with_person(
    answer: Anaesthetic, there: tuple[Concern, ...], ingredients: tuple[str, ...]
) -> Anaesthetic:
    """A refusal with what is known of the person, and what has no such ingredient."""
    excluded = {name for concern in there for name in concern.excluded}
    return replace(
        answer,
        concerns=there,
        to_ask=questions(answer.asked.person, ingredients),
        instead=_instead(answer.product, excluded) if excluded else (),
    )


def _instead(
    product: Product | None, excluded: AbstractSet[str]
) -> tuple[Product, ...]:
    """Products with a label that hold nothing excluded, other than the one refused."""
    return tuple(
        each
        for each in products().values()
        if each.standing == "offered"
        and each != product
        and not excluded & set(each.mg_per_g)
    )


def _to_ask(
    person: Person, ingredients: tuple[str, ...], amount: Amount
) -> tuple[Question, ...]:
    sources = amount.row.backing.sources
    first = []
    if person.age_years is None:
        first.append(
            Question(
                key="age_years",
                text="How old is the person? The amount is that for adults.",
                excludes=True,
                sources=sources,
            )
        )
    if person.weight_kg is None:
        first.append(
            Question(
                key="weight_kg",
                text="How heavy is the person? Without it nothing is said for each "
                "kilogram of weight.",
                excludes=False,
                sources=sources,
            )
        )
    return (*first, *questions(person, ingredients))

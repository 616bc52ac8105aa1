"""Sums over every product of a visit: ingredients, and shares of each label's maximum."""

from collections.abc import Iterable, Mapping, Sequence

from cicatrix.anaesthesia.amount import amount_for, label_row, largest_g
from cicatrix.anaesthesia.products import find_product, nearest_product
from cicatrix.anaesthesia.value import (
    Amount,
    IngredientSum,
    Person,
    Product,
    Refusal,
    Share,
)

__all__ = [
    "Used",
    "added_product",
    "ingredient_sums",
    "other_uses",
    "shares",
    "unknown_product",
]

Used = tuple[Product, float, float]
"""A product with the least and the most grams of it."""

_ROUNDING = 1e-9
"""Shares that make up the whole may sum to a hair more in binary arithmetic."""


def unknown_product(name: str) -> Refusal:
    """The refusal of a name that no file of `evidence/anaesthetics` knows."""
    return Refusal(
        code="unknown-product",
        text=f"“{name}”: no label or source of this product was read, so there is no "
        f"dose.{nearest_product(name)}",
        sources=(),
    )


def added_product(name: str) -> Product | Refusal:
    """A product of the visit beside the first, or why it cannot be counted."""
    found = find_product(name)
    if found is None:
        return unknown_product(name)
    if found.standing != "offered":
        return Refusal(
            code=found.standing,
            text=f"{found.title}: {found.reason}",
            sources=found.backing.sources,
        )
    return found


def ingredient_sums(
    used: Iterable[Used], *, weight_kg: float | None
) -> tuple[IngredientSum, ...]:
    """Milligrams of every ingredient that are put on the skin, over all products."""
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    sources: dict[str, dict[str, None]] = {}
    for product, low_g, high_g in used:
        for name, mg_per_g in product.mg_per_g.items():
            low[name] = low.get(name, 0.0) + mg_per_g * low_g
            high[name] = high.get(name, 0.0) + mg_per_g * high_g
            sources.setdefault(name, {}).update(dict.fromkeys(product.backing.sources))
    return tuple(
        IngredientSum(
            name=name,
            low_mg=low[name],
            high_mg=high[name],
            low_mg_per_kg=None if weight_kg is None else low[name] / weight_kg,
            high_mg_per_kg=None if weight_kg is None else high[name] / weight_kg,
            sources=tuple(sources[name]),
        )
        for name in low
    )


def shares(
    used: Sequence[Used],
    *,
    first: Amount,
    jurisdiction: str,
    person: Person,
) -> tuple[tuple[Share, ...], tuple[Refusal, ...]]:
    """The share of its own maximum that each product uses, and what stands against it.

    The first product's maximum is that of `first.row`, of every further product that of
    the first use of its label. Shares of several products add up to at most one.
    """
    grams: dict[str, float] = {}
    known: dict[str, Product] = {}
    for product, _, high_g in used:
        grams[product.id] = grams.get(product.id, 0.0) + high_g
        known[product.id] = product
    found: list[Share] = []
    against: list[Refusal] = []
    for number, product in enumerate(known.values()):
        row = (
            first.row
            if number == 0
            else label_row(product, jurisdiction=jurisdiction, use=None, person=person)
        )
        if isinstance(row, Refusal):
            text = f"{product.title}: {row.text}"
            against.append(Refusal(code=row.code, text=text, sources=row.sources))
            continue
        most_g = largest_g(row)
        found.append(
            Share(
                product=product.title,
                grams=grams[product.id],
                of_g=most_g,
                fraction=grams[product.id] / most_g,
                sources=row.backing.sources,
            )
        )
    return tuple(found), (*against, *_above(found))


def _above(found: Sequence[Share]) -> tuple[Refusal, ...]:
    total = sum(share.fraction for share in found)
    if total <= 1 + _ROUNDING:
        return ()
    parts = " and ".join(
        f"{share.grams:.4g} g of {share.product} ({share.fraction:.0%} of "
        f"{share.of_g:.4g} g)"
        for share in found
    )
    return (
        Refusal(
            code="sum-above-maxima",
            text=f"Together too much: {parts} make {total:.0%} of what the labels "
            "reach.",
            sources=tuple(
                dict.fromkeys(key for share in found for key in share.sources)
            ),
        ),
    )


def other_uses(
    product: Product, amount: Amount, *, area_cm2: float, person: Person
) -> tuple[Amount, ...]:
    """The same area under the other uses of the same label, where they reach so far."""
    by_use: Mapping[str, None] = dict.fromkeys(
        row.use
        for row in product.rows
        if row.jurisdiction == amount.row.jurisdiction and row.use != amount.row.use
    )
    found = []
    for use in by_use:
        row = label_row(
            product, jurisdiction=amount.row.jurisdiction, use=use, person=person
        )
        other = row if isinstance(row, Refusal) else amount_for(row, area_cm2=area_cm2)
        if isinstance(other, Amount):
            found.append(other)
    return tuple(found)

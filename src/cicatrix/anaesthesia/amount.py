"""Which row of a label holds for a person, and the cream that it gives for an area."""

from collections.abc import Iterable
from itertools import pairwise

from cicatrix.anaesthesia.value import (
    Amount,
    Concern,
    DoseRow,
    Person,
    Product,
    Refusal,
)
from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import nearest

__all__ = ["amount_for", "grams_for", "label_row", "largest_g", "maximum_words"]

_ROUNDING_G = 1e-9
"""Sums of decimals may miss a maximum by this much in binary arithmetic."""


def label_row(
    product: Product, *, jurisdiction: str, use: str | None, person: Person
) -> DoseRow | Refusal:
    """The row of the label for this person, or why there is none.

    A person whose age was not given is taken for an adult, which the answer must say.
    In children a weight below that of their age's row leads to the row of the weight,
    as the US label has it.

    Raises
    ------
    InputInvalid
        No row of this product knows the `use`.
    """
    _check_use(product, use)
    oldest = max((row.age_from_years for row in product.rows), default=0.0)
    age = oldest if person.age_years is None else person.age_years
    for barred in product.no_dose:
        if (
            barred.jurisdiction == jurisdiction
            and barred.age_from_years <= age < barred.age_below_years
        ):
            return Refusal(
                code=barred.code,
                text=f"{barred.reason} {barred.beside}".strip(),
                sources=barred.backing.sources,
            )
    rows = [row for row in product.rows if row.jurisdiction == jurisdiction]
    if not rows:
        return Refusal(
            code="no-label",
            text=f"No label of {product.title} for this jurisdiction was read.",
            sources=product.backing.sources,
        )
    wanted = use or rows[0].use
    rows = [row for row in rows if row.use == wanted]
    covering = [row for row in rows if row.age_from_years <= age < row.age_below_years]
    if not covering:
        return Refusal(
            code="age-not-covered",
            text=f"No row of the {jurisdiction.upper()} label covers this age for this "
            f"use; it has rows for {_populations(rows)}.",
            sources=product.backing.sources,
        )
    return _by_weight(covering[0], rows, person=person)


def _check_use(product: Product, use: str | None) -> None:
    known = list(dict.fromkeys(row.use for row in product.rows))
    if use is not None and known and use not in known:
        raise InputInvalid(
            f"the label of {product.title} knows no use “{use}”, so no row can be "
            f"chosen.{nearest(use, known)} Choose one of {', '.join(known)}."
        )


def _populations(rows: Iterable[DoseRow]) -> str:
    return "; ".join(row.population for row in rows) or "nobody"


def _by_weight(
    row: DoseRow, rows: list[DoseRow], *, person: Person
) -> DoseRow | Refusal:
    weight = person.weight_kg
    if weight is None:
        if not row.weight_needed:
            return row
        return Refusal(
            code="weight-not-given",
            text="The label goes by age and weight in children, and the weight was not "
            "given.",
            sources=row.backing.sources,
        )
    while row.weight_above_kg is not None and weight <= row.weight_above_kg:
        if not row.weight_needed:
            return Refusal(
                code="weight-not-covered",
                text=f"The label's table covers {row.weight_above_kg:g} kg and less in "
                f"children only; {weight:g} kg in an adult is not covered.",
                sources=row.backing.sources,
            )
        row = max(
            (each for each in rows if each.age_from_years < row.age_from_years),
            key=lambda each: each.age_from_years,
        )
    return row


def amount_for(
    row: DoseRow, *, area_cm2: float, concerns: Iterable[Concern] = ()
) -> Amount | Refusal:
    """Cream for `area_cm2` under `row`, or why the label does not reach so far.

    The layer is never thinned to keep to a maximum: more area than the maximum allows
    is refused. `concerns` may shorten the time.
    """
    if area_cm2 > row.max_area_cm2:
        return Refusal(
            code="area-above-maximum",
            text=f"{area_cm2:g} cm² is more than {maximum_words(row)} for {row.population} "
            f"({row.max_area_cm2:g} cm²).",
            sources=row.backing.sources,
        )
    low_g, high_g = grams_for(row, area_cm2)
    if row.max_dose_g is not None and high_g > row.max_dose_g + _ROUNDING_G:
        return Refusal(
            code="amount-above-maximum",
            text=f"{high_g:.4g} g would be needed for {area_cm2:g} cm², more than "
            f"{maximum_words(row)} for {row.population} ({row.max_dose_g:g} g).",
            sources=row.backing.sources,
        )
    if row.max_dose_g is not None:
        low_g, high_g = min(low_g, row.max_dose_g), min(high_g, row.max_dose_g)
    least = [c.dwell_min_minutes for c in concerns if c.dwell_min_minutes is not None]
    most = [c.dwell_max_minutes for c in concerns if c.dwell_max_minutes is not None]
    if row.dwell_max_minutes is not None:
        most.append(row.dwell_max_minutes)
    return Amount(
        row=row,
        low_g=low_g,
        high_g=high_g,
        dwell_min_minutes=min(least) if least else row.dwell_min_minutes,
        dwell_max_minutes=min(most) if most else None,
    )


def maximum_words(row: DoseRow) -> str:
    """What the row's maxima are, in words."""
    return {
        "label": "the label's maximum",
        "largest-studied": "the largest amount for which the label gives blood levels; "
        "it states no maximum",
        "largest-table-row": "the last row of the label's table",
    }[row.max_kind]


def grams_for(row: DoseRow, area_cm2: float) -> tuple[float, float]:
    """Least and most grams for an area under a row, whatever its maxima.

    Between two rows of a table lies a straight line, below the first a line to nothing;
    beyond the last the amount stays.
    """
    if row.g_per_cm2 is not None:
        return row.g_per_cm2[0] * area_cm2, row.g_per_cm2[1] * area_cm2
    points = ((0.0, 0.0), *row.table_cm2_g)
    for (area_a, grams_a), (area_b, grams_b) in pairwise(points):
        if area_cm2 <= area_b:
            part = (area_cm2 - area_a) / (area_b - area_a)
            grams = grams_a + part * (grams_b - grams_a)
            return grams, grams
    return points[-1][1], points[-1][1]


def largest_g(row: DoseRow) -> float:
    """The most grams that the row reaches: its maximum, or its maximum area's amount."""
    if row.max_dose_g is not None:
        return row.max_dose_g
    return grams_for(row, row.max_area_cm2)[1]

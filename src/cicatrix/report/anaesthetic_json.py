"""An anaesthetic answer as JSON: every number beside its sources."""

from collections.abc import Iterable

from cicatrix.anaesthesia.value import (
    Amount,
    Anaesthetic,
    Concern,
    IngredientSum,
    Product,
    Refusal,
    Told,
)
from cicatrix.report.as_json import Json, published_schema
from cicatrix.report.bibliography import behind, bibliography

__all__ = ["SCHEMA", "anaesthetic_schema", "anaesthetic_to_json"]

SCHEMA = "cicatrix/anaesthetic-1"


def anaesthetic_to_json(answer: Anaesthetic) -> Json:
    """The answer as a JSON object that obeys `schema/anaesthetic-1.json`."""
    document: Json = {
        "schema": SCHEMA,
        "asked": _asked(answer),
        "state": "refused" if answer.amount is None else "dose",
        "assumes_adult": answer.amount is not None
        and answer.asked.person.age_years is None,
        "clinician_reviewed": False,
        "jurisdiction": answer.jurisdiction,
        "product": None if answer.product is None else _product(answer.product),
        "refusals": [_refusal(each) for each in answer.refusals],
        "amount": None if answer.amount is None else _amount(answer.amount),
        "other_uses": [_amount(each) for each in answer.other_uses],
        "sums": [_sum(each) for each in answer.sums],
        "shares": [
            {
                "product": each.product,
                "used_g": each.grams,
                "of_g": each.of_g,
                "share_fraction": each.fraction,
                "sources": list(each.sources),
            }
            for each in answer.shares
        ],
        "concerns": [_concern(each) for each in answer.concerns],
        "to_ask": [
            {
                "key": each.key,
                "question": each.text,
                "may_exclude": each.excludes,
                "sources": list(each.sources),
            }
            for each in answer.to_ask
        ],
        "told": [_told(each) for each in answer.told],
        "instead": [_product(each) for each in answer.instead],
    }
    return {**document, "bibliography": bibliography(_cited(document))}


def anaesthetic_schema() -> Json:
    """The JSON Schema (2020-12) of `anaesthetic_to_json`."""
    return published_schema("anaesthetic-1")


def _asked(answer: Anaesthetic) -> Json:
    asked = answer.asked
    return {
        "product": asked.product,
        "area_cm2": asked.area_cm2,
        "weight_kg": asked.person.weight_kg,
        "age_years": asked.person.age_years,
        "jurisdiction": asked.jurisdiction,
        "use": asked.use,
        "more": [{"product": name, "dose_g": grams} for name, grams in asked.more],
        "conditions": dict(asked.person.conditions),
    }


def _product(product: Product) -> Json:
    return {
        "id": product.id,
        "title": product.title,
        "ingredients": [
            {"name": name, "strength_mg_per_g": strength}
            for name, strength in product.mg_per_g.items()
        ],
        **behind(product.backing),
    }


def _refusal(refusal: Refusal) -> Json:
    document: Json = {
        "code": refusal.code,
        "text": refusal.text,
        "sources": list(refusal.sources),
    }
    return document if refusal.sources else {**document, "computed_from": ["asked"]}


def _amount(amount: Amount) -> Json:
    row = amount.row
    return {
        "use": row.use,
        "use_title": row.use_title,
        "population": row.population,
        "low_g": amount.low_g,
        "high_g": amount.high_g,
        "dwell_min_minutes": amount.dwell_min_minutes,
        "dwell_typical_max_minutes": row.dwell_typical_max_minutes,
        "dwell_max_minutes": amount.dwell_max_minutes,
        "occlusion": row.occlusion,
        "max_area_cm2": row.max_area_cm2,
        "max_dose_g": row.max_dose_g,
        "max_kind": row.max_kind,
        **behind(row.backing),
    }


def _sum(each: IngredientSum) -> Json:
    return {
        "ingredient": each.name,
        "low_mg": each.low_mg,
        "high_mg": each.high_mg,
        "low_mg_per_kg": each.low_mg_per_kg,
        "high_mg_per_kg": each.high_mg_per_kg,
        "sources": list(each.sources),
    }


def _concern(concern: Concern) -> Json:
    return {
        "key": concern.key,
        "excluded": list(concern.excluded),
        "text": concern.text,
        **behind(concern.backing),
    }


def _told(told: Told) -> Json:
    return {"heading": told.heading, "text": told.text, **behind(told.backing)}


def _cited(value: object) -> Iterable[str]:
    """Every key under a “sources” of the document."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "sources":
                yield from inner
            else:
                yield from _cited(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _cited(inner)

"""Screening, anaesthetic and punctures of a plan as JSON, in short.

Their commands (`cicatrix screen`, `anaesthetic`, `punctures`) write them whole.
"""

from typing import Any

from cicatrix.anaesthesia.sheet import anaesthetic_sheet
from cicatrix.anaesthesia.value import Anaesthetic
from cicatrix.domain.sheet import Sheet
from cicatrix.planning.numbing import excluded_by
from cicatrix.planning.planning import Plan
from cicatrix.punctures.field import PunctureField
from cicatrix.punctures.sheet import puncture_sheet
from cicatrix.screening.sheet import screening_sheet
from cicatrix.screening.value import Screening

__all__ = ["rooms_to_json"]

Json = dict[str, Any]


def rooms_to_json(plan: Plan) -> Json:
    """The three answers under their names; `None` where nobody asked."""
    return {
        "screening": None if plan.screening is None else _screening(plan.screening),
        "halted": plan.halted,
        "anaesthetic": None
        if plan.anaesthetic is None
        else _anaesthetic(plan.anaesthetic, plan.screening),
        "punctures": None if plan.punctures is None else _punctures(plan.punctures),
    }


def _told(sheet: Sheet) -> Json:
    """The answer of a sheet in words, with its sources."""
    return {
        "text": sheet.answer.text,
        "sources": list(sheet.answer.sources),
        "computed_from": ["asked"],
    }


def _screening(screening: Screening) -> Json:
    return {
        **_told(screening_sheet(screening)),
        "verdict": str(screening.verdict),
        "until_on": None if screening.until_on is None else str(screening.until_on),
        "until": list(screening.until),
        "asked_on": str(screening.asked_on),
        "planned_for": str(screening.planned_for),
        "reasons": [
            {
                "rule": each.rule,
                "title": each.title,
                "verdict": str(each.verdict),
                "say": each.say,
                "sources": list(each.sources),
                "support": str(each.support),
            }
            for each in screening.reasons
        ],
        "must_ask": [
            {
                "id": each.id,
                "ask": each.ask,
                "may_become": str(each.may_become),
                "sources": list(each.sources),
            }
            for each in screening.must_ask
        ],
        "excluded_anaesthetics": list(screening.excluded_anaesthetics),
    }


def _anaesthetic(answer: Anaesthetic, screening: Screening | None) -> Json:
    excluded = excluded_by(screening, answer)
    amount = None if excluded else answer.amount
    told = _told(anaesthetic_sheet(answer))
    if excluded:
        told["text"] = f"None: the screening excludes {' and '.join(excluded)}."
    return {
        **told,
        "product": answer.asked.product,
        "area_cm2": answer.asked.area_cm2,
        "low_g": None if amount is None else amount.low_g,
        "high_g": None if amount is None else amount.high_g,
        "dwell_min_minutes": None if amount is None else amount.dwell_min_minutes,
        "dwell_max_minutes": None if amount is None else amount.dwell_max_minutes,
        "excluded_by_screening": list(excluded),
        "refusals": [
            {"code": each.code, "text": each.text, "sources": list(each.sources)}
            for each in answer.refusals
        ],
    }


def _punctures(field: PunctureField) -> Json:
    return {
        **_told(puncture_sheet(field)),
        "per_cm2": round(field.per_cm2.mean, 1),
        "expected_per_cm2": round(field.expected_per_cm2, 1),
        "evenness_ratio": round(field.evenness.mean, 3),
        "wounded_fraction": round(field.wounded.mean, 4),
        "within": [
            {"mm": mm, "share_fraction": round(share.mean, 3)}
            for mm, share in zip(field.sampling.within_mm, field.within, strict=True)
        ],
    }

"""Answers to the worked cases of the anaesthetics' files."""

from collections.abc import Mapping
from typing import Any

from cicatrix.anaesthesia.answering import anaesthetic
from cicatrix.anaesthesia.conditions import concerns, conduct, questions
from cicatrix.anaesthesia.value import Person

__all__ = ["worked_product", "worked_safety"]


def worked_product(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """The dose for a worked case of a product, in the words of its file."""
    if "area_cm2" not in given:
        return {"state": "lacks-an-answer"}
    answer = anaesthetic(
        name,
        area_cm2=given["area_cm2"],
        person=Person(
            weight_kg=given.get("weight_kg"), age_years=given.get("age_years")
        ),
        jurisdiction=given.get("jurisdiction"),
        use=given.get("use"),
    )
    if answer.amount is None:
        code = answer.refusals[0].code
        state = "lacks-an-answer" if code == "weight-not-given" else "silent"
        return {"state": state, "reason": code}
    return {
        "state": "speaks",
        "low_g": round(answer.amount.low_g, 6),
        "high_g": round(answer.amount.high_g, 6),
        "population": answer.amount.row.population,
        "dwell_min_minutes": answer.amount.dwell_min_minutes,
        "dwell_max_minutes": answer.amount.dwell_max_minutes,
    }


def worked_safety(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """What the conditions or the conduct say in a worked case."""
    if name == "conduct":
        told = conduct(given["ingredients"])
        watch = [each for each in told if each.heading == "watch"]
        state = "speaks" if given["ingredients"] else "lacks-an-answer"
        return {"state": state, "watch": len(watch)}
    key, answer = given["key"], given.get("answer")
    person = Person(
        age_years=given.get("age_years"),
        conditions={} if answer is None else {key: answer},
    )
    found = concerns(person, given["ingredients"])
    if found:
        excluded = [each for concern in found for each in concern.excluded]
        return {"state": "speaks", "excluded": excluded}
    asked = {question.key for question in questions(person, given["ingredients"])}
    return {"state": "lacks-an-answer" if key in asked else "silent"}

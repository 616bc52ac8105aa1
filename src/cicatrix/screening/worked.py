"""Answers to the worked cases that every file of screening brings with it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cicatrix.screening.answering import Answers, applicable, as_answers
from cicatrix.screening.judging import Heard, hear, strictest
from cicatrix.screening.questions import questions
from cicatrix.screening.rules import rules

__all__ = ["worked_question", "worked_rule"]

_ANY_DAY = date(2026, 3, 1)
"""Stands for the planned day in cases without a date."""


def _answers(given: Mapping[str, Any]) -> Answers:
    return Answers(
        given={
            name: value
            for name, value in as_answers(given).items()
            if name not in ("planned_for", "policy")
        },
        planned_for=given.get("planned_for", _ANY_DAY),
    )


def worked_rule(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """What a rule alone says: `verdict`, `until`, `until_on`, `excludes`, or `ask`.

    `given` holds answers, `planned_for`, and `policy` for one other than the cautious.
    """
    rule = rules()[name]
    answers = _answers(given)
    heard = hear(rule, answers, followed=rule.policy(given.get("policy")))
    if heard.reasons:
        return _spoken(heard)
    if heard.waiting:
        return {"state": "lacks-an-answer", "ask": heard.waiting[0][0]}
    return {"state": "silent"}


def _spoken(heard: Heard) -> dict[str, object]:
    verdict = strictest(reason.verdict for reason in heard.reasons)
    first = next(r for r in heard.reasons if r.verdict is verdict)
    return {
        "state": "speaks",
        "verdict": str(verdict),
        "until": first.until,
        "until_on": first.until_on,
        "excludes": list(first.excludes),
    }


def worked_question(_: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Whether a question is asked of this person: `given` holds `id` and `answers`."""
    question = questions().get(given["id"])
    if question is None:
        return {"state": "lacks-an-answer"}
    truth = applicable(question, _answers(given.get("answers", {})))
    if truth.value is None:
        return {"state": "lacks-an-answer", "ask": truth.ask}
    return {"state": "speaks" if truth.value else "silent"}

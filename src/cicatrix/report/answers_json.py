"""The answers of a first visit as JSON, described by `schema/answers-1.json`."""

from collections.abc import Sequence
from typing import Any

from cicatrix.planning.answers import Answer
from cicatrix.report.bibliography import bibliography
from cicatrix.report.plan_json import backed

__all__ = ["ANSWERS_SCHEMA", "answers_to_json"]

ANSWERS_SCHEMA = "cicatrix/answers-1"


def answers_to_json(answers: Sequence[Answer], *, about: str | None) -> dict[str, Any]:
    """Each question and answer beside its sources."""
    return {
        "schema": ANSWERS_SCHEMA,
        "asked": {"about": about},
        "answers": [
            backed(
                each.backing,
                id=each.id,
                question=each.question,
                answer=each.answer,
                about=list(each.about),
            )
            for each in answers
        ],
        "bibliography": bibliography(
            key for each in answers for key in each.backing.sources
        ),
    }

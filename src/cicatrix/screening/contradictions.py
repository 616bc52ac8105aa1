"""Answers that cannot both be true."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from cicatrix.errors import InputInvalid
from cicatrix.evidence.clinical import Row, load_clinical
from cicatrix.screening.answering import Answers, as_answers, check_conditions, holds
from cicatrix.screening.questions import Tables, tables_of

__all__ = ["check_contradictions", "worked"]


def check_contradictions(answers: Answers, *, at: str) -> None:
    """Refuse answers that contradict each other; raises `InputInvalid`."""
    for name in load_clinical("contradictions"):
        for row, when in _rows(name):
            if holds(when, answers).value:
                raise InputInvalid(
                    f"{at}: {row.fields['says']} ({', '.join(row.fields['when'])}). "
                    "Correct one of them."
                )


@cache
def _rows(name: str) -> tuple[tuple[Row, Tables], ...]:
    """The rows of a file with their conditions, checked."""
    found = []
    for row in load_clinical("contradictions")[name].rows:
        when = tables_of(row.fields["when"])
        check_conditions(when, at=row.where)
        found.append((row, when))
    return tuple(found)


def worked(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Answer a worked case: speaks when one of the rows refuses."""
    answers = Answers(given=as_answers(given), planned_for=date.min)
    unknown = False
    for _, when in _rows(name):
        truth = holds(when, answers)
        if truth.value:
            return {"state": "speaks"}
        unknown = unknown or truth.value is None
    return {"state": "lacks-an-answer" if unknown else "silent"}

"""Answers that cannot both be true."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cicatrix.errors import InputInvalid
from cicatrix.evidence.clinical import load_clinical
from cicatrix.screening.answering import Answers, as_answers, holds
from cicatrix.screening.questions import tables_of

__all__ = ["check_contradictions", "worked"]


def check_contradictions(answers: Answers, *, at: str) -> None:
    """Refuse answers that contradict each other; raises `InputInvalid`."""
    for file in load_clinical("contradictions").values():
        for row in file.rows:
            if holds(tables_of(row.fields["when"]), answers).value:
                raise InputInvalid(
                    f"{at}: {row.fields['says']} ({', '.join(row.fields['when'])}). "
                    "Correct one of them."
                )


def worked(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Answer a worked case: speaks when one of the rows refuses."""
    answers = Answers(given=as_answers(given), planned_for=date.min)
    unknown = False
    for row in load_clinical("contradictions")[name].rows:
        truth = holds(tables_of(row.fields["when"]), answers)
        if truth.value:
            return {"state": "speaks"}
        unknown = unknown or truth.value is None
    return {"state": "lacks-an-answer" if unknown else "silent"}

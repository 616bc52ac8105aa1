"""Counts of pigment change with their denominators, for this skin type."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from cicatrix.evidence.clinical import Row, load_clinical
from cicatrix.screening.answering import Answers, as_answers, check_conditions, holds
from cicatrix.screening.questions import Tables, tables_of
from cicatrix.screening.value import Figure

__all__ = ["figures_for", "worked"]


def figures_for(answers: Answers) -> tuple[Figure, ...]:
    """Every count whose people resemble this person; none while that is unknown."""
    return tuple(
        _figure(row)
        for name in load_clinical("figures")
        for row, when in _rows(name)
        if holds(when, answers).value
    )


@cache
def _rows(name: str) -> tuple[tuple[Row, Tables], ...]:
    """The rows of a file with their conditions, checked."""
    found = []
    for row in load_clinical("figures")[name].rows:
        when = tables_of(row.fields["when"])
        check_conditions(when, at=row.where)
        found.append((row, when))
    return tuple(found)


def _figure(row: Row) -> Figure:
    return Figure(
        what=row.fields["what"],
        population=row.fields["population"],
        events=row.fields["events"],
        treated=row.fields.get("treated"),
        sources=row.backing.sources,
        support=row.backing.support,
        note=row.backing.note,
    )


def worked(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Answer a worked case: the counts that are shown, or the question to ask."""
    answers = Answers(given=as_answers(given), planned_for=date.min)
    told = [(row, holds(when, answers)) for row, when in _rows(name)]
    found = [row for row, truth in told if truth.value]
    if found:
        return {"state": "speaks", "events": [row.fields["events"] for row in found]}
    asks = [truth.ask for _, truth in told if truth.value is None]
    if asks:
        return {"state": "lacks-an-answer", "ask": asks[0]}
    return {"state": "silent"}

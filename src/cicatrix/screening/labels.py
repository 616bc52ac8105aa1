"""What a label or a regulator says of this use: on-label, off-label, or nothing known."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cicatrix.evidence.clinical import Row, load_clinical
from cicatrix.screening.answering import Answers, Truth, as_answers, holds
from cicatrix.screening.questions import questions, tables_of
from cicatrix.screening.value import LabelAnswer

__all__ = ["labels_for", "worked"]

_UNKNOWN = "No statement of a label or regulator is known to Cicatrix for this."


def labels_for(answers: Answers) -> tuple[LabelAnswer, ...]:
    """What is known of this use, per place of treatment and product.

    Empty while nobody said where is treated; a place without any row answers
    "no-statement-known", which is neither a permission nor a ban.
    """
    place = answers.given.get("jurisdiction")
    if not isinstance(place, str):
        return ()
    found = [
        said
        for file in load_clinical("labels").values()
        for row in file.rows
        if row.fields["jurisdiction"] == place
        and (said := _said(row, answers)) is not None
    ]
    return tuple(found) or (_no_statement(place, answers),)


def _said(row: Row, answers: Answers) -> LabelAnswer | None:
    """What one row says, or nothing where it is of another product."""
    device = row.fields.get("device", "")
    if device and answers.given.get("device") != device:
        return None
    truth = _all(row, answers)
    if truth.value is None:
        asked = questions()[truth.ask].ask
        state, says = "lacks-an-answer", f"{row.fields['title']}: first ask “{asked}”"
    elif truth.value:
        state, says = "on-label", row.fields["on"]
    else:
        state, says = "off-label", row.fields["off"]
    return LabelAnswer(
        jurisdiction=row.fields["jurisdiction"],
        device=device,
        state=state,
        says=says,
        sources=row.backing.sources,
        support=row.backing.support,
        note=row.backing.note,
    )


def _all(row: Row, answers: Answers) -> Truth:
    """Within the label where every part of the use is: a part outside decides."""
    return holds(tables_of(row.fields["covers"]), answers)


def _no_statement(place: str, answers: Answers) -> LabelAnswer:
    backing = load_clinical("labels")["elsewhere"].backing
    if backing is None:
        raise ValueError("labels/elsewhere.toml has lost its backing")
    return LabelAnswer(
        jurisdiction=place,
        device=str(answers.given.get("device", "")),
        state="no-statement-known",
        says=_UNKNOWN,
        sources=backing.sources,
        support=backing.support,
        note=backing.note,
    )


def worked(_: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Answer a worked case: silent where no statement is known."""
    answers = Answers(given=as_answers(given), planned_for=date.min)
    said = labels_for(answers)
    if not said or any(each.state == "lacks-an-answer" for each in said):
        return {"state": "lacks-an-answer"}
    if all(each.state == "no-statement-known" for each in said):
        return {"state": "silent"}
    return {"state": "speaks", "says": [each.state for each in said]}

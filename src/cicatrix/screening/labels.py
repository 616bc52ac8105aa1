"""What a label or a regulator says of this use: on-label, off-label, or nothing known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from cicatrix.evidence.clinical import Backing, Row, load_clinical
from cicatrix.screening.answering import Answers, as_answers, check_conditions, holds
from cicatrix.screening.questions import Tables, questions, tables_of
from cicatrix.screening.value import LabelAnswer

__all__ = ["Label", "known_labels", "labels_for", "worked"]

_UNKNOWN = "No statement of a label or regulator is known to Cicatrix for this."


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What one authority says of the whole class (`model` ""), or of one product.

    `covers` is the use within the label; `on` and `off` say what holds inside and
    outside of it.
    """

    jurisdiction: str
    model: str
    title: str
    covers: Tables
    on: str
    off: str
    backing: Backing


@cache
def known_labels() -> tuple[Label, ...]:
    """Every label: of the class from `labels`, of products from `devices/labels`."""
    of_classes = (
        Label(
            jurisdiction=row.fields["jurisdiction"],
            model="",
            title=row.fields["title"],
            covers=tables_of(row.fields["covers"]),
            on=row.fields["on"],
            off=row.fields["off"],
            backing=row.backing,
        )
        for file in load_clinical("labels").values()
        for row in file.rows
    )
    found = (*of_classes, *_of_products())
    for label in found:
        check_conditions(label.covers, at=f"the label of {label.title}")
    return found


def _of_products() -> Iterator[Label]:
    titles = questions()["device"].answers
    for row in load_clinical("devices")["labels"].rows:
        if "model" in row.fields:
            yield _of_product(row, titles[row.fields["model"]])


def _of_product(row: Row, title: str) -> Label:
    fields = row.fields
    covers = {
        "indication": fields["indications"],
        "sites": {"all_of": fields["sites"]},
        "age_years": {"at_least": fields["age_from_years"]},
    }
    narrowed = fields.get("skin_types")
    if narrowed and set(narrowed) != set(questions()["skin_type"].answers):
        covers["skin_type"] = narrowed
    return Label(
        jurisdiction=fields["jurisdiction"],
        model=fields["model"],
        title=title,
        covers=tables_of(covers),
        on=f"Within the label of this product: {fields['text']}.",
        off=f"Outside the label of this product: {fields['text']}.",
        backing=row.backing,
    )


def labels_for(answers: Answers) -> tuple[LabelAnswer, ...]:
    """What is known of this use: of the class, then of the product if it is named.

    Empty while nobody said where is treated. A place or a product without any label
    answers "no-statement-known", which is neither a permission nor a ban.
    """
    place = answers.given.get("jurisdiction")
    device = answers.given.get("device", "")
    if not isinstance(place, str) or not isinstance(device, str):
        return ()
    here = [label for label in known_labels() if label.jurisdiction == place]
    found = [_said(label, answers) for label in here if label.model in ("", device)]
    unlabelled = device and device not in {label.model for label in here}
    if not found or unlabelled:
        found.append(_no_statement(place, device))
    return tuple(found)


def _said(label: Label, answers: Answers) -> LabelAnswer:
    """Within the label where every part of the use is: a part outside decides."""
    truth = holds(label.covers, answers)
    if truth.value is None:
        asked = questions()[truth.ask].ask
        state, says = "lacks-an-answer", f"{label.title}: first ask “{asked}”"
    elif truth.value:
        state, says = "on-label", label.on
    else:
        state, says = "off-label", label.off
    return LabelAnswer(
        jurisdiction=label.jurisdiction,
        device=label.model,
        state=state,
        says=says,
        sources=label.backing.sources,
        support=label.backing.support,
        note=label.backing.note,
    )


def _no_statement(place: str, device: str) -> LabelAnswer:
    backing = load_clinical("labels")["elsewhere"].backing
    if backing is None:
        raise ValueError("labels/elsewhere.toml has lost its backing")
    return LabelAnswer(
        jurisdiction=place,
        device=device,
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

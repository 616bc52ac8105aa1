"""The questionnaire as data: what is asked, in which order, and of whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.clinical import Row, load_clinical
from cicatrix.evidence.words_of_the_field import indications, sites

__all__ = ["WEEKS_AGO", "Question", "Tables", "questions", "tables_of"]

Tables = tuple[Mapping[str, Any], ...]
"""Conditions: true where one of the tables is, and a table where each field is."""

WEEKS_AGO = "_weeks_ago"
"""Ends the field that may stand for a day: `filler_weeks_ago` for `filler_on`."""

_VOCABULARIES = {
    "indications": lambda: {key: word.title for key, word in indications().items()},
    "sites": lambda: {key: word.title for key, word in sites().items()},
    "models": lambda: (
        {
            row.fields["id"]: row.fields["title"]
            for row in load_clinical("devices")["models"].rows
        }
        | {"other": "another"}
    ),
}

_KINDS = ("yes-no", "choice", "choices", "day", "number")
_RISKS = ("rising", "falling", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    `kind` is "yes-no", "choice" (one), "choices" (all that hold), "day" or "number".
    `answers` are the choices with their words; where `risk` is "rising" they stand
    from harmless to grave, a later day is graver, and “yes” is graver than “no”;
    "falling" is the reverse (age), "none" is no order. `harmless` choices raise nothing. `who` answers it: the person or
    the clinician. It is asked only where `asked_if` holds and not where `asked_unless`
    does. An `optional` one may stay open without harm to the verdict.
    """

    id: str
    section: str
    ask: str
    kind: str
    who: str
    answers: Mapping[str, str]
    harmless: tuple[str, ...]
    risk: str
    asked_if: Tables
    asked_unless: Tables
    optional: bool

    @property
    def weeks_field(self) -> str:
        """The field that holds the day as weeks before the answers, or ""."""
        ends = self.kind == "day" and self.id.endswith("_on") and self.risk != "none"
        return self.id.removesuffix("_on") + WEEKS_AGO if ends else ""


@cache
def questions() -> Mapping[str, Question]:
    """Every question by its id, in the order in which it is asked.

    Raises
    ------
    EvidenceInvalid
        A question is malformed, or hangs on one that does not stand before it.
    """
    files = sorted(
        load_clinical("questions").values(), key=lambda file: int(file.fields["order"])
    )
    found: dict[str, Question] = {}
    for file in files:
        for row in file.rows:
            question = _question(row, section=file.title)
            hangs_on = {
                name
                for table in (*question.asked_if, *question.asked_unless)
                for name in table
            }
            unknown = [name for name in hangs_on if name not in found]
            if unknown or question.id in found:
                raise EvidenceInvalid(
                    f"{row.where}: {question.id} is asked twice, or hangs on {unknown} "
                    "that nobody asked before. Correct the order."
                )
            found[question.id] = question
    return MappingProxyType(found)


def _question(row: Row, *, section: str) -> Question:
    fields = dict(row.fields)
    kind, risk = fields["kind"], fields.get("risk", "rising")
    if kind not in _KINDS or risk not in _RISKS:
        raise EvidenceInvalid(
            f"{row.where}: kind {kind!r} or risk {risk!r} is unknown. Choose one of "
            f"{', '.join(_KINDS)} and of {', '.join(_RISKS)}."
        )
    words = _VOCABULARIES.get(fields.get("vocabulary", ""), lambda: None)()
    answers = words or {each["id"]: each["words"] for each in fields.get("answers", ())}
    return Question(
        id=fields["id"],
        section=section,
        ask=fields["ask"],
        kind=kind,
        who=fields.get("who", "person"),
        answers=MappingProxyType(answers),
        harmless=tuple(fields.get("harmless", list(answers)[:1])),
        risk=risk,
        asked_if=tables_of(fields.get("asked_if", [])),
        asked_unless=tables_of(fields.get("asked_unless", [])),
        optional=fields.get("optional", False),
    )


def tables_of(given: object) -> Tables:
    """One table or a list of tables as conditions."""
    if isinstance(given, dict):
        return (MappingProxyType(given),)
    if isinstance(given, list) and all(isinstance(each, dict) for each in given):
        return tuple(MappingProxyType(each) for each in given)
    raise EvidenceInvalid(
        f"a condition must be a table or a list of tables, found {given!r}. Correct it."
    )

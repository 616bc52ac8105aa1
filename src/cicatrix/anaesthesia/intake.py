"""What an intake says that bears on an anaesthetic; its other answers are left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from cicatrix.anaesthesia.conditions import intake_questions
from cicatrix.anaesthesia.value import Person
from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form

__all__ = ["FromIntake", "from_intake"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FromIntake:
    """The person as far as the intake knows, and whose label; `None` if it is mute."""

    person: Person
    jurisdiction: str | None


def from_intake(form: Form, *, weight_kg: float | None = None) -> FromIntake:
    """Age, conditions and jurisdiction of an intake, or of the table of one in a plan.

    The age is `age_years`, or counted from `born_on` to `planned_for` or `asked_on`;
    without either day it stays unknown. An intake holds no weight: it is given.

    Raises
    ------
    InputInvalid
        An answer is of the wrong kind, or the age is no possible one.
    """
    return FromIntake(
        person=Person(
            weight_kg=weight_kg, age_years=_age(form), conditions=_conditions(form)
        ),
        jurisdiction=form.text("jurisdiction"),
    )


def _age(form: Form) -> float | None:
    age = form.number("age_years")
    born = form.day("born_on")
    day = form.day("planned_for") or form.day("asked_on")
    if age is not None or born is None or day is None:
        return age
    return float(_whole_years(born, day))


def _whole_years(born: date, day: date) -> int:
    if day < born:
        raise InputInvalid(
            f"born_on {born.isoformat()} lies after {day.isoformat()}, the day of the "
            "visit, so there is no age. Correct one of them."
        )
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _conditions(form: Form) -> Mapping[str, bool]:
    found: dict[str, bool] = {}
    for key, (question, choice) in intake_questions().items():
        answer = (
            form.yes_no(question) if choice is None else _chosen(form, question, choice)
        )
        if answer is not None:
            found[key] = answer
    return MappingProxyType(found)


def _chosen(form: Form, question: str, choice: str) -> bool | None:
    answers: Any = form.fields.get(question)
    if answers is None:
        return None
    if not isinstance(answers, list) or not all(isinstance(a, str) for a in answers):
        raise InputInvalid(
            f"{form.at}, {question}: must be a list such as [“amide”], [] for none, "
            f"found {answers!r}. Correct it."
        )
    return choice in answers

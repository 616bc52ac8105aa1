"""The answers of one person for one planned day, read from a form and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form, nearest, read_form
from cicatrix.screening.answering import Answers, age_on, applicable
from cicatrix.screening.contradictions import check_contradictions
from cicatrix.screening.policies import policies_from_form
from cicatrix.screening.questions import Question, questions
from cicatrix.screening.value import Answer, PolicyChoices

__all__ = ["MAX_PLANNED_AHEAD_DAYS", "Intake", "intake_from_form", "read_intake"]

MAX_PLANNED_AHEAD_DAYS = 366
"""Answers older than a year say too little of the day; and a slip in the year of
`planned_for` would let every wait pass. Chosen by us, not from a source."""

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
"""Needling of scars is no older, and nobody screens farther ahead: a slip of the pen."""
_OLDEST_YEAR = 1880
"""Nothing that an intake asks for lies before the birth of the oldest people."""

_FRAME = ("asked_on", "planned_for", "policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Answers by question, the day they were given and the day that is planned.

    A question that is absent from `answers` was not answered: that is never “no”.
    """

    asked_on: date
    planned_for: date
    answers: Mapping[str, Answer]
    policies: PolicyChoices

    def as_answers(self) -> Answers:
        """The answers as rules read them."""
        return Answers(given=self.answers, planned_for=self.planned_for)


def read_intake(
    path: Path, *, today: date | None = None, clinic: PolicyChoices | None = None
) -> Intake:
    """The intake in a TOML file.

    Parameters
    ----------
    path
        The file; `cicatrix screen --questions --toml` writes one to fill in.
    today
        Stands for `asked_on` where the file does not say it.
    clinic
        The clinic's policies; the file's own `[policy]` table may not differ.

    Raises
    ------
    InputInvalid
        As `intake_from_form`, or the file cannot be read.
    """
    return intake_from_form(read_form(path, what="intake"), today=today, clinic=clinic)


def intake_from_form(
    form: Form,
    *,
    today: date | None = None,
    planned_for: date | None = None,
    clinic: PolicyChoices | None = None,
) -> Intake:
    """The intake in a form, which may be a table of a larger one.

    Parameters
    ----------
    form
        Fields named after the questions, `asked_on`, `planned_for` and a table
        `policy`.
    today, planned_for
        Stand for `asked_on` and `planned_for` where the form does not say them; a form
        that says neither is planned for the day on which it was asked.
    clinic
        The clinic's policies.

    Raises
    ------
    InputInvalid
        A field is unknown, no possible answer, or contradicts another; a day is
        impossible; or nobody says on which day the answers were given.
    """
    form.only((*_FRAME, *_fields()))
    asked_on = form.day("asked_on") or today
    if asked_on is None:
        raise InputInvalid(
            f"{form.at}: lacks asked_on, the day of these answers, without which no "
            "wait can be counted. Add asked_on = 2026-03-01."
        )
    planned = form.day("planned_for") or planned_for or asked_on
    _check_planned(asked_on, planned, at=form.at)
    answers = {
        question.id: answer
        for question in questions().values()
        if (answer := _answer(form, question, asked_on)) is not None
    }
    intake = Intake(
        asked_on=asked_on,
        planned_for=planned,
        answers=MappingProxyType(answers),
        policies=policies_from_form(form.table("policy"), clinic=clinic),
    )
    _check_days(intake, at=form.at)
    _check_applies(intake, at=form.at)
    check_contradictions(intake.as_answers(), at=form.at)
    return intake


def _fields() -> list[str]:
    """Every field that may hold an answer."""
    return [
        field
        for question in questions().values()
        for field in (question.id, question.weeks_field)
        if field
    ]


def _answer(form: Form, question: Question, asked_on: date) -> Answer | None:
    name = question.id
    if question.kind == "yes-no":
        return form.yes_no(name)
    if question.kind == "number":
        return form.number(name)
    if question.kind == "choice":
        return form.choice(name, list(question.answers))
    if question.kind == "choices":
        return _choices(form, question)
    return _day(form, question, asked_on)


def _day(form: Form, question: Question, asked_on: date) -> date | None:
    day = form.day(question.id)
    field = question.weeks_field
    weeks = form.number(field, quantity="weeks_ago") if field else None
    if weeks is None:
        return day
    counted = asked_on - timedelta(days=round(weeks * 7))
    if day is not None and day != counted:
        raise InputInvalid(
            f"{form.at}: {question.id} = {day} and {field} = {weeks:g} mean different "
            f"days ({counted} by the weeks). Keep one of them."
        )
    return counted


def _choices(form: Form, question: Question) -> tuple[str, ...] | None:
    """All that hold; an empty list says that none does."""
    value = form.fields.get(question.id)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InputInvalid(
            f"{form.at}, {question.id}: must be a list of words in quotes, [] if none "
            f"holds, found {value!r}. Correct it."
        )
    for each in value:
        if each not in question.answers:
            raise InputInvalid(
                f"{form.at}, {question.id}: “{each}” is not one of "
                f"{', '.join(question.answers)}.{nearest(each, question.answers)} "
                "Choose one of these."
            )
    if question.id == "sites" and not value:
        raise InputInvalid(
            f"{form.at}, sites: an empty list would treat nothing. Name the place, or "
            "leave the field out."
        )
    return tuple(each for each in question.answers if each in value)


def _check_planned(asked_on: date, planned: date, *, at: str) -> None:
    if not _FIRST_YEAR <= asked_on.year <= _LAST_YEAR:
        raise InputInvalid(
            f"{at}: asked_on {asked_on} is no possible day ({_FIRST_YEAR} to "
            f"{_LAST_YEAR}). Correct the year."
        )
    ahead = (planned - asked_on).days
    if ahead < 0:
        raise InputInvalid(
            f"{at}: planned_for {planned} lies before asked_on {asked_on}. Correct one "
            "of them."
        )
    if ahead > MAX_PLANNED_AHEAD_DAYS:
        raise InputInvalid(
            f"{at}: planned_for {planned} lies more than a year after the answers of "
            f"{asked_on}. Correct the date, or ask again nearer to the day."
        )


def _check_days(intake: Intake, *, at: str) -> None:
    """Nothing has happened after it was asked, or before birth; one age only."""
    born = intake.answers.get("born_on")
    for name, day in intake.answers.items():
        if not isinstance(day, date):
            continue
        if day > intake.asked_on:
            raise InputInvalid(
                f"{at}: {name} = {day} lies after asked_on {intake.asked_on}, so it "
                "cannot have been known. Correct one of them."
            )
        if day.year < _OLDEST_YEAR:
            raise InputInvalid(
                f"{at}: {name} = {day} lies before {_OLDEST_YEAR}. Correct the year."
            )
        if isinstance(born, date) and day < born:
            raise InputInvalid(
                f"{at}: {name} = {day} lies before born_on {born}. Correct one of them."
            )
    age = intake.answers.get("age_years")
    if isinstance(born, date):
        _check_born(born, age, intake, at=at)


def _check_born(born: date, age: Answer | None, intake: Intake, *, at: str) -> None:
    known = age_on(born, intake.asked_on)
    if isinstance(age, float) and int(age) != known:
        raise InputInvalid(
            f"{at}: age_years = {age:g}, but born_on {born} makes {known} on "
            f"{intake.asked_on}. Correct one of them."
        )
    if known > 120:
        raise InputInvalid(
            f"{at}: born_on {born} would make {known} years. Correct the date."
        )


def _check_applies(intake: Intake, *, at: str) -> None:
    """Refuse a grave answer to a question that another answer makes void."""
    answers = intake.as_answers()
    for name, value in intake.answers.items():
        question = questions()[name]
        if applicable(question, answers).value is False and not _harmless(
            question, value
        ):
            raise InputInvalid(
                f"{at}: {name} is answered, but what is said of "
                f"{', '.join(_gates(question))} leaves it no sense. Correct one of "
                "them, or remove it."
            )


def _gates(question: Question) -> list[str]:
    return list(
        dict.fromkeys(
            name
            for table in (*question.asked_if, *question.asked_unless)
            for name in table
        )
    )


def _harmless(question: Question, value: Answer) -> bool:
    """Whether it may stay beside an answer that makes the question void."""
    if question.kind == "choice" and question.risk == "rising":
        return value in question.harmless
    return value is False or value == ()

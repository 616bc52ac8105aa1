"""The questions that people ask at a first visit, answered with their sources."""

from dataclasses import dataclass

from cicatrix.domain.sheet import Line, Section, Sheet
from cicatrix.evidence.clinical import Backing
from cicatrix.planning.tables import ANY, rows
from cicatrix.planning.wording import fact

__all__ = ["ABOUT", "Answer", "answers_sheet", "first_visit"]

ABOUT = ("scar", "striae")
"""What a visit may be about; both are answered where nobody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question and its answer in plain words; `about` says for whom it holds."""

    id: str
    question: str
    answer: str
    about: tuple[str, ...]
    backing: Backing


def first_visit(about: str | None = None) -> tuple[Answer, ...]:
    """The questions of a first visit with their answers, in the order people ask.

    Parameters
    ----------
    about
        “scar” or “striae”; both where `None`.

    Returns
    -------
    tuple of Answer
        Each with the sources of every number in it. No answer promises anything.

    Examples
    --------
    >>> first_visit("striae")[0].question
    'Does it hurt?'
    """
    return tuple(
        Answer(
            id=row.fields["id"],
            question=row.fields["question"],
            answer=row.fields["answer"],
            about=tuple(row.fields["about"]),
            backing=row.backing,
        )
        for row in rows("answers", "first-visit")
        if about is None or {ANY, about} & set(row.fields["about"])
    )


def answers_sheet(answers: tuple[Answer, ...]) -> Sheet:
    """The answers as a sheet: one section for each question."""
    return Sheet(
        title="First visit",
        answer=Line(
            text="What people ask before microneedling, with where each answer is from."
        ),
        sections=tuple(
            Section(
                title=_heading(each),
                lines=(fact("", each.answer, each.backing),),
            )
            for each in answers
        ),
    )


def _heading(answer: Answer) -> str:
    """The question; whom it is about stands there where it is not for all."""
    if ANY in answer.about:
        return answer.question
    whom = " and ".join(
        {"scar": "scars", "striae": "stretch marks"}[a] for a in answer.about
    )
    return f"{answer.question} ({whom})"

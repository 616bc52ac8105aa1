"""The questionnaire: every question in order, and why it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cicatrix.evidence.clinical import load_clinical
from cicatrix.screening.answering import DERIVED
from cicatrix.screening.labels import known_labels
from cicatrix.screening.policies import disputed
from cicatrix.screening.questions import Question, questions, tables_of
from cicatrix.screening.rules import rules
from cicatrix.screening.value import Verdict

__all__ = ["Asked", "Purpose", "blank_intake", "questionnaire"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A rule that needs the answer, and the strictest verdict it may then give."""

    rule: str
    title: str
    may_become: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with its number, its purposes and what else hangs on it.

    `opens` are later questions that are asked only after this one; `also` says in
    words what else the answer is used for. `only` says when it is asked, in words that
    name earlier questions by their number, "" for always. `sources` are those of the
    rules.
    """

    number: int
    question: Question
    purposes: tuple[Purpose, ...]
    only: str
    opens: tuple[str, ...]
    also: tuple[str, ...]
    sources: tuple[str, ...]


@cache
def questionnaire() -> tuple[Asked, ...]:
    """Every question in order; the purposes follow from the rules themselves."""
    return tuple(
        Asked(
            number=number,
            question=question,
            purposes=_purposes(question.id),
            only=_only(question),
            opens=_opens(question.id),
            also=_also(question.id),
            sources=_sources(question.id),
        )
        for number, question in enumerate(questions().values(), start=1)
    )


def _only(question: Question) -> str:
    found = [_condition("if", table) for table in question.asked_if]
    return " or ".join(found + [_condition("unless", t) for t in question.asked_unless])


def _condition(word: str, table: Mapping[str, Any]) -> str:
    numbers = {name: number for number, name in enumerate(questions(), start=1)}
    return " and ".join(
        f"{word} {numbers[name]} is {_wanted(name, wanted)}"
        for name, wanted in table.items()
    )


def _wanted(name: str, wanted: object) -> str:
    values = wanted if isinstance(wanted, list) else [wanted]
    words = {**_FAMILIES, **questions()[name].answers}
    return " or ".join(
        "yes" if value is True else words.get(str(value), str(value))
        for value in values
    )


_FAMILIES = {"any-striae": "stretch marks", "any-scar": "a scar"}
"""Words for whole kinds of indications."""


def _names(question: str) -> frozenset[str]:
    """The question's own name and those that are derived from it."""
    derived = {name for name, (origin, _) in DERIVED.items() if origin == question}
    return frozenset({question} | derived)


def _purposes(question: str) -> tuple[Purpose, ...]:
    names = _names(question)
    found = []
    for rule in rules().values():
        ranks = [
            arm.verdict for arm in rule.all_arms() if names & frozenset(arm.questions())
        ]
        if ranks:
            found.append(
                Purpose(
                    rule=rule.id,
                    title=rule.title,
                    may_become=max(ranks, key=lambda verdict: verdict.rank),
                )
            )
    return tuple(sorted(found, key=lambda purpose: -purpose.may_become.rank))


def _sources(question: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            key
            for purpose in _purposes(question)
            for key in rules()[purpose.rule].backing.sources
        )
    )


def _opens(question: str) -> tuple[str, ...]:
    return tuple(
        each.id
        for each in questions().values()
        if any(question in table for table in (*each.asked_if, *each.asked_unless))
    )


def _also(question: str) -> tuple[str, ...]:
    names = _names(question)
    counted = [
        table
        for file in load_clinical("figures").values()
        for row in file.rows
        for table in tables_of(row.fields["when"])
    ]
    labelled = [table for label in known_labels() for table in label.covers]
    found = []
    if any(names & frozenset(table) for table in counted):
        found.append("which counts of harm hold for this skin")
    if any(names & frozenset(table) for table in labelled):
        found.append("whether the use lies within a label")
    return (*found, *_OWN_USES.get(question, ()))


_OWN_USES = {
    "jurisdiction": ("whose labels are shown",),
    "device": ("which product's label is shown",),
    "born_on": ("stands for the age, counted on the planned day",),
}
"""Questions that no condition of a file names: what the answer is for."""


def blank_intake() -> str:
    """An intake to fill in: every field is there, every one commented out.

    Read as it is, it answers nothing. No answer is given beforehand, so that nobody
    says “no” by leaving a line as it was.
    """
    lines = [
        "# Intake for `cicatrix screen`. Remove the # before a line and write the",
        "# answer after the =. Leave the # where nobody knows: that is never “no”.",
        "",
        "# asked_on =      # the day of these answers, such as 2026-03-01",
        "# planned_for =   # the day of the session; without it, the same day",
    ]
    section = ""
    for asked in questionnaire():
        if asked.question.section != section:
            section = asked.question.section
            lines += ["", f"# ── {section} ──"]
        lines += ["", *_blank_lines(asked)]
    return "\n".join(lines + _blank_policies()) + "\n"


def _blank_lines(asked: Asked) -> list[str]:
    question = asked.question
    lines = [f"# {asked.number}. {question.ask}"]
    if question.who == "clinician":
        lines[0] += " (clinician)"
    if asked.only:
        lines.append(f"#    Asked {asked.only}.")
    lines += [
        f"#    Why: {purpose.title} ({purpose.may_become})"
        for purpose in asked.purposes[:3]
    ]
    if question.kind in ("choice", "choices"):
        many = question.kind == "choices"
        lines.append(f"#    {'All that hold, [] for none' if many else 'One'} of:")
        lines += [
            f"#      {key}: {words.removeprefix(f'{key}: ')}"
            for key, words in question.answers.items()
        ]
    lines.append(f"# {question.id} = {_BLANKS[question.kind]}".rstrip())
    if question.weeks_field:
        lines.append(f"# {question.weeks_field} =   # or the weeks since then")
    return lines


_BLANKS = {
    "yes-no": "  # true or false",
    "number": "  # a number",
    "day": "  # a day such as 2026-03-01",
    "choice": '""',
    "choices": "",
}


def _blank_policies() -> list[str]:
    """Where sources disagree: the table of the clinic's choices."""
    lines = [
        "",
        "# ── Where sources disagree: the clinic's choice (the first is the default) ──",
        "",
        "# [policy]",
        '# chosen_by = ""',
        "# chosen_on =",
    ]
    for rule in disputed().values():
        names = sorted(rule.policies, key=lambda policy: not policy.cautious)
        lines.append(
            f'# {rule.id} = ""   # {rule.title}: {", ".join(p.name for p in names)}'
        )
    return lines

"""What screening answers: a verdict, its reasons, and what must still be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cicatrix.evidence.reading import Support

__all__ = [
    "Answer",
    "Figure",
    "LabelAnswer",
    "OpenQuestion",
    "PolicyChoices",
    "PolicyShown",
    "Reason",
    "Screening",
    "Verdict",
]

Answer = bool | str | float | date | tuple[str, ...]
"""An answer: yes or no, one choice, a number, a day, or all choices that hold."""


class Verdict(StrEnum):
    """What screening says; the order is from mild to strict."""

    PROCEED = "proceed"
    PRECAUTIONS = "proceed with precautions"
    NOT_CLEARED = "cannot be cleared yet"
    DEFER = "defer"
    DO_NOT_TREAT = "do not treat"

    @property
    def rank(self) -> int:
        """How strict, from 0."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChoices:
    """Which policy the clinic follows where sources disagree: by rule, its name.

    `chosen_by` and `chosen_on` are told wherever a choice is shown.
    """

    by_rule: Mapping[str, str]
    chosen_by: str = ""
    chosen_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One ground for the verdict.

    `until` is an event, `until_on` the first day on which this ground no longer
    stands. `excludes` names anaesthetics that must not be used. `policy` is the name
    of the policy that speaks, where sources disagree. `answered` are the questions.
    """

    rule: str
    title: str
    scope: str
    verdict: Verdict
    say: str
    why: str
    until: str
    until_on: date | None
    excludes: tuple[str, ...]
    policy: str
    answered: tuple[str, ...]
    sources: tuple[str, ...]
    support: Support
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question without an answer, and the strictest verdict that it may lead to."""

    id: str
    ask: str
    may_become: Verdict
    rules: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyShown:
    """One of several policies that sources support, and its verdict in this case.

    `verdict` is `NOT_CLEARED` where this policy lacks an answer.
    """

    rule: str
    title: str
    name: str
    says: str
    cautious: bool
    followed: bool
    verdict: Verdict
    until_on: date | None
    until: tuple[str, ...]
    sources: tuple[str, ...]
    support: Support
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelAnswer:
    """What a label or a regulator says of this use, in one place, of one device.

    `state` is "on-label", "off-label", "no-statement-known" or "lacks-an-answer".
    """

    jurisdiction: str
    device: str
    state: str
    says: str
    sources: tuple[str, ...]
    support: Support
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A count with its denominator: `events` of `treated` (unknown: `None`)."""

    what: str
    population: str
    events: int
    treated: int | None
    sources: tuple[str, ...]
    support: Support
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """The verdict of one intake for one planned day.

    `until_on` is the first possible day as far as dates decide it, `until` the events
    that must come first. `must_ask` is most decisive first; while it is not empty the
    verdict is never plain "proceed". `excluded_anaesthetics` names ingredients.
    """

    verdict: Verdict
    until_on: date | None
    until: tuple[str, ...]
    asked_on: date
    planned_for: date
    reasons: tuple[Reason, ...]
    must_ask: tuple[OpenQuestion, ...]
    policies: tuple[PolicyShown, ...]
    policy_choices: PolicyChoices
    labels: tuple[LabelAnswer, ...]
    figures: tuple[Figure, ...]
    excluded_anaesthetics: tuple[str, ...]
    answers: Mapping[str, Answer]

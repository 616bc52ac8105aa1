"""From answers to a verdict: every rule speaks for itself, and the strictest wins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from cicatrix.screening.answering import Answers, applicable, holds
from cicatrix.screening.figures import figures_for
from cicatrix.screening.intake import Intake
from cicatrix.screening.labels import labels_for
from cicatrix.screening.questions import questions
from cicatrix.screening.rules import SCOPES, Arm, Policy, Rule, rules
from cicatrix.screening.value import (
    OpenQuestion,
    PolicyShown,
    Reason,
    Screening,
    Verdict,
)

__all__ = ["Heard", "hear", "screen", "strictest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one rule, or one of its policies, says: its reasons and its open arms.

    `waiting` pairs a question without an answer with the arm that it keeps open.
    """

    reasons: tuple[Reason, ...]
    waiting: tuple[tuple[str, Arm], ...]


def screen(intake: Intake) -> Screening:
    """The verdict for an intake, with every reason and every question still open.

    Notes
    -----
    A question without an answer is never “no”: as long as one is open, the verdict is
    at least `Verdict.NOT_CLEARED`; what is already decisive stands beside it. See
    docs/explanation/screening.md.
    """
    answers = intake.as_answers()
    reasons: list[Reason] = []
    waiting: list[tuple[str, Arm, Rule]] = []
    shown: list[PolicyShown] = []
    for rule in rules().values():
        followed = rule.policy(intake.policies.by_rule.get(rule.id))
        heard = hear(rule, answers, followed=followed)
        reasons += heard.reasons
        waiting += [(name, arm, rule) for name, arm in heard.waiting]
        shown += _policies_shown(rule, answers, followed)
    must_ask = _must_ask(waiting)
    verdict = strictest(reason.verdict for reason in reasons)
    if must_ask:
        verdict = strictest([verdict, Verdict.NOT_CLEARED])
    deciding = [reason for reason in reasons if reason.verdict is verdict]
    return Screening(
        verdict=verdict,
        until_on=_latest(deciding) if verdict is Verdict.DEFER else None,
        until=_events(verdict, deciding),
        asked_on=intake.asked_on,
        planned_for=intake.planned_for,
        reasons=tuple(sorted(reasons, key=_place)),
        must_ask=must_ask,
        policies=tuple(shown),
        policy_choices=intake.policies,
        labels=labels_for(answers),
        figures=figures_for(answers),
        excluded_anaesthetics=tuple(
            sorted({each for reason in reasons for each in reason.excludes})
        ),
        answers=intake.answers,
    )


def _events(verdict: Verdict, deciding: list[Reason]) -> tuple[str, ...]:
    """Events that must come first; none where something stands for good."""
    if verdict is Verdict.DO_NOT_TREAT and not all(r.until for r in deciding):
        return ()
    return tuple(dict.fromkeys(r.until for r in deciding if r.until))


def _place(reason: Reason) -> tuple[int, int, str]:
    """Strictest first, then from the person to the cream, then by rule."""
    return -reason.verdict.rank, SCOPES.index(reason.scope), reason.rule


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    """The strictest of them; none means proceed."""
    return max(verdicts, key=lambda each: each.rank, default=Verdict.PROCEED)


def _latest(reasons: Iterable[Reason]) -> date | None:
    return max((r.until_on for r in reasons if r.until_on is not None), default=None)


def hear(rule: Rule, answers: Answers, *, followed: Policy | None) -> Heard:
    """What a rule says under one of its policies."""
    reasons: list[Reason] = []
    waiting: list[tuple[str, Arm]] = []
    named = [(arm, "") for arm in rule.arms]
    named += [(arm, followed.name) for arm in followed.arms] if followed else []
    for arm, policy in named:
        truth = holds(arm.when, answers)
        if truth.value is None:
            waiting.append((truth.ask, arm))
        elif truth.value:
            due = _due(arm, answers)
            if isinstance(due, str):
                waiting.append((due, arm))
            elif due is None or due > answers.planned_for:
                used = (*truth.used, *([arm.wait.since] if arm.wait else []))
                reasons.append(_reason(rule, arm, policy, due=due, used=used))
    return Heard(reasons=tuple(reasons), waiting=tuple(waiting))


def _due(arm: Arm, answers: Answers) -> date | str | None:
    """The first day after the wait, the question that is open, or no wait."""
    if arm.wait is None:
        return None
    since = answers.given.get(arm.wait.since)
    if isinstance(since, date):
        return since + timedelta(days=ceil(arm.wait.weeks * 7))
    truth = applicable(questions()[arm.wait.since], answers)
    return truth.ask if truth.value is None else arm.wait.since


def _reason(
    rule: Rule, arm: Arm, policy: str, *, due: date | None, used: tuple[str, ...]
) -> Reason:
    return Reason(
        rule=rule.id,
        title=rule.title,
        scope=rule.scope,
        verdict=arm.verdict,
        say=arm.say,
        why=rule.why,
        until=arm.until,
        until_on=due,
        excludes=arm.excludes,
        policy=policy,
        answered=used,
        sources=arm.sources,
        support=arm.support,
        note=arm.note,
    )


def _policies_shown(
    rule: Rule, answers: Answers, followed: Policy | None
) -> list[PolicyShown]:
    """Every policy of a rule, as soon as one of them bears on this person."""
    heard = [(p, hear(rule, answers, followed=p)) for p in rule.policies]
    if not any(_bears(said) for _, said in heard):
        return []
    return [_shown(rule, policy, said, followed=followed) for policy, said in heard]


def _bears(heard: Heard) -> bool:
    """Whether it speaks, or would if only a day were known."""
    return bool(heard.reasons) or any(
        arm.wait is not None and arm.wait.since == name for name, arm in heard.waiting
    )


def _shown(
    rule: Rule, policy: Policy, heard: Heard, *, followed: Policy | None
) -> PolicyShown:
    found = [reason.verdict for reason in heard.reasons]
    verdict = strictest([*found, Verdict.NOT_CLEARED] if heard.waiting else found)
    deciding = [reason for reason in heard.reasons if reason.verdict is verdict]
    return PolicyShown(
        rule=rule.id,
        title=rule.title,
        name=policy.name,
        says=policy.says,
        cautious=policy.cautious,
        followed=policy is followed,
        verdict=verdict,
        until_on=_latest(deciding),
        until=_events(verdict, deciding),
        sources=policy.sources,
        support=policy.support,
        note=policy.note,
    )


def _must_ask(waiting: list[tuple[str, Arm, Rule]]) -> tuple[OpenQuestion, ...]:
    """Open questions, those first that may lead to the strictest verdict."""
    order = list(questions())
    found = [
        OpenQuestion(
            id=name,
            ask=questions()[name].ask,
            may_become=strictest(
                arm.verdict for each, arm, _ in waiting if each == name
            ),
            rules=tuple(
                dict.fromkeys(rule.id for each, _, rule in waiting if each == name)
            ),
            sources=tuple(
                dict.fromkeys(
                    key
                    for each, arm, _ in waiting
                    if each == name
                    for key in arm.sources
                )
            ),
        )
        for name in dict.fromkeys(name for name, _, _ in waiting)
    ]
    return tuple(sorted(found, key=lambda q: (-q.may_become.rank, order.index(q.id))))

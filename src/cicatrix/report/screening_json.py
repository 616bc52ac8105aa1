"""Screening and its questionnaire as JSON; the layout is `schema/screening-1.json`."""

from datetime import date

from cicatrix.report.as_json import Json, published_schema
from cicatrix.report.bibliography import bibliography
from cicatrix.screening.asking import Asked, questionnaire
from cicatrix.screening.value import Answer, Screening

__all__ = ["questionnaire_to_json", "screening_schema", "screening_to_json"]

_SCREENING = "cicatrix/screening-1"
_QUESTIONS = "cicatrix/questions-1"


def screening_schema() -> Json:
    """The JSON Schema (2020-12) that both documents of this module obey."""
    return published_schema("screening-1")


def screening_to_json(screening: Screening) -> Json:
    """A screening as a JSON object; days are ISO 8601, what is not known is null."""
    reasons = [
        {
            "rule": reason.rule,
            "title": reason.title,
            "scope": reason.scope,
            "verdict": str(reason.verdict),
            "say": reason.say,
            "why": reason.why,
            "until": reason.until,
            "until_on": _iso(reason.until_on),
            "excluded_anaesthetics": list(reason.excludes),
            "policy": reason.policy,
            "computed_from": list(reason.answered),
            **_behind(reason.sources, reason.support, reason.note),
        }
        for reason in screening.reasons
    ]
    deciding = [r for r in screening.reasons if r.verdict is screening.verdict]
    return {
        "schema": _SCREENING,
        "asked": {
            "asked_on": screening.asked_on.isoformat(),
            "planned_for": screening.planned_for.isoformat(),
            "answers": {n: _plain(value) for n, value in screening.answers.items()},
            "policies": {
                "by_rule": dict(screening.policy_choices.by_rule),
                "chosen_by": screening.policy_choices.chosen_by,
                "chosen_on": _iso(screening.policy_choices.chosen_on),
            },
        },
        "verdict": {
            "verdict": str(screening.verdict),
            "until_on": _iso(screening.until_on),
            "until": list(screening.until),
            "rules": [reason.rule for reason in deciding],
            "sources": _keys(*(reason.sources for reason in deciding)),
            "computed_from": _keys(*(reason.answered for reason in deciding)),
        },
        "reasons": reasons,
        "must_ask": _must_ask(screening),
        "policies": _policies(screening),
        "labels": _labels(screening),
        "figures": _figures(screening),
        "excluded_anaesthetics": list(screening.excluded_anaesthetics),
        "clinician_reviewed": False,
        "bibliography": bibliography(_all_keys(screening)),
    }


def _must_ask(screening: Screening) -> list[Json]:
    return [
        {
            "id": question.id,
            "ask": question.ask,
            "may_become": str(question.may_become),
            "rules": list(question.rules),
            "sources": list(question.sources),
        }
        for question in screening.must_ask
    ]


def _policies(screening: Screening) -> list[Json]:
    return [
        {
            "rule": policy.rule,
            "title": policy.title,
            "name": policy.name,
            "says": policy.says,
            "cautious": policy.cautious,
            "followed": policy.followed,
            "verdict": str(policy.verdict),
            "until_on": _iso(policy.until_on),
            "until": list(policy.until),
            **_behind(policy.sources, policy.support, policy.note),
        }
        for policy in screening.policies
    ]


def _labels(screening: Screening) -> list[Json]:
    return [
        {
            "jurisdiction": label.jurisdiction,
            "device": label.device,
            "state": label.state,
            "says": label.says,
            **_behind(label.sources, label.support, label.note),
        }
        for label in screening.labels
    ]


def _figures(screening: Screening) -> list[Json]:
    return [
        {
            "what": figure.what,
            "population": figure.population,
            "events_count": figure.events,
            "treated_count": figure.treated,
            **_behind(figure.sources, figure.support, figure.note),
        }
        for figure in screening.figures
    ]


def questionnaire_to_json() -> Json:
    """The questionnaire as a JSON object, in order."""
    asked = questionnaire()
    return {
        "schema": _QUESTIONS,
        "questions": [_asked(each) for each in asked],
        "clinician_reviewed": False,
        "bibliography": bibliography(key for each in asked for key in _backed(each)),
    }


def _backed(asked: Asked) -> tuple[str, ...]:
    """Sources of the rules; a question that only sorts is ours."""
    return asked.sources or ("cicatrix-design",)


def _asked(asked: Asked) -> Json:
    question = asked.question
    return {
        "number": asked.number,
        "id": question.id,
        "section": question.section,
        "ask": question.ask,
        "kind": question.kind,
        "who": question.who,
        "optional": question.optional,
        "only": asked.only,
        "answers": dict(question.answers),
        "why": [
            {
                "rule": purpose.rule,
                "title": purpose.title,
                "may_become": str(purpose.may_become),
            }
            for purpose in asked.purposes
        ],
        "opens": list(asked.opens),
        "also": list(asked.also),
        "sources": list(_backed(asked)),
    }


def _behind(sources: tuple[str, ...], support: object, note: str) -> Json:
    return {"sources": list(sources), "support": str(support), "note": note}


def _keys(*groups: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(key for group in groups for key in group))


def _all_keys(screening: Screening) -> list[str]:
    return _keys(
        *(reason.sources for reason in screening.reasons),
        *(question.sources for question in screening.must_ask),
        *(policy.sources for policy in screening.policies),
        *(label.sources for label in screening.labels),
        *(figure.sources for figure in screening.figures),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _plain(value: Answer) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value

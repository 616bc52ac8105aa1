"""Rules of screening, as the files of `evidence/screening` hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.clinical import Backing, ClinicalFile, load_clinical
from cicatrix.evidence.reading import Support, load_sources
from cicatrix.screening.answering import check_conditions
from cicatrix.screening.questions import Tables, questions, tables_of
from cicatrix.screening.value import Verdict

__all__ = ["SCOPES", "Arm", "Policy", "Rule", "Wait", "parse_rule", "rules"]

_VERDICTS = {
    "do-not-treat": Verdict.DO_NOT_TREAT,
    "defer": Verdict.DEFER,
    "precaution": Verdict.PRECAUTIONS,
}
_ARM = frozenset(
    {
        *("when", "verdict", "say", "until", "wait", "excludes", "sources"),
        *("support", "note"),
    }
)
_POLICY = frozenset(
    {"name", "says", "cautious", "arm", "sources", "support", "note"},
)
_RULE = frozenset({"scope", "why", "arm", "policy"})
SCOPES = ("patient", "field", "procedure", "anaesthetic")
"""What a rule is about, in the order in which reasons are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """`weeks` after the day that `since` asks for."""

    since: str
    weeks: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What a rule says when its condition holds."""

    when: Tables
    verdict: Verdict
    say: str
    until: str
    wait: Wait | None
    excludes: tuple[str, ...]
    sources: tuple[str, ...]
    support: Support
    note: str

    def questions(self) -> tuple[str, ...]:
        """Names that the condition and the wait use."""
        names = [name for table in self.when for name in table]
        return tuple(dict.fromkeys(names + ([self.wait.since] if self.wait else [])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One way of several that sources support; the cautious one is the default."""

    name: str
    says: str
    cautious: bool
    arms: tuple[Arm, ...]
    sources: tuple[str, ...]
    support: Support
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: `arms` that everybody follows, and `policies` where sources disagree."""

    id: str
    title: str
    scope: str
    why: str
    backing: Backing
    arms: tuple[Arm, ...]
    policies: tuple[Policy, ...]

    def policy(self, name: str | None) -> Policy | None:
        """The policy of that name; without a name the cautious one."""
        for policy in self.policies:
            if policy.name == name or (name is None and policy.cautious):
                return policy
        return None

    def all_arms(self) -> tuple[Arm, ...]:
        """Arms of the rule and of every policy."""
        return self.arms + tuple(arm for p in self.policies for arm in p.arms)


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id; raises `EvidenceInvalid` where a file is malformed."""
    return MappingProxyType(
        {name: parse_rule(file) for name, file in load_clinical("screening").items()}
    )


def parse_rule(file: ClinicalFile) -> Rule:
    """The rule in a file.

    Raises
    ------
    EvidenceInvalid
        A field is unknown or missing, a condition names what nobody asks, a deferral
        says neither a wait nor an event, or not exactly one policy is cautious.
    """
    at = f"screening/{file.name}.toml"
    _only(file.fields, _RULE, at=at)
    if file.backing is None:
        raise EvidenceInvalid(f"{at}: names no sources. Add sources = [“…”].")
    if file.fields.get("scope") not in SCOPES or not file.fields.get("why"):
        raise EvidenceInvalid(
            f"{at}: needs why = “…” and a scope of {', '.join(SCOPES)}. Add them."
        )
    policies = tuple(
        _policy(entry, file.backing, at=at) for entry in file.fields.get("policy", ())
    )
    if policies and sum(policy.cautious for policy in policies) != 1:
        raise EvidenceInvalid(
            f"{at}: exactly one policy must be cautious = true. Correct it."
        )
    arms = tuple(
        _arm(entry, file.backing, at=at) for entry in file.fields.get("arm", ())
    )
    if not arms and not policies:
        raise EvidenceInvalid(f"{at}: never speaks. Add an [[arm]].")
    return Rule(
        id=file.name,
        title=file.title,
        scope=file.fields["scope"],
        why=file.fields["why"],
        backing=file.backing,
        arms=arms,
        policies=policies,
    )


def _only(fields: Mapping[str, Any], known: frozenset[str], *, at: str) -> None:
    unknown = sorted(set(fields) - known)
    if unknown:
        raise EvidenceInvalid(
            f"{at}: {', '.join(unknown)} means nothing here. Known are "
            f"{', '.join(sorted(known))}."
        )


def _behind(
    entry: Mapping[str, Any], backing: Backing, *, at: str
) -> tuple[tuple[str, ...], Support, str]:
    """Sources, support and note of a part: its own, or those of its rule."""
    sources = tuple(entry.get("sources", backing.sources))
    unknown = [key for key in sources if key not in load_sources()]
    if unknown or not sources:
        raise EvidenceInvalid(f"{at}: cites {unknown}, which no source file holds.")
    support = entry.get("support", backing.support)
    if support not in tuple(Support):
        raise EvidenceInvalid(
            f"{at}: support is {support!r}, not one of {', '.join(Support)}."
        )
    note = entry.get("note", "" if "sources" in entry else backing.note)
    return sources, Support(support), note


def _policy(entry: Mapping[str, Any], backing: Backing, *, at: str) -> Policy:
    _only(entry, _POLICY, at=f"{at}, policy")
    if not entry.get("name") or not entry.get("says"):
        raise EvidenceInvalid(f"{at}: a policy lacks its name or what it says.")
    sources, support, note = _behind(entry, backing, at=at)
    inner = Backing(
        sources=sources,
        support=support,
        read_on=backing.read_on,
        review_by=backing.review_by,
        clinician_reviewed=backing.clinician_reviewed,
        note=note,
    )
    return Policy(
        name=entry["name"],
        says=entry["says"],
        cautious=entry.get("cautious", False),
        arms=tuple(_arm(each, inner, at=at) for each in entry.get("arm", ())),
        sources=sources,
        support=support,
        note=note,
    )


def _arm(entry: Mapping[str, Any], backing: Backing, *, at: str) -> Arm:
    _only(entry, _ARM, at=f"{at}, arm")
    verdict = _VERDICTS.get(entry.get("verdict", ""))
    wait = _wait(entry.get("wait"), at=at)
    if verdict is None or not entry.get("say") or not entry.get("when"):
        raise EvidenceInvalid(
            f"{at}: an arm needs when, say and a verdict of {', '.join(_VERDICTS)}."
        )
    if verdict is Verdict.DEFER and wait is None and not entry.get("until"):
        raise EvidenceInvalid(f"{at}: an arm defers, but not until when. Add it.")
    sources, support, note = _behind(entry, backing, at=at)
    arm = Arm(
        when=tables_of(entry["when"]),
        verdict=verdict,
        say=entry["say"],
        until=entry.get("until", ""),
        wait=wait,
        excludes=tuple(entry.get("excludes", ())),
        sources=sources,
        support=support,
        note=note,
    )
    check_conditions(arm.when, at=at)
    return arm


def _wait(given: object, *, at: str) -> Wait | None:
    if given is None:
        return None
    if (
        not isinstance(given, dict)
        or set(given) != {"since", "weeks"}
        or given["since"] not in questions()
        or questions()[given["since"]].kind != "day"
    ):
        raise EvidenceInvalid(
            f"{at}: wait must be {{since = “a question for a day”, weeks = …}}, found "
            f"{given!r}. Correct it."
        )
    return Wait(since=given["since"], weeks=float(given["weeks"]))

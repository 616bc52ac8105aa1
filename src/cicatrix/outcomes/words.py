"""Treatments, flags, verdicts and gaps of the evidence, from `evidence/outcomes`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from cicatrix.evidence.clinical import load_clinical

__all__ = [
    "Treatment",
    "Verdict",
    "flag_words",
    "not_shown",
    "treatments",
    "verdict_between",
    "worked",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """A class of treatment; treatments of one family borrow strength in the forecast.

    `parts` are what it is put together from; one that is added to another begins
    with “+”.
    """

    id: str
    title: str
    family: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the authors of `study` concluded of two of its arms; `p` as printed, or ""."""

    study: str
    first: str
    second: str
    verdict: str
    p: str


@cache
def treatments() -> Mapping[str, Treatment]:
    """Every class of treatment by its id.

    Examples
    --------
    >>> treatments()["laser-co2"].family
    'ablative laser'
    """
    rows = load_clinical("outcomes")["treatments"].rows
    return MappingProxyType(
        {
            r.fields["id"]: Treatment(**{**r.fields, "parts": tuple(r.fields["parts"])})
            for r in rows
        }
    )


@cache
def flag_words() -> Mapping[str, str]:
    """What each flag of a study or review means, in words."""
    rows = load_clinical("outcomes")["flags"].rows
    return MappingProxyType({r.fields["id"]: r.fields["words"] for r in rows})


@cache
def _verdicts() -> Mapping[tuple[str, str, str], Verdict]:
    found = {}
    for row in load_clinical("outcomes")["verdicts"].rows:
        (study,) = row.backing.sources
        verdict = Verdict(
            study=study,
            first=row.fields["first"],
            second=row.fields["second"],
            verdict=row.fields["verdict"],
            p=row.fields.get("p", ""),
        )
        found[study, verdict.first, verdict.second] = verdict
    return MappingProxyType(found)


_TURNED = {"first better": "second better", "second better": "first better"}


def verdict_between(study: str, first: str, second: str) -> Verdict | None:
    """The authors' verdict, turned to the order that is asked; `None` if not told.

    Examples
    --------
    >>> verdict_between("trial-idoj", "laser-co2", "needling").verdict
    'first better'
    """
    known = _verdicts().get((study, first, second))
    if known is not None:
        return known
    other = _verdicts().get((study, second, first))
    if other is None:
        return None
    return Verdict(
        study=study,
        first=first,
        second=second,
        verdict=_TURNED.get(other.verdict, other.verdict),
        p=other.p,
    )


def not_shown(lineage: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What no trial shows for these indications, each with its sources."""
    wanted = {"all", *lineage}
    return tuple(
        (row.fields["statement"], row.backing.sources)
        for row in load_clinical("outcomes")["not-shown"].rows
        if wanted & set(row.fields["indications"])
    )


def worked(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Answer a worked case of `evidence/outcomes`."""
    if name == "verdicts":
        said = verdict_between(given["study"], given["first"], given["second"])
        if said is None:
            return {"state": "lacks-an-answer"}
        return {"state": "speaks", "verdict": said.verdict, "p": said.p}
    rows = load_clinical("outcomes")[name].rows
    row = next((r for r in rows if r.fields["id"] == given["id"]), None)
    if row is None:
        return {"state": "lacks-an-answer"}
    return {"state": "speaks", **row.fields}

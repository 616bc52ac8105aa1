"""Clinical content: rules and tables of the folders beside this module.

Each folder is a kind (`screening`, `depth`, …), each TOML file in it one rule or one
table. A file says who stands behind it, and proves itself with worked cases, so that a
clinician can change it without touching Python.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.reading import Support, load_sources

__all__ = [
    "Backing",
    "ClinicalFile",
    "Row",
    "WorkedCase",
    "clinical_kinds",
    "load_clinical",
    "parse_clinical",
]

_BACKING = (
    "sources",
    "support",
    "read_on",
    "review_by",
    "clinician_reviewed",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What stands behind a rule or a row.

    `sources` are keys of `load_sources()`; `clinician_reviewed` is true only when a
    real clinician has checked it. `note` says what limits it, in one sentence.
    """

    sources: tuple[str, ...]
    support: Support
    read_on: date
    review_by: date
    clinician_reviewed: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table: its fields as TOML gave them, and what stands behind it."""

    where: str
    fields: Mapping[str, Any]
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedCase:
    """What a file must answer; `expect["state"]` is always there.

    It is "speaks", "silent" or "lacks-an-answer".
    """

    name: str
    given: Mapping[str, Any]
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicalFile:
    """One rule (`fields`, `backing`) or one table (`rows`), and its worked cases.

    `backing` is `None` for a table whose rows each bring their own sources.
    """

    kind: str
    name: str
    title: str
    fields: Mapping[str, Any]
    backing: Backing | None
    rows: tuple[Row, ...]
    cases: tuple[WorkedCase, ...]

    def backings(self) -> tuple[Backing, ...]:
        """Everything here that must be reviewed."""
        own = () if self.backing is None else (self.backing,)
        return own + tuple(row.backing for row in self.rows)


def clinical_kinds() -> tuple[str, ...]:
    """The folders that hold clinical content, in alphabetical order."""
    room = files("cicatrix.evidence")
    return tuple(
        sorted(
            folder.name
            for folder in room.iterdir()
            if folder.is_dir()
            and any(file.name.endswith(".toml") for file in folder.iterdir())
        )
    )


@cache
def load_clinical(kind: str) -> Mapping[str, ClinicalFile]:
    """The files of one kind by name, without `.toml`; raises `EvidenceInvalid`."""
    folder = files("cicatrix.evidence").joinpath(kind)
    found = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            name = file.name.removesuffix(".toml")
            found[name] = parse_clinical(
                file.read_text(encoding="utf-8"),
                kind=kind,
                name=name,
                source_keys=load_sources().keys(),
            )
    return MappingProxyType(found)


def parse_clinical(
    text: str, *, kind: str, name: str, source_keys: Iterable[str]
) -> ClinicalFile:
    """One file of clinical content, checked.

    Top-level keys: `title`, those of the backing (which rows inherit where they have
    none of their own), anything the kind defines; `[[row]]` and `[[case]]` tables.

    Raises
    ------
    EvidenceInvalid
        The text is no TOML; the title, a source, the support or a review date is
        missing or wrong; or a worked case lacks its name, what is given or the state
        that is expected.
    """
    at = f"{kind}/{name}.toml"
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise EvidenceInvalid(
            f"{at} is not TOML ({trouble}), so it cannot be read. Correct that line."
        ) from trouble
    known = frozenset(source_keys)
    title = content.pop("title", None)
    if not isinstance(title, str) or not title.strip():
        raise EvidenceInvalid(f"{at}: has no title. Add title = “…”.")
    shared = {field: content.pop(field) for field in _BACKING if field in content}
    rows = tuple(
        _row(entry, shared, known, at=f"{at}, row {number}")
        for number, entry in enumerate(_tables(content, "row", at=at), start=1)
    )
    cases = tuple(_case(entry, at=at) for entry in _tables(content, "case", at=at))
    backing = _backing(shared, known, at=at) if "sources" in shared else None
    if backing is None and not rows:
        raise EvidenceInvalid(f"{at}: names no sources. Add sources = [“…”].")
    return ClinicalFile(
        kind=kind,
        name=name,
        title=title,
        fields=MappingProxyType(content),
        backing=backing,
        rows=rows,
        cases=cases,
    )


def _tables(content: dict[str, Any], key: str, *, at: str) -> list[dict[str, Any]]:
    entries = content.pop(key, [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise EvidenceInvalid(f"{at}: {key} must be [[{key}]] tables. Correct it.")
    return entries


def _row(
    entry: dict[str, Any], shared: dict[str, Any], known: frozenset[str], *, at: str
) -> Row:
    own = {field: entry.pop(field) for field in _BACKING if field in entry}
    return Row(
        where=at,
        fields=MappingProxyType(entry),
        backing=_backing({**shared, **own}, known, at=at),
    )


def _backing(given: dict[str, Any], known: frozenset[str], *, at: str) -> Backing:
    missing = [f for f in _BACKING if f not in given and f != "note"]
    if missing:
        raise EvidenceInvalid(
            f"{at}: lacks {', '.join(missing)}, so nobody can tell what stands behind "
            "it. Add them."
        )
    cited = given["sources"]
    if not isinstance(cited, list) or not cited:
        raise EvidenceInvalid(f"{at}: sources must list at least one key of a source.")
    unknown = [key for key in cited if key not in known]
    if unknown:
        raise EvidenceInvalid(
            f"{at}: cites {unknown}, which no source file holds. Add it there."
        )
    if given["support"] not in tuple(Support):
        raise EvidenceInvalid(
            f"{at}: support is {given['support']!r}, not one of {', '.join(Support)}. "
            "Choose one of these."
        )
    _check_review(given, at=at)
    return Backing(
        sources=tuple(cited),
        support=Support(given["support"]),
        read_on=given["read_on"],
        review_by=given["review_by"],
        clinician_reviewed=given["clinician_reviewed"],
        note=given.get("note", ""),
    )


def _check_review(given: dict[str, Any], *, at: str) -> None:
    for field in ("read_on", "review_by"):
        if type(given[field]) is not date:
            raise EvidenceInvalid(
                f"{at}: {field} must be a date, found {given[field]!r}. Correct it."
            )
    if given["review_by"] <= given["read_on"]:
        raise EvidenceInvalid(
            f"{at}: review_by {given['review_by']} is not after read_on "
            f"{given['read_on']}. Correct one of them."
        )
    if type(given["clinician_reviewed"]) is not bool:
        raise EvidenceInvalid(
            f"{at}: clinician_reviewed must be true or false, found "
            f"{given['clinician_reviewed']!r}. Correct it."
        )


def _case(entry: dict[str, Any], *, at: str) -> WorkedCase:
    name, given, expect = (entry.get(k) for k in ("name", "given", "expect"))
    if (
        not isinstance(name, str)
        or not isinstance(given, dict)
        or not isinstance(expect, dict)
        or expect.get("state") not in ("speaks", "silent", "lacks-an-answer")
    ):
        raise EvidenceInvalid(
            f"{at}, case {name!r}: needs a name, given = {{…}} and expect = "
            "{state = “speaks”, “silent” or “lacks-an-answer”, …}. Correct it."
        )
    return WorkedCase(
        name=name, given=MappingProxyType(given), expect=MappingProxyType(expect)
    )

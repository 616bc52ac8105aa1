"""Facts and their sources, read from the data files of this room and checked."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import isfinite
from types import MappingProxyType
from typing import Any

from cicatrix.errors import EvidenceInvalid

__all__ = [
    "Fact",
    "Source",
    "Support",
    "fact_files",
    "load_facts",
    "load_sources",
    "parse_facts",
    "parse_sources",
]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SOURCE_FILES = ("sources.toml", "sources-clinical.toml", "sources-trials.toml")
_TIERS = ("A", "B", "C", "D")
_FACT_FIELDS = {
    "name",
    "value",
    "unit",
    "statement",
    "sources",
    "support",
    "read_on",
    "review_by",
    "note",
}
_SOURCE_FIELDS = {
    "key",
    "title",
    "authors",
    "year",
    "published_in",
    "doi",
    "url",
    "read",
    "pmid",
    "tier",
}


class Support(StrEnum):
    """How well a fact is supported, best first."""

    LABEL = "label"
    PEER_REVIEWED = "peer-reviewed"
    SYNTHESIS = "synthesis"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact was read. `read` says how much of it was opened.

    `tier` is A (regulator, label, public health), B (peer-reviewed paper or clinical
    reference), C (manufacturer, society, hospital leaflet) or D (clinic page, news).
    """

    key: str
    title: str
    read: str
    authors: str = ""
    year: int | None = None
    published_in: str = ""
    doi: str = ""
    url: str = ""
    pmid: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number of the literature; `name` ends in its `unit`.

    `sources` are keys of `load_sources()`. `read_on` is when the source was opened,
    `review_by` when somebody should open it again.
    """

    name: str
    value: float
    unit: str
    statement: str
    sources: tuple[str, ...]
    support: Support
    read_on: date
    review_by: date
    note: str = ""


def parse_sources(text: str, *, filename: str) -> Mapping[str, Source]:
    """Sources by key, from the text of a source file.

    Raises
    ------
    EvidenceInvalid
        The text is no TOML, a field is missing, unknown or of the wrong kind, or two
        sources share a key. The message names `filename` and the entry.
    """
    found: dict[str, Source] = {}
    for entry in _entries(text, table="source", filename=filename):
        where = _where(filename, entry, "key")
        _fields(entry, known=_SOURCE_FIELDS, needed=("key", "title", "read"), at=where)
        if not _KEY.fullmatch(_text(entry, "key", at=where)):
            raise EvidenceInvalid(
                f"{where}: a key is lower-case words joined by hyphens. Rename it."
            )
        if not (entry.get("doi") or entry.get("url") or entry.get("published_in")):
            raise EvidenceInvalid(
                f"{where}: nothing says where it can be found. Add doi or url."
            )
        if entry.get("tier", "A") not in _TIERS:
            raise EvidenceInvalid(
                f"{where}: tier is {entry['tier']!r}, not one of {', '.join(_TIERS)}. "
                "Choose one of these."
            )
        source = Source(
            **{
                field: _text(entry, field, at=where)
                for field in entry.keys() - {"year"}
            },
            year=_year(entry, at=where),
        )
        if source.key in found:
            raise EvidenceInvalid(f"{where}: the key stands twice. Rename one of them.")
        found[source.key] = source
    return MappingProxyType(found)


def parse_facts(
    text: str, *, filename: str, source_keys: Iterable[str]
) -> Mapping[str, Fact]:
    """Facts by name, from the text of a fact file.

    Parameters
    ----------
    text
        TOML with one `[[fact]]` table per fact.
    filename
        Named in messages.
    source_keys
        Keys that a fact may cite.

    Raises
    ------
    EvidenceInvalid
        The text is no TOML, a field is missing, unknown or of the wrong kind, a name
        does not end in its unit or stands twice, a cited source is unknown, or the
        review lies before the reading.
    """
    known_keys = frozenset(source_keys)
    found: dict[str, Fact] = {}
    for entry in _entries(text, table="fact", filename=filename):
        where = _where(filename, entry, "name")
        _fields(
            entry, known=_FACT_FIELDS, needed=sorted(_FACT_FIELDS - {"note"}), at=where
        )
        fact = Fact(
            name=_text(entry, "name", at=where),
            value=_number(entry, at=where),
            unit=_text(entry, "unit", at=where),
            statement=_text(entry, "statement", at=where),
            sources=_cited(entry, known_keys, at=where),
            support=_support(entry, at=where),
            read_on=_day(entry, "read_on", at=where),
            review_by=_day(entry, "review_by", at=where),
            note=_text(entry, "note", at=where) if "note" in entry else "",
        )
        _check_fact(fact, at=where)
        if fact.name in found:
            raise EvidenceInvalid(f"{where}: the name stands twice. Rename one.")
        found[fact.name] = fact
    return MappingProxyType(found)


@cache
def load_sources() -> Mapping[str, Source]:
    """Every source of this package, by key; raises `EvidenceInvalid`."""
    found: dict[str, Source] = {}
    for filename in _SOURCE_FILES:
        for key, source in parse_sources(
            _packaged(filename), filename=filename
        ).items():
            if key in found:
                raise EvidenceInvalid(
                    f"{filename}, {key}: the key stands in another source file too. "
                    "Rename one of them."
                )
            found[key] = source
    return MappingProxyType(found)


@cache
def load_facts(filename: str) -> Mapping[str, Fact]:
    """The facts of one data file of this room, by name; raises `EvidenceInvalid`."""
    return parse_facts(
        _packaged(filename), filename=filename, source_keys=load_sources().keys()
    )


@cache
def fact_files() -> tuple[str, ...]:
    """The data files of this room that hold facts, in alphabetical order."""
    names = {file.name for file in files("cicatrix.evidence").iterdir()}
    return tuple(sorted(n for n in names - set(_SOURCE_FILES) if n.endswith(".toml")))


def _packaged(filename: str) -> str:
    return files("cicatrix.evidence").joinpath(filename).read_text(encoding="utf-8")


def _entries(text: str, *, table: str, filename: str) -> list[dict[str, Any]]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise EvidenceInvalid(
            f"{filename} is not TOML ({trouble}), so its facts cannot be read. "
            "Correct that line."
        ) from trouble
    entries = content.pop(table, None)
    if content or not isinstance(entries, list) or not entries:
        raise EvidenceInvalid(
            f"{filename} must hold [[{table}]] tables and nothing else; found "
            f"{', '.join(sorted(content)) or 'none'}. Correct its headings."
        )
    return entries


def _where(filename: str, entry: dict[str, Any], naming: str) -> str:
    return f"{filename}, {entry.get(naming, 'an entry without ' + naming)!s}"


def _fields(
    entry: dict[str, Any], *, known: set[str], needed: Iterable[str], at: str
) -> None:
    missing = [field for field in needed if field not in entry]
    unknown = sorted(entry.keys() - known)
    if missing or unknown:
        raise EvidenceInvalid(
            f"{at}: missing {missing or 'nothing'}, unknown {unknown or 'nothing'}, "
            "so it would be read wrongly. Correct its fields."
        )


def _text(entry: dict[str, Any], field: str, *, at: str) -> str:
    value = entry[field]
    if not isinstance(value, str) or not value.strip():
        raise EvidenceInvalid(f"{at}: {field} must be words, found {value!r}.")
    return value


def _number(entry: dict[str, Any], *, at: str) -> float:
    value = entry["value"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EvidenceInvalid(f"{at}: value must be a number, found {value!r}.")
    if not isfinite(value):
        raise EvidenceInvalid(f"{at}: value must be finite, found {value!r}.")
    return float(value)


def _year(entry: dict[str, Any], *, at: str) -> int | None:
    year = entry.get("year")
    if year is not None and type(year) is not int:
        raise EvidenceInvalid(f"{at}: year must be a whole number, found {year!r}.")
    return year


def _day(entry: dict[str, Any], field: str, *, at: str) -> date:
    value = entry[field]
    if type(value) is not date:
        raise EvidenceInvalid(f"{at}: {field} must be a date, found {value!r}.")
    return value


def _support(entry: dict[str, Any], *, at: str) -> Support:
    try:
        return Support(entry["support"])
    except ValueError as trouble:
        raise EvidenceInvalid(
            f"{at}: support is {entry['support']!r}, not one of "
            f"{', '.join(Support)}. Choose one of these."
        ) from trouble


def _cited(entry: dict[str, Any], known: frozenset[str], *, at: str) -> tuple[str, ...]:
    cited = entry["sources"]
    if not isinstance(cited, list) or not cited:
        raise EvidenceInvalid(f"{at}: sources must list at least one key of a source.")
    unknown = [key for key in cited if key not in known]
    if unknown:
        raise EvidenceInvalid(
            f"{at}: cites {unknown}, which sources.toml does not hold. Add it there."
        )
    return tuple(cited)


def _check_fact(fact: Fact, *, at: str) -> None:
    if not (_NAME.fullmatch(fact.name) and fact.name.endswith(f"_{fact.unit}")):
        raise EvidenceInvalid(
            f"{at}: a name is lower-case and ends in its unit, here _{fact.unit}. "
            "Rename it."
        )
    if fact.review_by <= fact.read_on:
        raise EvidenceInvalid(
            f"{at}: review_by {fact.review_by} is not after read_on {fact.read_on}."
        )

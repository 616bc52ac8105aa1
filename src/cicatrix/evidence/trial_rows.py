"""Arms of trials and pooled estimates of reviews, read from the tables in `trials/`.

One row of `arms.csv` is one arm as its source printed it; nothing is pooled here. Rows
that must not be pooled are kept and carry the flag that says so.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import isfinite
from types import MappingProxyType

from cicatrix.errors import EvidenceInvalid

__all__ = [
    "Arm",
    "KindRow",
    "ReviewRow",
    "Study",
    "arms",
    "data_hash",
    "kind_rows",
    "parse_table",
    "review_rows",
    "studies",
]

_TABLES = ("studies.csv", "arms.csv", "kinds.csv", "reviews.csv")
_NUMBERS = (
    *("depth_mm", "sessions", "interval_weeks", "n", "n_enrolled", "weeks_after_last"),
    *("baseline_mean", "baseline_sd", "final_mean", "final_sd"),
    *("change_mean", "change_sd", "change_low", "change_high", "change_level"),
    *("percent_mean", "percent_sd", "responders", "responders_of"),
    *("responders_percent", "pih", "pih_of", "pih_percent", "pain_mean", "pain_sd"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One study; `key` is also the key of its source.

    `randomised` and `blinded` (the assessor) are `None` where the text seen does not
    say. `indications` are ids of the vocabulary, or “photoageing”.
    """

    key: str
    indications: tuple[str, ...]
    structure: str
    randomised: bool | None
    blinded: bool | None
    timing: str
    author_seen: bool
    subtypes: tuple[str, ...]
    skin_types: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm; `number(name)` is a printed number or `None`, never a guess.

    `uses` says what its numbers are fit for, `derived` which of them were computed from
    others when the row was written down.
    """

    key: str
    study: Study
    treatment: str
    as_given: str
    device: str
    words: Mapping[str, str]
    numbers: Mapping[str, float]
    uses: tuple[str, ...]
    derived: tuple[str, ...]

    def number(self, name: str) -> float | None:
        """A number of the row, e.g. `percent_mean`; `None` where the source has none."""
        return self.numbers.get(name)

    @property
    def pooled(self) -> bool:
        """Whether its numbers may enter any computation."""
        return "do-not-pool" not in self.uses

    def counts(self) -> dict[str, int]:
        """Persons in each category, in the order of the row.

        Examples
        --------
        >>> next(a for a in arms() if a.key == "trial-puri-2015.1").counts()
        {'marked': 6, 'moderate': 6, 'mild': 3}
        """
        text = self.words["counts"]
        if not text or "%" in text or "before" in text:
            return {}
        pairs = (entry.rsplit(":", 1) for entry in text.split(";"))
        return {name: int(count) for name, count in pairs}

    def harms(self) -> dict[str, tuple[int, int]]:
        """Other harms with their counts: how many, out of how many."""
        found = {}
        for entry in filter(None, self.words["harms"].split(";")):
            name, share = entry.split(":")
            count, of = share.split("/")
            found[name] = (int(count), int(of))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """Mean improvement in percent of one kind of acne scar within an arm."""

    arm: Arm
    kind: str
    percent_mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One pooled estimate (or verdict in words) of a review; `key` names its source."""

    key: str
    indications: tuple[str, ...]
    kind: str
    comparison: str
    outcome: str
    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    studies: str
    persons: str
    p: str
    i2_percent: str
    reading: str
    flags: tuple[str, ...]


@cache
def studies() -> Mapping[str, Study]:
    """Every study by its key."""
    found = {row["study"]: _study(row) for row in _table("studies.csv")}
    return MappingProxyType(found)


@cache
def arms() -> tuple[Arm, ...]:
    """Every arm, in the order of the file."""
    return tuple(_arm(row) for row in _table("arms.csv"))


@cache
def kind_rows() -> tuple[KindRow, ...]:
    """Improvement by kind of acne scar, where an arm tells it."""
    by_key = {arm.key: arm for arm in arms()}
    found = []
    for row in _table("kinds.csv"):
        at = f"trials/kinds.csv, {row['arm']}"
        percent = _number(row["percent_mean"], at=at)
        if row["arm"] not in by_key or percent is None:
            raise EvidenceInvalid(f"{at}: no such arm, or no number. Correct the row.")
        found.append(
            KindRow(arm=by_key[row["arm"]], kind=row["kind"], percent_mean=percent)
        )
    return tuple(found)


@cache
def review_rows() -> tuple[ReviewRow, ...]:
    """Every estimate of a review, in the order of the file."""
    return tuple(_review(row) for row in _table("reviews.csv"))


@cache
def data_hash() -> str:
    """SHA-256 over the four tables: what a forecast was fitted to.

    Examples
    --------
    >>> len(data_hash())
    64
    """
    digest = hashlib.sha256()
    for name in _TABLES:
        digest.update(_text(name).encode())
    return digest.hexdigest()


def parse_table(text: str, *, at: str) -> list[dict[str, str]]:
    """Rows of a table with a heading.

    Raises
    ------
    EvidenceInvalid
        A row has more or fewer cells than the heading.
    """
    reader = csv.reader(text.splitlines())
    heading = next(reader)
    rows = []
    for number, cells in enumerate(reader, start=2):
        if len(cells) != len(heading):
            raise EvidenceInvalid(
                f"{at}, line {number}: has {len(cells)} cells, its heading "
                f"{len(heading)}, so they would be read wrongly. Correct the line."
            )
        rows.append(dict(zip(heading, cells, strict=True)))
    return rows


def _text(name: str) -> str:
    folder = files("cicatrix.evidence").joinpath("trials")
    return folder.joinpath(name).read_text(encoding="utf-8")


def _table(name: str) -> list[dict[str, str]]:
    return parse_table(_text(name), at=f"trials/{name}")


def _number(text: str, *, at: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as trouble:
        raise EvidenceInvalid(
            f"{at}: {text!r} is not a number. Correct the cell."
        ) from trouble
    if not isfinite(value):
        raise EvidenceInvalid(f"{at}: {text!r} is not finite. Correct the cell.")
    return value


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def _study(row: dict[str, str]) -> Study:
    said = {"yes": True, "no": False, "": None}
    return Study(
        key=row["study"],
        indications=_list(row["indications"]),
        structure=row["structure"],
        randomised=said[row["randomised"]],
        blinded=said[row["blinded"]],
        timing=row["timing"],
        author_seen=row["author_seen"] == "yes",
        subtypes=_list(row["subtypes"]),
        skin_types=row["skin_types"],
        flags=_list(row["flags"]),
    )


def _arm(row: dict[str, str]) -> Arm:
    at = f"trials/arms.csv, {row['arm']}"
    if row["study"] not in studies():
        raise EvidenceInvalid(f"{at}: no such study {row['study']!r}. Add or correct.")
    numbers = {
        name: value
        for name in _NUMBERS
        if (value := _number(row[name], at=f"{at}, {name}")) is not None
    }
    taken = {*_NUMBERS, "arm", "study", "treatment", "as_given", "device", "uses"}
    return Arm(
        key=row["arm"],
        study=studies()[row["study"]],
        treatment=row["treatment"],
        as_given=row["as_given"],
        device=row["device"],
        words=MappingProxyType({k: v for k, v in row.items() if k not in taken}),
        numbers=MappingProxyType(numbers),
        uses=_list(row["uses"]),
        derived=_list(row["derived"]),
    )


def _review(row: dict[str, str]) -> ReviewRow:
    at = f"trials/reviews.csv, {row['review']}"
    return ReviewRow(
        key=row["review"],
        indications=_list(row["indications"]),
        kind=row["kind"],
        comparison=row["comparison"],
        outcome=row["outcome"],
        measure=row["measure"],
        estimate=_number(row["estimate"], at=f"{at}, estimate"),
        low=_number(row["low"], at=f"{at}, low"),
        high=_number(row["high"], at=f"{at}, high"),
        studies=row["studies"],
        persons=row["n"],
        p=row["p"],
        i2_percent=row["i2_percent"],
        reading=row["reading"],
        flags=_list(row["flags"]),
    )

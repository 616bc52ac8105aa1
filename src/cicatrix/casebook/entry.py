"""One table of a case file, looked up with its type; complaints name the entry."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import isfinite
from pathlib import Path

from cicatrix.errors import CasebookInvalid
from cicatrix.evidence.skin_tone import told_ita_deg

__all__ = ["CASE_FILE", "Entry"]

CASE_FILE = "case.toml"
"""The file of a case folder that says what is in it."""

_KINDS = {
    bool: "true or false",
    str: "text",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
    date: "a date",
    datetime: "a date with a time",
}


def _kind(value: object) -> str:
    """What a value of TOML is called in a message."""
    return _KINDS.get(type(value), type(value).__name__)


class Entry:
    """A table of `case.toml` and what it is called in messages.

    Every look-up answers `None` where the key is absent and raises `CasebookInvalid`
    where its value is of another kind.
    """

    def __init__(
        self, name: str, table: object, *, known: Sequence[str], folder: Path
    ) -> None:
        self.name = name
        self._folder = folder
        if not isinstance(table, Mapping):
            raise self.fault(f"is {_kind(table)}, not a table", "Write it as a table.")
        self._table: Mapping[str, object] = table
        for key in self._table:
            if key not in known:
                raise self.fault(f"has an unknown key “{key}”", _advice(key, known))

    def fault(self, found: str, advice: str) -> CasebookInvalid:
        """The error for this entry; `found` continues the sentence that names it."""
        return CasebookInvalid(
            f"{CASE_FILE}: {self.name} {found}. The case cannot be measured like this. "
            f"{advice}"
        )

    def _wrong(self, key: str, want: str) -> CasebookInvalid:
        value = self._table[key]
        shown = repr(value) if len(repr(value)) <= 60 else _kind(value)
        return self.fault(f"has {key} = {shown}", f"Write {key} as {want}.")

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return key in self._table

    def raw(self, key: str) -> object:
        """The value as read, whatever its kind."""
        return self._table.get(key)

    def text(self, key: str) -> str | None:
        """Text that is not blank, without the blanks around it."""
        value = self._table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, 'text between quotes, such as "left cheek"')
        return value.strip()

    def flag(self, key: str) -> bool:
        """True or false; false where it is not written."""
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false, without quotes")
        return value

    def day(self, key: str) -> date | None:
        """A date without a time."""
        value = self._table.get(key)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self._wrong(key, "a date without quotes, such as 2025-01-10")
        return value

    def positive(self, key: str) -> float | None:
        """A number above zero."""
        value = self._table.get(key)
        if value is None:
            return None
        if not _is_number(value) or float(str(value)) <= 0:
            raise self._wrong(key, "a number above zero, such as 0.05")
        return float(str(value))

    def skin_ita_deg(self, key: str) -> float | None:
        """Individual typology angle, degrees, told as a number or the name of a class."""
        value = self._table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) and not _is_number(value):
            raise self._wrong(
                key, 'a skin tone, such as "tan", or an angle, such as 19.0'
            )
        try:
            return told_ita_deg(str(value))
        except ValueError as error:
            raise self.fault(f"has {key} = {value!r}", str(error)) from error

    def numbers(self, key: str, count: int, like: str) -> tuple[float, ...] | None:
        """A list of exactly `count` numbers, none negative."""
        value = self._table.get(key)
        if value is None:
            return None
        found = _numbers(value, count)
        if found is None:
            raise self._wrong(key, f"{count} numbers from zero up, such as {like}")
        return found

    def point(self, key: str) -> tuple[float, float] | None:
        """A point [x, y] in pixels."""
        found = self.numbers(key, 2, "[812, 640]")
        return None if found is None else (found[0], found[1])

    def points(
        self, key: str, *, at_least: int, at_most: int | None = None
    ) -> tuple[tuple[float, float], ...] | None:
        """A list of points [[x, y], …] in pixels."""
        value = self._table.get(key)
        if value is None:
            return None
        pairs = [_numbers(pair, 2) for pair in value] if isinstance(value, list) else []
        count_fits = len(pairs) >= at_least and (
            at_most is None or len(pairs) <= at_most
        )
        if not count_fits or any(pair is None for pair in pairs):
            many = f"{at_least}" if at_most == at_least else f"{at_least} or more"
            raise self._wrong(key, f"{many} points, such as [[10, 10], [90, 10], …]")
        return tuple((pair[0], pair[1]) for pair in pairs if pair is not None)

    def file(self, key: str) -> Path | None:
        """A file inside the case's folder, absolute."""
        written = self.text(key)
        return None if written is None else self.path(written)

    def files(self, key: str) -> tuple[Path, ...]:
        """A list of one or more files inside the case's folder, each named once."""
        value = self._table.get(key)
        if not isinstance(value, list) or not value:
            if value is None:
                raise self.fault(
                    f"has no {key}", f'Write {key} = ["photos/name.jpg"] into it.'
                )
            raise self._wrong(key, 'a list of files, such as ["photos/name.jpg"]')
        if not all(isinstance(name, str) and name for name in value):
            raise self._wrong(key, 'a list of files, such as ["photos/name.jpg"]')
        return tuple(self.path(str(name)) for name in value)

    def path(self, written: str) -> Path:
        """The file that `written` names, if it is there and inside the folder."""
        root = self._folder.resolve()
        if "\0" in written:
            raise self.fault("names a file with a broken name", "Rename the file.")
        found = (root / written).resolve()
        if not found.is_relative_to(root):
            raise self.fault(
                f"names “{Path(written).name}” outside the case's folder",
                "Copy the file into the folder and name it from there.",
            )
        if not found.is_file():
            raise self.fault(
                f"names “{written}”, and there is no such file",
                "Put the file there or correct its name; upper and lower case differ.",
            )
        return found


def _advice(key: str, known: Sequence[str]) -> str:
    """What to write instead of an unknown key."""
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    if near:
        return f"Did you mean “{near[0]}”?"
    return f"It may hold: {', '.join(known)}."


def _is_number(value: object) -> bool:
    """Whether a value is a finite number; TOML's booleans are not."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and isfinite(value)
    )


def _numbers(value: object, count: int) -> tuple[float, ...] | None:
    """`count` finite numbers from zero up, or `None`."""
    if not isinstance(value, list) or len(value) != count:
        return None
    if not all(_is_number(item) and item >= 0 for item in value):
        return None
    return tuple(float(item) for item in value)

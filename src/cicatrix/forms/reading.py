"""TOML forms, field by field: the first fault found is told in one message."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from cicatrix.errors import InputInvalid
from cicatrix.forms.quantities import check_quantity

__all__ = ["MAX_FORM_BYTES", "Form", "nearest", "read_form"]

MAX_FORM_BYTES = 1_000_000
"""An intake with every answer needs a hundredth of this: more is not a form."""


def nearest(name: str, known: Iterable[str]) -> str:
    """“ Did you mean x?” for the known name nearest to `name`, or nothing.

    Examples
    --------
    >>> nearest("pregnent", ["pregnant", "age_years"])
    ' Did you mean “pregnant”?'
    >>> nearest("age", ["pregnant", "age_years"])
    ' Did you mean “age_years”?'
    """
    names = list(known)
    longer = [each for each in names if each.startswith(f"{name}_")]
    found = get_close_matches(name, names, n=1) or longer
    return f" Did you mean “{found[0]}”?" if found else ""


def read_form(path: Path, *, what: str) -> "Form":
    """The form in a TOML file.

    Parameters
    ----------
    path
        The file.
    what
        What it should be, as a noun without its article, for messages: “intake”, “plan”.

    Raises
    ------
    InputInvalid
        The file is not there, cannot be read, is too large, not UTF-8 or not TOML.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputInvalid(
            f"“{path.name}” cannot be read ({error.strerror}), so there is no {what}. "
            "Name a file that exists."
        ) from error
    if len(content) > MAX_FORM_BYTES:
        raise InputInvalid(
            f"“{path.name}” holds {len(content)} bytes, more than any {what} needs. "
            "Name the right file."
        )
    try:
        fields = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputInvalid(
            f"“{path.name}” is not TOML ({error}), so the {what} cannot be read. "
            "Correct that line."
        ) from error
    return Form(fields=fields, at=path.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of one table; `at` names it in messages.

    Every method answers `None` for a field that is absent: not asked is never “no”.
    """

    fields: Mapping[str, Any]
    at: str

    def only(self, known: Iterable[str]) -> None:
        """Refuse a field that is not `known`, naming the nearest one that is."""
        names = list(known)
        for name in self.fields:
            if name not in names:
                raise InputInvalid(
                    f"{self.at}: nothing here is called “{name}”, so it would be "
                    f"passed over.{nearest(name, names)} Correct or remove it."
                )

    def needs(self, *names: str) -> None:
        """Refuse a form in which one of `names` is absent."""
        absent = [name for name in names if name not in self.fields]
        if absent:
            raise InputInvalid(
                f"{self.at}: lacks {', '.join(absent)}, without which there is no "
                "answer. Add it."
            )

    def table(self, name: str) -> "Form | None":
        """The table under `name`."""
        value = self.fields.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(name, "a table", value)
        return Form(fields=value, at=f"{self.at}, [{name}]")

    def tables(self, name: str) -> "tuple[Form, ...]":
        """Every table of a list of tables; none where the field is absent."""
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self._wrong(name, "[[tables]]", value)
        return tuple(
            Form(fields=each, at=f"{self.at}, [[{name}]] {number}")
            for number, each in enumerate(value, start=1)
        )

    def text(self, name: str) -> str | None:
        """Words."""
        value = self.fields.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(name, "words in quotes", value)
        return value

    def choice(self, name: str, choices: Sequence[str]) -> str | None:
        """One of `choices`."""
        value = self.text(name)
        if value is None or value in choices:
            return value
        raise InputInvalid(
            f"{self.at}, {name}: “{value}” is not one of {', '.join(choices)}."
            f"{nearest(value, choices)} Choose one of these."
        )

    def yes_no(self, name: str) -> bool | None:
        """True or false."""
        value = self.fields.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise self._wrong(name, "true or false", value)

    def day(self, name: str) -> date | None:
        """A date without a time."""
        value = self.fields.get(name)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._wrong(name, "a date such as 2026-03-01 without quotes", value)
        return value

    def number(self, name: str, *, quantity: str | None = None) -> float | None:
        """A number in the range of the quantity, by default that of the same name."""
        value = self.fields.get(name)
        if value is None:
            return None
        return check_quantity(quantity or name, value, at=f"{self.at}, {name}")

    def whole(self, name: str, *, quantity: str | None = None) -> int | None:
        """A whole number in the range of the quantity."""
        value = self.number(name, quantity=quantity)
        if value is None:
            return None
        if value != int(value):
            raise self._wrong(name, "a whole number", value)
        return int(value)

    def _wrong(self, name: str, wanted: str, value: object) -> InputInvalid:
        return InputInvalid(
            f"{self.at}, {name}: must be {wanted}, found {value!r}. Correct it."
        )

"""Numbers with a unit: refused out of range, naming the unit that was likely meant."""

from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

from cicatrix.errors import EvidenceInvalid, InputInvalid
from cicatrix.evidence.clinical import load_clinical

__all__ = ["Quantity", "check_quantity", "quantity", "worked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a field may hold: `low` to `high` in `unit`, and units often confused.

    `confused` pairs another unit's name with what one of it is in `unit`.
    """

    name: str
    title: str
    unit: str
    low: float
    high: float
    confused: tuple[tuple[str, float], ...]


@cache
def _quantities() -> dict[str, Quantity]:
    return {
        row.fields["name"]: Quantity(
            name=row.fields["name"],
            title=row.fields["title"],
            unit=row.fields["unit"],
            low=float(row.fields["low"]),
            high=float(row.fields["high"]),
            confused=tuple(
                (each["unit"], float(each["is"]))
                for each in row.fields.get("confused", ())
            ),
        )
        for file in load_clinical("quantities").values()
        for row in file.rows
    }


def quantity(name: str) -> Quantity:
    """The quantity of that name; raises `EvidenceInvalid` where no file defines it."""
    if name not in _quantities():
        raise EvidenceInvalid(
            f"the quantity {name!r} stands in no file of evidence/quantities. Add it."
        )
    return _quantities()[name]


def check_quantity(name: str, value: object, *, at: str) -> float:
    """`value` as a number in the quantity's unit.

    Parameters
    ----------
    name
        Of a quantity in `evidence/quantities`.
    value
        What the user wrote.
    at
        File and field, or option, named in the message.

    Raises
    ------
    InputInvalid
        It is no finite number, or out of range; the message names the unit that was
        likely meant.

    Examples
    --------
    >>> check_quantity("weight_kg", 62, at="--weight-kg")
    62.0
    """
    known = quantity(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputInvalid(
            f"{at}: {known.title} must be a number in {known.unit}, found {value!r}. "
            "Write the number alone."
        )
    number = float(value)
    if isfinite(number) and known.low <= number <= known.high:
        return number
    raise InputInvalid(
        f"{at}: {number:g} {known.unit} is no possible {known.title} "
        f"({known.low:g} to {known.high:g} {known.unit}). {_likely(known, number)}"
    )


def _likely(known: Quantity, number: float) -> str:
    for unit, size in known.confused:
        meant = number * size
        if known.low <= meant <= known.high:
            return (
                f"It looks like {unit}: {number:g} {unit} are {meant:.4g} "
                f"{known.unit}. Write it in {known.unit}."
            )
    return f"Check the number and write it in {known.unit}."


def worked(_: str, given: dict[str, Any]) -> dict[str, object]:
    """Answer a worked case: speaks when it refuses, is silent when it accepts."""
    if given["name"] not in _quantities():
        return {"state": "lacks-an-answer"}
    try:
        check_quantity(given["name"], given["value"], at="case")
    except InputInvalid as refusal:
        meant = [unit for unit, _ in quantity(given["name"]).confused]
        named = [unit for unit in meant if f"looks like {unit}:" in str(refusal)]
        return {"state": "speaks", "unit": named[0] if named else ""}
    return {"state": "silent"}

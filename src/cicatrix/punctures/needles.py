"""Needles as data: named devices, what was measured of punctures, what is assumed."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from cicatrix.errors import InputInvalid
from cicatrix.evidence.clinical import Row, load_clinical
from cicatrix.forms.reading import nearest

__all__ = [
    "DIMENSIONS",
    "assumed",
    "assumption",
    "device_row",
    "device_rows",
    "measured",
    "worked",
]

DIMENSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pen": ("field_mm",),
        "roller": ("drum_diameter_mm", "width_mm"),
        "stamp": ("stamp_field_mm",),
    }
)
"""Sizes that the simulation of a kind of device needs and a source may not tell."""


@cache
def _rows(file: str) -> Mapping[str, Row]:
    rows = load_clinical("needles")[file].rows
    return MappingProxyType({row.fields["name"]: row for row in rows})


def device_rows() -> Mapping[str, Row]:
    """Every device that a source tells of, by name.

    Examples
    --------
    >>> device_rows()["dermaroller-mf8"].fields["needles"]
    192
    """
    return _rows("devices")


def device_row(name: str) -> Row:
    """The device of that name; raises `InputInvalid` where no source tells of it."""
    if name not in device_rows():
        raise InputInvalid(
            f"no device is called “{name}” here, so its needles are not known."
            f"{nearest(name, device_rows())} Name one of {', '.join(device_rows())}, "
            "or give its needles yourself."
        )
    return device_rows()[name]


def measured(name: str) -> Row:
    """What was measured or published under that name; `KeyError` if nothing was.

    Examples
    --------
    >>> measured("channel-diameter").fields["value"]
    70.7
    """
    return _rows("measured")[name]


def assumption(name: str) -> Row:
    """The assumption of that name with what stands behind it; `KeyError` if none."""
    return _rows("assumed")[name]


def assumed(name: str) -> float:
    """The value of an assumption in the unit of its row.

    Examples
    --------
    >>> assumed("drum_diameter_mm")
    20.0
    """
    return float(assumption(name).fields["value"])


def worked(name: str, given: dict[str, Any]) -> dict[str, object]:
    """Answer a worked case; a device whose needles no source counted has no answer."""
    row = _rows(name).get(given["name"])
    if row is None or (name == "devices" and "needles" not in row.fields):
        return {"state": "lacks-an-answer"}
    answer: dict[str, object] = {"state": "speaks", **row.fields}
    if name == "devices":
        needed = DIMENSIONS[row.fields["kind"]]
        answer["assumed"] = [size for size in needed if size not in row.fields]
    return answer

"""The device that a person asked for, by kind or by name, with its told sizes."""

from collections.abc import Mapping

from cicatrix.errors import InputInvalid
from cicatrix.evidence.clinical import Row
from cicatrix.forms.reading import nearest
from cicatrix.punctures.device import Device, Pen, Roller, Stamp
from cicatrix.punctures.needles import device_row, device_rows

__all__ = ["KINDS", "device_asked"]

KINDS = ("pen", "roller", "stamp")
"""Kinds of device that can be simulated without a name."""

_OWN = {
    "pen": ("needles", "rate_hz", "field_mm", "rings"),
    "roller": (
        *("needles", "rows", "drum_diameter_mm", "field_mm"),
        *("needle_mm", "penetrated_mm"),
    ),
    "stamp": ("needles", "field_mm"),
}
"""Sizes that each kind has."""

_NEEDED = {
    "pen": ("needles", "rate_hz"),
    "roller": ("needles", "rows"),
    "stamp": ("needles",),
}
"""Sizes for which nothing may be assumed."""

_OPTION = {
    "rate_hz": "the strokes a second",
    "field_mm": "the width of the needle field",
    "rings": "rings",
    "rows": "rows",
    "drum_diameter_mm": "the diameter of a drum",
    "needle_mm": "the length of the needles",
    "penetrated_mm": "the penetrated depth",
    "needles": "the number of needles",
}


def device_asked(name: str, sizes: Mapping[str, float | None]) -> Device:
    """The device of that name or kind; what is asked goes before what was told.

    Parameters
    ----------
    name
        A kind of `KINDS`, or a device of `evidence/needles/devices.toml`.
    sizes
        What was asked, by the names of the fields of `Pen`, `Roller`, `Stamp`; `None`
        is not asked.

    Raises
    ------
    InputInvalid
        No such device; a size that its kind does not have, or lacks; or one outside
        what a source tells of it.

    Examples
    --------
    >>> device_asked("dermaroller-mf8", {"needle_mm": 1.5}).needles
    192
    """
    asked = {key: value for key, value in sizes.items() if value is not None}
    if name in KINDS:
        return _made(name, asked, model="")
    if name not in device_rows():
        raise InputInvalid(
            f"device: “{name}” is neither pen, roller, stamp nor a device of which a "
            f"source tells.{nearest(name, [*KINDS, *device_rows()])} Name one of "
            f"{', '.join((*KINDS, *device_rows()))}."
        )
    row = device_row(name)
    _check_told(row, asked)
    return _made(row.fields["kind"], {**_told(row), **asked}, model=name)


def _told(row: Row) -> dict[str, float]:
    told = row.fields
    sizes = {
        "needles": told.get("needles"),
        "rows": told.get("rows"),
        "drum_diameter_mm": told.get("drum_diameter_mm"),
        "field_mm": told.get("width_mm"),
    }
    if told["kind"] == "roller":
        sizes["needle_mm"] = told.get("length_high_mm")
    return {key: value for key, value in sizes.items() if value is not None}


def _check_told(row: Row, asked: Mapping[str, float]) -> None:
    """Refuse what the named device cannot do: another number belongs to another one."""
    for key, low, high, unit in (
        ("rate_hz", "rate_low_hz", "rate_high_hz", "Hz"),
        ("needle_mm", "length_low_mm", "length_high_mm", "mm"),
    ):
        least, most = row.fields.get(low, 0), row.fields.get(high, float("inf"))
        value = asked.get(key)
        if value is not None and not least <= value <= most:
            said = f"{least:g} to {most:g}" if least != most else f"{most:g}"
            raise InputInvalid(
                f"{_OPTION[key]}: {value:g} {unit} is not possible with "
                f"{row.fields['title']} ({said} {unit}). Change it, or name only the "
                "kind of device."
            )


def _made(kind: str, sizes: Mapping[str, float], *, model: str) -> Device:
    for key in sizes:
        if key not in _OWN[kind]:
            raise InputInvalid(
                f"{_OPTION[key]}: a {kind} has no such thing. Leave it out, or name "
                "another device."
            )
    lacking = [_OPTION[key] for key in _NEEDED[kind] if key not in sizes]
    if lacking:
        raise InputInvalid(
            f"the {model or kind} lacks {' and '.join(lacking)}, which no source tells. "
            "Give it."
        )
    makers: dict[str, type[Pen] | type[Roller] | type[Stamp]] = {
        "pen": Pen,
        "roller": Roller,
        "stamp": Stamp,
    }
    return makers[kind](**sizes, model=model)  # type: ignore[arg-type]  # checked there

"""How the hand will lead the needles, for the simulation of where they go."""

from dataclasses import dataclass

from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form
from cicatrix.punctures.asking import KINDS, device_asked
from cicatrix.punctures.device import Device, Handling
from cicatrix.punctures.field import PunctureField, Sampling, puncture_field
from cicatrix.punctures.needles import device_rows

__all__ = ["Needling", "needling_of", "simulated"]

_SIZES = (
    *("needles", "rate_hz", "field_mm", "rings", "rows"),
    *("drum_diameter_mm", "needle_mm", "penetrated_mm"),
)
_HAND = ("speed_cm_s", "passes", "directions_deg")
_DIRECTIONS_DEG = (0.0, 90.0)
_SPEED_CM_S = 2.0
_PATCHES = 12
"""Enough for a share of skin to a percentage point in a tenth of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needling:
    """The device with its sizes, and how it is led."""

    device: Device
    handling: Handling


def needling_of(form: Form, *, device: str, kind: str) -> Needling:
    """The device and the hand in a table `[needling]`.

    Parameters
    ----------
    form
        The table: sizes as in `cicatrix punctures`, `speed_cm_s`, `passes`,
        `directions_deg`.
    device, kind
        As the plan names it.

    Raises
    ------
    InputInvalid
        A field is unknown, impossible, or missing for this kind of device; or the kind
        cannot be simulated.
    """
    form.only((*_SIZES, *_HAND))
    if kind not in KINDS:
        raise InputInvalid(
            f"{form.at}: the punctures of this device ({device}) cannot be simulated. "
            f"Remove the table, or plan one of {', '.join(KINDS)}."
        )
    sizes = {name: _plain_number(form, name) for name in _SIZES}
    for name in ("needles", "rings", "rows"):
        value = sizes[name]
        if value is not None and value == int(value):
            sizes[name] = int(value)
    return Needling(
        device=device_asked(device if device in device_rows() else kind, sizes),
        handling=Handling(
            passes=int(_plain_number(form, "passes") or 1),
            directions_deg=_directions(form),
            speed_cm_s=_plain_number(form, "speed_cm_s") or _SPEED_CM_S,
        ),
    )


def _plain_number(form: Form, name: str) -> float | None:
    """A number; its range is checked where the device is made."""
    value = form.fields.get(name)
    if value is None or (
        isinstance(value, int | float) and not isinstance(value, bool)
    ):
        return value
    raise InputInvalid(
        f"{form.at}, {name}: must be a number, found {value!r}. Correct it."
    )


def _directions(form: Form) -> tuple[float, ...]:
    found = form.fields.get("directions_deg", list(_DIRECTIONS_DEG))
    if not isinstance(found, list) or not all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in found
    ):
        raise InputInvalid(
            f"{form.at}, directions_deg: must be a list of angles such as [0, 90], "
            f"found {found!r}. Correct it."
        )
    return tuple(float(each) for each in found)


def simulated(needling: Needling) -> PunctureField:
    """Where the needles go, from a fixed seed."""
    return puncture_field(
        needling.device,
        handling=needling.handling,
        sampling=Sampling(patches=_PATCHES),
    )

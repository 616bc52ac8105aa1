"""How a needle enters: straight, dragged by a gliding pen, or swung in by a drum."""

from dataclasses import dataclass
from math import acos, degrees, tan

from cicatrix.punctures.device import Device, Handling, Pen, Roller
from cicatrix.punctures.needles import assumed

__all__ = ["Entry", "entry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The way of one needle through the surface.

    `angle_deg` is measured from the perpendicular, at the moment of entry. `slit_mm` is
    how far the shaft moves along the surface while it is in: the longest slit, if the
    skin did not move with the needle. Skin that moves along is torn less.
    """

    angle_deg: float
    slit_mm: float


def entry(device: Device, handling: Handling) -> Entry:
    """How the needles of a device enter.

    A drum of rolling radius H with tips at radius T touches at cos a = H / T. Its axle
    moves H a while it turns by a, and the needle's axis meets the surface H tan a ahead
    of the axle: the shaft so wanders 2 H (tan a - a) along the surface.

    Examples
    --------
    >>> found = entry(Roller(needles=192, rows=8, drum_diameter_mm=20), Handling())
    >>> round(found.angle_deg), round(found.slit_mm, 2)
    (30, 1.03)
    """
    if isinstance(device, Roller):
        angle = acos(device.rolling_radius_mm / device.tip_radius_mm)
        slit = 2 * device.rolling_radius_mm * (tan(angle) - angle)
        return Entry(angle_deg=degrees(angle), slit_mm=slit)
    if isinstance(device, Pen):
        dragged = device.step_mm(handling) * assumed("contact_fraction")
        return Entry(angle_deg=0.0, slit_mm=dragged)
    return Entry(angle_deg=0.0, slit_mm=0.0)

"""Numbers and facts as lines of a sheet, each with what stands behind it."""

from cicatrix.domain.sheet import Line, Origin
from cicatrix.evidence.clinical import Backing

__all__ = ["chance_text", "computed", "fact", "mm_text"]

_SURE = 0.99


def chance_text(chance: float) -> str:
    """A chance in whole percent; the model bears no more.

    Examples
    --------
    >>> chance_text(0.052), chance_text(0.001), chance_text(0.9999)
    ('5 %', 'under 1 %', 'over 99 %')
    """
    if chance < 1 - _SURE:
        return "under 1 %"
    if chance > _SURE:
        return "over 99 %"
    return f"{100 * chance:.0f} %"


def mm_text(length_mm: float) -> str:
    """A length as it is set on a device.

    Examples
    --------
    >>> mm_text(0.5), mm_text(0.25)
    ('0.5 mm', '0.25 mm')
    """
    return f"{length_mm:g} mm"


def fact(label: str, text: str, backing: Backing) -> Line:
    """What sources say, with their support and what limits it."""
    return Line(
        label=label,
        text=text,
        origin=Origin.FACT,
        sources=backing.sources,
        support=backing.support,
        note=backing.note,
    )


def computed(label: str, text: str, *backings: Backing, note: str = "") -> Line:
    """What follows from what was asked and the facts of these sources."""
    return Line(
        label=label,
        text=text,
        origin=Origin.COMPUTED,
        sources=tuple(dict.fromkeys(key for each in backings for key in each.sources)),
        note=note,
    )

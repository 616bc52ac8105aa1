"""Pen, roller, stamp and radiofrequency side by side, and which one the plan leans to."""

from collections.abc import Iterable
from dataclasses import dataclass

from cicatrix.evidence.clinical import Backing, Row
from cicatrix.evidence.words_of_the_field import sites
from cicatrix.planning.tables import concerns, rows

__all__ = [
    "DEVICE_KINDS",
    "Preference",
    "Trait",
    "kind_of",
    "longest_mm",
    "model",
    "models",
    "preference",
    "preference_at",
    "technique",
    "traits",
]

DEVICE_KINDS = ("pen", "roller", "stamp", "rf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """One property of one kind of device, or one part of how it is used."""

    device: str
    name: str
    text: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """The kind that the plan leans to; "" where no difference was shown."""

    prefers: str
    why: str
    backing: Backing


def models() -> tuple[str, ...]:
    """Ids of the devices known by name."""
    return tuple(str(row.fields["id"]) for row in rows("devices", "models"))


def model(device: str) -> Row | None:
    """What is known of a device by name; `None` for a mere kind."""
    for row in rows("devices", "models"):
        if row.fields["id"] == device:
            return row
    return None


def kind_of(device: str) -> str:
    """The kind of a device: itself, if it is one.

    Examples
    --------
    >>> kind_of("exceed"), kind_of("roller")
    ('pen', 'roller')
    """
    known = model(device)
    return device if known is None else str(known.fields["device"])


def longest_mm(device: str) -> float | None:
    """The longest needles of a device by name; `None` where no source tells it."""
    known = model(device)
    return None if known is None else known.fields.get("longest_mm")


def traits() -> tuple[Trait, ...]:
    """Every property of every kind, as the table orders them."""
    return tuple(
        Trait(
            device=row.fields["device"],
            name=row.fields["property"],
            text=row.fields["text"],
            backing=row.backing,
        )
        for row in rows("devices", "kinds")
    )


def technique(device: str, *, at: Iterable[str]) -> tuple[Trait, ...]:
    """End-point, passes, order and preparation for a kind of device at these sites.

    A row about one region is told only where one of the sites lies in it.
    """
    regions = {sites()[site].region for site in at}
    return tuple(
        Trait(
            device=device,
            name=row.fields["part"],
            text=row.fields["text"],
            backing=row.backing,
        )
        for row in rows("devices", "technique")
        if concerns(row, "devices", device)
        and ("regions" not in row.fields or regions & set(row.fields["regions"]))
    )


def preference(region: str, *, indication: str) -> Preference | None:
    """The first row of the table that fits the region and the indication."""
    for row in rows("devices", "choice"):
        if region in row.fields["regions"] and concerns(row, "indications", indication):
            return Preference(
                prefers=row.fields["prefers"],
                why=row.fields["why"],
                backing=row.backing,
            )
    return None


def preference_at(site: str, *, indication: str) -> Preference | None:
    """The preference for the region of a site."""
    return preference(sites()[site].region, indication=indication)

"""Pen, roller, stamp and radiofrequency side by side, and which one the plan leans to."""

from dataclasses import dataclass

from cicatrix.evidence.clinical import Backing, Row
from cicatrix.evidence.words_of_the_field import sites
from cicatrix.planning.tables import concerns, rows

__all__ = [
    "DEVICE_KINDS",
    "Label",
    "Preference",
    "Trait",
    "kind_of",
    "labels",
    "labels_seen",
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
class Label:
    """What a regulator authorised.

    `fits` is false where skin type or age lie outside, `None` where they were not told.
    """

    text: str
    fits: bool | None
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


def technique(device: str) -> tuple[Trait, ...]:
    """End-point, passes, order and preparation for a kind of device."""
    return tuple(
        Trait(
            device=device,
            name=row.fields["part"],
            text=row.fields["text"],
            backing=row.backing,
        )
        for row in rows("devices", "technique")
        if concerns(row, "devices", device)
    )


def labels_seen(jurisdiction: str) -> bool:
    """Whether any label of that jurisdiction was seen at all."""
    return any(
        row.fields["jurisdiction"] == jurisdiction for row in rows("devices", "labels")
    )


def labels(
    *,
    jurisdiction: str,
    device: str,
    site: str,
    indication: str,
    skin_type: str | None = None,
    age_years: float | None = None,
) -> tuple[Label, ...]:
    """Labels for this device, site and indication, and whether the person fits them."""
    return tuple(
        Label(
            text=row.fields["text"],
            fits=_fits(row, skin_type=skin_type, age_years=age_years),
            backing=row.backing,
        )
        for row in rows("devices", "labels")
        if row.fields["jurisdiction"] == jurisdiction
        and row.fields["device"] == device
        and concerns(row, "sites", site)
        and concerns(row, "indications", indication)
    )


def _fits(row: Row, *, skin_type: str | None, age_years: float | None) -> bool | None:
    if skin_type is not None and skin_type not in row.fields["skin_types"]:
        return False
    if age_years is not None and age_years < row.fields["age_from_years"]:
        return False
    return None if skin_type is None or age_years is None else True


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

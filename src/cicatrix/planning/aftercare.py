"""What follows a session: the usual course, red flags, care, sun, and open channels."""

from collections.abc import Sequence
from dataclasses import dataclass

from cicatrix.evidence.clinical import Backing
from cicatrix.evidence.judging import redness_window
from cicatrix.evidence.reading import load_facts
from cicatrix.planning.tables import ANY, concerns, rows

__all__ = [
    "Care",
    "Closing",
    "RedFlag",
    "Stretch",
    "Sun",
    "Topical",
    "care",
    "closing",
    "open_hours",
    "red_flags",
    "sun",
    "topical",
    "topicals",
    "usual_course",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What is usual from one day to another after a session, for both readers."""

    from_day: int
    to_day: int
    text: str
    plain: str
    sources: tuple[str, ...]
    support: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlag:
    """What is not usual; `act` is now, today or this week."""

    id: str
    from_day: int
    to_day: int
    act: str
    flag: str
    plain: str
    think_of: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What to do or leave, from one hour after a session to another."""

    from_hours: int
    to_hours: int
    text: str
    plain: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sun:
    """Sun rules of a skin type, for so many weeks."""

    weeks: int
    text: str
    plain: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Topical:
    """A product that was asked about; `verdict` is "" where no source speaks of it."""

    asked: str
    verdict: str
    text: str
    backing: Backing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How long channels stay open, by one study."""

    needle: str
    text: str
    backing: Backing


def usual_course(indications: Sequence[str]) -> tuple[Stretch, ...]:
    """Day by day; the days of redness are those that the measuring part uses."""
    window = redness_window()
    facts = load_facts("judging.toml")
    spans = [
        (
            window.usual_days,
            "redness_usual_days",
            "Redness, swelling and flaking fade.",
        ),
        (window.longest_days, "redness_longest_days", "A little redness may stay."),
    ]
    if "burn-scar" in indications:
        spans.append(
            (
                window.deep_needling_days,
                "redness_deep_needling_days",
                "After deep needling itch and redness last longer.",
            )
        )
    told = [
        Stretch(
            from_day=0,
            to_day=days,
            text=facts[name].statement,
            plain=plain,
            sources=facts[name].sources,
            support=facts[name].support,
        )
        for days, name, plain in spans
    ]
    return (*_described(indications), *told)


def _described(indications: Sequence[str]) -> tuple[Stretch, ...]:
    return tuple(
        Stretch(
            from_day=row.fields["from_day"],
            to_day=row.fields["to_day"],
            text=row.fields["text"],
            plain=row.fields["plain"],
            sources=row.backing.sources,
            support=row.backing.support,
        )
        for row in rows("courses-of-skin", "usual")
        if any(concerns(row, "indications", each) for each in indications)
    )


def red_flags() -> tuple[RedFlag, ...]:
    """Every red flag, the most urgent first."""
    return tuple(
        RedFlag(**row.fields, backing=row.backing)
        for row in rows("courses-of-skin", "red-flags")
    )


def care() -> tuple[Care, ...]:
    """What to do and leave, by hours."""
    return tuple(
        Care(**row.fields, backing=row.backing) for row in rows("aftercare", "by-hours")
    )


def sun(skin_type: str | None) -> Sun | None:
    """The rules of a skin type; `None` where it was not told."""
    for row in rows("aftercare", "sun"):
        if skin_type in row.fields["skin_types"]:
            return Sun(
                weeks=row.fields["weeks"],
                text=row.fields["text"],
                plain=row.fields["plain"],
                backing=row.backing,
            )
    return None


def topical(asked: str) -> Topical:
    """What is known of rubbing a product in while needling."""
    for row in rows("aftercare", "topicals"):
        if row.fields["id"] == asked:
            return Topical(
                asked=asked,
                verdict=row.fields["verdict"],
                text=f"{row.fields['title']}: {row.fields['text']}",
                backing=row.backing,
            )
    return Topical(asked=asked, verdict="", text="", backing=None)


def topicals() -> tuple[str, ...]:
    """Ids of the products that a source speaks of."""
    return tuple(str(row.fields["id"]) for row in rows("aftercare", "topicals"))


def closing(device: str) -> tuple[Closing, ...]:
    """What studies saw of the closing of channels, those of this kind first."""
    found = [
        row for row in rows("penetration", "closing") if row.fields["device"] == device
    ] + [row for row in rows("penetration", "closing") if row.fields["device"] == ANY]
    return tuple(
        Closing(
            needle=row.fields["needle"], text=row.fields["text"], backing=row.backing
        )
        for row in found
    )


def open_hours(length_mm: float) -> tuple[int, str, Backing]:
    """For how long the plan treats the skin as open, in hours and in words."""
    found = [
        row
        for row in rows("penetration", "closing")
        if row.fields["device"] == "planning" and length_mm < row.fields["below_mm"]
    ]
    row = min(found, key=lambda row: float(row.fields["below_mm"]))
    return row.fields["open_hours"], row.fields["text"], row.backing

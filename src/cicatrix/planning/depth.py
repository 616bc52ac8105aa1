"""How deep at one site: the measured skin, what others name, and what we propose.

The proposal keeps the chance to pass through the dermis under a stated limit, taking
the device at its longest reach, and never beyond a label that speaks for this site. It
is a ceiling: one starts at the lowest setting and raises it to the end-point.
"""

from dataclasses import dataclass, replace
from itertools import count, takewhile

from cicatrix.evidence.clinical import Backing, Row
from cicatrix.evidence.words_of_the_field import sites
from cicatrix.planning.devices import kind_of, longest_mm
from cicatrix.planning.reach import Chances, Reach, chances, reaches
from cicatrix.planning.skin import (
    Otherwise,
    Thickness,
    measured_otherwise,
    nearest_site,
    thickness,
)
from cicatrix.planning.tables import choice, concerns, nearest_row, rows

__all__ = [
    "LONGEST_SHOWN_MM",
    "Judged",
    "NamedDepth",
    "SiteDepth",
    "Target",
    "site_depth",
    "target",
    "without_depth",
]

LONGEST_SHOWN_MM = 2.5
"""The longest needles that a label or a trial of these tables used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The layer that is aimed at, and why; `thinner_skin` asks for one step less."""

    layer: str
    why: str
    thinner_skin: bool
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One length as every reading of the device's reach judges it, usual first."""

    length_mm: float
    by_reach: tuple[tuple[Reach, Chances], ...]

    @property
    def usual(self) -> Chances:
        """By the measured reach."""
        return self.by_reach[0][1]

    @property
    def longest(self) -> Chances:
        """By the longest reach, which is the measured one where there is one alone."""
        return self.by_reach[-1][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDepth:
    """A depth that a label, trial or review names, judged against the measured skin.

    `through` is the chance to pass through the dermis at its deepest end (at its
    shallow end where that alone is named), `None` where the skin was not measured.
    """

    said_by: str
    device: str
    low_mm: float | None
    high_mm: float | None
    text: str
    same_device: bool
    through: float | None
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDepth:
    """Everything about depth at one site.

    `device` is the kind, `model` the device as asked. Lengths are nominal, in
    millimetres. `shallowest_mm` is the least that surely
    enough leaves the epidermis, `deepest_mm` the most that surely enough stays in the
    dermis, `label_mm` what a label allows here, `longest_mm` the longest needles of the
    device, `ceiling_mm` what we propose. Each is `None` where nothing supports it;
    `withheld` says why no depth is given at all.
    """

    site: str
    indication: str
    device: str
    model: str
    withheld: str
    target: Target | None
    skin: Thickness | None
    nearest: str | None
    otherwise: tuple[Otherwise, ...]
    reaches: tuple[Reach, ...]
    shallowest_mm: float | None
    deepest_mm: float | None
    label_mm: float | None
    longest_mm: float | None
    ceiling_mm: float | None
    asked: Judged | None
    settings: tuple[Judged, ...]
    named: tuple[NamedDepth, ...]


def target(indication: str) -> Target | None:
    """The layer aimed at, from the row of the indication or the nearest wider one."""
    row = nearest_row("depths", "targets", indication=indication)
    if row is None:
        return None
    return Target(
        layer=row.fields["layer"],
        why=row.fields["why"],
        thinner_skin=row.fields["thinner_skin"],
        backing=row.backing,
    )


def site_depth(
    site: str,
    *,
    indication: str,
    device: str,
    sex: str,
    asked_mm: float | None = None,
) -> SiteDepth:
    """What is known of depth at this site, and what is proposed.

    Parameters
    ----------
    site, indication
        Words of the field.
    device
        Kind (pen, roller, stamp, rf) or a device by name.
    sex
        male or female, as the tables of thickness have it.
    asked_mm
        The nominal length that the user has in mind, to be judged.
    """
    skin = thickness(site, sex=sex)
    aim = target(indication)
    kind = kind_of(device)
    ways = reaches(kind)
    withheld = _withheld(site, aim, kind=kind)
    settings = () if skin is None else _settings(skin, ways)
    named = _named(site, indication=indication, device=kind, skin=skin)
    deepest_mm = _deepest(settings, thinner=aim is not None and aim.thinner_skin)
    label_mm = min(
        (
            n.high_mm
            for n in named
            if n.said_by == "label" and n.same_device and n.high_mm
        ),
        default=None,
    )
    return SiteDepth(
        site=site,
        indication=indication,
        device=kind,
        model=device,
        withheld=withheld,
        target=aim,
        skin=skin,
        nearest=nearest_site(site) if skin is None else None,
        otherwise=measured_otherwise(site),
        reaches=ways,
        shallowest_mm=_shallowest(settings),
        deepest_mm=deepest_mm,
        label_mm=label_mm,
        longest_mm=longest_mm(device),
        ceiling_mm=None
        if withheld
        else _ceiling(deepest_mm, label_mm, longest_mm(device)),
        asked=None
        if asked_mm is None or skin is None
        else _judged(asked_mm, skin=skin, ways=ways),
        settings=settings,
        named=named,
    )


def _withheld(site: str, aim: Target | None, *, kind: str) -> str:
    if sites()[site].inside_orbital_rim:
        return "This site lies inside the orbital rim, which labels exclude."
    if aim is None:
        return "No source seen speaks of a depth for this indication."
    if kind == "rf":
        return (
            "Radiofrequency heats beyond the tip of the needle, so no ceiling follows "
            "from the thickness of the skin. Its own label decides."
        )
    return ""


def _judged(length_mm: float, *, skin: Thickness, ways: tuple[Reach, ...]) -> Judged:
    return Judged(
        length_mm=length_mm,
        by_reach=tuple((way, chances(length_mm, skin=skin, reach=way)) for way in ways),
    )


def _settings(skin: Thickness, ways: tuple[Reach, ...]) -> tuple[Judged, ...]:
    step_mm = choice("setting_step_mm").fields["value"]
    lengths = takewhile(
        lambda length: length <= LONGEST_SHOWN_MM + step_mm / 2,
        (step_mm * number for number in count(1)),
    )
    return tuple(_judged(length, skin=skin, ways=ways) for length in lengths)


def _deepest(settings: tuple[Judged, ...], *, thinner: bool) -> float | None:
    limit = choice("through_at_most").fields["value"]
    kept = [each.length_mm for each in settings if each.longest.through <= limit]
    if not kept:
        return None
    less_mm = choice("thinner_skin_step_mm").fields["value"] if thinner else 0.0
    return max(kept[-1] - less_mm, kept[0])


def _shallowest(settings: tuple[Judged, ...]) -> float | None:
    limit = choice("stays_at_most").fields["value"]
    for each in settings:
        if each.usual.stays is not None and each.usual.stays <= limit:
            return each.length_mm
    return None


def _ceiling(deepest_mm: float | None, *limits_mm: float | None) -> float | None:
    if deepest_mm is None:
        return None
    return min(
        deepest_mm, *(each for each in limits_mm if each is not None), LONGEST_SHOWN_MM
    )


def without_depth(depth: SiteDepth, why: str) -> SiteDepth:
    """The same site without any depth, and why."""
    return replace(
        depth,
        withheld=why,
        shallowest_mm=None,
        deepest_mm=None,
        label_mm=None,
        ceiling_mm=None,
        asked=None,
        settings=(),
        named=(),
    )


def _named(
    site: str, *, indication: str, device: str, skin: Thickness | None
) -> tuple[NamedDepth, ...]:
    return tuple(
        _named_depth(row, device=device, skin=skin)
        for row in rows("depths", "named")
        if concerns(row, "sites", site) and concerns(row, "indications", indication)
    )


def _named_depth(row: Row, *, device: str, skin: Thickness | None) -> NamedDepth:
    low_mm, high_mm = row.fields.get("low_mm"), row.fields.get("high_mm")
    deepest_mm = high_mm or low_mm
    judged = (
        None
        if skin is None or deepest_mm is None
        else _judged(deepest_mm, skin=skin, ways=reaches(row.fields["device"]))
    )
    return NamedDepth(
        said_by=row.fields["said_by"],
        device=row.fields["device"],
        low_mm=low_mm,
        high_mm=high_mm,
        text=row.fields["text"],
        same_device=row.fields["device"] == device,
        through=None if judged is None else judged.longest.through,
        backing=row.backing,
    )

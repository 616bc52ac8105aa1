"""A casebook as a value: which lesions, which visits, which files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionEntry:
    """One lesion and the one way in which it is pointed to.

    Exactly one of the five places is set. `point_xy`, `box_xyxy` (left, top, right,
    bottom), `scribble_xy` (a rough stroke along it) and `polygon_xy` are in
    full-resolution pixels of the first photo of the first visit, after orientation;
    `mask` is a picture of that photo's size, white on the lesion.
    """

    name: str
    point_xy: Point | None = None
    box_xyxy: tuple[float, float, float, float] | None = None
    scribble_xy: tuple[Point, ...] | None = None
    polygon_xy: tuple[Point, ...] | None = None
    mask: Path | None = None

    def __post_init__(self) -> None:
        drawn = (self.scribble_xy, self.polygon_xy, self.mask)
        places = (self.point_xy, self.box_xyxy, *drawn)
        if sum(place is not None for place in places) != 1:
            raise ValueError(f"a lesion has exactly one place, got {self!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEntry:
    """One day on which photographs were taken.

    `session` tells that a needling session took place that day. `mm_per_px`, `grey_xy`,
    `card_corners_xy` (clockwise from the card's own top left) and `flash` (whether one
    fired) are what a person entered by hand for the visit's photographs; `masks`, which the
    first visit alone can have, maps a lesion's name to its mask on its first photograph.
    """

    visited_on: date
    photos: tuple[Path, ...]
    session: bool = False
    mm_per_px: float | None = None
    grey_xy: Point | None = None
    card_corners_xy: tuple[Point, ...] | None = None
    flash: bool | None = None
    masks: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.photos:
            raise ValueError("a visit has at least one photograph")


@dataclass(frozen=True, slots=True, kw_only=True)
class Casebook:
    """A case: its lesions and its visits, oldest first. Paths are absolute.

    `intake` and `plan` are the files of the answers given before the course and of
    what was planned, where the case has them. `skin_ita_deg` is the individual typology
    angle of the healthy skin, where a person told it.
    """

    title: str
    folder: Path
    lesions: tuple[LesionEntry, ...]
    visits: tuple[VisitEntry, ...]
    intake: Path | None = None
    plan: Path | None = None
    skin_ita_deg: float | None = None

    def __post_init__(self) -> None:
        if any(visit.masks for visit in self.visits[1:]):
            raise ValueError("only the first visit's masks are used")

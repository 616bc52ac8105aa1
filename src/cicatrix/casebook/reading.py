"""Reading `case.toml`: the first fault found is told in one message."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from cicatrix.casebook.entry import CASE_FILE, Entry
from cicatrix.casebook.value import Casebook, LesionEntry, VisitEntry
from cicatrix.errors import CasebookInvalid

__all__ = [
    "CASE_FILE",
    "KNOWN_KEYS",
    "MAX_CASE_FILE_BYTES",
    "PHOTO_FOLDER",
    "read_casebook",
]

PHOTO_FOLDER = "photos"
"""Where a case folder keeps its photographs, unless the case file says otherwise."""

MAX_CASE_FILE_BYTES = 2_000_000
"""A polygon of ten thousand corners needs a tenth of this: more is not a case file."""

_CASE_KEYS = ("title", "intake", "plan", "skin_tone")
_TOP_KEYS = ("case", "lesion", "visit")
_LESION_KEYS = ("name", "point_xy", "box_xyxy", "scribble_xy", "polygon_xy", "mask")
_VISIT_KEYS = (
    "date",
    "photos",
    "session",
    "mm_per_px",
    "grey_xy",
    "card_corners_xy",
    "flash",
    "masks",
)
_PLACES = _LESION_KEYS[1:]

KNOWN_KEYS = (*_CASE_KEYS, *_LESION_KEYS, *_VISIT_KEYS)
"""Every name that may stand in a table of a case file."""

EXAMPLE = """[case]
title = "Case 1"
[[lesion]]
name = "left cheek"
point_xy = [812, 640]
[[visit]]
date = 2025-01-10
photos = ["photos/first.jpg"]"""
"""The least case file that can be measured, shown where there is none."""

TakenOn = Callable[[Path], date | None]


def read_casebook(folder: str | Path, *, taken_on: TakenOn | None = None) -> Casebook:
    """The casebook of a folder that holds `case.toml` and photographs.

    Parameters
    ----------
    folder : str or Path
        The case's folder.
    taken_on : callable, optional
        Answers the day on which a photograph says it was taken, or `None`; asked only
        for visits without a date.

    Returns
    -------
    Casebook
        Visits oldest first, every file present.

    Raises
    ------
    CasebookInvalid
        The file is absent, is not TOML, holds an unknown key or a value of the wrong
        kind, names a file that is not there or lies outside the folder, a lesion has
        not exactly one place, or the dates are missing, doubled or out of order.
    """
    root = Path(folder)
    table = _toml(root)
    top = Entry("the file", table, known=_TOP_KEYS, folder=root)
    case = Entry("[case]", table.get("case", {}), known=_CASE_KEYS, folder=root)
    lesions = _lesions(top, root)
    visits = _visits(top, root, [entry.name for entry in lesions], taken_on)
    return Casebook(
        title=case.text("title") or "Untitled case",
        folder=root.resolve(),
        lesions=lesions,
        visits=visits,
        intake=case.file("intake"),
        plan=case.file("plan"),
        skin_ita_deg=case.skin_ita_deg("skin_tone"),
    )


def _toml(root: Path) -> Mapping[str, object]:
    """The file's tables; every way in which it cannot be read is one message."""
    path = root / CASE_FILE
    if not root.is_dir():
        raise CasebookInvalid(
            f"“{root.name}” is not a folder, so no case can be read from it. Give the "
            f"folder that holds {CASE_FILE} and the photographs."
        )
    if not path.is_file():
        raise CasebookInvalid(_no_case_file(root))
    try:
        data = path.read_bytes()
        if len(data) > MAX_CASE_FILE_BYTES:
            raise CasebookInvalid(
                f"{CASE_FILE} is larger than {MAX_CASE_FILE_BYTES // 1_000_000} MB, "
                "which no case needs, so it is not read. Keep masks in picture files."
            )
        table = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise CasebookInvalid(
            f"{CASE_FILE} cannot be opened ({error.strerror}), so the case cannot be "
            "measured. Check that you may read it."
        ) from error
    except UnicodeDecodeError as error:
        raise CasebookInvalid(
            f"{CASE_FILE} is not text in UTF-8, so it cannot be read. Save it as UTF-8."
        ) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CasebookInvalid(
            f"{CASE_FILE} is not valid TOML ({error}), so it cannot be read. Correct "
            "that place; text stands between quotes, dates do not."
        ) from error
    if not table:
        raise CasebookInvalid(
            f"{CASE_FILE} is empty, so there is nothing to measure. Write at least:\n"
            f"{EXAMPLE}"
        )
    return table


def _no_case_file(root: Path) -> str:
    """What to do with a folder that has no case file, by what else it holds."""
    if (root / PHOTO_FOLDER).is_dir():
        return (
            f"The folder has {PHOTO_FOLDER}/ but no {CASE_FILE}, so it is not known "
            "where the lesion is. Point to it with --lesion X,Y (the visits are then "
            f"taken from the photographs' own dates), or write {CASE_FILE}:\n{EXAMPLE}"
        )
    return (
        f"The folder has no {CASE_FILE}, so there is nothing to measure. Put the "
        f"photographs into {PHOTO_FOLDER}/ and write {CASE_FILE}:\n{EXAMPLE}"
    )


def _tables(top: Entry, key: str) -> Sequence[object]:
    """The [[key]] tables; at least one is needed."""
    value = top.raw(key)
    if value is None:
        raise top.fault(f"has no [[{key}]]", f"Add one:\n{EXAMPLE}")
    if not isinstance(value, list):
        raise top.fault(f"has [{key}]", f"Write [[{key}]] with two brackets.")
    if not value:
        raise top.fault(f"has no [[{key}]]", f"Add one:\n{EXAMPLE}")
    return value


def _lesions(top: Entry, root: Path) -> tuple[LesionEntry, ...]:
    found: list[LesionEntry] = []
    for number, table in enumerate(_tables(top, "lesion"), start=1):
        entry = Entry(f"lesion {number}", table, known=_LESION_KEYS, folder=root)
        name = entry.text("name")
        if name is None:
            raise entry.fault("has no name", 'Write name = "left cheek", or the like.')
        entry.name = f"lesion {number} (“{name}”)"
        if name in {other.name for other in found}:
            raise entry.fault("has the name of another lesion", "Give it its own name.")
        found.append(_lesion(entry, name))
    return tuple(found)


def _lesion(entry: Entry, name: str) -> LesionEntry:
    written = [key for key in _PLACES if entry.has(key)]
    if not written:
        raise entry.fault(
            "has no place", "Write point_xy = [x, y], a point on it in the first photo."
        )
    if len(written) > 1:
        raise entry.fault(
            f"has more than one place ({', '.join(written)})", "Keep one of them."
        )
    box = entry.numbers("box_xyxy", 4, "[700, 560, 930, 720]")
    if box is not None and not (box[0] < box[2] and box[1] < box[3]):
        raise entry.fault(
            "has a box_xyxy without an inside", "Write left, top, right, bottom."
        )
    return LesionEntry(
        name=name,
        point_xy=entry.point("point_xy"),
        box_xyxy=None if box is None else (box[0], box[1], box[2], box[3]),
        scribble_xy=entry.points("scribble_xy", at_least=2),
        polygon_xy=entry.points("polygon_xy", at_least=3),
        mask=entry.file("mask"),
    )


def _visits(
    top: Entry, root: Path, lesions: Sequence[str], taken_on: TakenOn | None
) -> tuple[VisitEntry, ...]:
    found: list[VisitEntry] = []
    used: dict[Path, int] = {}
    for number, table in enumerate(_tables(top, "visit"), start=1):
        entry = Entry(f"visit {number}", table, known=_VISIT_KEYS, folder=root)
        day = entry.day("date")
        if day is not None:
            entry.name = f"visit {number} ({day.isoformat()})"
        photos = entry.files("photos")
        _refuse_repeated(entry, photos, used)
        used.update(dict.fromkeys(photos, number))
        visit = VisitEntry(
            visited_on=day or _day_from_photos(entry, photos, taken_on),
            photos=photos,
            session=entry.flag("session"),
            mm_per_px=entry.positive("mm_per_px"),
            grey_xy=entry.point("grey_xy"),
            card_corners_xy=entry.points("card_corners_xy", at_least=4, at_most=4),
            flash=entry.flag("flash") if entry.has("flash") else None,
            masks=_masks(entry, root, lesions),
        )
        if found and visit.visited_on <= found[-1].visited_on:
            raise entry.fault(*_disorder(visit.visited_on, found[-1].visited_on))
        if found and visit.masks:
            raise entry.fault(
                "has masks, and only those of the first visit are used: what was "
                "outlined there is found again in every later photograph",
                "Take [visit.masks] out here.",
            )
        found.append(visit)
    return tuple(found)


def _refuse_repeated(
    entry: Entry, photos: Sequence[Path], used: Mapping[Path, int]
) -> None:
    for index, photo in enumerate(photos):
        if photo in used:
            raise entry.fault(
                f"uses “{photo.name}”, which visit {used[photo]} uses too",
                "One photograph shows one day: keep it at the right visit.",
            )
        if photo in photos[:index]:
            raise entry.fault(f"names “{photo.name}” twice", "Keep it once.")


def _disorder(this: date, last: date) -> tuple[str, str]:
    """The complaint about a date that does not come after the one before."""
    if this == last:
        return (
            f"has the date of the visit before ({this.isoformat()})",
            "Put all photographs of one day into one visit.",
        )
    return (
        f"is dated {this.isoformat()}, before the visit above it ({last.isoformat()})",
        "Write the visits oldest first, and check the dates.",
    )


def _day_from_photos(
    entry: Entry, photos: Sequence[Path], taken_on: TakenOn | None
) -> date:
    """The one day that all photographs of a visit state."""
    days: set[date] = set()
    for photo in photos:
        day = None if taken_on is None else taken_on(photo)
        if day is None:
            raise entry.fault(
                f"has no date, and “{photo.name}” does not say when it was taken",
                "Write date = 2025-01-10 (its day) into the visit.",
            )
        days.add(day)
    if len(days) > 1:
        told = " and ".join(sorted(day.isoformat() for day in days))
        raise entry.fault(
            f"has no date, and its photographs were taken on {told}",
            "Make one visit of each day, or write the date.",
        )
    return days.pop()


def _masks(entry: Entry, root: Path, lesions: Sequence[str]) -> Mapping[str, Path]:
    """The visit's own masks by lesion."""
    table = entry.raw("masks")
    if table is None:
        return MappingProxyType({})
    masks = Entry(f"{entry.name}, masks,", table, known=lesions, folder=root)
    files = {name: masks.file(name) for name in lesions if masks.has(name)}
    return MappingProxyType({n: path for n, path in files.items() if path is not None})

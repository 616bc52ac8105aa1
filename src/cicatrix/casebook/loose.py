"""A case from loose photographs: visits from the days on which they were taken."""

from collections import defaultdict
from datetime import date
from pathlib import Path

from cicatrix.casebook.reading import CASE_FILE, PHOTO_FOLDER, TakenOn
from cicatrix.casebook.value import Casebook, LesionEntry, Point, VisitEntry
from cicatrix.errors import CasebookInvalid

__all__ = ["PHOTO_ENDINGS", "casebook_from_photos"]

PHOTO_ENDINGS = frozenset(
    {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".heif"}
    | {".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2"}
)
"""Endings of file names that are taken for photographs in a folder without a list."""


def casebook_from_photos(
    folder: str | Path, *, point_xy: Point, taken_on: TakenOn
) -> Casebook:
    """The casebook of a folder with photographs and no case file.

    Photographs are looked for in `photos/`, or in the folder itself where there is
    none. Those of one day make one visit, in the order of their names; the lesion is
    the one at `point_xy` in the first photograph of the first visit.

    Raises
    ------
    CasebookInvalid
        Fewer than two days are found, or a photograph does not say when it was taken.
    """
    root = Path(folder)
    inner = root / PHOTO_FOLDER
    place = inner if inner.is_dir() else root
    if not place.is_dir():
        raise CasebookInvalid(
            f"“{root.name}” is not a folder, so no case can be read from it. Give the "
            "folder that holds the photographs."
        )
    days: dict[date, list[Path]] = defaultdict(list)
    for path in sorted(place.iterdir()):
        if path.suffix.lower() in PHOTO_ENDINGS and path.is_file():
            days[_day(path, taken_on)].append(path.resolve())
    if not days:
        raise CasebookInvalid(
            "The folder holds no photographs, so there is nothing to measure. Put them "
            f"into it or into {PHOTO_FOLDER}/."
        )
    if len(days) < 2:
        raise CasebookInvalid(
            "All photographs were taken on one day; a change needs two. Add a "
            "photograph of another day."
        )
    return Casebook(
        title="Untitled case",
        folder=root.resolve(),
        lesions=(LesionEntry(name="lesion", point_xy=point_xy),),
        visits=tuple(
            VisitEntry(visited_on=day, photos=tuple(days[day])) for day in sorted(days)
        ),
    )


def _day(path: Path, taken_on: TakenOn) -> date:
    day = taken_on(path)
    if day is None:
        raise CasebookInvalid(
            f"“{path.name}” does not say when it was taken, so it is not known to which "
            f"visit it belongs. Write a {CASE_FILE} with the date of each visit."
        )
    return day

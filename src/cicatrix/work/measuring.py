"""A casebook in, the course of every lesion out."""

import os
import platform
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cicatrix.casebook.dating import taken_on
from cicatrix.casebook.masks import read_mask
from cicatrix.casebook.reading import read_casebook
from cicatrix.casebook.value import Casebook, LesionEntry, VisitEntry
from cicatrix.change.fading import DRAWS
from cicatrix.domain.fade import Interval
from cicatrix.domain.result import CaseResult, Comparison, LesionSeries, VisitResult
from cicatrix.errors import CasebookInvalid, PhotoUnusable
from cicatrix.evidence.judging import judge_after_days, redness_window
from cicatrix.outline.value import Box, Lesion, Outline, Scribble
from cicatrix.photo.value import Photo
from cicatrix.report.pictures import ComparisonPictures
from cicatrix.work.chaining import place_through
from cicatrix.work.comparing import (
    Progress,
    compare_laid,
    find_outline,
    place,
    refused,
)
from cicatrix.work.laying import Laid, lay
from cicatrix.work.opening import open_photo
from cicatrix.work.recording import photo_record

__all__ = ["measure", "measure_with_pictures"]

Pictures = dict[tuple[str, int], ComparisonPictures]


@dataclass(slots=True, kw_only=True, eq=False)
class _Course:
    """One lesion while its visits are read, oldest first."""

    entry: LesionEntry
    outline: Outline | None
    skin_ita_deg: float | None
    trouble: str = ""
    baseline: list[Laid] = field(default_factory=list)
    last: list[Laid] = field(default_factory=list)
    visits: list[VisitResult] = field(default_factory=list)


def measure(
    case: Casebook | str | os.PathLike[str], *, progress: Progress | None = None
) -> CaseResult:
    """Measure every lesion of a casebook at every visit.

    Parameters
    ----------
    case
        A folder with `case.toml`, or what `read_casebook` read from it; visits oldest
        first.
    progress
        Called with the share done (0..1) and what is being done.

    Returns
    -------
    CaseResult
        Per lesion: the contrast at each visit with its interval, the change since the
        baseline and since the last visit. What cannot be measured says why.

    Raises
    ------
    PhotoUnusable
        A file is no picture. One that cannot be measured does not raise.
    CasebookInvalid
        The folder holds no sound casebook, a mask does not fit its photograph, or there
        are no two visits.
    """
    if not isinstance(case, Casebook):
        case = read_casebook(Path(case), taken_on=taken_on)
    return measure_with_pictures(case, progress=progress)[0]


def measure_with_pictures(
    case: Casebook, *, progress: Progress | None = None
) -> tuple[CaseResult, Pictures]:
    """`measure`, and for each lesion and visit the pictures that a report shows."""
    tell = progress or (lambda share, what: None)
    if len(case.visits) < 2:
        raise CasebookInvalid(
            f"“{case.title}” has {len(case.visits)} visit; a change needs two. Add a "
            "visit of another day with its photographs."
        )
    pictures: Pictures = {}
    courses: list[_Course] = []
    first: Photo | None = None
    for index, visit in enumerate(case.visits):
        share = index / len(case.visits)
        tell(share, f"visit of {visit.visited_on.isoformat()}")
        photos = _open_visit(visit)
        if first is None:
            first = photos[0]
            courses = [
                _begin(first, entry, visit, case.skin_ita_deg) for entry in case.lesions
            ]
        for course in courses:
            shown = _add_visit(course, first, photos, case.visits[: index + 1])
            if shown is not None:
                pictures[course.entry.name, index] = shown
    tell(1.0, "done")
    return (
        CaseResult(
            title=case.title,
            lesions=tuple(
                LesionSeries(lesion=c.entry.name, visits=tuple(c.visits))
                for c in courses
            ),
            versions=versions(),
            parameters=_parameters(case),
            notes=_notes(case),
        ),
        pictures,
    )


def _parameters(case: Casebook) -> tuple[tuple[str, str], ...]:
    """What bears on every number of a case, named with its unit."""
    drawn = (("monte_carlo_draws_count", str(DRAWS)), ("seed", "0"))
    if case.skin_ita_deg is None:
        return drawn
    return (*drawn, ("skin_ita_deg", f"{case.skin_ita_deg:g}"))


def versions() -> tuple[tuple[str, str], ...]:
    """Names and versions of the software that a number depends on."""
    names = ("cicatrix", "numpy", "scipy", "opencv-python-headless", "pillow")
    return (
        *((name, version(name)) for name in names),
        ("simplejpeg", version("simplejpeg")),
        ("python", platform.python_version()),
    )


def _open_visit(visit: VisitEntry) -> list[Photo]:
    by_hand = visit.photos[0]
    return [
        open_photo(
            path,
            mm_per_px=visit.mm_per_px,
            grey_xy=visit.grey_xy if path == by_hand else None,
            card_corners_xy=visit.card_corners_xy if path == by_hand else None,
            flash_fired=visit.flash,
        )
        for path in visit.photos
    ]


def _begin(
    photo: Photo, entry: LesionEntry, visit: VisitEntry, skin_ita_deg: float | None
) -> _Course:
    course = _Course(entry=entry, outline=None, skin_ita_deg=skin_ita_deg)
    try:
        course.outline = find_outline(photo, _lesion(photo, entry, visit))
    except PhotoUnusable as trouble:
        course.trouble = trouble.reason
    return course


def _lesion(photo: Photo, entry: LesionEntry, visit: VisitEntry) -> Lesion:
    mask = visit.masks.get(entry.name, entry.mask)
    if mask is not None:
        return _fitting_mask(mask, photo, entry.name)
    if entry.box_xyxy is not None:
        left, top, right, bottom = entry.box_xyxy
        return Box(left_px=left, top_px=top, right_px=right, bottom_px=bottom)
    if entry.scribble_xy is not None:
        return Scribble(points_xy=np.asarray(entry.scribble_xy, dtype=np.float64))
    if entry.polygon_xy is not None:
        return np.asarray(entry.polygon_xy, dtype=np.float64)
    return np.asarray(entry.point_xy, dtype=np.float64)


def _fitting_mask(path: Path, photo: Photo, lesion: str) -> npt.NDArray[np.bool_]:
    mask = read_mask(path)
    if mask.shape != (photo.height_px, photo.width_px):
        raise CasebookInvalid(
            f"The mask of “{lesion}” has {mask.shape[1]} × {mask.shape[0]} pixels and "
            f"its photograph {photo.width_px} × {photo.height_px}, so it cannot be laid "
            "on it. Draw the mask on the photograph at its full size."
        )
    return mask


def _add_visit(
    course: _Course, first: Photo, photos: list[Photo], visits: tuple[VisitEntry, ...]
) -> ComparisonPictures | None:
    """Append the last of `visits` to the course; its pictures, if it was measured."""
    name, skin = course.entry.name, course.skin_ita_deg
    if course.outline is None:
        told = refused(name, first, photos[0], course.trouble)
        course.visits.append(_visit_result(course, visits, [], told, told))
        return None
    laid, notes = _laid_shots(first, photos, course, course.outline)
    if not course.baseline:
        if not laid:
            raise ValueError("the baseline lies on its own outline")
        course.baseline = course.last = laid
        shown = compare_laid(
            laid[:1], laid[:1], course.outline, name=name, skin_ita_deg=skin
        )
        course.visits.append(
            replace(
                _visit_result(course, visits, laid, None, None),
                contrast_de00=shown[0].contrast_before_de00,
                notes=notes,
            )
        )
        return None if shown[1] is None else shown[1]()
    if not laid:
        told = refused(name, first, photos[0], notes[0])
        course.visits.append(_visit_result(course, visits, [], told, told))
        return None
    since_baseline, shown_here = compare_laid(
        course.baseline, laid, course.outline, name=name, skin_ita_deg=skin
    )
    since_last = since_baseline
    if course.last is not course.baseline:
        since_last, _ = compare_laid(
            course.last, laid, course.outline, name=name, skin_ita_deg=skin
        )
    course.last = laid
    result = _visit_result(course, visits, laid, since_baseline, since_last)
    course.visits.append(replace(result, notes=result.notes + notes))
    return None if shown_here is None else shown_here()


def _laid_shots(
    first: Photo, photos: list[Photo], course: _Course, outline: Outline
) -> tuple[list[Laid], tuple[str, ...]]:
    """The photographs of a visit that lie on the outline, and what to know of them."""
    laid: dict[int, Laid] = {}
    refused_for: dict[int, str] = {}
    for index, photo in enumerate(photos):
        try:
            laid[index] = (
                lay(photo, outline, None)
                if photo is first
                else place(first, photo, outline)
            )
        except PhotoUnusable as trouble:
            refused_for[index] = _about(photo, trouble.reason)
    notes: list[str] = []
    # One photograph that is laid may be the step for another of the same visit.
    for index in [*refused_for, *refused_for]:
        if index in laid:
            continue
        earlier = [] if course.last is course.baseline else course.last
        steps = [*laid.values(), *earlier, *course.baseline]
        found = place_through(photos[index], outline, steps)
        if found is not None:
            laid[index], step = found
            del refused_for[index]
            notes.append(
                f"{photos[index].name} was laid on {first.name} through "
                f"{step.photo.name}, as the two share too little to be laid directly."
            )
    return [laid[index] for index in sorted(laid)], (*notes, *refused_for.values())


def _about(photo: Photo, reason: str) -> str:
    """A reason that says of which photograph it is told, once."""
    return reason if photo.name in reason else f"{photo.name}: {reason}"


def _visit_result(
    course: _Course,
    visits: tuple[VisitEntry, ...],
    laid: list[Laid],
    since_baseline: Comparison | None,
    since_last: Comparison | None,
) -> VisitResult:
    here = visits[-1]
    contrast = Interval.unknown()
    if since_baseline is not None and since_baseline.reason is None:
        contrast = _in_baseline_light(course.visits[0].contrast_de00, since_baseline)
    outline = course.outline
    return VisitResult(
        visited_on=here.visited_on,
        photos=()
        if outline is None
        else tuple(photo_record(one, outline) for one in laid),
        contrast_de00=contrast,
        since_baseline=since_baseline,
        since_last=since_last,
        judge_from=_judge_from(visits),
    )


def _in_baseline_light(first: Interval, told: Comparison) -> Interval:
    """The contrast at a visit as the baseline's light would show it."""
    if not first.is_known:
        return told.contrast_after_de00
    scale = first.estimate / max(told.contrast_before_de00.estimate, 1e-6)
    after = told.contrast_after_de00
    return Interval(
        estimate=after.estimate * scale, low=after.low * scale, high=after.high * scale
    )


def _judge_from(visits: tuple[VisitEntry, ...]) -> date | None:
    """The day from which redness of the last session no longer hides the result."""
    here = visits[-1].visited_on
    sessions = [v.visited_on for v in visits if v.session and v.visited_on < here]
    if not sessions:
        return None
    clear = max(sessions) + timedelta(days=redness_window().longest_days)
    return clear if here < clear else None


def _notes(case: Casebook) -> tuple[str, ...]:
    sessions = [v.visited_on for v in case.visits if v.session]
    if not sessions:
        return ()
    settled = max(sessions) + timedelta(days=judge_after_days())
    if case.visits[-1].visited_on >= settled:
        return ()
    return (
        f"The last session was on {max(sessions).isoformat()}; its final result is "
        f"judged from {settled.isoformat()} at the earliest.",
    )

"""Sessions and dates, and when the result may be photographed and judged.

The days of redness and of judging are those that the measuring part uses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from cicatrix.evidence.clinical import Backing, Row
from cicatrix.evidence.judging import judge_after_days, redness_window
from cicatrix.planning.tables import concerns, nearest_row, rows

__all__ = ["Appointment", "Course", "Schedule", "Study", "schedule", "studies_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What one study did; `None` where it told no upper number or no interval."""

    sessions_min: int
    sessions_max: int | None
    interval_days: int | None
    text: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A day of the plan: `kind` is session, photograph or judging."""

    on: date
    kind: str
    number: int | None
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What was asked of the dates; `halted` where nothing more may be done."""

    start_on: date | None
    done: tuple[date, ...] = ()
    sessions: int | None = None
    interval_days: int | None = None
    halted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The dates of a plan, and what they rest on.

    `interval_days` is the one used, `longest_studied_days` the longest of the studies;
    `judge_from` and `look_again_from` are `None` where the last session has no date.
    `red_until_days` is how long after a session its redness hides the result.
    """

    studies: tuple[Study, ...]
    sessions: int | None
    sessions_why: str
    sessions_backing: Backing | None
    longest_studied_days: int | None
    interval_days: int | None
    appointments: tuple[Appointment, ...]
    judge_from: date | None
    look_again_from: date | None
    red_until_days: int
    backing: tuple[str, ...]

    @property
    def longest_sources(self) -> tuple[str, ...]:
        """Sources of the longest interval studied."""
        return tuple(
            dict.fromkeys(
                key
                for study in self.studies
                if study.interval_days is not None
                and study.interval_days == self.longest_studied_days
                for key in study.backing.sources
            )
        )

    @property
    def sessions_studied(self) -> tuple[int, int] | None:
        """The fewest and the most sessions of any study; `None` without studies."""
        if not self.studies:
            return None
        most = [each.sessions_max or each.sessions_min for each in self.studies]
        return min(each.sessions_min for each in self.studies), max(most)

    @property
    def too_close(self) -> tuple[tuple[int, int], ...]:
        """Sessions to come that follow sooner than the longest interval studied.

        Pairs of the session's number and the days since the one before.
        """
        sessions = [each for each in self.appointments if each.kind == "session"]
        gaps = (
            (each.number or 0, (each.on - before.on).days)
            for before, each in pairwise(sessions)
            if not each.done
        )
        longest = self.longest_studied_days
        return tuple(gap for gap in gaps if longest is not None and gap[1] < longest)

    @property
    def date_sources(self) -> tuple[str, ...]:
        """Sources of the dates; none where the interval is that of the user alone."""
        same = self.interval_days == self.longest_studied_days
        return self.longest_sources if same else ()


def studies_of(indication: str, *, device: str) -> tuple[Study, ...]:
    """Studies that scheduled this indication with this kind of device.

    No study scheduled a stamp: those of other needles stand for it.
    """
    kinds = ("pen", "roller") if device == "stamp" else (device,)
    return tuple(
        Study(
            sessions_min=row.fields["sessions_min"],
            sessions_max=row.fields.get("sessions_max"),
            interval_days=row.fields.get("interval_days"),
            text=row.fields["text"],
            backing=row.backing,
        )
        for row in rows("schedules", "studies")
        if concerns(row, "indications", indication)
        and any(kind in row.fields["devices"] for kind in kinds)
    )


def schedule(indications: Sequence[str], *, device: str, course: Course) -> Schedule:
    """Dates for all indications treated in the same visits.

    The longest interval of any study of any of them is used unless another is asked
    for, and the greatest of their planned numbers of sessions.
    """
    studies = tuple(
        dict.fromkeys(
            study for each in indications for study in studies_of(each, device=device)
        )
    )
    longest = _longest(indications, device=device)
    interval_days = course.interval_days or longest
    planned = _planned(indications)
    sessions = (len(course.done) if course.halted else course.sessions) or (
        None if planned is None else max(planned.fields["sessions"], len(course.done))
    )
    days = _days(course, sessions=sessions, interval_days=interval_days)
    last = days[-1] if sessions is not None and len(days) == sessions else None
    red_until_days = _red_until(indications)
    again = rows("schedules", "look-again")[0]
    judge_from = None if last is None else last + timedelta(days=judge_after_days())
    look_again = None if last is None else last + timedelta(days=again.fields["days"])
    return Schedule(
        studies=studies,
        sessions=sessions,
        sessions_why="" if planned is None else planned.fields["why"],
        sessions_backing=None if planned is None else planned.backing,
        longest_studied_days=longest,
        interval_days=interval_days,
        appointments=_appointments(days, len(course.done), judge_from, look_again),
        judge_from=judge_from,
        look_again_from=look_again,
        red_until_days=red_until_days,
        backing=again.backing.sources,
    )


def _longest(indications: Sequence[str], *, device: str) -> int | None:
    """The longest interval studied; `None` as soon as one indication has none."""
    longest = []
    for each in indications:
        known = [
            study.interval_days
            for study in studies_of(each, device=device)
            if study.interval_days is not None
        ]
        if not known:
            return None
        longest.append(max(known))
    return max(longest)


def _planned(indications: Sequence[str]) -> Row | None:
    found = [
        row
        for each in indications
        if (row := nearest_row("schedules", "planned", indication=each)) is not None
    ]
    if not found:
        return None
    return max(found, key=lambda row: int(row.fields["sessions"]))


def _days(
    course: Course, *, sessions: int | None, interval_days: int | None
) -> tuple[date, ...]:
    """Days of the sessions: those done, then those to come as far as they are known."""
    days = list(course.done)
    if course.halted:
        return tuple(days)
    wanted = sessions or len(days) + 1
    if len(days) < wanted and course.start_on is not None:
        days.append(course.start_on)
    while days and len(days) < wanted and interval_days is not None:
        days.append(days[-1] + timedelta(days=interval_days))
    return tuple(days)


def _red_until(indications: Sequence[str]) -> int:
    window = redness_window()
    if "burn-scar" in indications:
        return window.deep_needling_days
    return window.longest_days


def _appointments(
    days: Sequence[date],
    done: int,
    judge_from: date | None,
    look_again: date | None,
) -> tuple[Appointment, ...]:
    found = [
        Appointment(on=day, kind="session", number=number, done=number <= done)
        for number, day in enumerate(days, start=1)
    ]
    for day, kind in ((judge_from, "judging"), (look_again, "second look")):
        if day is not None:
            found.append(Appointment(on=day, kind=kind, number=None, done=False))
    return tuple(found)

"""What a patient takes home: the leaflet of a plan, and the page of a first visit.

One printed page, plain words, and the number of its source after every statement.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cicatrix.evidence.reading import load_facts, load_sources
from cicatrix.planning.aftercare import sun
from cicatrix.planning.answers import Answer
from cicatrix.planning.planning import Plan
from cicatrix.report.bibliography import source_link
from cicatrix.report.environment import environment

__all__ = ["Group", "Said", "render_answers", "render_leaflet"]

_ACTS = {
    "now": "Call the emergency number now",
    "today": "Call us the same day",
    "this week": "Call us within the week",
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
"""Written out here, so that the page does not depend on the computer's language."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS_OF_A_DAY = 24
_LEAST_STRICT = "I"
_DATES = 4
"""Dates to come that are listed, so that the leaflet stays one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement with the numbers of its sources."""

    text: str
    marks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Statements under one heading; `kind` is the name of its style."""

    title: str
    kind: str
    said: tuple[Said, ...]


class _Numbering:
    """Gives each source the number of its first mention."""

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}

    def said(self, text: str, sources: Iterable[str]) -> Said:
        numbers = [self.keys.setdefault(key, len(self.keys) + 1) for key in sources]
        return Said(text=text, marks=", ".join(map(str, sorted(set(numbers)))))


def render_leaflet(plan: Plan) -> str:
    """The leaflet of a plan as one page to be printed; it works offline.

    Its dates are those of the plan. A line is left blank for the clinic's telephone.
    """
    numbering = _Numbering()
    dates = tuple(_dates(plan, numbering))
    photographs = numbering.said(
        "Photographs are taken before each session, never in the "
        f"{plan.schedule.red_until_days} days of redness after one.",
        load_facts("judging.toml")["redness_longest_days"].sources,
    )
    course = tuple(
        Group(
            title=_until(each.to_day),
            kind="course",
            said=(numbering.said(each.plain, each.sources),),
        )
        for each in sorted(plan.aftercare.course, key=lambda each: each.to_day)
    )
    care = tuple(_care(plan, numbering))
    flags = tuple(_flags(plan, numbering))
    return (
        environment()
        .get_template("leaflet.html.j2")
        .render(
            title=plan.request.title,
            dates=dates,
            photographs=photographs,
            course=course,
            care=care,
            flags=flags,
            sources=_short_sources(numbering.keys),
        )
    )


def render_answers(answers: Sequence[Answer], *, about: str | None) -> str:
    """The questions of a first visit as one page."""
    numbering = _Numbering()
    cards = tuple(
        Group(
            title=each.question,
            kind="" if about is not None or "any" in each.about else each.about[0],
            said=(numbering.said(each.answer, each.backing.sources),),
        )
        for each in answers
    )
    return (
        environment()
        .get_template("answers.html.j2")
        .render(
            cards=cards,
            sources=[
                (number, title, where, source_link(key))
                for key, (number, title, where) in zip(
                    numbering.keys, _short_sources(numbering.keys), strict=True
                )
            ],
        )
    )


def _long_date(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _until(last_day: int) -> str:
    if last_day == 0:
        return "Today"
    return "First day" if last_day == 1 else f"Until day {last_day}"


def _dates(plan: Plan, numbering: _Numbering) -> Iterable[tuple[str, Said]]:
    schedule = plan.schedule
    judged = load_facts("judging.toml")["result_judged_after_days"]
    to_come = [
        each
        for each in schedule.appointments
        if each.kind == "session" and not each.done
    ]
    for each in to_come[:_DATES]:
        said = numbering.said(_long_date(each.on), schedule.date_sources)
        yield f"Session {each.number}", said
    if len(to_come) > _DATES:
        text = f"{len(to_come) - _DATES} more, the last on {_long_date(to_come[-1].on)}"
        yield "Then", numbering.said(text, schedule.date_sources)
    if schedule.judge_from is not None:
        said = numbering.said(_long_date(schedule.judge_from), judged.sources)
        yield "See the result from", said


def _care(plan: Plan, numbering: _Numbering) -> Iterable[Group]:
    groups: dict[str, list[Said]] = {}
    for each in plan.aftercare.care:
        title = _span(each.from_hours, each.to_hours)
        groups.setdefault(title, []).append(
            numbering.said(each.plain, each.backing.sources)
        )
    for title, said in groups.items():
        yield Group(title=title, kind="care", said=tuple(said))
    # What holds for every skin is the least, where nobody told the type.
    rules = plan.aftercare.sun or sun(_LEAST_STRICT)
    if rules is not None:
        said_of_sun = numbering.said(rules.plain, rules.backing.sources)
        yield Group(title="Sun", kind="sun", said=(said_of_sun,))


def _span(first: int, last: int) -> str:
    if last <= _HOURS_OF_A_DAY:
        return f"First {last} hours"
    from_day, to_day = first // _HOURS_OF_A_DAY, last // _HOURS_OF_A_DAY
    return f"Until day {to_day}" if from_day == 0 else f"Day {from_day} to {to_day}"


def _flags(plan: Plan, numbering: _Numbering) -> Iterable[Group]:
    for act, title in _ACTS.items():
        said = tuple(
            numbering.said(each.plain, each.backing.sources)
            for each in plan.aftercare.flags
            if each.act == act
        )
        if said:
            yield Group(title=title, kind=act.replace(" ", "-"), said=said)


def _short_sources(keys: dict[str, int]) -> list[tuple[int, str, str]]:
    """Number, title with year, and DOI or site: whole addresses stand in the plan."""
    found = []
    for key, number in keys.items():
        source = load_sources()[key]
        year = f" ({source.year})" if source.year else ""
        where = source_link(key).split("://")[-1]
        if not source.doi:
            where = where.split("/")[0].removeprefix("www.")
        found.append((number, f"{source.title}{year}", where))
    return found

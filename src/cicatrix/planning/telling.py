"""A plan as a sheet: what a professional reads, on the terminal and on a page."""

from collections.abc import Iterator

from cicatrix.domain.sheet import Line, Origin, Section, Sheet
from cicatrix.evidence.judging import redness_window
from cicatrix.evidence.reading import load_facts
from cicatrix.evidence.words_of_the_field import sites
from cicatrix.planning.devices import traits
from cicatrix.planning.planning import Plan
from cicatrix.planning.schedule import Schedule
from cicatrix.planning.telling_after import after_sections
from cicatrix.planning.telling_depth import (
    DEVICE_WORDS,
    depth_section,
    zone_section,
)
from cicatrix.planning.telling_rooms import (
    anaesthetic_sections,
    puncture_sections,
    screening_sections,
)
from cicatrix.planning.wording import computed, fact, mm_text

__all__ = ["DEVICE_TITLE", "plan_sheet"]

DEVICE_TITLE = "Device"
"""The section in which devices stand side by side."""
_ONLY_WHOLE = ("Open channels",)
"""Sections that the short form leaves out."""
_SIDE_LABELS = (
    *("by ", "penetration", "secondary", "review", "trial", "study"),
    *dict.fromkeys(each.name for each in traits()),
)
"""Labels of lines that the short form leaves out."""
_LIMITS = (
    "A plan informs a professional. It is no diagnosis, no prescription and no promise.",
    "Chances are over people of that sex, with layers and reach taken as normal and "
    "independent. They are not chances over one person's skin, which nobody measured.",
    "No clinician has reviewed these tables yet.",
)


def plan_sheet(plan: Plan, *, brief: bool = False) -> Sheet:
    """The plan in words; every number with its sources or marked as asked.

    Parameters
    ----------
    plan
        What was planned.
    brief
        Only the main lines: no study by study, no comparison of devices, no tables of
        settings and of other methods.
    """
    asked = Section(title="Asked", lines=tuple(_asked(plan)))
    limits = Section(title="Limits", lines=tuple(Line(text=each) for each in _LIMITS))
    screening = screening_sections(plan, brief=brief)
    if plan.halted:
        return Sheet(
            title=plan.request.title,
            answer=_halted(plan),
            sections=(*screening, asked, limits),
        )
    own = (
        *zone_section(plan.sites),
        *(depth_section(site) for site in plan.sites),
        _devices(plan),
        _technique(plan),
        *puncture_sections(plan, brief=brief),
        *anaesthetic_sections(plan, brief=brief),
        _dates(plan.schedule),
        *after_sections(plan),
    )
    return Sheet(
        title=plan.request.title,
        answer=_answer(plan),
        sections=(
            *screening,
            *(_main_parts(own) if brief else (asked, *own)),
            limits,
        ),
    )


def _main_parts(sections: tuple[Section, ...]) -> Iterator[Section]:
    """The sections without those lines and parts that the short form leaves out."""
    for part in sections:
        if part.title not in _ONLY_WHOLE:
            lines = tuple(
                line for line in part.lines if not line.label.startswith(_SIDE_LABELS)
            )
            if lines:
                yield Section(title=part.title, lead=part.lead, lines=lines)


def _technique(plan: Plan) -> Section:
    return Section(
        title="Passes and end-point",
        lines=tuple(
            fact(each.name, each.text, each.backing) for each in plan.technique
        ),
    )


def _halted(plan: Plan) -> Line:
    """The verdict instead of a plan."""
    verdict = screening_sections(plan)[0].lines[0]
    return Line(
        text=f"{verdict.text} No depth, no date and no dose is given.",
        origin=verdict.origin,
        sources=verdict.sources,
        support=verdict.support,
        note=verdict.note,
    )


def _answer(plan: Plan) -> Line:
    ceilings = [site.depth.ceiling_mm for site in plan.sites]
    known = sorted({each for each in ceilings if each is not None})
    if not known:
        depth = "no depth is proposed"
    elif len(known) == 1 and None not in ceilings:
        depth = f"cautious ceiling {mm_text(known[0])}"
    else:
        depth = f"cautious ceiling {known[0]:g}–{mm_text(known[-1])} by site"
        if len(known) == 1:
            depth = f"cautious ceiling {mm_text(known[0])} where a depth is proposed"
    labels = {site.depth.label_mm for site in plan.sites} - {None}
    if labels:
        depth += f" (labels: up to {mm_text(max(filter(None, labels)))})"
    parts = [f"{DEVICE_WORDS[plan.request.device_kind].capitalize()}, {depth}"]
    parts += _dates_in_short(plan.schedule)
    sources = tuple(
        dict.fromkeys(
            key
            for site in plan.sites
            if site.depth.skin is not None
            for key in site.depth.skin.backing.sources
        )
    )
    judged = load_facts("judging.toml")["result_judged_after_days"].sources
    said = "; ".join(parts) + "."
    cited = (*sources, *plan.schedule.date_sources, *judged)
    if plan.screening is not None:
        verdict = screening_sections(plan)[0].lines[0]
        said, cited = f"{verdict.text} {said}", (*verdict.sources, *cited)
    return Line(text=said, origin=Origin.COMPUTED, sources=cited)


def _dates_in_short(schedule: Schedule) -> Iterator[str]:
    to_come = [
        each
        for each in schedule.appointments
        if each.kind == "session" and not each.done
    ]
    if len(to_come) == 1:
        yield f"one session to come, on {to_come[0].on}"
    elif to_come:
        yield f"{len(to_come)} sessions from {to_come[0].on} to {to_come[-1].on}"
    else:
        yield "no session to come"
    dated = sum(each.kind == "session" for each in schedule.appointments)
    if schedule.sessions is not None and dated < schedule.sessions:
        yield f"{schedule.sessions - dated} more wait for an interval"
    if schedule.judge_from is not None:
        yield f"judge the result from {schedule.judge_from}"


def _asked(plan: Plan) -> Iterator[Line]:
    request = plan.request

    def line(label: str, text: str) -> Line:
        return Line(label=label, text=text, origin=Origin.ASKED)

    yield line("device", request.device)
    yield line("sex", request.sex)
    yield line(
        "age", "not told" if request.age_years is None else f"{request.age_years:g}"
    )
    yield line("skin type", request.skin_type or "not told")
    yield line("jurisdiction", request.jurisdiction or "not told")
    if request.start_on is not None:
        yield line("next session on", str(request.start_on))
    if request.sessions_done:
        yield line("sessions done", ", ".join(map(str, request.sessions_done)))


def _devices(plan: Plan) -> Section:
    lines: list[Line] = []
    for site in plan.sites:
        if site.preference is None or site.depth.target is None:
            continue
        leans = site.preference.prefers
        head = f"{DEVICE_WORDS[leans]}. " if leans else ""
        where = sites()[site.depth.site].region
        line = fact(
            f"recommendation, {where}",
            head + site.preference.why,
            site.preference.backing,
        )
        if line not in lines:
            lines.append(line)
    lines += [
        fact(f"warning, {DEVICE_WORDS[each.device]}", each.text, each.backing)
        for each in plan.traits
        if each.name == "warnings" and each.device == plan.request.device_kind
    ]
    lines += [
        fact(each.name, f"{DEVICE_WORDS[each.device]}: {each.text}", each.backing)
        for each in plan.traits
    ]
    return Section(title=DEVICE_TITLE, lines=tuple(lines))


def _dates(schedule: Schedule) -> Section:
    return Section(
        title="Sessions and dates",
        lead="Where studies disagree all are shown; the longest interval is taken.",
        lines=(
            *_count(schedule),
            *_beyond_the_studies(schedule),
            *_appointments(schedule),
            *_studies(schedule),
        ),
    )


def _count(schedule: Schedule) -> Iterator[Line]:
    if schedule.sessions is None:
        yield Line(label="sessions", text="No source says how many: state the number.")
    elif schedule.sessions_backing is not None:
        yield fact(
            "sessions",
            f"{schedule.sessions} planned; usual: {schedule.sessions_why}",
            schedule.sessions_backing,
        )
    if schedule.interval_days is None:
        yield Line(
            label="interval",
            text="No source says how long to wait: state the interval for more dates.",
        )
        return
    longest = schedule.longest_studied_days
    text = f"{schedule.interval_days} days"
    if longest is None:
        yield Line(label="interval", text=f"{text}, as asked", origin=Origin.ASKED)
        return
    if schedule.interval_days < longest:
        text += (
            f", as asked: shorter than the longest studied, {longest} days. For stretch "
            "marks the shortest interval had the most darkening"
        )
    elif schedule.interval_days > longest:
        text += f", as asked: longer than any study ({longest} days)"
    else:
        text += ", the longest of the studies"
    yield Line(
        label="interval",
        text=text,
        origin=Origin.COMPUTED,
        sources=schedule.longest_sources,
    )


def _beyond_the_studies(schedule: Schedule) -> Iterator[Line]:
    """Fewer, more or closer sessions than any study had."""
    if schedule.sessions_studied is None:
        return
    fewest, most = schedule.sessions_studied
    said = f"{fewest} to {most} sessions"
    if schedule.sessions is not None and schedule.sessions > most:
        said += f"; {schedule.sessions} are more than any study had"
    yield computed("in studies", said, *(each.backing for each in schedule.studies))
    for number, days in schedule.too_close:
        yield Line(
            label="conflict",
            text=f"session {number} follows after {days} days, sooner than the longest "
            f"interval studied ({schedule.longest_studied_days} days)",
            origin=Origin.COMPUTED,
            sources=schedule.longest_sources,
        )


def _appointments(schedule: Schedule) -> Iterator[Line]:
    judged = load_facts("judging.toml")["result_judged_after_days"]
    deep = schedule.red_until_days == redness_window().deep_needling_days
    red = load_facts("judging.toml")[
        "redness_deep_needling_days" if deep else "redness_longest_days"
    ]
    for each in schedule.appointments:
        if each.kind == "session":
            state = "done" if each.done else "photograph first, then treat"
            yield Line(
                label=f"session {each.number}",
                text=f"{each.on} ({state})",
                origin=Origin.COMPUTED if schedule.date_sources else Origin.ASKED,
                sources=schedule.date_sources,
            )
    yield Line(
        label="photographs",
        text=f"before each session; none in the {schedule.red_until_days} days after "
        "one, when redness hides the result",
        origin=Origin.COMPUTED,
        sources=red.sources,
    )
    if schedule.judge_from is not None:
        yield Line(
            label="judge from",
            text=f"{schedule.judge_from}: {judged.statement}",
            origin=Origin.COMPUTED,
            sources=judged.sources,
            support=judged.support,
        )
        yield Line(
            label="look again",
            text=f"{schedule.look_again_from}: half a year after the last session",
            origin=Origin.COMPUTED,
            sources=schedule.backing,
        )
    else:
        yield Line(
            label="judge from",
            text="The last session has no date yet, so neither has the judging.",
        )


def _studies(schedule: Schedule) -> Iterator[Line]:
    for each in schedule.studies:
        most = each.sessions_max
        count = (
            f"{each.sessions_min} sessions or more"
            if most is None
            else (
                f"{each.sessions_min} sessions"
                if most == each.sessions_min
                else f"{each.sessions_min} to {most} sessions"
            )
        )
        wait = (
            "interval not told"
            if each.interval_days is None
            else f"every {each.interval_days} days"
        )
        yield fact("study", f"{count}, {wait}: {each.text}", each.backing)
    if not schedule.studies:
        yield Line(label="study", text="None seen for this indication and device.")

"""Screening, anaesthetic and punctures as sections of the plan's sheet."""

from cicatrix.anaesthesia.sheet import anaesthetic_sheet
from cicatrix.domain.sheet import Line, Section, Sheet
from cicatrix.planning.numbing import excluded_by
from cicatrix.planning.planning import Plan
from cicatrix.punctures.sheet import puncture_sheet
from cicatrix.screening.sheet import screening_sheet

__all__ = ["anaesthetic_sections", "puncture_sections", "screening_sections"]

_MAIN = ("Why", "Still to be asked", "Amount and time", "In the skin")
"""Sections of other rooms that the short form keeps."""
_FEW = 6
"""Lines of another room's section in the short form; the most decisive stand first."""
_OWN_LABELS = "labels"
"""The screening's section of labels: each site tells its own."""


def screening_sections(plan: Plan, *, brief: bool = False) -> tuple[Section, ...]:
    """The verdict and what it rests on, or that nobody screened."""
    if plan.screening is None:
        line = Line(
            label="verdict",
            text="Not screened: the plan holds no intake. Screen before the first "
            "session (cicatrix screen).",
        )
        return (Section(title="Screening", lines=(line,)),)
    sheet = screening_sheet(plan.screening)
    return tuple(
        part
        for part in _sections(sheet, "Screening", verdict="verdict", brief=brief)
        if not part.title.endswith(_OWN_LABELS)
    )


def anaesthetic_sections(plan: Plan, *, brief: bool = False) -> tuple[Section, ...]:
    """The dose of the label or the refusal, where one was asked for."""
    if plan.anaesthetic is None:
        return ()
    excluded = excluded_by(plan.screening, plan.anaesthetic)
    if not excluded:
        return _sections(
            anaesthetic_sheet(plan.anaesthetic),
            "Anaesthetic",
            verdict="dose",
            brief=brief,
        )
    line = Line(
        label="dose",
        text="None is given: the screening excludes "
        f"{' and '.join(excluded)}, which this product holds.",
    )
    return (Section(title="Anaesthetic", lines=(line,)),)


def puncture_sections(plan: Plan, *, brief: bool = False) -> tuple[Section, ...]:
    """Where the needles go, where the plan says how they are led."""
    if plan.punctures is None:
        return ()
    return _sections(
        puncture_sheet(plan.punctures), "Punctures", verdict="simulated", brief=brief
    )


def _sections(
    sheet: Sheet, title: str, *, verdict: str, brief: bool
) -> tuple[Section, ...]:
    """A sheet within a sheet: its answer first, then its sections under its name."""
    answer = sheet.answer
    first = Line(
        label=verdict,
        text=answer.text,
        origin=answer.origin,
        sources=answer.sources,
        support=answer.support,
        note=answer.note,
    )
    return (
        Section(title=title, lines=(first,)),
        *(
            Section(
                title=f"{title}: {part.title[:1].lower()}{part.title[1:]}",
                lines=_first_lines(part.lines) if brief else part.lines,
                lead=part.lead,
            )
            for part in sheet.sections
            if not brief or part.title.startswith(_MAIN)
        ),
    )


def _first_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The first lines, and that there are more."""
    if len(lines) <= _FEW:
        return lines
    return (*lines[:_FEW], Line(text="And more, with --full or by its own command."))

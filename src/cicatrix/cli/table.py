"""The short table of the terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from cicatrix.domain.fade import Verdict
from cicatrix.domain.result import CaseResult, Comparison, VisitResult
from cicatrix.report.words import (
    UNKNOWN,
    anchor_text,
    answer,
    interval_text,
    number_text,
    percent_text,
    skin_told_text,
)

__all__ = ["show_case", "show_comparison", "show_pairs", "writer"]


def writer(*, on_error_stream: bool) -> Console:
    """Where the table goes: standard output, or beside it when that carries JSON."""
    return Console(stderr=on_error_stream, highlight=False, markup=False)


def show_pairs(console: Console, pairs: Iterable[tuple[str, str]]) -> None:
    """Names and values in two columns."""
    table = Table(show_edge=False, pad_edge=False, box=None, show_header=False)
    table.add_column(style="dim")
    table.add_column()
    for label, value in pairs:
        table.add_row(label, value)
    console.print(table)


def show_comparison(console: Console, comparison: Comparison) -> None:
    """One comparison: what was found and how sure, then the answer in words."""
    show_pairs(console, _lines(comparison))
    console.print()
    console.print(answer(comparison))
    for note in comparison.notes:
        console.print(f"Note: {note}")


def _lines(comparison: Comparison) -> Iterable[tuple[str, str]]:
    fade = comparison.fade
    yield "verdict", fade.verdict.value
    if fade.verdict is Verdict.NOT_MEASURABLE:
        return
    yield "fade", percent_text(fade.estimate)
    yield "95 % interval", _interval(comparison)
    yield "smallest detectable change", percent_text(fade.smallest_detectable_change)
    before, after = comparison.contrast_before_de00, comparison.contrast_after_de00
    yield (
        "contrast (ΔE00)",
        f"{interval_text(before, 'de00')} → {interval_text(after, 'de00')}",
    )
    yield "colour anchored to", anchor_text(comparison)
    skin = skin_told_text(comparison)
    if skin is not None:
        yield "healthy skin, as entered", skin
    if comparison.alignment is not None:
        yield "alignment error", f"{number_text(comparison.alignment.error_px, 1)} px"


def _interval(comparison: Comparison) -> str:
    fade = comparison.fade
    if percent_text(fade.low) == UNKNOWN:
        return UNKNOWN
    return f"{percent_text(fade.low)} to {percent_text(fade.high)}"


def show_case(console: Console, result: CaseResult) -> None:
    """Every lesion of a case, visit by visit, each against the first visit."""
    console.print(result.title)
    reasons: list[str] = []
    for series in result.lesions:
        # 80 columns: the lesion stands above, the interval of the contrast in the report.
        table = Table(
            title=series.lesion, title_justify="left", box=None, pad_edge=False
        )
        table.add_column("visit", no_wrap=True)
        for head in ("ΔE00", "fade", "95 % interval", "detectable"):
            table.add_column(head, justify="right", no_wrap=True)
        table.add_column("verdict")
        for visit in series.visits:
            table.add_row(*_visit_cells(visit, reasons))
        console.print()
        console.print(table)
    for number, reason in enumerate(reasons, start=1):
        console.print(f"[{number}] {reason}")
    for note in result.notes:
        console.print(f"Note: {note}")


def _visit_cells(visit: VisitResult, reasons: list[str]) -> list[str]:
    day = visit.visited_on.isoformat()
    contrast = interval_text(visit.contrast_de00, "de00")
    comparison = visit.since_baseline
    if comparison is None:
        return [day, contrast, "", "", "", "baseline"]
    fade = comparison.fade
    verdict = fade.verdict.value
    if comparison.reason:
        verdict += _marked(comparison.reason, reasons)
    if visit.judge_from is not None:
        verdict += _marked(
            "Redness after a session may still hide the result: judge it from "
            f"{visit.judge_from.isoformat()}.",
            reasons,
        )
    return [
        day,
        contrast,
        percent_text(fade.estimate),
        _interval(comparison),
        percent_text(fade.smallest_detectable_change),
        verdict,
    ]


def _marked(reason: str, reasons: list[str]) -> str:
    """The number under which a reason stands below the table."""
    if reason not in reasons:
        reasons.append(reason)
    return f" [{reasons.index(reason) + 1}]"

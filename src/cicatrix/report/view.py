"""Results as a page shows them: words and places of marks, no layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cicatrix.domain.fade import BudgetLine, MeasureChange, Verdict
from cicatrix.domain.result import Comparison, LesionSeries, PhotoRecord, VisitResult
from cicatrix.evidence.visibility import visibility_bands
from cicatrix.report.as_json import unit_ending
from cicatrix.report.charts import Curve, Strip, fade_curve, fade_strip, short_day
from cicatrix.report.images import PictureView, difference_ceiling, picture_view
from cicatrix.report.pictures import ComparisonPictures
from cicatrix.report.quality_sheet import QualityView, quality_view
from cicatrix.report.words import (
    UNKNOWN,
    UNNAMED_LESION,
    anchor_text,
    answer,
    interval_text,
    measure_unit,
    number_text,
    percent_text,
    short_answer,
    skin_told_text,
    spread_text,
)

__all__ = ["ComparisonView", "LesionView", "VisitView", "lesion_of_pair", "lesion_view"]

Pictures = Mapping[tuple[str, int], ComparisonPictures]

_SIGNS = {
    Verdict.FADED: "↓",
    Verdict.MORE_VISIBLE: "↑",
    Verdict.NO_DETECTABLE_CHANGE: "≈",
    Verdict.NOT_MEASURABLE: "–",
}

_SIZES = ("area_", "length_", "width_", "scar_load_")
_OF_SIZES = {Verdict.FADED: "smaller", Verdict.MORE_VISIBLE: "larger"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureView:
    """One line of the table of measures."""

    label: str
    unit: str
    before: str
    before_spread: str
    after: str
    after_spread: str
    change: str
    change_spread: str
    verdict: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetView:
    """One bar of the uncertainty budget; `share` is of the longest bar."""

    source: str
    explanation: str
    points: str
    share_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """One comparison of two photographs."""

    sign: str
    kind: str
    verdict: str
    headline: str
    sentence: str
    fade: str
    fade_spread: str
    detectable: str
    contrast: str
    strip: Strip | None
    pictures: PictureView | None
    measures: tuple[MeasureView, ...]
    budget: tuple[BudgetView, ...]
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    before_label: str
    after_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitView:
    """One visit of a series; the comparisons are with the first and the last one."""

    day: str
    contrast: str
    contrast_spread: str
    since_baseline: ComparisonView | None
    since_last: ComparisonView | None
    judge_from: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionView:
    """One lesion: `main` compares its newest visit with its first, `span` says when."""

    name: str
    anchor: str
    main: ComparisonView | None
    span: str
    judge_from: str
    visits: tuple[VisitView, ...]
    curve: Curve | None
    quality: QualityView
    photos: tuple[PhotoRecord, ...]


def lesion_of_pair(
    comparison: Comparison, pictures: ComparisonPictures | None
) -> LesionView:
    """The view of a comparison that belongs to no series."""
    photos = tuple(p for p in (comparison.baseline, comparison.followup) if p)
    shown = None if pictures is None else picture_view(pictures)
    return LesionView(
        name=_named(comparison.lesion),
        anchor="lesion-1",
        main=_comparison_view(comparison, shown, _pair_labels(comparison)),
        span="",
        judge_from="",
        visits=(),
        curve=None,
        quality=quality_view(photos),
        photos=photos,
    )


def lesion_view(series: LesionSeries, number: int, pictures: Pictures) -> LesionView:
    """The view of a lesion over all visits; `number` makes its place in the page."""
    own = {i: found for (name, i), found in pictures.items() if name == series.lesion}
    # One scale for all visits, so that the maps can be compared with each other.
    ceiling = max((difference_ceiling(p) for p in own.values()), default=None)
    shown = {i: picture_view(p, ceiling_de00=ceiling) for i, p in own.items() if i > 0}
    visits = tuple(
        _visit_view(series.visits, index, shown.get(index))
        for index in range(len(series.visits))
    )
    photos = tuple(photo for visit in series.visits for photo in visit.photos)
    newest = visits[-1] if visits else None
    return LesionView(
        name=_named(series.lesion),
        anchor=f"lesion-{number}",
        main=None if newest is None else newest.since_baseline,
        span=_span(visits),
        judge_from="" if newest is None else newest.judge_from,
        visits=visits,
        curve=fade_curve(series.visits, visibility_bands()),
        quality=quality_view(photos),
        photos=photos,
    )


def _span(visits: Sequence[VisitView]) -> str:
    """Between which days the answer at the top lies, as others stand below it."""
    if len(visits) < 2:
        return ""
    return f"{visits[0].day} to {visits[-1].day}"


def _named(lesion: str) -> str:
    return "The scar" if lesion == UNNAMED_LESION else lesion


def _pair_labels(comparison: Comparison) -> tuple[str, str]:
    """Before and after, with the camera's day where it says one."""
    labels = []
    pairs = (("Before", comparison.baseline), ("After", comparison.followup))
    for label, photo in pairs:
        taken_at = None if photo is None else photo.capture.taken_at
        day = "" if taken_at is None else f" · {short_day(taken_at.date())}"
        labels.append(f"{label}{day}")
    return labels[0], labels[1]


def _visit_view(
    visits: Sequence[VisitResult], index: int, pictures: PictureView | None
) -> VisitView:
    visit = visits[index]
    day = short_day(visit.visited_on)
    first = short_day(visits[0].visited_on)
    last = short_day(visits[max(index - 1, 0)].visited_on)
    since_baseline = since_last = None
    if visit.since_baseline is not None:
        labels = (f"Before · {first}", f"After · {day}")
        since_baseline = _comparison_view(visit.since_baseline, pictures, labels)
    if visit.since_last is not None:
        since_last = _comparison_view(visit.since_last, None, (last, day))
    return VisitView(
        day=day,
        contrast=interval_text(visit.contrast_de00, "de00"),
        contrast_spread=spread_text(visit.contrast_de00, "de00"),
        since_baseline=since_baseline,
        since_last=since_last,
        judge_from=_day(visit.judge_from),
        notes=visit.notes,
    )


def _day(day: date | None) -> str:
    return "" if day is None else short_day(day)


def _comparison_view(
    comparison: Comparison, pictures: PictureView | None, labels: tuple[str, str]
) -> ComparisonView:
    fade = comparison.fade
    before, after = comparison.contrast_before_de00, comparison.contrast_after_de00
    told = fade.verdict is not Verdict.NOT_MEASURABLE
    ends = f"{percent_text(fade.low)} to {percent_text(fade.high)}"
    contrasts = f"{interval_text(before, 'de00')} → {interval_text(after, 'de00')} ΔE00"
    return ComparisonView(
        sign=_SIGNS[fade.verdict],
        kind=_kind(fade.verdict),
        verdict=fade.verdict.value,
        headline=short_answer(fade),
        sentence=answer(comparison),
        fade=percent_text(fade.estimate),
        fade_spread=ends if told else "",
        detectable=percent_text(fade.smallest_detectable_change),
        # Two contrasts side by side tell a fade that is not told.
        contrast=contrasts if told else UNKNOWN,
        strip=fade_strip(fade),
        pictures=pictures,
        measures=tuple(_measure_view(measure) for measure in comparison.measures),
        budget=_budget_view(fade.budget),
        facts=_facts(comparison),
        notes=comparison.notes,
        before_label=labels[0],
        after_label=labels[1],
    )


def _kind(verdict: Verdict) -> str:
    """The verdict as the name of a style."""
    return verdict.value.replace(" ", "-")


def _measure_verdict(measure: MeasureChange) -> str:
    """In the words of what is measured: a scar fades, a size does not."""
    is_size = measure.name.startswith(_SIZES)
    return (_OF_SIZES if is_size else {}).get(measure.verdict, measure.verdict.value)


def _measure_view(measure: MeasureChange) -> MeasureView:
    ending = unit_ending(measure.name, measure.unit)
    return MeasureView(
        label=measure.label,
        unit=measure_unit(measure.name, measure.unit),
        before=interval_text(measure.before, ending),
        before_spread=spread_text(measure.before, ending),
        after=interval_text(measure.after, ending),
        after_spread=spread_text(measure.after, ending),
        change=interval_text(measure.change, ending, sign=True),
        change_spread=spread_text(measure.change, ending, sign=True),
        verdict=_measure_verdict(measure),
        kind=_kind(measure.verdict),
        note=measure.note,
    )


def _budget_view(budget: Sequence[BudgetLine]) -> tuple[BudgetView, ...]:
    """The lines of the budget, the costliest first."""
    lines = sorted(budget, key=lambda line: line.fade_sd_fraction, reverse=True)
    longest = max((line.fade_sd_fraction for line in lines), default=0.0) or 1.0
    return tuple(
        BudgetView(
            source=line.source,
            explanation=line.explanation,
            points=number_text(100 * line.fade_sd_fraction, 1),
            share_percent=round(100 * line.fade_sd_fraction / longest, 1),
        )
        for line in lines
    )


def _facts(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    """How the two photographs were brought together."""
    facts = [("Colour anchored to", anchor_text(comparison))]
    skin = skin_told_text(comparison)
    if skin is not None:
        facts.append(("Healthy skin, as entered", skin))
    alignment = comparison.alignment
    if alignment is not None:
        facts += [
            (
                "Alignment error at the lesion",
                f"{number_text(alignment.error_px, 1)} px",
            ),
            ("Turned by", f"{number_text(alignment.rotation_deg, 1)}°"),
            ("Size, after ÷ before", number_text(alignment.scale, 2)),
            ("Shared picture", percent_text(alignment.overlap_fraction)),
        ]
    return tuple(facts)

"""Where the marks of a chart stand; the templates draw them.

A chart is 480 units wide, so that its 13-unit letters stay readable on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, isfinite, log10

from cicatrix.domain.fade import Fade
from cicatrix.domain.result import VisitResult
from cicatrix.evidence.visibility import VisibilityBand
from cicatrix.report.words import number_text, percent_text

__all__ = ["Curve", "Dot", "Line", "Strip", "fade_curve", "fade_strip", "short_day"]

WIDTH = 480.0
_LEFT, _RIGHT = 44.0, 470.0
_TOP, _BOTTOM = 16.0, 236.0
_LABEL_ROOM = 112.0
"""Dates closer together than this would run into each other."""
_LETTER_WIDTH, _BAND_WORDS_HEIGHT = 6.6, 22.0
_MARK_HALF_WIDTH = 8.0
_STRIP_LEFT, _STRIP_RIGHT = 24.0, 456.0

_MONTHS = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line across a chart at one place; its words begin at `words_x`."""

    at: float
    text: str
    words_x: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One visit: its place, the ends of its interval; `open` while redness may show."""

    x: float
    y: float
    low_y: float
    high_y: float
    text: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Contrast over time, with visits that could not be measured at `missing`."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    dots: tuple[Dot, ...]
    missing: tuple[Line, ...]
    y_lines: tuple[Line, ...]
    x_labels: tuple[Line, ...]
    bands: tuple[Line, ...]

    @property
    def path(self) -> str:
        """The SVG path through all dots."""
        return "M" + " L".join(f"{dot.x:.1f} {dot.y:.1f}" for dot in self.dots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A fade with its interval on an axis, and the zone that cannot be told from none."""

    width: float
    zero: float
    estimate: float
    low: float
    high: float
    zone_low: float
    zone_high: float
    ticks: tuple[Line, ...]


def short_day(day: date) -> str:
    """A day in few letters, the same in every country.

    Examples
    --------
    >>> short_day(date(2025, 1, 9))
    '9 Jan 2025'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _step(span: float, wanted: int) -> float:
    """The round step (1, 2 or 5 times a power of ten) nearest above span / wanted."""
    rough = max(span / wanted, 1e-9)
    power = 10.0 ** floor(log10(rough))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= rough * 0.999)


def fade_curve(
    visits: Sequence[VisitResult], bands: Sequence[VisibilityBand]
) -> Curve | None:
    """The curve of contrast over time; `None` with fewer than two measured visits."""
    measured = [visit for visit in visits if visit.contrast_de00.is_known]
    if len(measured) < 2:
        return None
    top = max(visit.contrast_de00.high for visit in measured)
    step = _step(top, 4)
    ceiling = step * ceil(top / step + 0.1)
    first, last = visits[0].visited_on, visits[-1].visited_on
    days = max((last - first).days, 1)

    def x(day: date) -> float:
        return _LEFT + 18 + (_RIGHT - _LEFT - 36) * (day - first).days / days

    def y(contrast: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * max(contrast, 0.0) / ceiling

    dots = tuple(
        Dot(
            x=x(visit.visited_on),
            y=y(visit.contrast_de00.estimate),
            low_y=y(visit.contrast_de00.low),
            high_y=y(visit.contrast_de00.high),
            text=_dot_words(visit),
            open=visit.judge_from is not None,
        )
        for visit in measured
    )
    missing = tuple(
        Line(
            at=x(visit.visited_on),
            text=f"{short_day(visit.visited_on)}: not measurable",
        )
        for visit in visits
        if not visit.contrast_de00.is_known
    )
    return Curve(
        width=WIDTH,
        height=272.0,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        dots=dots,
        missing=missing,
        y_lines=tuple(
            Line(at=y(step * n), text=number_text(step * n, 0 if step >= 1 else 1))
            for n in range(round(ceiling / step) + 1)
        ),
        x_labels=_spaced(
            [Line(at=x(v.visited_on), text=short_day(v.visited_on)) for v in visits]
        ),
        bands=tuple(
            Line(
                at=y(band.mean_de76),
                text=band.name,
                words_x=_free_place(dots, y(band.mean_de76), len(band.name)),
            )
            for band in bands
            if band.mean_de76 < ceiling
        ),
    )


def _dot_words(visit: VisitResult) -> str:
    contrast = visit.contrast_de00
    return (
        f"{short_day(visit.visited_on)}: {number_text(contrast.estimate, 1)} ΔE00, "
        f"95 % {number_text(contrast.low, 1)} to {number_text(contrast.high, 1)}"
    )


def _free_place(dots: Sequence[Dot], at: float, letters: int) -> float:
    """Where words above a line begin: at its right end, its left, or beside a mark."""
    right = _RIGHT - letters * _LETTER_WIDTH
    near = [
        dot
        for dot in dots
        if dot.low_y > at - _BAND_WORDS_HEIGHT and dot.high_y < at + 4
    ]
    places = (right, _LEFT + 4, *(dot.x + 1.5 * _MARK_HALF_WIDTH for dot in near))
    for start in places:
        end = start + letters * _LETTER_WIDTH
        if end <= _RIGHT and not any(
            start - _MARK_HALF_WIDTH < dot.x < end + _MARK_HALF_WIDTH for dot in near
        ):
            return start
    return right


def _spaced(labels: Sequence[Line]) -> tuple[Line, ...]:
    """First and last label, and those between that leave room."""
    kept = [labels[0]]
    for label in labels[1:-1]:
        far = label.at - kept[-1].at >= _LABEL_ROOM
        if far and labels[-1].at - label.at >= _LABEL_ROOM:
            kept.append(label)
    if len(labels) > 1:
        kept.append(labels[-1])
    return tuple(kept)


def fade_strip(fade: Fade) -> Strip | None:
    """The strip of a fade; `None` where there is no number."""
    ends = (fade.estimate, fade.low, fade.high, fade.smallest_detectable_change)
    if not all(isfinite(end) for end in ends):
        return None
    zone = fade.smallest_detectable_change
    low, high = min(fade.low, -zone, -0.05), max(fade.high, zone, 0.05)
    step = _step(high - low, 5)
    start, stop = step * floor(low / step), step * ceil(high / step)

    def x(value: float) -> float:
        share = (value - start) / (stop - start)
        return _STRIP_LEFT + (_STRIP_RIGHT - _STRIP_LEFT) * share

    count = round((stop - start) / step)
    return Strip(
        width=WIDTH,
        zero=x(0.0),
        estimate=x(fade.estimate),
        low=x(fade.low),
        high=x(fade.high),
        zone_low=x(-zone),
        zone_high=x(zone),
        ticks=tuple(
            Line(at=x(start + n * step), text=percent_text(start + n * step))
            for n in range(count + 1)
        ),
    )

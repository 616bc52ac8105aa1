"""Rows of the table of measures: a value before, after, and its change."""

from collections.abc import Callable

from cicatrix.domain.fade import Interval, MeasureChange, Verdict

__all__ = ["COVER", "around", "row", "unknown_row"]

COVER = 1.959964
"""Standard deviations to either side that hold 95 % of a normal law."""


def around(estimate: float, sd: float) -> Interval:
    """The 95 % interval of a normal law around an estimate."""
    return Interval(
        estimate=estimate, low=estimate - COVER * sd, high=estimate + COVER * sd
    )


def row(
    name: str,
    label: str,
    unit: str,
    values: tuple[Interval, Interval, Interval],
    *,
    note: str = "",
    apart: Callable[[float], float] = abs,
) -> MeasureChange:
    """A measure (before, after, change) with the verdict that its interval allows.

    `apart` says how far a value lies from that of the skin, which is 0 for a difference.
    """
    before, after, change = values
    verdict = Verdict.NO_DETECTABLE_CHANGE
    if change.low > 0 or change.high < 0:
        nearer = apart(after.estimate) < apart(before.estimate)
        verdict = Verdict.FADED if nearer else Verdict.MORE_VISIBLE
    return MeasureChange(
        name=name,
        label=label,
        unit=unit,
        before=before,
        after=after,
        change=change,
        verdict=verdict,
        note=note,
    )


def unknown_row(name: str, label: str, unit: str, note: str) -> MeasureChange:
    """A measure that could not be taken, with the reason."""
    return MeasureChange(
        name=name,
        label=label,
        unit=unit,
        before=Interval.unknown(),
        after=Interval.unknown(),
        change=Interval.unknown(),
        verdict=Verdict.NOT_MEASURABLE,
        note=note,
    )

"""How far a lesion has faded, how sure we are, and what that sureness is made of."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, isnan, nan


class Verdict(StrEnum):
    """The answer in words."""

    FADED = "faded"
    MORE_VISIBLE = "more visible"
    NO_DETECTABLE_CHANGE = "no detectable change"
    NOT_MEASURABLE = "not measurable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A number with its 95 % interval; all three are NaN where it is not known."""

    estimate: float
    low: float
    high: float

    def __post_init__(self) -> None:
        known = [isfinite(v) for v in (self.estimate, self.low, self.high)]
        if any(known) and not (all(known) and self.low <= self.high):
            raise ValueError(
                f"an interval needs low <= high, all finite or all NaN, got {self!r}"
            )

    @classmethod
    def unknown(cls) -> "Interval":
        """The interval of something that could not be measured."""
        return cls(estimate=nan, low=nan, high=nan)

    @property
    def is_known(self) -> bool:
        """Whether there is a number at all."""
        return not isnan(self.estimate)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """What one source of uncertainty alone costs: one standard deviation of the fade."""

    source: str
    fade_sd_fraction: float
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fade:
    """1 - contrast after / contrast before, as a fraction: 0.3 = 30 % less contrast.

    `low`..`high` is the 95 % interval, `smallest_detectable_change` the least fade
    (as a fraction) that this pair of photographs could tell from none.
    """

    estimate: float
    low: float
    high: float
    smallest_detectable_change: float
    verdict: Verdict
    budget: tuple[BudgetLine, ...] = ()

    @classmethod
    def not_measurable(cls) -> "Fade":
        """The fade of a pair that cannot be measured."""
        return cls(
            estimate=nan,
            low=nan,
            high=nan,
            smallest_detectable_change=nan,
            verdict=Verdict.NOT_MEASURABLE,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureChange:
    """One measure at both visits and its change; the unit ends `name`.

    `name` is stable and machine-readable (`contrast_de00`, `area_mm2`); `label` is
    for people. `change` is after minus before in the same unit. `note` says why a
    value is unknown or how it must be read.
    """

    name: str
    label: str
    unit: str
    before: Interval
    after: Interval
    change: Interval
    verdict: Verdict
    note: str = ""

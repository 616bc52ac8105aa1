"""Two arms of one study beside each other, on one scale that all outcomes share.

The scale is the probability that a person (or side) of the first arm did better than one
of the second, ties counted half: 50 % means no difference. It can be had from means,
counts in grades and responders alike, and never compares levels between studies.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import erf, sqrt

from cicatrix.evidence.trial_rows import Arm, Study
from cicatrix.outcomes.words import verdict_between

__all__ = ["ASSUMED_SD_PERCENT", "Contrast", "contrasts"]

ASSUMED_SD_PERCENT = 20.0
"""Spread of improvement between patients where a study prints none, in points of percent.

The studies that print spreads of baseline and end imply 12 to 36 points, most about 20.
"""

_Z95 = 1.959964
_BEST_FIRST = (
    *("excellent", "very much improved", "marked-excellent", "marked", "much improved"),
    *("significantly", "good", "moderately", "fair", "moderate", "improved"),
    *("slightly", "minimal-moderate", "mild", "minimal", "poor", "other", "none"),
)
_UNFIT = {"ambiguous", "from-width"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """The first arm against the second of one study.

    `better`, `low`, `high` are the probability of having done better with the first and
    its 95 % interval, `None` where the numbers of the text seen do not suffice;
    `numbers` says what the arms showed, `verdict` what the authors concluded.
    """

    study: Study
    first: str
    second: str
    persons: tuple[int | None, int | None]
    better: float | None
    low: float | None
    high: float | None
    numbers: str
    verdict: str
    p: str
    flags: tuple[str, ...]


def contrasts(arms: Iterable[Arm]) -> tuple[Contrast, ...]:
    """Every pair of unlike treatments within a study; needling stands second."""
    by_study: dict[str, list[Arm]] = {}
    for arm in arms:
        by_study.setdefault(arm.study.key, []).append(arm)
    found = []
    for group in by_study.values():
        seen = set()
        for one, other in combinations(group, 2):
            first, second = _ordered(one, other)
            pair = (first.treatment, second.treatment)
            if first.treatment != second.treatment and pair not in seen:
                seen.add(pair)
                found.append(_contrast(first, second))
    return tuple(found)


def _ordered(one: Arm, other: Arm) -> tuple[Arm, Arm]:
    """No treatment last, then needling, so that every line reads the same way."""
    rank = {"untreated": 2, "needling": 1}
    a, b = rank.get(one.treatment, 0), rank.get(other.treatment, 0)
    if a > b or (a == b and one.treatment > other.treatment):
        return other, one
    return one, other


def _contrast(first: Arm, second: Arm) -> Contrast:
    said = verdict_between(first.study.key, first.treatment, second.treatment)
    usable = first.pooled and second.pooled
    shown = _shown(first, second) if usable else None
    share, numbers = shown if shown is not None else (None, "")
    better, low, high = share or (None, None, None)
    return Contrast(
        study=first.study,
        first=first.treatment,
        second=second.treatment,
        persons=(_persons(first), _persons(second)),
        better=better,
        low=low,
        high=high,
        numbers=numbers,
        verdict=said.verdict if said else "",
        p=said.p if said else "",
        flags=first.study.flags if usable else (*first.study.flags, "do-not-pool"),
    )


def _persons(arm: Arm) -> int | None:
    n = arm.number("n")
    return None if n is None else int(n)


_Share = tuple[float, float, float]


def _shown(first: Arm, second: Arm) -> tuple[_Share, str] | None:
    """The first kind of outcome that both arms print, best kind first."""
    for kind in (_from_responders, _from_counts, _from_percent, _from_spread):
        found = kind(first, second)
        if found is not None:
            return found
    return None


def _from_counts(first: Arm, second: Arm) -> tuple[_Share, str] | None:
    a, b = first.counts(), second.counts()
    if not a or not b or first.words["counts_kind"] != second.words["counts_kind"]:
        return None
    order = _ordering({**a, **b})
    if order is None:
        return None
    words = "; ".join(f"{name} {a.get(name, 0)} and {b.get(name, 0)}" for name in order)
    return _superiority([a.get(n, 0) for n in order], [b.get(n, 0) for n in order]), (
        f"persons by grade: {words}"
    )


def _ordering(names: Iterable[str]) -> list[str] | None:
    """Categories from best to worst, or `None` where their order is not known."""
    names = list(names)
    if all(name in _BEST_FIRST for name in names):
        return sorted(names, key=_BEST_FIRST.index)
    if all(name.isdigit() for name in names):
        return sorted(names, key=int, reverse=True)
    if all(name[0] in "([" for name in names):
        return sorted(names, key=lambda n: -float(n[1:].split(",")[0]))
    return None


def _superiority(first: Sequence[int], second: Sequence[int]) -> _Share:
    """The probability with DeLong's interval; half a person is added over each grade.

    Without the added share an arm that is wholly above the other would have no error.
    """
    extra = 0.5 / len(first)
    a = [count + extra for count in first]
    b = [count + extra for count in second]
    total_a, total_b = sum(a), sum(b)

    def beats(i: int, j: int) -> float:
        return 1.0 if i < j else 0.5 if i == j else 0.0

    grades = range(len(a))
    by_a = [sum(b[j] * beats(i, j) for j in grades) / total_b for i in grades]
    by_b = [sum(a[i] * beats(i, j) for i in grades) / total_a for j in grades]
    share = sum(a[i] * by_a[i] for i in grades) / total_a
    spread_a = sum(a[i] * (by_a[i] - share) ** 2 for i in grades) / total_a
    spread_b = sum(b[j] * (by_b[j] - share) ** 2 for j in grades) / total_b
    return _interval(share, sqrt(spread_a / total_a + spread_b / total_b))


def _interval(share: float, error: float) -> _Share:
    return share, max(0.0, share - _Z95 * error), min(1.0, share + _Z95 * error)


def _from_responders(first: Arm, second: Arm) -> tuple[_Share, str] | None:
    rates = []
    for arm in (first, second):
        count, of = arm.number("responders"), arm.number("responders_of")
        if count is None or of is None or arm.words["responder_from"] == "histology":
            return None
        rates.append((int(count), int(of)))
    if all(count == of for count, of in rates):
        return None  # everybody in both: says nothing of a difference
    (a, n), (b, m) = rates
    return _superiority([a, n - a], [b, m - b]), f"responders {a}/{n} and {b}/{m}"


def _from_percent(first: Arm, second: Arm) -> tuple[_Share, str] | None:
    values, sizes = [], []
    for arm in (first, second):
        value, n = arm.number("percent_mean"), arm.number("n")
        if value is None or n is None or arm.words["percent_kind"] in _UNFIT:
            return None
        values.append(value)
        sizes.append(n)
    numbers = f"mean improvement {values[0]:g} % and {values[1]:g} %"
    difference = (values[0] - values[1]) / ASSUMED_SD_PERCENT
    return _from_difference(difference, sizes), numbers


def _from_difference(difference: float, sizes: Sequence[float]) -> _Share:
    """From a difference in units of the patients' spread."""
    error = sqrt(sum(1 / n for n in sizes))
    ends = (difference, difference - _Z95 * error, difference + _Z95 * error)
    share, low, high = (0.5 * (1 + erf(end / 2)) for end in ends)
    return share, low, high


def _from_spread(first: Arm, second: Arm) -> tuple[_Share, str] | None:
    """From means with spreads on a scale that both arms share."""
    if "spread-may-be-standard-error" in first.study.flags:
        return None
    for name in ("change", "final"):
        cells = [
            (arm.number(f"{name}_mean"), _spread(arm, name), arm.number("n"))
            for arm in (first, second)
        ]
        if all(None not in cell for cell in cells):
            (a, s, n), (b, t, m) = [tuple(float(v or 0) for v in c) for c in cells]
            sign = -1 if name == "final" and first.words["better"] == "lower" else 1
            difference = sign * (a - b) / sqrt((s * s + t * t) / 2)
            word = "change" if name == "change" else "score at the end"
            return _from_difference(difference, (n, m)), (
                f"{word} {a:g} (SD {s:.3g}) and {b:g} (SD {t:.3g})"
            )
    return None


def _spread(arm: Arm, name: str) -> float | None:
    """The printed SD, or that of a change's 95 % interval."""
    printed = arm.number(f"{name}_sd")
    low, high, n = (arm.number(k) for k in ("change_low", "change_high", "n"))
    if printed is not None or name != "change":
        return printed
    if low is None or high is None or n is None or arm.number("change_level") != 95:
        return None
    return (high - low) / (2 * _Z95) * sqrt(n)

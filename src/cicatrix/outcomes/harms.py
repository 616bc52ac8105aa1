"""Harms that trials counted, by treatment, with how many were looked at."""

from collections.abc import Iterable
from dataclasses import dataclass

from cicatrix.evidence.trial_rows import Arm
from cicatrix.outcomes.proportions import exact_interval, jeffreys_interval

__all__ = ["PIH", "HarmCount", "HarmPool", "harm_pools"]

PIH = "pih"


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmCount:
    """One arm's count, with its exact 95 % interval (fractions of one)."""

    arm: Arm
    count: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmPool:
    """Arms of one treatment that counted one harm, added up.

    The interval is Jeffreys' 95 % (fractions of one) and knows nothing of differences
    between studies; arms that are silent on the harm are missing.
    """

    harm: str
    treatment: str
    count: int
    of: int
    low: float
    high: float
    arms: tuple[HarmCount, ...]


def harm_pools(arms: Iterable[Arm]) -> tuple[HarmPool, ...]:
    """Every harm by treatment; PIH first, then by name."""
    groups: dict[tuple[str, str], list[HarmCount]] = {}
    for arm in arms:
        for harm, (count, of) in _counted(arm).items():
            low, high = exact_interval(count, of)
            one = HarmCount(arm=arm, count=count, of=of, low=low, high=high)
            groups.setdefault((harm, arm.treatment), []).append(one)
    ordered = sorted(groups, key=lambda key: (key[0] != PIH, key))
    return tuple(_pool(key, groups[key]) for key in ordered)


def _counted(arm: Arm) -> dict[str, tuple[int, int]]:
    if not arm.pooled:
        return {}
    count, of = arm.number("pih"), arm.number("pih_of")
    own = {} if count is None or of is None else {PIH: (int(count), int(of))}
    return {**own, **arm.harms()}


def _pool(key: tuple[str, str], counts: list[HarmCount]) -> HarmPool:
    count, of = sum(c.count for c in counts), sum(c.of for c in counts)
    low, high = jeffreys_interval(count, of)
    return HarmPool(
        harm=key[0],
        treatment=key[1],
        count=count,
        of=of,
        low=low,
        high=high,
        arms=tuple(counts),
    )

"""A scale, its items and bands, and what a set of answers makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from cicatrix.evidence.clinical import Backing

__all__ = ["Band", "BandAnswer", "Item", "LeftOut", "Remark", "Scale", "Scored"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item: `levels` pair each score with its words, or any number low to high."""

    id: str
    title: str
    levels: tuple[tuple[int, str], ...]
    low: float
    high: float
    low_words: str
    high_words: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named range of the total, both ends included, in one of the sets in use."""

    set: str
    low: float
    high: float
    words: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A sourced sentence about the scale."""

    text: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A scale whose total is the sum of its items.

    `better` is "lower" where a lower total is the better scar, else "none".
    `refused_scores` are numbers of other lists, with why they are refused. `verified`
    is false where the points are remembered and were read in no source.
    """

    id: str
    title: str
    about_it: str
    low: float
    high: float
    better: str
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    remarks: tuple[Remark, ...]
    refused_scores: tuple[tuple[float, str], ...]
    backing: Backing
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A scale that is not computed here, and why."""

    id: str
    title: str
    reason: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class BandAnswer:
    """The bands of one set that hold the total, or that it may lie in, joined by “or”."""

    set: str
    words: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What the answers make: `total` only where no item is missing.

    `low` and `high` enclose the total whatever the missing items would say.
    """

    scale: Scale
    answers: Mapping[str, float]
    missing: tuple[str, ...]
    total: float | None
    low: float
    high: float
    bands: tuple[BandAnswer, ...]

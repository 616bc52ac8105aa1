"""From the answers to the total, or to the range in which it may lie."""

from collections.abc import Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any

from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import nearest
from cicatrix.scales.known import left_out, scales
from cicatrix.scales.value import Band, BandAnswer, Item, LeftOut, Scale, Scored

__all__ = ["scale", "worked"]

_UNVERIFIED = (
    "Its points were read in no source and are not verified. Compare them with your own "
    "copy of the paper (cicatrix scale --list shows them); then --unverified computes "
    "it, and the answer says so."
)


def scale(
    name: str, answers: Mapping[str, float], *, unverified: bool = False
) -> Scored | LeftOut:
    """The total of a scale from its items, or the range in which it may lie.

    A missing item is never taken as the best level: there is no total then.

    Parameters
    ----------
    name
        Of a file in `evidence/scales`, such as "vancouver".
    answers
        Scores by item.
    unverified
        Whether a scale whose points nobody could verify may be computed all the same;
        its answer says that they are not.

    Returns
    -------
    Scored or LeftOut
        `LeftOut` for a scale that is known and not computed, with the reason.

    Raises
    ------
    InputInvalid
        The scale or an item is not known, or a score is none of the item's.

    Examples
    --------
    >>> scale("gais", {"change": 2}).total
    2.0
    """
    key = name.strip().lower().replace("_", "-")
    if key in left_out():
        return left_out()[key]
    if key not in scales():
        known = (*scales(), *left_out())
        raise InputInvalid(
            f"no scale is called “{name}”, so nothing can be computed."
            f"{nearest(key, known)} Choose one of {', '.join(scales())}."
        )
    found = scales()[key]
    if not (found.verified or unverified):
        return LeftOut(
            id=found.id, title=found.title, reason=_UNVERIFIED, backing=found.backing
        )
    checked = _checked(found, answers)
    missing = tuple(item.id for item in found.items if item.id not in checked)
    low = sum(checked.get(item.id, item.low) for item in found.items)
    high = sum(checked.get(item.id, item.high) for item in found.items)
    return Scored(
        scale=found,
        answers=MappingProxyType(checked),
        missing=missing,
        total=None if missing else low,
        low=low,
        high=high,
        bands=_bands(found.bands, low=low, high=high),
    )


def _checked(found: Scale, answers: Mapping[str, float]) -> dict[str, float]:
    """The answers in the order of the items."""
    items = {item.id: item for item in found.items}
    for name in answers:
        if name not in items:
            raise InputInvalid(
                f"{found.title} has no item “{name}”, so it would be passed over."
                f"{nearest(name, items)} Its items are {', '.join(items)}."
            )
    refused = dict(found.refused_scores)
    return {
        item.id: _score(item, answers[item.id], refused)
        for item in found.items
        if item.id in answers
    }


def _score(item: Item, value: object, refused: Mapping[float, str]) -> float:
    number = (
        float(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else float("nan")
    )
    allowed = [score for score, _ in item.levels]
    fits = number in allowed if allowed else item.low <= number <= item.high
    if isfinite(number) and fits:
        return number
    wanted = (
        "; ".join(f"{score} = {words}" for score, words in item.levels)
        or f"a number from {item.low:g} ({item.low_words}) to {item.high:g} "
        f"({item.high_words})"
    )
    why = f" ({refused[number]})" if number in refused else ""
    raise InputInvalid(
        f"{item.id}: {value} is no score of this item{why}. It takes {wanted}."
    )


def _bands(
    bands: tuple[Band, ...], *, low: float, high: float
) -> tuple[BandAnswer, ...]:
    """For every set the bands that touch low to high, in their order."""
    found = []
    for name in dict.fromkeys(band.set for band in bands):
        hit = [b for b in bands if b.set == name and b.low <= high and low <= b.high]
        found.append(
            BandAnswer(
                set=name,
                words=" or ".join(band.words for band in hit),
                backing=hit[0].backing,
            )
        )
    return tuple(found)


def worked(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Answer a worked case of a scale's file."""
    if name not in scales():
        known = given["name"] in left_out()
        return {"state": "silent" if known else "lacks-an-answer"}
    scored = scale(name, given, unverified=True)
    if isinstance(scored, LeftOut):
        return {"state": "silent"}
    if scored.total is None:
        return {"state": "lacks-an-answer", "low": scored.low, "high": scored.high}
    return {
        "state": "speaks",
        "total": scored.total,
        "bands": [band.words for band in scored.bands],
    }

"""The patient's own measured fades, from the JSON of `cicatrix measure` or `compare`."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from cicatrix.errors import InputInvalid

__all__ = ["Measured", "MeasuredFade", "measured_from", "read_measured"]

MAX_RESULT_BYTES = 50_000_000
"""A case of a hundred visits is a tenth of this."""

_SCHEMA = "urn:cicatrix:schema:result:1"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFade:
    """The fade since the first photograph on a day, in percent, with its 95 % ends."""

    on: date
    percent: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Fades of one lesion; `passed_over` says which visits were not used, and why."""

    lesion: str
    first_on: date | None
    fades: tuple[MeasuredFade, ...]
    passed_over: tuple[str, ...]

    def after(self, first_session: date) -> "Measured":
        """Without fades of a day on which no session of the course had been done."""
        early = [fade for fade in self.fades if fade.on <= first_session]
        return replace(
            self,
            fades=tuple(fade for fade in self.fades if fade not in early),
            passed_over=(
                *self.passed_over,
                *(f"{fade.on}: not after the first session" for fade in early),
            ),
        )


def read_measured(path: Path, *, lesion: str | None = None) -> Measured:
    """The fades in a result file.

    Parameters
    ----------
    path
        JSON as `cicatrix measure --json` or `compare --json` writes it.
    lesion
        Which lesion, where the result holds several.

    Raises
    ------
    InputInvalid
        It cannot be read, is no such result, holds several lesions and none is named,
        or has no date.
    """
    try:
        content = path.read_bytes()
        if len(content) > MAX_RESULT_BYTES:
            raise InputInvalid(
                f"“{path.name}” holds {len(content)} bytes, more than any result. Name "
                "the right file."
            )
        document = json.loads(content)
    except OSError as error:
        raise InputInvalid(
            f"“{path.name}” cannot be read as a result ({error.strerror}). Name a file "
            "that exists."
        ) from error
    except (UnicodeDecodeError, ValueError) as error:
        raise InputInvalid(
            f"“{path.name}” is not JSON ({error}). Write one with cicatrix measure "
            "--json."
        ) from error
    return measured_from(document, at=path.name, lesion=lesion)


def measured_from(document: Any, *, at: str, lesion: str | None = None) -> Measured:
    """The fades in a result that was already read; see `read_measured`."""
    if not isinstance(document, dict) or document.get("schema") != _SCHEMA:
        raise InputInvalid(
            f"“{at}” is no result of Cicatrix ({_SCHEMA}), so it holds no fades. Write "
            "one with cicatrix measure --json."
        )
    try:
        if document["kind"] == "comparison":
            return _from_comparison(document["comparison"], at=at)
        return _from_case(document["case"], at=at, lesion=lesion)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputInvalid(
            f"“{at}” is damaged at {error}, so its fades cannot be read. Write it anew "
            "with cicatrix measure --json."
        ) from error


def _from_comparison(comparison: dict[str, Any], *, at: str) -> Measured:
    days = [_taken(comparison[side]) for side in ("baseline", "followup")]
    if days[1] is None:
        raise InputInvalid(
            f"“{at}”: the second photograph has no date, so its fade has no place in "
            "the course. Use a case with dated visits."
        )
    fade = _fade(comparison, days[1])
    reason = "" if fade else f"{days[1]}: not measurable"
    return Measured(
        lesion=comparison["lesion"],
        first_on=days[0],
        fades=(fade,) if fade else (),
        passed_over=(reason,) if reason else (),
    )


def _taken(photo: dict[str, Any] | None) -> date | None:
    told = photo["capture"]["taken_at"] if photo else None
    return datetime.fromisoformat(told).date() if told else None


def _from_case(case: dict[str, Any], *, at: str, lesion: str | None) -> Measured:
    by_name = {series["lesion"]: series for series in case["lesions"]}
    if lesion is None and len(by_name) != 1:
        raise InputInvalid(
            f"“{at}” holds {len(by_name)} lesions ({', '.join(by_name)}). Name one with "
            "--lesion."
        )
    name = next(iter(by_name)) if lesion is None else lesion
    if name not in by_name:
        raise InputInvalid(
            f"“{at}” holds no lesion “{name}”, only {', '.join(by_name)}. Name one of "
            "these."
        )
    fades, passed_over = [], []
    visits = by_name[name]["visits"]
    for visit in visits[1:]:
        on = date.fromisoformat(visit["visited_on"])
        fade = _fade(visit["since_baseline"], on) if visit["since_baseline"] else None
        if visit["judge_from"] and on < date.fromisoformat(visit["judge_from"]):
            passed_over.append(f"{on}: redness may still hide the result")
        elif fade is None:
            passed_over.append(f"{on}: not measurable")
        else:
            fades.append(fade)
    first_on = date.fromisoformat(visits[0]["visited_on"]) if visits else None
    return Measured(
        lesion=name,
        first_on=first_on,
        fades=tuple(fades),
        passed_over=tuple(passed_over),
    )


def _fade(comparison: dict[str, Any], on: date) -> MeasuredFade | None:
    """The fade in percent, or `None` where it was not measurable."""
    numbers = [
        comparison["fade"][f"{end}_fraction"] for end in ("estimate", "low", "high")
    ]
    if any(number is None for number in numbers):
        return None
    percent, low, high = (100 * float(number) for number in numbers)
    if not (low <= percent <= high and isfinite(high - low)):
        raise ValueError(f"the fade of {on}")
    return MeasuredFade(on=on, percent=percent, low=low, high=high)

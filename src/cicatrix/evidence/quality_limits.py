"""Where the quality sheet says pass, warn or stop: limits from `quality.toml`."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from cicatrix.domain.quality import Grade
from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.reading import load_facts

__all__ = ["Limit", "quality_limit"]

_FILE = "quality.toml"

_AT_LEAST = frozenset({"px_per_mm", "jpeg_quality"})
"""Units in which more is better; pixels are told by the name, below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A warning and perhaps a stop, in `unit`; `sense` says which side is worse."""

    warn: float
    stop: float | None
    unit: str
    sense: Literal["at most", "at least"]

    def grade(self, value: float) -> Grade:
        """How `value` is judged; exactly at a limit passes it."""
        sign = 1.0 if self.sense == "at most" else -1.0
        if self.stop is not None and sign * value > sign * self.stop:
            return Grade.STOP
        return Grade.WARN if sign * value > sign * self.warn else Grade.PASS


@cache
def quality_limit(name: str) -> Limit:
    """The limit `name`: facts `<name>_warn_<unit>` and, optional, `<name>_stop_<unit>`.

    Raises
    ------
    ValueError
        No such limit: the caller has a bug.
    EvidenceInvalid
        Warning and stop stand the wrong way round.
    """
    facts = load_facts(_FILE)
    warns = [f for f in facts.values() if f.name.startswith(f"{name}_warn_")]
    if len(warns) != 1:
        raise ValueError(f"{_FILE} holds {len(warns)} limits named {name!r}")
    unit = warns[0].unit
    stop = facts.get(f"{name}_stop_{unit}")
    at_least = unit in _AT_LEAST or name.startswith("resolution")
    limit = Limit(
        warn=warns[0].value,
        stop=None if stop is None else stop.value,
        unit=unit,
        sense="at least" if at_least else "at most",
    )
    if limit.stop is not None and limit.grade(limit.stop) is Grade.PASS:
        raise EvidenceInvalid(
            f"{_FILE}, {name}: the stop is reached before the warning, so no "
            "photograph would be warned of. Exchange the two."
        )
    return limit

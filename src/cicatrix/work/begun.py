"""What of a comparison was begun before, on another core."""

from collections.abc import Callable
from dataclasses import dataclass

from cicatrix.change.strength import SharedStrength
from cicatrix.domain.begin import Begin, waiting
from cicatrix.domain.fade import MeasureChange
from cicatrix.domain.result import PhotoRecord

__all__ = ["Begun"]


@dataclass(frozen=True, slots=True)
class Begun:
    """Waits for a record of each photograph, sizes, strength; `beside` begins more."""

    records: tuple[Callable[[], PhotoRecord], ...]
    sizes: Callable[[], tuple[MeasureChange, ...]]
    beside: Begin = waiting
    strength: Callable[[], SharedStrength | None] | None = None

"""How a room hands a step to another core without knowing who works there."""

from collections.abc import Callable
from typing import Protocol, TypeVar

__all__ = ["Begin", "waiting"]

_A = TypeVar("_A")


class Begin(Protocol):
    """Begins a function on another core; what it gives waits for the answer."""

    def __call__(self, function: Callable[[], _A], /) -> Callable[[], _A]:
        """Begin it."""


def waiting(function: Callable[[], _A], /) -> Callable[[], _A]:
    """Begins nothing: the function is called when its answer is asked for first."""
    kept: list[_A] = []

    def answer() -> _A:
        if not kept:
            kept.append(function())
        return kept[0]

    return answer

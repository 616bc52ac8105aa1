"""Steps that do not need each other, on the machine's cores at the same time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["together"]

_A = TypeVar("_A")
_B = TypeVar("_B")


def together(first: Callable[[], _A], second: Callable[[], _B]) -> tuple[_A, _B]:
    """The answers of two functions that run side by side.

    Decoding and OpenCV let other threads run, so both together take little longer than
    the slower one. Neither may change what the other reads: then the answers are the
    same as one after the other. Where both fail, the first one's error is told.
    """
    with ThreadPoolExecutor(1) as helper:
        ahead = helper.submit(second)
        return first(), ahead.result()

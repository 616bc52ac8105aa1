"""Steps that do not need each other, on the machine's cores at the same time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

__all__ = ["ahead", "together"]

_A = TypeVar("_A")
_B = TypeVar("_B")


def together(first: Callable[[], _A], second: Callable[[], _B]) -> tuple[_A, _B]:
    """The answers of two functions that run side by side.

    Decoding and OpenCV let other threads run, so both together take little longer than
    the slower one. Neither may change what the other reads: then the answers are the
    same as one after the other. Where both fail, the first one's error is told.
    """
    with ahead(second) as other:
        return first(), other()


@contextmanager
def ahead(function: Callable[[], _A]) -> Iterator[Callable[[], _A]]:
    """Begin a function at once; what is given waits for its answer, or raises its error.

    An error of the work meanwhile goes first; the function is waited for all the same.
    """
    with ThreadPoolExecutor(1) as helper:
        yield helper.submit(function).result

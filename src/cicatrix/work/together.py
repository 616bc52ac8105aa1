"""Steps that do not need each other, on the machine's cores at the same time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

import cv2

__all__ = ["Helper", "helper", "together", "waiting"]

_A = TypeVar("_A")
_B = TypeVar("_B")


def waiting(function: Callable[[], _A], /) -> Callable[[], _A]:
    """Begins nothing: the function is called when its answer is asked for."""
    return function


def together(first: Callable[[], _A], second: Callable[[], _B]) -> tuple[_A, _B]:
    """The answers of two functions that run side by side.

    Decoding and OpenCV let other threads run, so both together take little longer than
    the slower one. Neither may change what the other reads: then the answers are the
    same as one after the other. Where both fail, the first one's error is told.
    """
    with helper() as beside:
        other = beside.begin(second)
        return first(), other()


@dataclass(frozen=True, slots=True)
class Helper:
    """A second pair of hands: takes up one function after the other, in their order."""

    pool: ThreadPoolExecutor

    def begin(self, function: Callable[[], _A]) -> Callable[[], _A]:
        """Put a function in the queue; what is given waits for its answer or its error.

        It may ask for the answer of one that was begun before it.
        """
        return self.pool.submit(function).result


@dataclass(slots=True)
class _OpenCvThreads:
    """OpenCV's own threads, sent away as long as somebody here has a helper.

    Two busy threads with two more each only wait for one another: an eighth of the
    processor time of a pair. No number depends on how many there are. The setting is the
    whole process's: what else calls OpenCV meanwhile has one thread too.
    """

    lock: Lock = field(default_factory=Lock)
    helpers: int = 0
    before: int = 1

    @contextmanager
    def away(self) -> Iterator[None]:
        with self.lock:
            if not self.helpers:
                self.before = cv2.getNumThreads()
                cv2.setNumThreads(1)
            self.helpers += 1
        try:
            yield
        finally:
            with self.lock:
                self.helpers -= 1
                # Somebody else's choice meanwhile is left to them.
                if not self.helpers and cv2.getNumThreads() == 1:
                    cv2.setNumThreads(self.before)


_opencv_threads = _OpenCvThreads()


@contextmanager
def helper() -> Iterator[Helper]:
    """A helper while it lasts.

    An error of the work meanwhile goes first; what has not begun by then never begins.
    """
    with _opencv_threads.away(), ThreadPoolExecutor(1) as pool:
        try:
            yield Helper(pool)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

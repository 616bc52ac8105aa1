"""Steps that do not need each other, on the machine's cores at the same time."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from functools import partial
from math import isclose
from threading import Condition, Lock, Thread
from typing import Any, Generic, TypeVar

import cv2

__all__ = ["Helper", "helper", "together"]

_A = TypeVar("_A")
_B = TypeVar("_B")


def together(first: Callable[[], _A], second: Callable[[], _B]) -> tuple[_A, _B]:
    """The answers of two functions that run side by side.

    Decoding and OpenCV let other threads run, so both together take little longer than
    the slower one. Neither may change what the other reads: then the answers are the
    same as one after the other. Where both fail, the first one's error is told.
    """
    with helper() as beside:
        other = beside.begin(second)
        return first(), other()


@dataclass(slots=True, eq=False)
class _Job(Generic[_A]):
    """A function in the queue, and then what came of it.

    `within` are the jobs in which it was begun, each inside of the one before.
    """

    function: Callable[[], _A] | None
    within: tuple["_Job[Any]", ...]
    context: Context | None
    spare: bool
    done: bool = False
    answer: _A | None = None
    error: BaseException | None = None

    def run(self) -> None:
        """Work it off; an error is kept for whoever asks for the answer."""
        function, context = self.function, self.context
        # The context knows the job: together they would keep photographs from being
        # freed until Python looks for circles.
        self.function = self.context = None
        if function is None or context is None:
            raise RuntimeError("a job is run once")
        try:
            self.answer = context.run(self._inside, function)
        except BaseException as error:
            self.error = error
            if not isinstance(error, Exception):
                raise  # somebody stops the program: now, not when the answer is wanted

    def _inside(self, function: Callable[[], _A]) -> _A:
        _within.set((*self.within, self))
        return function()

    def cancel(self) -> None:
        """It never begins."""
        self.function = self.context = None
        self.error, self.done = CancelledError(), True

    def told(self) -> _A:
        """The answer or the error of a job that is done."""
        if self.error is not None:
            raise self.error
        return self.answer  # type: ignore[return-value]


_within: ContextVar[tuple[_Job[Any], ...]] = ContextVar("within", default=())


@dataclass(slots=True, eq=False)
class Helper:
    """A second pair of hands, for steps that do not change what others read.

    It takes up one job after the other, in their order, spare ones last. Who asks for an
    answer that nobody works on works on it himself, and who must wait for one helps with
    the jobs that were begun in it: nobody stands by while something that he needs is left
    to do. A job may ask for answers of others, as long as none asks, by whatever way, for
    its own.
    """

    change: Condition = field(default_factory=Condition)
    queue: list[_Job[Any]] = field(default_factory=list)
    ended: bool = False

    def begin(self, function: Callable[[], _A], /) -> Callable[[], _A]:
        """Put a function in the queue; what is given waits for its answer or its error."""
        return self._queued(function, spare=False)

    def spare(self, function: Callable[[], _A], /) -> Callable[[], _A]:
        """`begin` what is not wanted for long: all that is begun otherwise goes first."""
        return self._queued(function, spare=True)

    def work(self) -> None:
        """Take up jobs until the end."""
        while True:
            with self.change:
                while not (self.queue or self.ended):
                    self.change.wait()
                if self.ended:
                    return
                job = self.queue.pop(0)
            self._finish(job)

    def end(self) -> None:
        """What has not begun never begins."""
        with self.change:
            self.ended = True
            for job in self.queue:
                job.cancel()
            self.queue.clear()
            self.change.notify_all()

    def _queued(self, function: Callable[[], _A], *, spare: bool) -> Callable[[], _A]:
        # In the surroundings of who begins it, such as how NumPy warns.
        job = _Job(function, _within.get(), copy_context(), spare)
        with self.change:
            if self.ended:
                job.cancel()
            else:
                self.queue.append(job)
                self.queue.sort(key=lambda one: one.spare)  # which keeps their order
                self.change.notify_all()
        return partial(self._answer, job)

    def _answer(self, job: _Job[_A]) -> _A:
        while True:
            with self.change:
                mine = self._wanted(job)
                while not (mine or job.done):
                    self.change.wait()
                    mine = self._wanted(job)
            if mine is None:
                return job.told()
            self._finish(mine)

    def _wanted(self, job: _Job[Any]) -> _Job[Any] | None:
        """What brings an answer nearer and nobody works on, taken from the queue."""
        for one in self.queue:
            if one is job or job in one.within:
                self.queue.remove(one)
                return one
        return None

    def _finish(self, job: _Job[Any]) -> None:
        try:
            job.run()
        finally:
            with self.change:
                job.done = True
                self.change.notify_all()


_SWITCH_S = 0.0005
"""How long a thread may keep the interpreter from the other, while there is a helper: by
Python's own 5 ms one of two busy threads often stands still for longer than its next step
takes. A pair takes 5 % less with 0.5 ms; with 0.2 ms no less than that."""


@dataclass(slots=True)
class _Threads:
    """How threads share the process as long as somebody here has a helper.

    OpenCV's own threads are sent away: two busy threads with two more each only wait for
    one another, an eighth of the processor time of a pair. And Python's threads take turns
    sooner. No number depends on either. Both settings are the whole process's: what else
    runs in it meanwhile has them too.
    """

    lock: Lock = field(default_factory=Lock)
    helpers: int = 0
    opencv_before: int = 1
    switch_before_s: float = _SWITCH_S

    @contextmanager
    def shared(self) -> Iterator[None]:
        with self.lock:
            if not self.helpers:
                self.opencv_before = cv2.getNumThreads()
                self.switch_before_s = sys.getswitchinterval()
                cv2.setNumThreads(1)
                sys.setswitchinterval(_SWITCH_S)
            self.helpers += 1
        try:
            yield
        finally:
            with self.lock:
                self.helpers -= 1
                # Somebody else's choice meanwhile is left to them.
                if not self.helpers and cv2.getNumThreads() == 1:
                    cv2.setNumThreads(self.opencv_before)
                if not self.helpers and isclose(sys.getswitchinterval(), _SWITCH_S):
                    sys.setswitchinterval(self.switch_before_s)


_threads = _Threads()


@contextmanager
def helper() -> Iterator[Helper]:
    """A helper while it lasts.

    An error of the work meanwhile goes first; what has not begun by then never begins.
    """
    with _threads.shared():
        hands = Helper()
        thread = Thread(target=hands.work, name="helper")
        thread.start()
        try:
            yield hands
        finally:
            hands.end()
            thread.join()

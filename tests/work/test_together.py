"""Two steps run side by side and answer as they would one after the other."""

import gc
import sys
import threading
import weakref
from concurrent.futures import CancelledError
from functools import partial

import cv2
import numpy as np
import pytest

from cicatrix.work.together import helper, together


def test_both_answers_come_in_the_order_of_asking():
    meeting = threading.Barrier(2, timeout=10)

    def arrive(name):
        # Neither gets past this unless both are running.
        meeting.wait()
        return name

    assert together(lambda: arrive("a"), lambda: arrive("b")) == ("a", "b")


def test_the_first_error_is_told_whichever_came_sooner():
    def fail(name):
        raise ValueError(name)

    with pytest.raises(ValueError, match="first"):
        together(lambda: fail("first"), lambda: fail("second"))
    with pytest.raises(ValueError, match="second"):
        together(lambda: 1, lambda: fail("second"))


@pytest.fixture
def busy():
    """What keeps a helper at work until it is let go."""
    begun, let_go = threading.Event(), threading.Event()

    def work():
        begun.set()
        assert let_go.wait(10)

    def keep(beside):
        answer = beside.begin(work)
        assert begun.wait(10)
        return answer

    yield keep, let_go
    let_go.set()


@pytest.mark.parametrize("way", ["begin", "spare"])
def test_what_nobody_has_begun_is_done_by_who_asks_for_it(busy, way):
    keep, let_go = busy
    with helper() as beside:
        keep(beside)
        where = getattr(beside, way)(threading.get_ident)
        assert where() == threading.get_ident()
        assert where() == threading.get_ident()
        let_go.set()


def test_who_waits_helps_with_what_was_begun_in_the_job_and_with_nothing_else():
    meeting = threading.Barrier(2, timeout=10)
    done = []

    def whole():
        done.append(threading.get_ident())
        part = beside.begin(meeting.wait)
        # Neither part of the job gets past this unless the one who waits does the other.
        meeting.wait()
        return part() is not None

    with helper() as beside:
        whole_job = beside.begin(whole)
        while not done:
            pass
        other = beside.begin(lambda: done.append(threading.get_ident()))
        assert whole_job()
        other()
    assert threading.get_ident() not in done[:1]
    assert len(done) == 2


def test_jobs_are_taken_up_in_their_order(busy):
    keep, let_go = busy
    order = []
    with helper() as beside:
        first = keep(beside)
        jobs = [beside.begin(lambda n=n: order.append(n)) for n in range(3)]
        last = beside.begin(threading.Event().is_set)
        let_go.set()
        first()
        while len(order) < 3:
            pass
        assert order == [0, 1, 2]
        assert [job() for job in jobs] == [None] * 3
        assert last() is False


def test_spare_jobs_are_taken_up_when_there_are_no_others(busy):
    keep, let_go = busy
    taken = []
    with helper() as beside:
        keep(beside)
        answers = [
            start(partial(taken.append, name))
            for start, name in (
                (beside.spare, "spare"),
                (beside.begin, "first"),
                (beside.spare, "another"),
                (beside.begin, "second"),
            )
        ]
        last = beside.spare(partial(taken.append, "last"))
        let_go.set()
        while len(taken) < 5:
            pass
        for answer in (*answers, last):
            answer()
    assert taken == ["first", "second", "spare", "another", "last"]


def test_what_never_begins_keeps_nobody_waiting():
    begun = threading.Event()
    cancelled = []

    def begins_more(beside):
        begun.set()
        try:
            while True:  # until the helper is told to end
                beside.begin(lambda: None)()
        except CancelledError:
            cancelled.append(True)

    def fails():
        with helper() as beside:
            beside.begin(lambda: begins_more(beside))
            assert begun.wait(10)
            raise ValueError("meanwhile")

    with pytest.raises(ValueError, match="meanwhile"):
        fails()
    assert cancelled


def test_a_job_warns_as_who_began_it_would():
    with helper() as beside:
        with np.errstate(divide="ignore"):
            quiet = beside.begin(lambda: float(np.float64(1) / np.float64(0)))
        assert quiet() == np.inf
        with np.errstate(divide="raise"):
            loud = beside.begin(lambda: float(np.float64(1) / np.float64(0)))
        with pytest.raises(FloatingPointError):
            loud()


def test_what_a_job_worked_with_is_freed_at_once():
    class Photograph:
        pass

    photograph = Photograph()
    seen = weakref.ref(photograph)
    gc.disable()  # no circle may keep 36 MB until Python looks for circles
    try:
        with helper() as beside:
            answer = beside.begin(partial(isinstance, photograph, Photograph))
            assert answer()
            never = beside.begin(partial(isinstance, photograph, Photograph))
        del photograph, answer, never
        assert seen() is None
    finally:
        gc.enable()


def test_opencv_has_its_threads_back_when_the_last_helper_has_gone():
    before = cv2.getNumThreads()
    cv2.setNumThreads(2)
    try:
        with helper():
            with helper():
                assert cv2.getNumThreads() == 1
            assert cv2.getNumThreads() == 1
        assert cv2.getNumThreads() == 2
    finally:
        cv2.setNumThreads(before)


def test_a_number_of_threads_that_somebody_else_chose_meanwhile_stays():
    before = cv2.getNumThreads()
    cv2.setNumThreads(2)
    try:
        with helper():
            cv2.setNumThreads(3)
        assert cv2.getNumThreads() == 3
    finally:
        cv2.setNumThreads(before)


def test_threads_take_turns_sooner_as_long_as_there_is_a_helper():
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.004)
    try:
        with helper():
            with helper():
                pass
            assert sys.getswitchinterval() == pytest.approx(0.0005)
        assert sys.getswitchinterval() == pytest.approx(0.004)
        with helper():
            sys.setswitchinterval(0.01)
        assert sys.getswitchinterval() == pytest.approx(0.01)
    finally:
        sys.setswitchinterval(before)

"""Two steps run side by side and answer as they would one after the other."""

import threading

import cv2
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

"""The number is the photographs', not the machine's nor the order's."""

import json
import os
import subprocess
import sys

import pytest

import cicatrix as cx
from cicatrix.casebook.value import Casebook, LesionEntry, VisitEntry

THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    "OPENCV_FOR_THREADS_NUM",
)
ONE_BY_ONE = """
import sys
import cv2
from cicatrix.cli.main import main
assert cv2.getNumThreads() == int(sys.argv.pop(1))
main()
"""


def numbers_in(document, at=""):
    """Every number of a JSON document by its place."""
    if isinstance(document, dict):
        parts = document.items()
    elif isinstance(document, list):
        parts = enumerate(document)
    else:
        return {at: document} if isinstance(document, float) else {}
    return {
        place: number
        for key, value in parts
        for place, number in numbers_in(value, f"{at}/{key}").items()
    }


def compared_with(threads, story):
    """What `cicatrix compare` answers in a process of so many threads."""
    told = subprocess.run(
        [
            *(sys.executable, "-c", ONE_BY_ONE, str(threads), "compare"),
            *("before.jpg", "faded.jpg", "--lesion", story.click),
            *("--json", "-", "--no-report"),
        ],
        cwd=story.folder,
        env={**os.environ, **dict.fromkeys(THREADS, str(threads))},
        capture_output=True,
        check=True,
        timeout=120,
    )
    return json.loads(told.stdout)


def test_one_thread_or_two_give_the_same_numbers(story):
    one, two = (numbers_in(compared_with(threads, story)) for threads in (1, 2))

    assert len(one) > 50
    assert one.keys() == two.keys()
    # To four digits: more are nowhere printed.
    assert two == {
        place: pytest.approx(one[place], rel=1e-4, abs=1e-6) for place in one
    }


@pytest.fixture(scope="module")
def visits(story):
    return tuple(
        VisitEntry(
            visited_on=photo.capture.taken_at.date(), photos=(story.folder / name,)
        )
        for name in ("before.jpg", "still.jpg", "faded.jpg")
        for photo in [story.open(name)]
    )


def curve_of(visits, story):
    """Contrast and fade since baseline of each day."""
    case = Casebook(
        title="Order",
        folder=story.folder,
        lesions=(
            LesionEntry(name="cheek", point_xy=story.before.truth.lesion_point_px),
        ),
        visits=visits,
    )
    told = cx.measure(case).lesions[0].visits
    return {
        visit.visited_on: (
            visit.contrast_de00,
            None if visit.since_baseline is None else visit.since_baseline.fade,
        )
        for visit in told
    }


def test_later_visits_in_any_order_give_the_same_curve(visits, story):
    first, second, third = visits

    assert curve_of((first, third, second), story) == curve_of(visits, story)


def test_the_same_file_twice_has_changed_in_nothing(story):
    told = cx.compare(
        story.open("before.jpg"),
        story.open("before.jpg"),
        lesion=story.before.truth.lesion_point_px,
    )

    known = {
        each.name: each.change.estimate
        for each in told.measures
        if each.change.is_known
    }
    assert told.fade.estimate == 0
    assert {"contrast_de00", "area_mm2", "melanin_contrast_ln"} <= known.keys()
    assert known == dict.fromkeys(known, 0.0)


def test_a_pair_on_two_cores_and_a_course_on_one_give_the_same_digits(
    visits, story, faded_result
):
    case = Casebook(
        title="Two visits",
        folder=story.folder,
        lesions=(
            LesionEntry(name="lesion", point_xy=story.before.truth.lesion_point_px),
        ),
        visits=(visits[0], visits[2]),
    )

    told = cx.measure(case).lesions[0].visits[1].since_baseline

    assert told.colour_anchor == "Cicatrix card"
    assert told.fade == faded_result.fade
    # Compared as text, since what is not known equals nothing.
    assert repr(told.measures) == repr(faded_result.measures)

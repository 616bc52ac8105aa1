"""What was made of a picture is kept with it, and no longer."""

import gc
import weakref

import numpy as np

from cicatrix.photo.keeping import KeptBeside


def test_it_is_made_once_for_each_picture():
    kept, made = KeptBeside(), []
    one, other = np.zeros(3), np.zeros(3)

    def make():
        made.append(len(made))
        return made[-1]

    assert [kept.get(a, make) for a in (one, other, one, other)] == [0, 1, 0, 1]


def test_it_is_made_anew_with_something_else():
    kept, picture = KeptBeside(), np.zeros(3)
    first, second = object(), object()

    assert kept.get(picture, lambda: "first", by=first) == "first"
    assert kept.get(picture, lambda: "second", by=second) == "second"
    assert kept.get(picture, lambda: "again", by=second) == "second"


def test_it_goes_with_the_picture():
    kept, picture = KeptBeside(), np.zeros(3)
    made = weakref.ref(kept.get(picture, lambda: np.ones(3)))
    assert made() is not None

    del picture
    gc.collect()

    assert made() is None
    assert not kept._kept

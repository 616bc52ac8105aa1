"""A lesion in several parts is laid only where each of them is recognised."""

import numpy as np
import pytest

from cicatrix.alignment.lesion import LesionPlace
from cicatrix.alignment.parts import require_all_parts
from cicatrix.errors import AlignmentRefused

SIDE = np.array([[-20.0, -20.0], [20.0, -20.0], [20.0, 20.0], [-20.0, 20.0]])
PATCHES = np.stack(
    np.meshgrid(np.arange(0.0, 1000.0, 25), np.arange(0.0, 500.0, 25)), -1
).reshape(-1, 2)


def place(*centres):
    return LesionPlace(
        outlines=tuple(SIDE + np.array(one) for one in centres), size_px=(1000, 500)
    )


def agreeing(left, right):
    return np.where(PATCHES[:, 0] < 500, left, right)


NEAR, FAR = (200.0, 250.0), (800.0, 250.0)


def test_parts_that_are_all_recognised_are_laid():
    require_all_parts(place(NEAR, FAR), PATCHES, agreeing(0.8, 0.5), "two.jpg")


def test_a_part_that_is_not_recognised_is_refused_with_what_to_do():
    with pytest.raises(
        AlignmentRefused, match=r"in 2 parts.*two\.jpg.*draw its outline"
    ):
        require_all_parts(place(NEAR, FAR), PATCHES, agreeing(0.8, 0.1), "two.jpg")


def test_one_part_is_not_judged_by_skin_far_from_it():
    require_all_parts(place(NEAR), PATCHES, agreeing(0.8, 0.1), "two.jpg")
    require_all_parts(place(NEAR, (300.0, 250.0)), PATCHES, agreeing(0.8, 0.1), "a")


def test_a_part_with_hardly_any_skin_beside_it_tells_nothing():
    left = np.flatnonzero(PATCHES[:, 0] < 500)
    from_far = np.argsort(np.hypot(*(PATCHES - np.array(FAR)).T))
    few, enough = np.r_[left, from_far[:2]], np.r_[left, from_far[:3]]

    with pytest.raises(AlignmentRefused):
        require_all_parts(
            place(NEAR, FAR), PATCHES[enough], agreeing(0.8, 0.1)[enough], "a"
        )
    require_all_parts(place(NEAR, FAR), PATCHES[few], agreeing(0.8, 0.1)[few], "a")

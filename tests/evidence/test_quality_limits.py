"""Limits of the quality sheet: which side is worse, and what stands at the limit."""

import pytest

from cicatrix.domain.quality import Grade
from cicatrix.evidence.quality_limits import Limit, quality_limit

NAMES = (
    *("clipping", "sharpness", "sharpness_of_picture", "sharpness_floor", "motion"),
    *("motion_of_picture", "motion_floor", "shadow", "glare", "tilt", "compression"),
    *("resolution_at_lesion", "resolution_per_mm", "resolution_of_picture"),
    "scale_error",
)


@pytest.mark.parametrize("name", NAMES)
def test_every_limit_warns_before_it_stops(name):
    limit = quality_limit(name)

    assert limit.grade(limit.warn) is Grade.PASS
    if limit.stop is not None:
        assert limit.grade(limit.stop) is Grade.WARN


def test_more_is_worse_or_better_as_the_limit_says():
    at_most = Limit(warn=10, stop=20, unit="percent", sense="at most")
    at_least = Limit(warn=20, stop=10, unit="px", sense="at least")

    assert [at_most.grade(v) for v in (5, 15, 25)] == list(Grade)
    assert [at_least.grade(v) for v in (25, 15, 5)] == list(Grade)


def test_a_limit_that_does_not_exist_is_the_callers_bug():
    with pytest.raises(ValueError, match="holds 0 limits"):
        quality_limit("smell")

"""The pictures of a report: one grid, one colour, and an honest difference map."""

import numpy as np
import pytest

from cicatrix.alignment.value import Alignment
from cicatrix.work import comparing as module
from cicatrix.work.comparing import compare_with_pictures
from cicatrix.work.picturing import MAX_SIDE


@pytest.fixture
def pictures(photo, mask, monkeypatch):
    monkeypatch.setattr(
        module, "align_with", lambda *given, **more: Alignment(error_px=0.2)
    )
    return compare_with_pictures(photo(-40.0), photo(-10.0, seed=1), lesion=mask)[1]


def test_both_pictures_lie_on_one_grid_no_larger_than_allowed(pictures):
    assert pictures.before.shape == pictures.after.shape
    assert max(pictures.before.shape) <= MAX_SIDE
    assert pictures.before.dtype == np.uint8


def test_the_difference_is_large_in_the_scar_and_small_beside_it(pictures):
    inside = np.nanmedian(pictures.difference_de00[pictures.lesion])
    beside = np.nanmedian(pictures.difference_de00[pictures.ring])

    assert inside > 5
    assert beside < 2


def test_healthy_skin_has_one_colour_in_both(pictures):
    before, after = (
        np.median(picture[pictures.ring], axis=0)
        for picture in (pictures.before, pictures.after)
    )

    np.testing.assert_allclose(before, after, atol=2)

"""Photographs on an outline's grid: what is usable, and how much must be."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.alignment.value import MEDIAN, Alignment
from cicatrix.errors import PhotoUnusable
from cicatrix.work.comparing import find_outline
from cicatrix.work.laying import lay, regions_for, views_of


@pytest.fixture
def outline(photo, mask):
    return find_outline(photo(), mask)


def shifted(pixels, error_px=0.5):
    return Alignment(affine=((1.0, 0.0, pixels), (0.0, 1.0, 0.0)), error_px=error_px)


def test_bare_skin_and_lesion_are_usable(photo, outline):
    laid = lay(photo(), outline, None)

    assert laid.usable[outline.core].mean() > 0.95
    assert laid.usable[outline.ring].mean() > 0.9
    assert laid.calibration is None


def test_what_lies_outside_the_photograph_is_not_usable(photo, outline):
    laid = lay(photo(), outline, shifted(90.0))

    assert laid.usable[outline.ring].mean() < 0.6


def test_a_burnt_out_spot_of_a_lesion_is_not_usable(outline, photo, spoilt):
    laid = lay(spoilt(lambda codes: codes.__setitem__(SPOT, 255)), outline, None)
    whole = lay(photo(), outline, None)

    lost = whole.usable[outline.core].sum() - laid.usable[outline.core].sum()
    step = outline.window.step_px
    assert lost == pytest.approx(20 * 20 / step**2, rel=0.3)


SPOT = (slice(65, 85), slice(90, 110))


def test_too_little_of_the_lesion_left_is_refused(photo, outline):
    far = lay(photo(), outline, shifted(110.0))

    with pytest.raises(PhotoUnusable, match="of the lesion is free"):
        regions_for(outline, [lay(photo(), outline, None), far])


def test_too_little_skin_beside_the_lesion_is_refused(photo, outline):
    laid = lay(photo(), outline, None)
    laid.usable[outline.ring] = False

    with pytest.raises(PhotoUnusable, match="0 samples of bare skin"):
        regions_for(outline, [laid])


def test_regions_are_what_all_photographs_share(photo, outline):
    first, second = (lay(photo(), outline, None) for _ in range(2))
    first.usable[:, : first.usable.shape[1] // 2] = False

    regions = regions_for(outline, [second])
    shared = regions_for(outline, [first, second])

    assert shared.core.sum() < regions.core.sum()
    assert not (shared.ring & ~first.usable).any()


def test_regions_know_whether_a_person_drew_the_lesion(photo, outline):
    laid = [lay(photo(), outline, None)]

    assert regions_for(outline, laid).drawn
    assert not regions_for(replace(outline, given=False), laid).drawn


def test_a_view_knows_how_surely_it_is_placed(photo, outline):
    laid = [
        lay(photo(), outline, None),
        lay(photo(seed=1), outline, shifted(0.0, error_px=2.0)),
    ]

    views, leftover = views_of(laid, outline, regions_for(outline, laid))

    assert views[0].alignment_sd_samples == 0
    assert views[1].alignment_sd_samples == pytest.approx(
        2.0 / MEDIAN / outline.window.step_px
    )
    assert np.isfinite(leftover)

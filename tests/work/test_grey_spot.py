"""A grey patch balances white where it is one; on the lesion itself it is refused."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.colour.grey import grey_reference
from cicatrix.domain.reference import ReferenceKind
from cicatrix.outline.value import Box, Scribble
from cicatrix.report.words import anchor_text
from cicatrix.work.comparing import compare

CENTRE_XY, PATCH_XY = (100.0, 75.0), (25.0, 25.0)


pytestmark = pytest.mark.usefixtures("placed")


@pytest.fixture
def pair(greyed):
    """Two photographs whose grey patches were pointed to at these places, or not."""

    def opened(before_xy, after_xy):
        return greyed(-40.0, grey_xy=before_xy), greyed(-20.0, seed=1, grey_xy=after_xy)

    return opened


@pytest.fixture
def mottled(spoilt, photo):
    """Two photographs; in the first no even patch is at the place pointed to."""

    def opened(grey_xy):
        x, y = (int(v) for v in grey_xy)

        def stripe(codes):
            codes[y - 3 : y + 4 : 2, x - 3 : x + 4] //= 2

        first = spoilt(stripe)
        return replace(first, reference=grey_reference(first, grey_xy)), photo(-20.0)

    return opened


def test_a_grey_patch_beside_the_lesion_is_used_without_a_word(mask, pair):
    told = compare(*pair(PATCH_XY, PATCH_XY), lesion=mask)

    assert told.reason is None
    assert told.baseline.reference is ReferenceKind.GREY_PATCH
    assert not any("grey" in note for note in told.notes)


def test_one_patch_leaves_none_out_so_no_error_is_told(mask, pair):
    told = compare(*pair(PATCH_XY, PATCH_XY), lesion=mask)

    assert told.baseline.reference_held_out_de00 is None
    assert told.followup.reference_held_out_de00 is None


def test_what_a_grey_patch_does_stands_in_words(mask, pair):
    both = compare(*pair(PATCH_XY, PATCH_XY), lesion=mask)
    neither = compare(*pair(None, None), lesion=mask)

    assert "grey patch balances white, it does not fix the tone" in anchor_text(both)
    assert anchor_text(neither) == ReferenceKind.NONE.value


@pytest.mark.parametrize("places", [(PATCH_XY, None), (None, PATCH_XY)])
def test_a_grey_patch_in_one_photograph_alone_is_not_dropped_in_silence(
    mask, pair, places
):
    one = compare(*pair(*places), lesion=mask)
    none = compare(*pair(None, None), lesion=mask)

    assert sum("grey patch" in note for note in one.notes) == 1
    assert not any("grey patch" in note for note in none.notes)
    assert one.fade == none.fade


@pytest.mark.parametrize("places", [(CENTRE_XY, PATCH_XY), (PATCH_XY, CENTRE_XY)])
def test_a_grey_patch_on_the_lesion_is_refused(mask, pair, places):
    told = compare(*pair(*places), lesion=mask)

    assert "at (100, 75), which lies on the lesion itself" in told.reason
    assert np.isnan(told.fade.estimate)


def test_a_grey_patch_on_a_mottled_lesion_is_refused_too(mask, mottled):
    told = compare(*mottled(CENTRE_XY), lesion=mask)

    assert "lies on the lesion itself" in told.reason


def test_a_grey_patch_that_cannot_be_read_is_told(mask, mottled):
    told = compare(*mottled((170.0, 120.0)), lesion=mask)

    (note,) = (each for each in told.notes if "grey patch" in each)
    assert note.startswith("In photograph: The grey patch is not even")


def test_a_grey_patch_that_cannot_be_read_counts_as_none(mask, mottled, greyed):
    spoilt = mottled((170.0, 120.0))[0]
    after = greyed(-20.0, seed=1, grey_xy=PATCH_XY)
    bare = replace(spoilt, reference=None), replace(after, reference=None)

    told = compare(spoilt, after, lesion=mask)

    assert told.fade == compare(*bare, lesion=mask).fade
    (unused,) = (note for note in told.notes if "is not used" in note)
    # It was pointed to: what is wrong with the place is told beside.
    assert unused.endswith("shows one.")


@pytest.mark.parametrize(
    "lesion",
    [
        np.array(CENTRE_XY),
        Scribble(points_xy=np.array([[90.0, 75.0], [110.0, 75.0]])),
        Box(left_px=70, top_px=45, right_px=130, bottom_px=105),
    ],
    ids=["point", "scribble", "box"],
)
def test_however_the_lesion_is_pointed_to_the_patch_gets_the_blame(pair, lesion):
    told = compare(*pair(CENTRE_XY, CENTRE_XY), lesion=lesion)

    assert "grey patch" in told.reason

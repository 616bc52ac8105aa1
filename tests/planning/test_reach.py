import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.planning.strategies import LENGTHS_MM, MEASURED, SEX

from cicatrix.planning.reach import chances, reaches
from cicatrix.planning.skin import thickness

DRAWS = 400_000
DEVICES = st.sampled_from(("pen", "roller", "stamp", "rf"))


def drawn(length_mm, skin, reach):
    """The same chances by brute force, with a scale error that really is uniform."""
    rng = np.random.default_rng(5)
    share = rng.normal(reach.share, reach.share_sd, DRAWS)
    off_mm = rng.uniform(-reach.tolerance_mm, reach.tolerance_mm, DRAWS)
    depth_mm = reach.share * off_mm + share * length_mm
    top_mean, top_sd, dermis_mean, dermis_sd = skin.layers
    top_mm = rng.normal(top_mean, top_sd, DRAWS)
    dermis_mm = rng.normal(dermis_mean, dermis_sd, DRAWS)
    return (
        np.mean(depth_mm > top_mm + dermis_mm),
        np.mean(depth_mm < top_mm),
        np.mean((depth_mm > top_mm) & (depth_mm < top_mm + 0.2 * dermis_mm)),
    )


@pytest.mark.parametrize("length_mm", [0.25, 0.5, 0.75, 1.0, 1.5, 2.5])
@pytest.mark.parametrize("device", ["pen", "roller", "stamp"])
def test_the_closed_form_agrees_with_drawing(device, length_mm):
    skin = thickness("forehead", sex="female")
    for reach in reaches(device):
        told = chances(length_mm, skin=skin, reach=reach)
        through, stays, papillary = drawn(length_mm, skin, reach)

        # 400 000 draws: three times their error is 0.0024.
        assert told.through == pytest.approx(through, abs=0.0025)
        assert told.stays == pytest.approx(stays, abs=0.0025)
        assert told.papillary == pytest.approx(papillary, abs=0.0025)


@given(
    site=MEASURED, sex=SEX, device=DEVICES, lengths=st.tuples(LENGTHS_MM, LENGTHS_MM)
)
def test_longer_needles_never_pass_through_less_nor_stay_more(
    site, sex, device, lengths
):
    short, long = sorted(lengths)
    skin = thickness(site, sex=sex)
    for reach in reaches(device):
        less = chances(short, skin=skin, reach=reach)
        more = chances(long, skin=skin, reach=reach)

        assert more.through >= less.through
        if skin.layers is not None:
            assert more.stays <= less.stays


@given(site=MEASURED, sex=SEX, device=DEVICES, length_mm=LENGTHS_MM)
def test_chances_are_chances(site, sex, device, length_mm):
    skin = thickness(site, sex=sex)
    for reach in reaches(device):
        told = chances(length_mm, skin=skin, reach=reach)

        assert 0 <= told.through <= 1
        if skin.layers is not None:
            parts = (told.through, told.stays, told.papillary, told.reticular)
            assert all(0 <= part <= 1 for part in parts)
            # The layers of a normal skin may cross by chance where one varies widely.
            assert sum(parts) == pytest.approx(1, abs=0.15)
            assert told.within("dermis") == told.papillary + told.reticular


def test_a_needle_in_the_very_middle_of_the_border_passes_through_by_half():
    skin = thickness("nose", sex="male")
    pen = reaches("pen")[0]

    assert chances(1.23, skin=skin, reach=pen).through == pytest.approx(0.5)


def test_a_roller_is_read_in_two_ways_that_are_never_averaged():
    skin = thickness("cheek", sex="male")
    usual, longest = reaches("roller")

    assert (usual.bound, longest.bound) == ("usual", "longest")
    assert chances(1.5, skin=skin, reach=usual).through < 0.01
    assert chances(1.5, skin=skin, reach=longest).through > 0.7


def test_where_layers_were_not_told_apart_the_epidermis_is_not_known():
    told = chances(1.0, skin=thickness("abdomen", sex="male"), reach=reaches("pen")[0])

    assert told.stays is None
    assert told.within("dermis") is None

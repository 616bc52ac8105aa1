"""What the judge draws: full strata, held-out halves, and a change where it says so."""

from collections import Counter

import pytest

import pairs
from cicatrix.phantom import HELD_OUT_LESIONS


def test_a_full_run_fills_every_stratum_alike():
    roles = Counter(pairs.role_of(n)[0] for n in range(2304))
    places = [pairs.role_of(n)[1] for n in range(2304) if pairs.role_of(n)[0] == "fade"]
    cells = Counter(place * 133 % pairs.CELLS for place in places)

    assert roles["fade"] == 2016
    assert places == list(range(2016))
    assert set(cells.values()) == {7}
    assert len(cells) == 6 * 4 * 3 * 4
    assert [roles[kind] for kind in pairs.UNMEASURABLE] == [48, 48, 48, 48]
    assert roles["texture"] == 96


def test_a_pair_follows_from_its_number_alone():
    assert pairs.pair_of(5, first_seed=100) == pairs.pair_of(5, first_seed=100)
    assert (
        pairs.pair_of(5, first_seed=100).scenes
        != pairs.pair_of(6, first_seed=100).scenes
    )


def test_cameras_and_lamps_that_judge_are_not_those_of_tuning(shared_data):
    tuning, judging = pairs.pools(judging=False), pairs.pools(judging=True)

    names = [{one.name for one in pool.cameras} for pool in (tuning, judging)]
    assert len(names[0]) == len(names[1]) == 13
    assert not names[0] & names[1]
    assert not {one for one in judging.lamps if one[0] != "daylight"} & {*tuning.lamps}
    assert set(judging.kinds) - set(tuning.kinds) == set(HELD_OUT_LESIONS)


@pytest.mark.parametrize("role", [*pairs.UNMEASURABLE, "texture"])
def test_what_cannot_be_measured_differs_in_just_that(role):
    number = next(n for n in range(200) if pairs.role_of(n)[0] == role)

    pair = pairs.pair_of(number, first_seed=100)

    (first, second), later = pair.scenes, pair.captures[1]
    assert pair.fade == 0
    spoilt = {
        "faint": first.contrast_de00 < 1,
        "blurred": later.blur_px > 20,
        "wrong skin": first.seed != second.seed,
        "clipped": later.exposure_ev > 1,
        "texture": abs(second.lesion_furrows / first.lesion_furrows - 1) > 0.19,
    }
    assert [name for name, true in spoilt.items() if true] == [role]


def test_no_meter_burns_out_what_it_is_pointed_at():
    made = [pairs.pair_of(n, first_seed=100) for n in range(120)]
    fair = [pair for pair in made if pair.role == "fade"]

    top = [
        (pairs._skin_light(one, pair.scenes[0].skin_ita_deg) * 2**one.exposure_ev).max()
        for pair in fair
        for one in pair.captures
    ]

    assert max(top) < 0.75
    assert min(top) > 0.02

"""What a faint outline holds that only its own photograph shows."""

import numpy as np
import pytest

from cicatrix.change.reading import SkinReading
from cicatrix.change.relief import faintness
from cicatrix.change.selection import (
    DOUBT_SDS,
    MOST,
    SELECTED_SDS,
    STAYING_SHARE,
    selection_source,
    without_selection,
)
from cicatrix.change.sources import Visits

FAINT = np.array([[-0.05, -0.16, -0.12], [-0.04, -0.12, -0.09]])
VISITS = Visits(before=(0,), after=(1,))
SKIN_LOG = np.log([[0.42, 0.25, 0.18]] * 2)


def reading(differences, sd):
    n = len(differences)
    return SkinReading(
        difference=differences,
        skin_log=SKIN_LOG[:1].repeat(n, axis=0),
        noise=np.stack([np.eye(3) * sd**2] * n),
        gradient_step=np.zeros((n, 3)),
        lifted=(),
    )


def taken_off(differences, shots, visits, drawn_on):
    led = faintness(shots, visits, narrow=0.0, drawn=False)
    return without_selection(differences, shots, visits, drawn_on, led=led)


def kept(differences, *, sd=0.02, drawn_on=(True, False)):
    told = taken_off(differences, reading(differences, sd), VISITS, list(drawn_on))
    return np.linalg.norm(told, axis=1) / np.linalg.norm(differences, axis=1)


def test_the_photograph_a_faint_outline_was_drawn_on_shows_more_than_there_is():
    before, after = kept(FAINT)

    more = SELECTED_SDS * 0.02 / np.linalg.norm(FAINT[0])
    assert 1 - before == pytest.approx(more, rel=0.1)
    assert after == 1


def test_another_order_of_visits_takes_it_from_the_same_photograph():
    there, back = kept(FAINT), kept(FAINT[::-1], drawn_on=(False, True))

    np.testing.assert_allclose(there, back[::-1])


def test_a_strong_lesion_is_outlined_for_what_it_is():
    before, _ = kept(6 * FAINT)

    assert before == pytest.approx(1, abs=1e-3)


def test_equal_photographs_and_outlines_from_elsewhere_lose_nothing():
    np.testing.assert_array_equal(kept(FAINT, sd=0.0), [1, 1])
    np.testing.assert_array_equal(kept(FAINT, drawn_on=(False, False)), [1, 1])


def test_the_direction_stays_and_never_more_than_half_is_taken():
    told = taken_off(FAINT, reading(FAINT, 1.0), VISITS, [True, False])

    np.testing.assert_allclose(told[0], MOST * FAINT[0])


def test_of_several_shots_only_the_one_drawn_on_counts():
    three = FAINT[[0, 0, 0, 1]]
    visits = Visits(before=(0, 1, 2), after=(3,))

    told = taken_off(FAINT, reading(three, 0.02), visits, [True, False, False, False])

    alone = taken_off(FAINT, reading(FAINT, 0.02), VISITS, [True, False])
    np.testing.assert_allclose(FAINT[0] - told[0], (FAINT[0] - alone[0]) / 3)


def doubt(differences, drawn_on, sd=0.02):
    """Moves (DRAWS, 2, 3) of what selection may have added."""
    shots = reading(differences, sd)
    return selection_source(
        differences,
        shots,
        VISITS,
        drawn_on,
        np.random.default_rng(0),
        led=faintness(shots, VISITS, narrow=0.0, drawn=False),
    ).moves


def spread(moves):
    return np.sqrt((moves**2).sum(axis=2).mean(axis=0))


def test_how_much_selection_added_is_in_doubt_where_the_outline_was_drawn():
    before, after = spread(doubt(FAINT, [True, False]))
    elsewhere = spread(doubt(FAINT, [False, False]))

    added = np.sqrt(before**2 - elsewhere[0] ** 2)
    assert added == pytest.approx(DOUBT_SDS * 0.02, rel=0.1)
    assert after == pytest.approx(elsewhere[1], rel=0.1)


def test_a_faint_contrast_may_be_of_blotches_that_stay_at_both_visits():
    stays = doubt(FAINT, [False, False])

    np.testing.assert_allclose(stays[:, 0], stays[:, 1])
    assert spread(stays)[0] == pytest.approx(
        STAYING_SHARE * np.linalg.norm(FAINT[0]), rel=0.1
    )


def test_a_strong_lesion_leaves_no_doubt_of_either():
    strong = spread(doubt(6 * FAINT, [True, False]))

    assert (strong < 0.01 * np.linalg.norm(6 * FAINT, axis=1)).all()


def test_blotches_that_stay_are_doubted_alike_in_either_order():
    faded = np.stack([FAINT[0], 0.4 * FAINT[0]])

    ahead, back = (spread(doubt(d, [False, False])) for d in (faded, faded[::-1]))

    np.testing.assert_allclose(ahead, back)

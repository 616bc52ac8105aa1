"""How the doubts of a card's fit reach a contrast."""

import numpy as np
import pytest

from cicatrix.change.card import calibration_source
from cicatrix.change.sources import Regions, Visits
from cicatrix.change.view import SkinView
from cicatrix.evidence.measuring import measuring_limits

SIDE = 24
CORE = np.zeros((SIDE, SIDE), dtype=bool)
CORE[8:16, 8:16] = True
REGIONS = Regions(core=CORE, ring=~CORE)
SKIN = np.array([0.42, 0.25, 0.18])
STEP = np.array([-0.1, -0.45, -0.4])
STEEPER_SD = 0.04


class Fits:
    """Says what light is, but not how steep its tone curve is."""

    has_tone = True

    def apply(self, linear):
        return np.asarray(linear, dtype=np.float32)

    def sample(self, linear_colours, n, rng):
        steepness = 1 + STEEPER_SD * rng.standard_normal((n, 1, 1))
        return np.asarray(linear_colours) ** steepness


def source(before, after, *, carded=True):
    logs = np.log(SKIN) + CORE[..., None] * STEP
    view = SkinView(
        light=np.exp(logs).astype(np.float32),
        surroundings=np.exp(logs).astype(np.float32),
        healthy=~CORE,
        calibration=Fits() if carded else None,
        alignment_sd_samples=0.3,
        camera="A",
        flash=False,
    )
    count = before + after
    return calibration_source(
        [view] * count,
        Visits(before=tuple(range(before)), after=tuple(range(before, count))),
        REGIONS,
        (logs.astype(np.float32),) * count,
        np.random.default_rng(0),
    )


def test_a_curve_of_unknown_steepness_doubts_each_contrast_in_proportion():
    moves = source(1, 1).moves

    told = measuring_limits().card_doubt_apart * STEEPER_SD * np.abs(STEP)
    np.testing.assert_allclose(moves.std(axis=0), [told, told], rtol=0.05)
    # One file's fit is not another's.
    assert abs(np.corrcoef(moves[:, 0, 1], moves[:, 1, 1])[0, 1]) < 0.1


def test_several_shots_share_the_doubt_among_them():
    one, four = source(1, 1).moves.std(axis=0), source(4, 1).moves.std(axis=0)

    np.testing.assert_allclose(four[0], one[0] / 2, rtol=0.08)
    np.testing.assert_allclose(four[1], one[1], rtol=0.08)


def test_a_fit_that_draws_the_scar_weaker_draws_the_pattern_weaker_too():
    told = source(1, 1)

    # The step is negative: a move of the follow-up upwards weakens it.
    stronger = -(told.moves[:, 1, 1] - told.moves[:, 0, 1])
    assert np.corrcoef(stronger, told.signs[:, 0])[0, 1] < -0.95


def test_a_fit_that_is_too_steep_has_turned_the_skin_away_from_white():
    told = source(1, 1)

    # A curve that draws a blotch too strongly draws the skin too red by as much.
    steeper, redder = told.signs[:, 0], told.signs[:, 1]
    assert np.corrcoef(steeper, redder)[0, 1] > 0.9
    slope = redder @ steeper / (steeper @ steeper)
    assert slope == pytest.approx(np.log(SKIN[0] / SKIN[1]), rel=0.1)


def test_without_a_card_there_is_nothing_of_it_to_doubt():
    assert not source(1, 1, carded=False).moves.any()


@pytest.mark.parametrize("visit", [0, 1])
def test_draws_are_centred_on_what_the_fit_tells(visit):
    mean = source(1, 1).moves[:, visit].mean(axis=0)

    assert (np.abs(mean) < 0.1 * STEEPER_SD * np.abs(STEP)).all()

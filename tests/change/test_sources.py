"""What may be wrong with two contrasts, source by source."""

import numpy as np
import pytest

from cicatrix.change.reading import SkinReading
from cicatrix.change.sources import (
    BEND_SHARE,
    OWN_BEND_ALIKE,
    OWN_BEND_UNLIKE,
    Visits,
    gradient_source,
)

VISITS = Visits(before=(0,), after=(1,))
STEP = np.array([[0.03, 0.02, 0.01], [0.01, 0.02, 0.03]])


def bent(unlike):
    reading = SkinReading(
        difference=np.zeros((2, 3)),
        skin_log=np.zeros((2, 3)),
        noise=np.zeros((2, 3, 3)),
        gradient_step=STEP,
        lifted=(),
    )
    rng = np.random.default_rng(0)
    return gradient_source(reading, VISITS, rng, unlike=unlike).moves


@pytest.mark.parametrize(
    ("unlike", "own"), [(0.0, OWN_BEND_ALIKE), (1.0, OWN_BEND_UNLIKE)]
)
def test_a_bend_is_shared_by_both_visits_and_each_has_some_of_its_own(unlike, own):
    moves = bent(unlike)[:, :, 1]  # green, where both bend alike

    step = BEND_SHARE * STEP[0, 1]
    assert moves.std(axis=0) == pytest.approx(step * np.hypot(1, own), rel=0.05)
    apart = (moves[:, 1] - moves[:, 0]).std()
    assert apart == pytest.approx(step * own * np.sqrt(2), rel=0.05)


def test_like_light_bends_alike():
    def apart(unlike):
        moves = bent(unlike)
        return (moves[:, 1, 1] - moves[:, 0, 1]).std()

    assert apart(0.0) < 0.6 * apart(1.0)
    assert apart(0.0) < apart(0.5) < apart(1.0)

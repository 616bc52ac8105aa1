"""Quick reductions over three channels agree with plain ones."""

import numpy as np
import pytest

from cicatrix.photo.channels import brightest, hues, mean_channel, redness

LIGHT = np.random.default_rng(1).uniform(-1, 1, (7, 9, 3)).astype(np.float32)


def test_mean_and_brightest_are_those_of_the_last_axis():
    assert mean_channel(LIGHT) == pytest.approx(LIGHT.mean(axis=2), abs=1e-6)
    assert (brightest(LIGHT) == LIGHT.max(axis=2)).all()


def test_hues_are_differences_of_neighbours():
    red, yellow = hues(LIGHT)
    assert red == pytest.approx(LIGHT[..., 0] - LIGHT[..., 1], abs=1e-6)
    assert yellow == pytest.approx(LIGHT[..., 1] - LIGHT[..., 2], abs=1e-6)
    assert (redness(LIGHT) == red).all()

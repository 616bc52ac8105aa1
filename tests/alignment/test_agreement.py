"""Agreement of two pictures tells when only one side of them agrees."""

import cv2
import numpy as np
import pytest

from cicatrix.alignment.agreement import agreement
from cicatrix.alignment.evidence import GridPair


def texture(seed, shape=(256, 320)):
    noise = cv2.GaussianBlur(
        np.random.default_rng(seed).normal(size=shape), (0, 0), 2.0
    )
    return (noise / noise.std()).astype(np.float32)


def pair_of(follow):
    whole = np.ones(follow[0].shape, np.float32)
    return GridPair.of((texture(1), texture(2)), whole, follow, whole)


def told(pair):
    rows, cols = pair.shape
    still = np.zeros((rows, cols, 2), np.float32)
    return agreement(pair, still, np.ones((rows, cols), np.float32))


def test_the_same_picture_agrees_evenly():
    found = told(pair_of((texture(1), texture(2))))

    assert found.won == pytest.approx(1)
    assert found.even == pytest.approx(1)


@pytest.mark.parametrize(
    "side", [np.s_[:, :160], np.s_[:, 160:], np.s_[:128], np.s_[128:]]
)
def test_a_side_that_does_not_agree_makes_it_uneven(side):
    follow = texture(1), texture(2)
    for plane, seed in zip(follow, (3, 4), strict=True):
        plane[side] = texture(seed)[side]

    found = told(pair_of(follow))

    assert 0.4 < found.won < 0.6
    assert found.even < 0.3


def test_disagreement_everywhere_is_even():
    follow = texture(1), texture(2)
    for plane, seed in zip(follow, (3, 4), strict=True):
        plane[::64], plane[1::64], plane[2::64] = 0, 0, 0
        for top in range(0, 256, 64):
            plane[top : top + 32] = texture(seed)[top : top + 32]

    found = told(pair_of(follow))

    assert 0.4 < found.won < 0.7
    assert found.even > 0.7

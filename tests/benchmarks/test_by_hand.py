"""A border drawn by hand lies about where the true one does."""

import numpy as np

from by_hand import drawn_by_hand


def disc(radius, shape=(300, 300)):
    rows, cols = np.ogrid[: shape[0], : shape[1]]
    middle = shape[0] / 2
    return np.hypot(rows - middle, cols - middle) < radius


def dice(one, other):
    return 2 * (one & other).sum() / (one.sum() + other.sum())


def test_a_hand_is_near_the_truth_and_never_on_it():
    true = disc(40)

    agreed = [dice(true, drawn_by_hand(true, px_per_mm=8, seed=s)) for s in range(12)]

    assert 0.88 < np.mean(agreed) < 0.97
    assert max(agreed) < 0.99


def test_it_draws_neither_larger_nor_smaller_on_the_whole():
    true = disc(40)

    areas = [drawn_by_hand(true, px_per_mm=8, seed=s).sum() for s in range(40)]

    assert abs(np.mean(areas) / true.sum() - 1) < 0.05


def test_small_parts_wobble_less_and_none_is_lost():
    true = disc(6) | np.roll(disc(6), 60, axis=1)

    drawn = drawn_by_hand(true, px_per_mm=8, seed=1)

    assert drawn[150, 150]
    assert drawn[150, 210]
    assert dice(true, drawn) > 0.75


def test_the_same_seed_draws_the_same():
    true = disc(30)

    first = drawn_by_hand(true, px_per_mm=8, seed=3)

    assert (first == drawn_by_hand(true, px_per_mm=8, seed=3)).all()
    assert (first != drawn_by_hand(true, px_per_mm=8, seed=4)).any()

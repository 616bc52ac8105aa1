"""Medians are NumPy's, to the last bit."""

import numpy as np
import pytest

from cicatrix.photo.middle import median


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("count", [1, 2, 3, 10, 999, 3001, 9000, 20_000, 20_001])
def test_it_is_that_of_numpy(
    kind: type[np.float32] | type[np.float64], count: int
) -> None:
    values = np.random.default_rng(count).normal(size=count).astype(kind)
    values[:: max(2, count // 7)] = values[0]
    before = values.copy()
    assert median(values) == float(np.median(values))
    np.testing.assert_array_equal(values, before)


def test_a_sample_that_misleads_costs_only_time() -> None:
    # Every fifth value, which is what is looked at first, is far above the others.
    values = np.random.default_rng(1).normal(size=5001)
    values[::5] += 100
    assert median(values) == np.median(values)


def test_equal_values_are_no_trouble() -> None:
    values = np.repeat(np.float32([1, 2]), [6000, 6000])
    assert median(values) == 1.5
    assert median(np.ones(9000)) == 1


def test_a_picture_has_one_too() -> None:
    picture = np.arange(12.0).reshape(3, 4)[::-1, ::2]
    assert median(picture) == np.median(picture)


def test_nothing_has_none() -> None:
    with pytest.raises(ValueError, match="no values"):
        median(np.empty(0))

"""Medians are NumPy's, to the last bit."""

import numpy as np
import pytest

from cicatrix.photo.middle import median


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("count", [1, 2, 3, 10, 999, 1000, 20_000, 20_001, 30_000])
def test_it_is_that_of_numpy(
    kind: type[np.float32] | type[np.float64], count: int
) -> None:
    values = np.random.default_rng(count).normal(size=count).astype(kind)
    values[:: max(2, count // 7)] = values[0]
    before = values.copy()
    assert median(values) == float(np.median(values))
    np.testing.assert_array_equal(values, before)


def test_a_picture_has_one_too() -> None:
    picture = np.arange(12.0).reshape(3, 4)[::-1, ::2]
    assert median(picture) == np.median(picture)


def test_nothing_has_none() -> None:
    with pytest.raises(ValueError, match="no values"):
        median(np.empty(0))

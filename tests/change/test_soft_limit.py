"""A limit that is passed by degrees."""

import pytest

from cicatrix.change.soft_limit import share_below


def test_it_is_half_at_the_limit_and_all_or_nothing_far_from_it():
    assert share_below(8.0, 8.0) == 0.5
    assert share_below(0.0, 8.0) == 1
    assert share_below(4.0, 8.0) == pytest.approx(1, abs=0.02)
    assert share_below(16.0, 8.0) == pytest.approx(0, abs=0.02)

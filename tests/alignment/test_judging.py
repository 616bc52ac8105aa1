"""Each sign of doubt makes the told error larger."""

from dataclasses import replace

import pytest

from cicatrix.alignment.judging import sd_of


@pytest.mark.parametrize(
    "worse",
    [
        {"left_open": 0.1},
        {"scatter": 0.1},
        {"sides": 1.0},
        {"open_by_light": 0.01},
        {"turned": 2.0},
    ],
)
def test_each_sign_makes_the_error_larger(calm, worse):
    assert sd_of(replace(calm, **worse)) > 1.1 * sd_of(calm)

"""Each sign of doubt makes the told error larger."""

from dataclasses import replace

import pytest

from cicatrix.alignment.judging import Signs, sd_of

CALM = Signs(
    left_open=0.01,
    scatter=0.01,
    sides=0.2,
    shared_grey=0.8,
    shared_fine=0.5,
    shared_colour=0.4,
    turned=0.1,
)


@pytest.mark.parametrize(
    "worse",
    [
        {"left_open": 0.1},
        {"scatter": 0.1},
        {"sides": 1.0},
        {"shared_grey": 0.5},
        {"turned": 2.0},
        {"shared_colour": 0.05},
    ],
)
def test_each_sign_makes_the_error_larger(worse):
    assert sd_of(replace(CALM, **worse)) > 1.1 * sd_of(CALM)

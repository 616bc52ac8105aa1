"""Signs of an alignment that nothing speaks against."""

import pytest

from cicatrix.alignment.judging import Signs


@pytest.fixture
def calm():
    """All of them well within their limits."""
    return Signs(
        left_open=0.01,
        scatter=0.01,
        sides=0.2,
        shared_grey=0.8,
        shared_fine=0.5,
        turned=0.1,
        open_by_light=0.001,
    )

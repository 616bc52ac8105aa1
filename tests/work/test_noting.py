"""A sentence stands beside the numbers where it says something, and only there."""

from types import SimpleNamespace

import pytest

from cicatrix.change.strength import SharedStrength
from cicatrix.work.noting import notes_of


def notes(strength):
    """Notes on no photographs whose skin is drawn so strongly."""
    told = SimpleNamespace(
        reading=SimpleNamespace(went_past_skin=False), anchored=True, strength=strength
    )
    return notes_of([], told)


def drawn(log_ratio, *, sd=0.02):
    return SharedStrength(log_ratio=log_ratio, sd=sd, correlation=0.8)


@pytest.mark.parametrize(
    "strength",
    [None, drawn(0.0), drawn(0.01), drawn(-0.09), drawn(0.15, sd=0.1)],
)
def test_skin_drawn_alike_is_passed_over(strength):
    assert notes(strength) == ()


def test_skin_drawn_otherwise_is_told_in_plain_words():
    (stronger,), (fainter,) = notes(drawn(0.2)), notes(drawn(-0.2))

    assert "look 22 % stronger in the follow-up" in stronger
    assert "look 18 % fainter in the follow-up" in fainter
    assert "light, gloss or camera differ" in stronger
    assert "correlation" not in stronger

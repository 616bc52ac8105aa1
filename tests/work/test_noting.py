"""A sentence stands beside the numbers where it says something, and only there."""

from types import SimpleNamespace

import numpy as np
import pytest

from cicatrix.change.strength import SharedStrength
from cicatrix.work.noting import notes_of


def notes(strength):
    """Notes on no photographs whose skin is drawn so strongly."""
    told = SimpleNamespace(
        reading=SimpleNamespace(went_past_skin=False), anchored=True, strength=strength
    )
    return notes_of([], told)


def tone_notes(seen, told_deg, *, anchored):
    """Notes on skin that looks like that, and of which that was told."""
    told = SimpleNamespace(
        reading=SimpleNamespace(went_past_skin=False),
        anchored=anchored,
        strength=None,
        seen_skin_linear_rgb=np.array(seen),
    )
    return notes_of([], told, told_deg)


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


LIGHT = (0.50, 0.33, 0.24)


def test_a_skin_tone_is_asked_for_where_nothing_tells_it():
    (asked,) = tone_notes(LIGHT, None, anchored=False)

    assert "--skin-tone" in asked
    assert "very light, light, intermediate, tan, brown, dark" in asked
    assert tone_notes(LIGHT, None, anchored=True) == ()
    assert tone_notes(LIGHT, -40.0, anchored=False) == ()


def test_a_card_that_shows_another_skin_than_was_told_is_worth_a_word():
    (found,) = tone_notes(LIGHT, -40.0, anchored=True)

    assert "(light), and -40° (dark) was entered" in found
    assert tone_notes(LIGHT, 30.0, anchored=True) == ()

"""A sentence stands beside the numbers where it says something, and only there."""

from types import SimpleNamespace

import numpy as np
import pytest

from cicatrix.change.strength import SharedStrength
from cicatrix.work.noting import notes_of


def notes(strength):
    """Notes on no photographs whose skin is drawn so strongly."""
    told = SimpleNamespace(
        reading=SimpleNamespace(went_past_skin=False),
        anchored=True,
        strength=strength,
        narrow=0.0,
    )
    return notes_of([], told)


def tone_notes(seen, told_deg, *, anchored):
    """Notes on skin that looks like that, and of which that was told."""
    told = SimpleNamespace(
        reading=SimpleNamespace(went_past_skin=False),
        anchored=anchored,
        strength=None,
        narrow=0.0,
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


def flash_notes(fired, narrow):
    laid = [
        SimpleNamespace(
            calibration=None,
            photo=SimpleNamespace(
                name=name,
                sha256=name,
                reference=None,
                capture=SimpleNamespace(flash_fired=flash, taken_at=None),
            ),
        )
        for name, flash in zip(("before.jpg", "after.jpg"), fired, strict=True)
    ]
    told = SimpleNamespace(
        reading=SimpleNamespace(went_past_skin=False),
        anchored=True,
        strength=None,
        narrow=narrow,
    )

    return [note for note in notes_of(laid, told) if "A flash fired" in note]


@pytest.mark.parametrize(
    ("fired", "narrow", "warned"),
    [
        ((True, False), 0.9, "before.jpg"),
        ((None, True), 0.9, "after.jpg"),
        ((True, True), 0.9, "before.jpg, after.jpg"),
        ((True, False), 0.3, "before.jpg"),
        ((True, False), 0.2, None),
        ((False, False), 0.9, None),
        ((None, None), 0.9, None),
    ],
)
def test_narrow_pits_under_a_flash_are_warned_of(fired, narrow, warned):
    found = [note for note in flash_notes(fired, narrow) if "narrow pits" in note]

    assert len(found) == (warned is not None)
    assert all(note.startswith(f"A flash fired for {warned}, and") for note in found)


def test_what_was_taken_off_for_a_flash_is_told():
    (lit,) = flash_notes((True, False), 0.1)
    (unsaid,) = flash_notes((None, True), 0.1)

    assert lit.startswith("A flash fired for before.jpg but not for every photograph.")
    assert unsaid.startswith("A flash fired for after.jpg but not")
    assert "taken off" in lit
    assert flash_notes((True, True), 0.1) == []
    assert flash_notes((False, None), 0.1) == []

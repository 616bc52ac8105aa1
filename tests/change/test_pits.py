"""Narrow pits take no part in the gloss that a flash lays on the skin beside them."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cicatrix.change.likeness import FlashUse, Likeness
from cicatrix.change.pits import (
    SPARED_LN,
    narrowness,
    shines_as_skin,
    spared_sources,
)
from cicatrix.change.sources import Regions
from cicatrix.change.view import SkinView
from cicatrix.change.visits import compare_visits

SIDE = 160
Y, X = np.mgrid[0:SIDE, 0:SIDE]
NEAREST = np.hypot(Y % 40 - 20, X % 40 - 20)
MIDDLE = np.hypot(X - 80, Y - 80)
PITS = (NEAREST < 5) & (MIDDLE < 50)
BLOB = MIDDLE < 26
DARK = np.array([-0.1, -0.5, -0.4])


def captures(*, differs=False, always=False):
    return Likeness(
        hue_step_ln=1.0,
        exposure_step_ln=0.0,
        balance_ln=None,
        balanced_step_ln=None,
        same_camera=True,
        flash=FlashUse(differs=differs, always=always),
    )


def spread(differences, likeness, narrow=1.0):
    (source,) = spared_sources(
        np.asarray(differences), likeness, np.random.default_rng(0), narrow=narrow
    )
    moves = source.moves
    return (moves[:, 1] - moves[:, 0]).std(axis=0)


@pytest.mark.parametrize(
    ("likeness", "narrow", "shines"),
    [
        (captures(differs=True), 0.9, 0.1),
        (captures(differs=True), 0.0, 1.0),
        (captures(always=True), 0.9, 1.0),
        (captures(), 0.9, 1.0),
    ],
)
def test_only_pits_with_a_flash_at_one_visit_alone_do_not_shine(
    likeness, narrow, shines
):
    assert shines_as_skin(likeness, narrow=narrow) == pytest.approx(shines)


def test_what_pits_are_spared_is_doubted_along_their_contrast():
    doubt = spread([DARK, DARK], captures(differs=True))

    expected = SPARED_LN * np.abs(DARK) / np.linalg.norm(DARK)
    assert doubt == pytest.approx(expected, rel=0.05)
    half = spread([DARK, DARK], captures(differs=True), narrow=0.5)
    assert half == pytest.approx(expected / 2, rel=0.05)


@pytest.mark.parametrize("likeness", [captures(), captures(always=True)])
def test_nothing_is_doubted_where_the_flash_did_not_differ(likeness):
    contrasts = np.stack([DARK, DARK])

    assert (
        spared_sources(contrasts, likeness, np.random.default_rng(0), narrow=1.0) == ()
    )


def regions(core):
    ring = ~cv2.dilate(core.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    ring &= MIDDLE < 76
    return Regions(
        core=core,
        ring=ring,
        cores=(core, core),
        rings=(ring & (MIDDLE < 60), ring & (MIDDLE >= 60)),
        sectors=tuple(ring & part for part in (X < 80, X >= 80, Y < 80, Y >= 80)),
    )


def view(core, *, seed, flash, strength=1.0):
    """Mottled skin with a scar; `strength` of the mottling's contrast is drawn."""
    pattern = cv2.GaussianBlur(
        np.random.default_rng(7).standard_normal((SIDE, SIDE)), (0, 0), 3
    )
    logs = (
        np.log([0.42, 0.25, 0.18])
        + 0.05 * strength * (pattern / pattern.std()).astype(float)[..., None]
    )
    logs[core] += DARK
    light = np.exp(logs)
    light *= 1 + np.random.default_rng([seed, 1]).normal(0, 0.005, light.shape)
    return SkinView(
        light=light.astype(np.float32),
        surroundings=light.astype(np.float32),
        healthy=~core,
        calibration=None,
        alignment_sd_samples=0.3 * flash,
        camera="A",
        flash=flash,
    )


def fade(core, *, flash):
    """Of a scar drawn alike at both visits while skin came out a third weaker."""
    before = view(core, seed=0, flash=False)
    after = replace(view(core, seed=1, flash=True, strength=0.67), flash=flash)
    told = compare_visits([before], [after], regions(core), leftover_blur_samples=0.3)
    return told.reading.fade


def test_the_skins_weakness_under_a_flash_is_laid_on_wide_scars_not_on_pits():
    # Skin a third weaker: a scar that looks as before has in truth grown stronger.
    assert narrowness(BLOB) < 0.05
    assert narrowness(PITS) > 0.9
    wide, narrow = (fade(core, flash=True).estimate for core in (BLOB, PITS))
    assert wide < -0.1
    assert abs(narrow) < 0.2 * abs(wide)
    assert fade(PITS, flash=False).estimate < 1.5 * narrow


def test_the_budget_says_what_the_flash_costs_pits():
    lines = {
        line.source: line.fade_sd_fraction for line in fade(PITS, flash=True).budget
    }

    assert lines["flash in pits"] > 0.1
    dark = {line.source for line in fade(PITS, flash=False).budget}
    assert "flash in pits" not in dark

"""What gloss over the skin does, and how it is told."""

import numpy as np
import pytest

from cicatrix.change.likeness import FlashUse, Likeness
from cicatrix.change.signs import hue_of
from cicatrix.change.skin_level import told_luminance
from cicatrix.change.strength import BLOTCH_LN
from cicatrix.change.veil import (
    Gloss,
    added_gloss,
    expected_of,
    gloss_guess,
    gloss_source,
    without_gloss,
)
from cicatrix.evidence.measuring import measuring_limits

SKIN = np.array([0.45, 0.27, 0.20])
STEP = np.array([-0.1, -0.4, -0.35])


def glossy(amount):
    """Skin and log contrast as photographed under gloss of this much light."""
    skin, lesion = SKIN + amount, SKIN * np.exp(STEP) + amount
    return skin, np.log(lesion / skin)


@pytest.mark.parametrize("amount", [0.0, 0.02, 0.08])
@pytest.mark.parametrize("exposure", [0.7, 1.0, 1.4])
def test_paler_skin_tells_how_much_gloss_was_added(amount, exposure):
    skin, _ = glossy(amount)
    pair = np.stack([SKIN, exposure * skin])

    # Taken both ways and averaged, an exposure other than 1 costs its square root.
    expected = amount * (exposure + 1) / 2
    assert added_gloss(pair) == pytest.approx(expected, abs=0.012 * amount + 1e-9)


def test_swapping_the_visits_changes_the_sign():
    pair = np.stack([SKIN, glossy(0.05)[0]])

    assert added_gloss(pair) == -added_gloss(pair[::-1])


def test_taking_the_gloss_off_restores_the_contrast():
    skin, step = glossy(0.06)
    differences = np.stack([STEP, step])

    restored = without_gloss(differences, np.stack([SKIN, skin]), 0.06)

    np.testing.assert_allclose(restored, np.stack([STEP, STEP]), atol=1e-12)
    assert np.abs(step).sum() < np.abs(STEP).sum()


def test_more_gloss_than_light_is_never_taken_off():
    skin, step = glossy(0.01)

    restored = without_gloss(np.stack([STEP, step]), np.stack([SKIN, skin]), 5.0)

    assert np.isfinite(restored).all()


def alike(
    *, step=None, hue=0.0, differs=False, always=False, unknown=False, flash_step=0.0
):
    return Likeness(
        hue_step_ln=hue,
        exposure_step_ln=0.0,
        balance_ln=None if step is None else np.zeros((2, 3)),
        balanced_step_ln=step,
        same_camera=True,
        flash=FlashUse(
            differs=differs, always=always, unknown=unknown, step=flash_step
        ),
    )


def guess(amount, **captures):
    """What is guessed of a follow-up under so much gloss, its white balance known."""
    pair = np.stack([SKIN, glossy(amount)[0]])
    return gloss_guess(alike(step=np.log(pair[1] / pair[0]), **captures), pair)


def test_captures_of_other_hue_and_a_flash_each_widen_the_doubt():
    assert guess(0.0, hue=0.1).sd > 3 * guess(0.0).sd
    assert guess(0.0, differs=True).sd > 5 * guess(0.0).sd
    assert guess(0.0, differs=True).sd > guess(0.0, always=True).sd > guess(0.0).sd


def test_a_flash_that_no_file_tells_of_is_reckoned_with_in_other_light():
    assert guess(0.0, hue=0.1, unknown=True).sd > 1.3 * guess(0.0, hue=0.1).sd
    assert guess(0.0, unknown=True).sd == guess(0.0).sd


def test_paler_skin_is_believed_as_far_as_gloss_was_likely():
    plain, flashed = guess(0.06), guess(0.06, differs=True)

    # Without a flash its hue is weighed with all other causes, elsewhere.
    assert plain.amount == 0
    assert 0.6 * 0.06 < flashed.amount < 0.06
    assert guess(-0.06, differs=True).amount < 0


def test_swapping_the_visits_changes_the_sign_of_the_guess():
    pair = np.stack([SKIN, 1.3 * glossy(0.05)[0]])
    step = np.log(pair[1] / pair[0])

    there = gloss_guess(alike(step=step, differs=True), pair)
    back = gloss_guess(alike(step=-step, differs=True), pair[::-1])

    assert back.amount == pytest.approx(-there.amount, rel=1e-9)
    assert back.sd == there.sd


@pytest.mark.parametrize("balanced", [True, False])
def test_gloss_is_expected_where_a_flash_fired(balanced):
    pair = np.stack([SKIN, SKIN])
    step = np.zeros(3) if balanced else None

    def told(fired):
        likeness = alike(step=step, differs=True, flash_step=fired)
        return gloss_guess(likeness, pair).amount

    assert 0.03 * SKIN.mean() < told(1.0) < 0.15 * SKIN.mean()
    assert told(-1.0) == pytest.approx(-told(1.0), rel=1e-9)
    assert told(0.5) == pytest.approx(0.5 * told(1.0), rel=1e-9)
    assert told(0.0) == pytest.approx(0.0, abs=1e-12)


def test_paleness_and_the_flash_are_weighed_together():
    lit = guess(0.06, differs=True, flash_step=1.0)
    unlit = guess(0.06, differs=True)
    pair = np.stack([SKIN, glossy(0.06)[0]])
    unread = gloss_guess(alike(differs=True, flash_step=1.0), pair)

    limits = measuring_limits()
    unseen = limits.gloss_unseen_of_skin_flash * pair.mean()
    trust = 1 - (lit.sd / unread.sd) ** 2  # of two normals
    expected = limits.gloss_mean_of_skin_flash * pair.mean()
    assert unread.amount == pytest.approx(expected, rel=1e-9)
    assert lit.amount - unlit.amount == pytest.approx(
        trust * unseen + (1 - trust) * expected, rel=1e-9
    )
    assert lit.sd == unlit.sd
    assert unseen < expected


@pytest.mark.parametrize("balanced", [True, False])
def test_gloss_is_a_share_of_white_on_skin_of_any_tone(balanced):
    pair = np.stack([SKIN, SKIN])
    step = np.zeros(3) if balanced else None
    lit = alike(step=step, differs=True, flash_step=1.0)

    def guess(ita):
        return gloss_guess(lit, pair, skin_ita_deg=ita)

    untold, light, dark = guess(None), guess(48.0), guess(-45.0)

    assert light.amount < untold.amount < dark.amount
    assert light.sd < dark.sd
    both_lit = alike(step=step, always=True)
    often = [gloss_guess(both_lit, pair, skin_ita_deg=i).sd for i in (48.0, -45.0)]
    assert often[0] < often[1]
    if not balanced:  # paleness tells nothing: white and what was assumed are all
        whites = [g.amount * told_luminance(i) for g, i in ((light, 48), (dark, -45))]
        assert whites[0] == pytest.approx(whites[1])
        known = measuring_limits().gloss_shares_skin_reflectance
        assert whites[0] == pytest.approx(untold.amount * known)


def test_without_a_flash_tone_counts_in_like_light_and_no_more_in_other():
    pair = np.stack([SKIN, SKIN])

    def doubt(ita, hue):
        return gloss_guess(alike(hue=hue), pair, skin_ita_deg=ita).sd

    assert doubt(-45.0, 0.0) > doubt(None, 0.0) > doubt(48.0, 0.0)
    more = [doubt(ita, 0.3) - doubt(ita, 0.0) for ita in (-45.0, None, 48.0)]
    assert more[0] > 0
    assert more == pytest.approx([more[0]] * 3)


def test_without_white_balance_paler_skin_proves_nothing():
    pair = np.stack([SKIN, glossy(0.06)[0]])

    told = gloss_guess(alike(differs=True), pair)

    assert told.amount == 0
    assert told.sd > guess(0.06, differs=True).sd


def test_expected_gloss_is_taken_off_contrast_and_pattern():
    skin, step = glossy(0.06)
    pair, differences = np.stack([SKIN, skin]), np.stack([STEP, step])

    told = expected_of(differences, pair, 0.06)

    np.testing.assert_allclose(differences + told.shift, [STEP, STEP], atol=1e-12)
    # Under gloss a blotch was drawn weaker: its strength at the follow-up is below 1.
    blotched = np.log((SKIN * np.exp(BLOTCH_LN) + 0.06) / skin)[1] / BLOTCH_LN[1]
    assert told.signs[0] == pytest.approx(np.log(blotched), abs=0.06)
    assert told.signs[0] < -0.1
    # And the skin was drawn paler: less red over green, more blue.
    paler = np.log(skin) - np.log(SKIN)
    np.testing.assert_allclose(told.signs[1:], hue_of(paler), atol=1e-12)


def test_its_draws_have_no_move_where_there_is_no_doubt():
    differences, skin = np.stack([STEP, STEP]), np.stack([SKIN, SKIN])

    source = gloss_source(
        differences, skin, Gloss(amount=0.0, sd=0.0), np.random.default_rng(0)
    )

    np.testing.assert_allclose(source.moves, 0, atol=1e-12)
    np.testing.assert_allclose(source.signs, 0, atol=1e-12)


def test_a_draw_with_more_gloss_drew_the_pattern_weaker_and_the_lesion_too():
    differences, skin = np.stack([STEP, STEP]), np.stack([SKIN, SKIN])

    source = gloss_source(
        differences, skin, Gloss(amount=0.0, sd=0.02), np.random.default_rng(0)
    )

    stronger = source.moves[:, 1, 1] - source.moves[:, 0, 1]
    # The step is negative: taking gloss off the follow-up deepens it.
    assert np.corrcoef(source.signs[:, 0], stronger)[0, 1] > 0.95


def test_the_same_doubt_matters_more_where_gloss_lies_thick():
    skin, step = glossy(0.1)
    differences, pair = np.stack([STEP, step]), np.stack([SKIN, skin])

    def spread(amount):
        gloss = Gloss(amount=amount, sd=0.01)
        source = gloss_source(differences, pair, gloss, np.random.default_rng(0))
        return source.moves[:, 1, 1].std()

    assert spread(0.1) > 1.5 * spread(0.0)

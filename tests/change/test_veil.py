"""What gloss over the skin does, and how it is told."""

import numpy as np
import pytest

from cicatrix.change.veil import added_gloss, gloss_sd, gloss_source, without_gloss

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


def test_paler_skin_and_a_flash_each_widen_the_doubt():
    alike, paler = np.stack([SKIN, SKIN]), np.stack([SKIN, glossy(0.06)[0]])

    def doubt(pair, *, flash):
        return gloss_sd(pair, balanced=True, flashes_differ=flash)

    assert doubt(paler, flash=False) > 3 * doubt(alike, flash=False)
    assert doubt(alike, flash=True) > 5 * doubt(alike, flash=False)


def test_without_white_balance_paler_skin_proves_nothing():
    alike, paler = np.stack([SKIN, SKIN]), np.stack([SKIN, glossy(0.06)[0]])

    def share(pair):
        return gloss_sd(pair, balanced=False, flashes_differ=False) / pair.mean()

    assert share(paler) == pytest.approx(share(alike))


def test_its_draws_have_no_move_where_there_is_no_doubt():
    differences, skin = np.stack([STEP, STEP]), np.stack([SKIN, SKIN])

    source = gloss_source(differences, skin, 0.0, np.random.default_rng(0))

    np.testing.assert_allclose(source.moves, 0, atol=1e-12)
    np.testing.assert_allclose(source.strengths, 0, atol=1e-12)


def test_a_draw_with_more_gloss_drew_the_pattern_weaker_and_the_lesion_too():
    differences, skin = np.stack([STEP, STEP]), np.stack([SKIN, SKIN])

    source = gloss_source(differences, skin, 0.02, np.random.default_rng(0))

    stronger = source.moves[:, 1, 1] - source.moves[:, 0, 1]
    # The step is negative: taking gloss off the follow-up deepens it.
    assert np.corrcoef(source.strengths, stronger)[0, 1] > 0.95

"""What gloss over the skin does, and how it is told."""

import numpy as np
import pytest

from cicatrix.change.veil import added_gloss, gloss_of, gloss_source, without_gloss

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


def test_gloss_is_taken_off_only_between_flash_and_no_flash():
    pair = np.stack([SKIN, glossy(0.06)[0]])

    taken, _ = gloss_of(pair, balanced=True, flashes_differ=True)
    left, doubt = gloss_of(pair, balanced=True, flashes_differ=False)

    assert taken > 0.03
    assert left == 0
    assert doubt > 0.03


def test_without_white_balance_paler_skin_proves_nothing():
    pair = np.stack([SKIN, glossy(0.06)[0]])

    taken, alike = gloss_of(pair, balanced=False, flashes_differ=False)
    _, unlike = gloss_of(pair, balanced=False, flashes_differ=True)

    assert taken == 0
    assert unlike > 5 * alike


def test_its_draws_have_no_move_where_there_is_no_doubt():
    differences, skin = np.stack([STEP, STEP]), np.stack([SKIN, SKIN])

    source = gloss_source(
        differences, skin, gloss=0.02, sd=0.0, rng=np.random.default_rng(0)
    )

    assert not source.moves.any()

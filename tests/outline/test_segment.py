"""Telling a lesion from skin inside one window."""

import numpy as np
import pytest

from cicatrix.outline.segment import segment
from cicatrix.outline.skinmodel import SkinModel, fit_skin, levelled, log_features

ALL = np.ones((100, 100), bool)


def window(step, seed=0):
    rng = np.random.default_rng(seed)
    rows, cols = np.mgrid[:100, :100]
    lesion = np.hypot(cols - 50, rows - 50) < 18
    log = np.log([0.4, 0.22, 0.14]) + lesion[..., None] * np.array(step)
    log = log + 0.002 * cols[..., None] + rng.normal(0, 0.02, (100, 100, 3))
    return np.exp(log).astype(np.float32), lesion


def seed_at(x, y):
    rows, cols = np.mgrid[:100, :100]
    return np.hypot(cols - x, rows - y) < 2.5


def test_the_lesion_under_the_seed_is_found_with_its_separation():
    light, lesion = window((-0.2, -0.4, -0.3))

    found = segment(log_features(light, smooth_samples=0.8), ALL, seed_at(45, 52))

    assert np.count_nonzero(found.lesion ^ lesion) < 0.04 * lesion.sum()
    assert found.separation > 6
    assert found.open_border == 0


def test_skin_separates_less_than_the_faintest_lesion():
    light, _ = window((0.0, 0.0, 0.0))

    found = segment(log_features(light, smooth_samples=0.8), ALL, seed_at(45, 52))

    assert found is None or found.separation < 3.9


def test_a_gradient_of_light_is_no_lesion():
    light, lesion = window((-0.2, -0.4, -0.3))

    model = fit_skin(log_features(light), ALL)

    assert np.abs(np.median(model.residual[~lesion], axis=0)).max() < 0.02


def test_too_little_skin_is_answered_with_none():
    light, _ = window((-0.2, -0.4, -0.3))

    assert fit_skin(log_features(light), np.zeros((100, 100), bool)) is None
    assert (
        segment(log_features(light), np.zeros((100, 100), bool), seed_at(50, 50))
        is None
    )


def soft_edged(step):
    """A disc whose edge, 12 samples wide, mixes code values of skin and lesion."""
    rows, cols = np.mgrid[:100, :100]
    share = np.clip(0.5 + (22 - np.hypot(cols - 50, rows - 50)) / 12, 0, 1)
    skin = np.array([0.4, 0.22, 0.14])
    lesion = skin * np.exp(step)
    code = (skin ** (1 / 2.2)) * (1 - share[..., None])
    code += (lesion ** (1 / 2.2)) * share[..., None]
    grain = np.random.default_rng(3).normal(0, 0.01, (100, 100, 3))
    return (code**2.2 * np.exp(grain)).astype(np.float32), share > 0.5


@pytest.mark.parametrize("step", [(-0.9, -1.6, -1.3), (0.5, 0.8, 0.7)])
def test_a_soft_border_is_drawn_where_code_values_are_half_way(step):
    light, lesion = soft_edged(np.array(step))

    found = segment(log_features(light, smooth_samples=0.8), ALL, seed_at(50, 50))

    assert abs(found.lesion.sum() / lesion.sum() - 1) < 0.02


@pytest.mark.parametrize(("contrast", "taken"), [(1.0, True), (0.4, False)])
def test_a_faint_lesion_does_not_run_out_along_a_streak(contrast, taken):
    rows, cols = np.mgrid[:200, :200]
    lesion = np.hypot(cols - 100, rows - 100) < 45
    streak = (np.abs(rows - 100) < 5) & (cols > 140) & (cols < 190)
    grain = np.random.default_rng(5).normal(0, 0.1, (200, 200, 3))
    log = np.log([0.4, 0.22, 0.14]) + grain
    log += contrast * (lesion | streak)[..., None] * np.array([-0.12, -0.24, -0.2])
    everywhere = np.ones((200, 200), bool)
    seed = np.hypot(cols - 100, rows - 100) < 30

    found = segment(
        log_features(np.exp(log).astype(np.float32), smooth_samples=0.8),
        everywhere,
        seed,
    )

    assert found.lesion[100, 175] == taken
    both = np.count_nonzero(found.lesion & lesion)
    assert 2 * both / (found.lesion.sum() + lesion.sum()) > 0.95


def test_a_blotch_beside_a_faint_lesion_is_levelled_and_the_lesion_is_not():
    rows, cols = np.mgrid[:120, :120]
    lesion = np.hypot(cols - 60, rows - 60) < 8
    blotch = 0.2 * np.exp(-((cols - 95) ** 2 + (rows - 60) ** 2) / (2 * 20.0**2))
    residual = np.repeat((blotch + 0.3 * lesion)[..., None], 3, axis=2)
    noise = np.random.default_rng(1).normal(0, 0.01, residual.shape)
    model = SkinModel(
        residual=(residual + noise).astype(np.float32), covariance=np.eye(3)
    )

    flat = levelled(model, ~lesion, reach_samples=12.0)

    step = np.median(flat.residual[lesion]) - np.median(flat.residual[:, :30])
    assert np.median(flat.residual[55:65, 90:100]) < 0.5 * blotch.max()
    assert step == pytest.approx(0.3, abs=0.03)
    assert flat.covariance[0, 0] < 0.06**2


def test_too_little_skin_levels_nothing():
    model = SkinModel(residual=np.ones((9, 9, 3), np.float32), covariance=np.eye(3))

    assert levelled(model, np.eye(9, dtype=bool), reach_samples=3.0) is model

"""Telling a lesion from skin inside one window."""

import numpy as np

from cicatrix.outline.segment import segment
from cicatrix.outline.skinmodel import fit_skin, log_features

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

"""Distances against closed formulas: randomness and exact lattices."""

from math import sqrt

import numpy as np
import pytest

from cicatrix.punctures.expected import (
    random_coverage,
    random_nearest_mm,
    random_overlap,
    random_quantile_mm,
)
from cicatrix.punctures.neighbours import QUANTILES, distances
from cicatrix.punctures.throwing import Tracks

ONE = np.zeros((1, 2))


def tracks(needles=ONE, *, step=1.0, spacing=1.0, passes=1, loose=0.0):
    return Tracks(
        needles_mm=needles,
        step_mm=step,
        spacing_mm=spacing,
        jitter_mm=loose,
        placing_mm=0.0,
        rotation_deg=0.0,
        turns_each_press=False,
        directions_deg=(0.0,) * passes,
    )


def test_strokes_scattered_far_beyond_their_spacing_are_completely_random():
    """One needle whose every stroke lands ten spacings off is a Poisson process."""
    density = 4.0
    random = tracks(step=0.5, spacing=0.5, loose=5.0)

    found = distances(random, channel_mm=0.1, rng=np.random.default_rng(8))

    error = found.nearest_mm.patch_sd / sqrt(found.windows)
    assert abs(found.nearest_mm.mean - random_nearest_mm(density)) < 4 * error
    assert error < 0.01
    quantiles = [random_quantile_mm(density, share) for share in QUANTILES]
    assert found.nearest_quantiles_mm == pytest.approx(quantiles, rel=0.04)
    assert found.from_skin_quantiles_mm == pytest.approx(quantiles, rel=0.04)
    assert found.overlapping.mean == pytest.approx(
        random_overlap(density, 0.1), rel=0.1
    )


def test_windows_with_few_punctures_have_no_edge():
    """Sparse enough that a window without its border would miss many neighbours."""
    density = 0.005
    sparse = tracks(step=14.0, spacing=1 / (14.0 * density), loose=60.0)

    found = distances(sparse, channel_mm=0.1, rng=np.random.default_rng(3))

    assert found.nearest_mm.mean == pytest.approx(random_nearest_mm(density), rel=0.07)
    quantile = random_quantile_mm(density, QUANTILES[-1])
    assert found.from_skin_quantiles_mm[-1] == pytest.approx(quantile, rel=0.07)


def test_a_square_lattice_has_one_distance():
    """Four needles abreast, a stroke every millimetre, tracks edge to edge."""
    across = np.array([-1.5, -0.5, 0.5, 1.5])
    needles = np.stack([np.zeros(4), across], axis=1)

    found = distances(
        tracks(needles, step=1.0, spacing=4.0),
        channel_mm=0.1,
        rng=np.random.default_rng(1),
    )

    assert found.nearest_quantiles_mm[-1] == pytest.approx(1.0, abs=1e-4)
    assert found.nearest_quantiles_mm[0] == pytest.approx(1.0, abs=1e-4)
    assert found.overlapping.mean == 0


def test_the_same_track_twice_leaves_half_the_distance_or_less():
    lone = tracks(step=1.0, spacing=50.0)
    twice = tracks(step=1.0, spacing=50.0, passes=2)

    alone = distances(lone, channel_mm=0.1, rng=np.random.default_rng(1))
    both = distances(twice, channel_mm=0.1, rng=np.random.default_rng(1))

    assert alone.nearest_mm.mean == pytest.approx(1.0, abs=1e-4)
    assert both.nearest_mm.mean <= 1.0


def test_the_formulas_agree_with_each_other():
    """The median distance is the radius that covers half."""
    median = random_quantile_mm(3.0, 0.5)

    assert random_coverage(3.0, median) == pytest.approx(0.5)
    assert random_nearest_mm(12.0) == pytest.approx(random_nearest_mm(3.0) / 2)

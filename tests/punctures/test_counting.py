"""Counted as counting must be: against closed formulas and a slow, plain reference."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from cicatrix.punctures.counting import Patches, count, patches_at_once
from cicatrix.punctures.expected import random_coverage
from cicatrix.punctures.throwing import Block, gathered

RADII = (0.05, 0.2, 0.4)


def block(x, y, patch):
    return Block(
        np.asarray(x, np.float32),
        np.asarray(y, np.float32),
        np.asarray(patch, np.int32),
    )


def random_blocks(patches, density_per_mm2, rng):
    """Complete randomness over patches with their border, in two blocks."""
    outer = patches.outer_mm()
    for _ in range(2):
        number = rng.poisson(density_per_mm2 / 2 * 4 * outer**2 * patches.count)
        yield block(
            rng.uniform(-outer, outer, number),
            rng.uniform(-outer, outer, number),
            rng.integers(0, patches.count, number),
        )


@pytest.mark.parametrize("density", [1.0, 6.0, 40.0])
def test_random_punctures_cover_what_the_formula_says(density):
    patches = Patches(count=60, half_mm=5, guard_mm=0.45)
    rng = np.random.default_rng(11)

    found = count(
        random_blocks(patches, density, rng), patches=patches, radii_mm=RADII, rng=rng
    )

    for radius, hit, points in zip(RADII, found.hit, found.points, strict=True):
        share = hit / points
        wanted = random_coverage(density, radius)
        error = share.std(ddof=1) / np.sqrt(len(share)) + 1e-9
        assert abs(share.mean() - wanted) < 4 * error
    per_mm2 = found.quadrats.mean() / found.quadrat_mm**2
    assert per_mm2 == pytest.approx(density, abs=4 * np.sqrt(density / (60 * 100)))


def test_a_lattice_of_punctures_is_covered_to_the_share_of_its_discs():
    """Discs that do not meet: pi r² over the area of a mesh, whatever the phase."""
    patches = Patches(count=1, half_mm=20, guard_mm=0.45)
    mesh = 2**0.5
    at = np.arange(-21, 21, mesh) + 0.31
    x, y = (axis.ravel() for axis in np.meshgrid(at, at))
    rng = np.random.default_rng(2)

    found = count(
        [block(x, y, np.zeros(len(x)))], patches=patches, radii_mm=(0.4,), rng=rng
    )

    share = found.hit[0, 0] / found.points[0, 0]
    assert share == pytest.approx(np.pi * 0.4**2 / mesh**2, abs=0.006)
    assert set(found.quadrats.ravel().tolist()) == {0, 1}
    assert found.quadrats.mean() == pytest.approx(1 / mesh**2, abs=0.02)


def test_each_patch_keeps_its_own_punctures():
    patches = Patches(count=3, half_mm=2, guard_mm=0.45)
    rng = np.random.default_rng(0)
    x = rng.uniform(-1.9, 1.9, 500)

    found = count(
        [block(x, x[::-1], np.full(500, 1))], patches=patches, radii_mm=(0.4,), rng=rng
    )

    assert found.quadrats.sum(axis=(1, 2)).tolist() == [0, 500, 0]
    assert found.hit[0, 0] == found.hit[0, 2] == 0 < found.hit[0, 1]


def test_the_lattice_agrees_with_distances_to_every_point():
    """The slow way, a tree asked at random points, on the same punctures."""
    patches = Patches(count=1, half_mm=15, guard_mm=0.45)
    rng = np.random.default_rng(5)
    blocks = list(random_blocks(patches, 5.0, rng))

    found = count(blocks, patches=patches, radii_mm=RADII, rng=rng)

    places = np.concatenate([np.stack([b.x_mm, b.y_mm], axis=1) for b in blocks])
    asked = rng.uniform(-15, 15, (200_000, 2))
    near = cKDTree(places).query(asked)[0]
    for radius, hit, points in zip(
        RADII, found.hit[:, 0], found.points[:, 0], strict=True
    ):
        slow = (near <= radius).mean()
        assert hit / points == pytest.approx(slow, abs=4 * np.sqrt(0.25 / points))


def test_punctures_in_the_border_cover_but_are_not_counted():
    patches = Patches(count=1, half_mm=1, guard_mm=0.45)
    edge = np.linspace(-1.4, 1.4, 400)
    outside = block(np.full(400, 1.01), edge, np.zeros(400))

    found = [
        count([outside], patches=patches, radii_mm=(0.4,), rng=np.random.default_rng(k))
        for k in range(30)
    ]

    assert sum(each.quadrats.sum() for each in found) == 0
    hit = sum(each.hit[0, 0] for each in found)
    points = sum(each.points[0, 0] for each in found)
    assert hit / points == pytest.approx(0.39 / 2, abs=0.02)


def test_small_blocks_joined_hold_the_same_punctures_in_the_same_order():
    rng = np.random.default_rng(0)
    sizes = [3, 0, 20_000, 5, 40_000, 7]
    blocks = [block(rng.random(n), rng.random(n), np.full(n, n % 7)) for n in sizes]

    joined = list(gathered(blocks))

    assert len(joined) == 3
    for name in ("x_mm", "y_mm", "patch"):
        before, after = (
            np.concatenate([getattr(part, name) for part in parts])
            for parts in (blocks, joined)
        )
        assert (before == after).all()


def test_memory_stays_the_same_for_finer_discs():
    patches = Patches(count=1000, half_mm=5, guard_mm=0.5)

    few = patches_at_once(patches, finest_mm=0.01)
    many = patches_at_once(patches, finest_mm=0.05)

    assert 1 <= few < many
    assert few * (5.5 / 0.01) ** 2 <= 5e6

"""Adjacent skin, core and alternatives of a mask."""

import numpy as np

from cicatrix.outline.ring import (
    adjacent_ring,
    distance_outside,
    guard_samples,
    half_width,
    jittered_masks,
    lesion_core,
    ring_parts,
)

ALL = np.ones((200, 200), bool)


def disc(radius, x=100, y=100):
    rows, cols = np.mgrid[:200, :200]
    return np.hypot(cols - x, rows - y) <= radius


def band(width):
    mask = np.zeros((200, 200), bool)
    mask[100 : 100 + width, 30:170] = True
    return mask


def test_the_ring_starts_behind_the_guard_and_has_four_times_the_lesion_s_area():
    mask = disc(30)

    ring = adjacent_ring(mask, ALL)

    assert distance_outside(mask)[ring].min() > guard_samples(mask)
    assert 3.8 < ring.sum() / mask.sum() < 4.2


def test_other_lesions_are_guarded_too():
    other = disc(10, x=150)

    ring = adjacent_ring(disc(30), ALL, others=other)

    assert distance_outside(other)[ring].min() > 2


def test_a_stria_two_samples_wide_keeps_a_core():
    for width in (1, 2, 3, 8):
        core = lesion_core(band(width))

        assert core.sum() >= 0.3 * band(width).sum()


def test_the_core_of_a_wide_lesion_is_off_its_edge():
    assert distance_outside(~lesion_core(disc(30))).max() >= 0
    assert distance_outside(~disc(30))[lesion_core(disc(30))].min() >= 2


def test_half_width_is_that_of_the_lesion_not_of_its_specks():
    mask = disc(30) | disc(2, x=20, y=20)

    assert 28 <= half_width(mask) <= 32
    assert 4 <= half_width(band(9)) <= 6


def test_parts_of_the_ring_cover_it_by_distance_and_by_side():
    mask = disc(30)
    ring = adjacent_ring(mask, ALL)

    inner, outer, left, up, right, down = ring_parts(mask, ring)

    assert np.array_equal(inner | outer, ring)
    assert np.array_equal(left | up | right | down, ring)
    assert distance_outside(mask)[inner].max() <= distance_outside(mask)[outer].min()


def test_alternatives_are_smaller_larger_and_shifted():
    mask = disc(30)

    smaller, larger, *shifted = jittered_masks(mask, step=2.0)

    assert smaller.sum() < mask.sum() < larger.sum()
    assert all(abs(m.sum() / mask.sum() - 1) < 0.03 for m in shifted)
    assert all(not np.array_equal(m, mask) for m in shifted)

"""Sharpness, texture and field measures on skin made in sight."""

import cv2
import numpy as np
import pytest

from cicatrix.measures.field import (
    Field,
    evenness,
    evenness_change,
    field_region,
    scar_load,
)
from cicatrix.measures.sharpness import blurred, match_sharpness, relative_blur
from cicatrix.measures.texture import (
    TextureChange,
    TextureIndex,
    beside_contrast,
    pattern_change,
    pattern_index,
)

SHAPE = (220, 260)
ROWS, COLS = np.mgrid[: SHAPE[0], : SHAPE[1]]
DISTANCE = np.hypot(COLS - 130, ROWS - 110)
LESION = DISTANCE < 45
RING = (DISTANCE > 50) & (DISTANCE < 100)


def grain(seed, sigma=1.6):
    noise = np.random.default_rng(seed).normal(size=SHAPE).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), sigma)
    return soft / soft.std()


def view(relief=1.0, seed=0, noise=0.003, gain=1.0):
    strength = np.where(LESION, 0.08 * relief, 0.08)
    log = np.log([0.42, 0.23, 0.15]) + (strength * grain(seed))[..., None]
    light = gain * np.exp(log)
    light = light + noise * np.random.default_rng(seed + 99).normal(size=light.shape)
    return light.astype(np.float32)


def spots(strength=1.0, gain=1.0):
    rng = np.random.default_rng(3)
    mask = np.zeros(SHAPE, bool)
    for x, y in rng.uniform(-30, 30, (9, 2)):
        mask |= np.hypot(COLS - 130 - x, ROWS - 110 - y) < 5
    log = np.log([0.42, 0.23, 0.15]) + mask[..., None] * strength * np.array(
        [-0.15, -0.4, -0.3]
    )
    log = log + 0.02 * grain(5, 3.0)[..., None]
    return (gain * np.exp(log)).astype(np.float32), mask


@pytest.mark.parametrize("blur", [0.8, 1.3, 2.0])
def test_a_blur_is_measured_whatever_exposure_and_noise(blur):
    sharp = view()
    soft = blurred(view(gain=0.6), blur) + np.float32(0.002) * grain(7, 0.5)[..., None]

    found, error = relative_blur(sharp, soft, RING)

    assert found == pytest.approx(blur, abs=max(0.2, 2 * error))
    assert relative_blur(soft, sharp, RING)[0] == pytest.approx(-found, abs=1e-6)


def test_equally_sharp_views_are_left_alone():
    # Exposure and noise scale alike, as for one camera that is asked for less light.
    views = [view(), view(gain=0.7, noise=0.002)]

    matched, leftover = match_sharpness(views, RING)

    assert all(a is b for a, b in zip(matched, views, strict=True))
    assert leftover < 0.3


def test_the_same_view_twice_leaves_nothing_over():
    matched, leftover = match_sharpness([view(), view()], RING)

    assert leftover == 0
    assert np.array_equal(matched[0], matched[1])


def test_the_sharper_view_is_brought_to_the_softer_one():
    soft = blurred(view(), 1.5)

    matched, _ = match_sharpness([view(), soft, view()], RING)

    assert matched[1] is soft
    assert abs(relative_blur(matched[0], soft, RING)[0]) < 0.4


def test_views_of_another_shape_are_the_callers_bug():
    with pytest.raises(ValueError, match="grid"):
        match_sharpness([view()[:50]], RING)


def test_skin_like_its_ring_has_index_one():
    found = pattern_index(view(), LESION, RING)

    assert found.ratio == pytest.approx(1.0, abs=3 * found.log_sd)
    assert 0 < found.log_sd < 0.2


def test_smoother_and_rougher_lesions_are_told_apart():
    smooth, same, rough = (
        pattern_index(view(r), LESION, RING).ratio for r in (0.8, 1, 1.2)
    )

    assert smooth < same < rough


def test_exposure_does_not_move_texture():
    dim, bright = (pattern_index(view(gain=g), LESION, RING).ratio for g in (0.5, 1.0))

    assert dim == pytest.approx(bright, rel=0.03)


def test_blur_does_not_move_texture_once_sharpness_is_matched():
    sharp, soft = view(1.5), blurred(view(1.5), 1.2)
    (a, b), _ = match_sharpness([sharp, soft], RING)

    assert pattern_index(a, LESION, RING).ratio == pytest.approx(
        pattern_index(b, LESION, RING).ratio, rel=0.03
    )


def test_the_same_view_twice_has_not_changed_and_is_sure_of_it():
    found = pattern_change((view(1.5), view(1.5)), LESION, RING)

    assert found.log_change == 0
    assert found.log_sd == pytest.approx(0, abs=1e-6)
    assert found.before == found.after


def test_skin_that_both_photographs_share_takes_no_part_in_the_error():
    # The same skin, a fifth smoother: only noise is new, each index alone knows less.
    found = pattern_change((view(1.0), view(0.8)), LESION, RING)

    assert found.log_change == pytest.approx(np.log(0.8), abs=0.02)
    assert found.log_sd < 0.5 * found.before.log_sd


def test_another_pattern_on_the_skin_makes_the_change_unsure():
    same = pattern_change((view(seed=1), view(seed=1, noise=0.004)), LESION, RING)
    other = pattern_change((view(seed=1), view(seed=2)), LESION, RING)

    assert same.log_sd < 0.1 < 0.25 < other.log_sd


def test_a_ring_whose_texture_changed_makes_relief_unsure():
    rougher = view(seed=1)
    rougher[~LESION] = np.float32(np.exp(1.3 * np.log(rougher[~LESION])))
    alike = pattern_change((view(seed=1), view(seed=1)), LESION, RING)
    changed = pattern_change((view(seed=1), rougher), LESION, RING)

    assert changed.log_sd > alike.log_sd + 0.08


def test_a_photograph_laid_a_sample_off_moves_no_texture():
    narrow = np.abs(ROWS - 110) < 5
    ring = (np.abs(ROWS - 110) > 12) & RING
    light = view() * np.where(narrow, 0.7, 1.0)[..., None].astype(np.float32)

    shifted = np.roll(light, 1, axis=0)
    found = pattern_change((light, shifted), narrow, ring)

    assert found.before.ratio > 1.2
    assert found.log_change == pytest.approx(0, abs=0.02)


def test_a_lesion_that_changed_in_patches_is_less_sure_than_one_that_changed_evenly():
    evenly = pattern_change((view(1.2), view(1.0)), LESION, RING)
    patchy = view(1.2)
    left = COLS < 130
    patchy[left] = view(0.8)[left]
    in_patches = pattern_change((view(1.2), patchy), LESION, RING)

    assert in_patches.log_sd > evenly.log_sd + 0.02


def test_visits_swapped_swap_the_sign():
    one, other = view(1.3, seed=1), view(1.0, seed=1, gain=0.8)
    there = pattern_change((one, other), LESION, RING)
    back = pattern_change((other, one), LESION, RING)

    assert there.log_change == pytest.approx(-back.log_change)
    assert there.log_sd == pytest.approx(back.log_sd)


def test_a_contrast_that_the_camera_moves_is_within_what_is_doubted():
    def drawn(contrast):
        return view() * np.exp(-contrast * LESION)[..., None].astype(np.float32)

    found = pattern_change((drawn(0.30), drawn(0.345)), LESION, RING)
    doubted = beside_contrast(found, 0.15)

    assert 1.96 * found.log_sd < abs(found.log_change) < 1.96 * doubted.log_sd
    assert doubted.log_change == found.log_change


def test_skin_like_its_ring_has_no_contrast_to_doubt():
    def change(ratio):
        index = TextureIndex(ratio=ratio, log_sd=0.05)
        return TextureChange(before=index, after=index, log_change=0.0, log_sd=0.03)

    assert beside_contrast(change(0.9), 0.5) == change(0.9)
    of_scar = [beside_contrast(change(ratio), 0.1).log_sd for ratio in (1.2, 2.0, 4.0)]
    assert 0.03 < of_scar[0] < of_scar[1] < of_scar[2] < 0.08


def test_without_a_ring_there_is_no_change_of_texture():
    nothing = pattern_change((view(), view()), LESION, np.zeros(SHAPE, bool))

    assert np.isnan(nothing.log_change)
    assert np.isnan(nothing.log_sd)


def test_a_region_too_small_has_no_texture():
    few = np.zeros(SHAPE, bool)
    few[100:103, 100:103] = True

    assert np.isnan(pattern_index(view(), few, RING).ratio)


def test_evenness_rises_as_the_spots_pale_and_not_with_the_light():
    full, half, dim = (
        evenness(Field.of(*spots(s, g), RING)) for s, g in ((1, 1), (0.5, 1), (1, 0.4))
    )

    assert full.ratio < 0.5
    assert half.ratio > full.ratio / 0.7
    assert dim.ratio == pytest.approx(full.ratio, rel=0.03)


def fields(*lights):
    mask = spots()[1]
    return tuple(Field.of(light, mask, RING) for light in lights)


def test_the_same_field_twice_has_not_changed():
    found = evenness_change(fields(spots()[0], spots()[0]), 0.0)

    assert found.log_change == 0
    assert found.log_sd == pytest.approx(0.03, abs=1e-6)


def test_a_field_that_faded_is_more_even_by_more_than_its_error():
    full, faded = fields(spots()[0], spots(0.6)[0])

    there, back = (
        evenness_change(pair, 0.0) for pair in ((full, faded), (faded, full))
    )

    assert there.log_change == pytest.approx(-np.log(0.6), abs=0.06)
    assert there.log_change == pytest.approx(-back.log_change)
    assert there.log_sd == pytest.approx(back.log_sd)
    assert there.log_change > 1.96 * there.log_sd > 0


def test_a_photograph_that_draws_skin_stronger_makes_no_field_less_even():
    drawn, stronger = (
        evenness_change(fields(spots()[0], spots(1.2)[0]), step)
        for step in (0.0, np.log(1.2) / 0.6)
    )

    assert drawn.log_change < -0.1
    assert stronger.log_change == pytest.approx(0, abs=0.03)
    assert stronger.log_sd > drawn.log_sd + 0.1


def test_a_brighter_photograph_makes_no_field_less_even():
    found = evenness_change(fields(spots()[0], spots(gain=1.6)[0]), 0.0)

    assert found.log_change == pytest.approx(0, abs=0.01)


def test_a_hair_that_came_to_the_ring_does_not_make_a_field_more_even():
    hairy = spots()[0].copy()
    hairy[(COLS == 65) & RING] *= np.float32(0.5)

    assert evenness_change(fields(spots()[0], hairy), 0.0).log_change == pytest.approx(
        0, abs=0.05
    )


def test_the_halo_of_spots_is_no_unevenness_of_the_skin_beside_them():
    light, mask = spots(3.0)
    close = cv2.dilate(mask.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    ring = close & ~(cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0)
    field = Field.of(light, mask, ring)

    assert field.plain[ring].std() < 0.5 * field.band[ring].std()


def test_a_slope_of_the_light_is_no_unevenness():
    sloping = (
        spots()[0] * np.exp(0.004 * (COLS - 130) + 0.002 * (ROWS - 110))[..., None]
    )

    found = evenness_change(fields(spots()[0], sloping.astype(np.float32)), 0.0)

    assert found.log_change == pytest.approx(0, abs=0.02)


def test_a_field_without_a_ring_has_no_evenness():
    light, mask = spots()
    few = np.zeros(SHAPE, bool)
    few[0, :10] = True

    assert np.isnan(evenness(Field.of(light, mask, few)).ratio)


def test_scar_load_counts_area_and_spots():
    light, mask = spots()

    load = scar_load(Field.of(light, mask, RING))

    parts = cv2.connectedComponents(mask.astype(np.uint8))[0] - 1
    assert load.count == pytest.approx(parts, abs=1)
    assert load.area_fraction == pytest.approx(
        mask.sum() / field_region(mask).sum(), rel=0.25
    )


def test_a_field_without_scars_left_has_no_load():
    _, mask = spots()
    healed, _ = spots(strength=0.0)

    assert scar_load(Field.of(healed, mask, RING)).area_fraction < 0.1

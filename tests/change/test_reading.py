"""What reading lesion and skin together promises."""

import cv2
import numpy as np
import pytest

from cicatrix.change import reading
from cicatrix.change.reading import mean_over, read_together

SIDE = 200
Y, X = np.mgrid[0:SIDE, 0:SIDE]
DISTANCE = np.hypot(X - 100, Y - 100)
CORE = DISTANCE < 30
RING = (DISTANCE > 42) & (DISTANCE < 80)
STEP = np.array([-0.05, -0.30, -0.25])


def skin(step=STEP, *, mottle=0.0, noise=0.0, seed=0, light=0.0):
    """Log light of mottled skin with a round scar, under light that falls off."""
    rng = np.random.default_rng(seed)
    image = np.tile(np.array([-0.8, -1.4, -1.8]), (SIDE, SIDE, 1))
    pattern = cv2.GaussianBlur(
        np.random.default_rng(99).standard_normal((SIDE, SIDE)), (0, 0), 6
    )
    image += mottle * (pattern / pattern.std())[..., None]
    image += light * ((X - 60) / SIDE + ((Y - 90) / SIDE) ** 2)[..., None]
    image[DISTANCE < 35] += step
    return (image + rng.normal(0, 1, image.shape) * noise).astype(np.float32)


def test_the_colour_step_is_read_under_a_curved_light():
    reading = read_together([skin(light=0.5)], core=CORE, ring=RING)

    np.testing.assert_allclose(reading.difference[0], STEP, atol=2e-3)


def test_mottling_that_stays_cancels_from_the_change():
    images = [skin(mottle=0.1), skin(0.7 * STEP, mottle=0.1, light=-0.3)]

    reading = read_together(images, core=CORE, ring=RING)

    change = reading.difference[1] - reading.difference[0]
    np.testing.assert_allclose(change, -0.3 * STEP, atol=2e-3)


def test_the_noise_told_is_the_noise_there_is():
    told, seen = [], []
    for seed in range(40):
        images = [skin(mottle=0.1), skin(mottle=0.1, noise=0.4, seed=seed)]
        reading = read_together(images, core=CORE, ring=RING)
        told.append(reading.noise[0] + reading.noise[1])
        seen.append(reading.difference[1] - reading.difference[0])

    expected = np.sqrt(np.diagonal(np.mean(told, axis=0)))
    assert np.std(seen, axis=0) == pytest.approx(expected, rel=0.35)


def test_hair_in_one_photograph_is_left_out_of_both():
    clean, hairy = skin(mottle=0.05, noise=0.01), skin(mottle=0.05, noise=0.01, seed=1)
    hairy[:, 70:74] -= 1.5
    hairy[:, 110:113] -= 1.5

    reading = read_together([clean, hairy], core=CORE, ring=RING)

    change = reading.difference[1] - reading.difference[0]
    assert np.abs(change).max() < 0.012


@pytest.mark.parametrize("count", [400, 401])
def test_two_photographs_are_weighed_as_any_number_is(count):
    rng = np.random.default_rng(4)
    values = rng.normal(0, 0.02, (2, 3, count))
    values[1, :, :5] += 0.5  # a hair in one of them

    told = reading._steady(values)

    apart = values - values.mean(axis=0)
    plain = reading._huber(np.abs(apart - reading._medians(apart)).mean(axis=1))
    np.testing.assert_allclose(told, plain / plain.sum())
    assert told[:5].max() < 0.2 * told[5:].min()


def test_a_straight_fit_that_differs_shows_in_the_gradient_step():
    flat = read_together([skin()], core=CORE, ring=RING).gradient_step
    bent = read_together([skin(light=1.5)], core=CORE, ring=RING).gradient_step

    assert np.abs(flat).max() < 1e-3
    assert np.abs(bent).min() > 0.02


def test_blotches_that_feign_a_bend_of_the_light_are_not_believed(monkeypatch):
    def error(seed):
        blotches = cv2.GaussianBlur(
            np.random.default_rng(seed).standard_normal((SIDE, SIDE)), (0, 0), 14
        )
        blotches *= 0.05 / blotches.std()
        image = (skin() + blotches[..., None]).astype("f4")
        told = read_together([image], core=CORE, ring=RING).difference[0, 0]
        return told - STEP[0] - blotches[CORE].mean()

    held = np.std([error(seed) for seed in range(12)])
    monkeypatch.setattr(reading, "BEND_SDS", 0.0)
    free = np.std([error(seed) for seed in range(12)])

    assert held < 0.85 * free


def test_furrows_do_not_darken_the_skin_a_scar_is_compared_with():
    plain, lined = skin(noise=0.01), skin(noise=0.01, seed=1)
    furrows = (X % 6 == 0) & (DISTANCE > 36)
    lined[furrows] -= 0.2

    told = [
        read_together([i], core=CORE, ring=RING).difference[0] for i in (plain, lined)
    ]

    # A mean would see the skin darker by a sixth of the furrows' depth, 0.033.
    np.testing.assert_allclose(told[1], told[0], atol=0.005)


def test_a_shifted_region_is_read_where_it_was_moved():
    image = np.zeros((SIDE, SIDE, 3), np.float32)
    image[:, 100:] = 1
    region = np.zeros((SIDE, SIDE), bool)
    region[50:60, 50:60] = True

    told = mean_over((image, image), region, np.array([[0, 0], [0, 60]]))

    np.testing.assert_allclose(told, [[0, 0, 0], [1, 1, 1]])


def test_empty_masks_are_the_callers_bug():
    with pytest.raises(ValueError, match="hold pixels"):
        read_together([skin()], core=np.zeros_like(CORE), ring=RING)

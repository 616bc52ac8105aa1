"""Clipping, gradient and gloss of pictures whose truth is known."""

import numpy as np
import pytest

from cicatrix.quality.light import (
    clipped_share,
    glare_share,
    light_gradient,
    skin_like,
)


def test_clipped_pixels_are_counted_at_both_depths():
    for kind in (np.uint8, np.uint16):
        full = np.iinfo(kind).max
        codes = np.full((10, 10, 3), full // 2, kind)
        codes[0, :, 0] = full
        codes[1] = 0

        assert clipped_share(codes, dark_counts=False) == pytest.approx(0.1)
        assert clipped_share(codes, dark_counts=True) == pytest.approx(0.2)


def test_a_deep_colour_is_not_clipped():
    codes = np.zeros((10, 10, 3), np.uint8)
    codes[..., 0] = 90

    assert clipped_share(codes, dark_counts=True) == 0


@pytest.mark.parametrize("angle_deg", [0, 60, -120])
def test_a_gradient_is_measured_past_a_lesion_and_a_backdrop(made, angle_deg):
    y, x = np.mgrid[0:240, 0:320]
    along = np.cos(np.radians(angle_deg)) * x + np.sin(np.radians(angle_deg)) * y
    light = made.skin(240, 320, light=0.6 * np.exp(0.002 * (along - along.mean())))
    light[90:140, 130:190] *= [1.0, 0.6, 0.55]
    light[:, :40] = 0.004

    gradient = light_gradient(
        light.astype(np.float32), skin_like(light.astype(np.float32))
    )

    assert gradient.per_px == pytest.approx(0.002, rel=0.1)
    assert gradient.angle_deg == pytest.approx(angle_deg, abs=5)


def test_even_light_has_no_gradient(made):
    light = made.noisy(made.skin(240, 320), 0.01).astype(np.float32)

    assert light_gradient(light, skin_like(light)).per_px < 2e-5


def test_without_skin_no_gradient_is_stated(made):
    light = made.skin(240, 320).astype(np.float32)

    assert light_gradient(light, np.zeros((240, 320), bool)) is None


def test_cloth_and_backdrop_are_not_skin(made):
    light = made.skin(240, 320)
    light[:60] = 0.7
    light[-40:] = 0.002

    found = skin_like(light.astype(np.float32))

    assert found[60:200].all()
    assert not found[:60].any()
    assert not found[200:].any()


def gloss_on(light, made):
    spots = made.spots(*light.shape[:2], number=12)[..., None]
    return light + 0.55 * spots, float(spots.mean())


@pytest.mark.parametrize("tone", [1.0, 0.5, 0.2])
def test_gloss_is_found_on_every_skin(made, tone):
    light, share = gloss_on(made.skin(240, 320, light=tone), made)
    light = light.astype(np.float32)

    found = glare_share(light, skin_like(light), np.zeros((240, 320), bool))

    assert found == pytest.approx(share, rel=0.35)


def test_a_pale_scar_is_not_gloss(made):
    light = made.skin(240, 320, light=0.25)
    light[100:130, 80:240] = np.array(made.SKIN) * [0.75, 0.85, 0.9]
    light = light.astype(np.float32)

    assert glare_share(light, skin_like(light), np.zeros((240, 320), bool)) == 0


def test_white_cloth_beside_the_skin_is_not_gloss(made):
    light = made.skin(240, 320, light=0.6)
    light[:, 250:] = 0.9
    light = light.astype(np.float32)

    found = glare_share(light, skin_like(light), np.zeros((240, 320), bool))

    assert found < 0.01


def test_gloss_on_the_card_is_left_to_the_card(made):
    light, _ = gloss_on(made.skin(240, 320, light=0.5), made)
    light = light.astype(np.float32)

    assert glare_share(light, skin_like(light), np.ones((240, 320), bool)) == 0

"""Blur and motion are measured on edges and on texture, and noise is neither."""

import cv2
import numpy as np
import pytest

from cicatrix.quality.blur import blur_of, edges_of, texture_blur_px


def grey(made, sd_px, noise=1.0, length_px=0, angle_deg=0):
    picture = 150 - 60 * made.spots()
    if length_px:
        picture = made.smear(picture, length_px, angle_deg)
    if sd_px:
        picture = cv2.GaussianBlur(picture, (0, 0), sd_px)
    return made.noisy(picture, noise).astype(np.float32)


@pytest.mark.parametrize("sd_px", [1.0, 1.5, 2.0])
def test_the_blur_of_edges_is_measured(made, sd_px):
    edges = edges_of([grey(made, sd_px)])

    assert edges.strong
    assert blur_of(edges).sd_px == pytest.approx(sd_px, rel=0.25)


def test_unblurred_edges_are_as_narrow_as_a_pixel(made):
    assert blur_of(edges_of([grey(made, 0)])).sd_px < 0.6


def test_noise_makes_no_edges(made):
    flat = np.full((480, 640), 150.0)

    assert not edges_of([made.noisy(flat, 6).astype(np.float32)]).enough


@pytest.mark.parametrize("angle_deg", [0, 45, 90, 135])
def test_a_motion_is_measured_with_its_direction(made, angle_deg):
    blur = blur_of(edges_of([grey(made, 0.7, length_px=8, angle_deg=angle_deg)]))

    assert blur.smear_px == pytest.approx(8, rel=0.4)
    turned = (blur.smear_angle_deg - angle_deg + 90) % 180 - 90
    assert abs(turned) < 15


def test_an_even_blur_is_no_motion(made):
    assert blur_of(edges_of([grey(made, 2.0)])).smear_px == 0


def test_edges_of_one_direction_say_nothing_of_motion():
    stripes = np.tile(np.repeat([150.0, 90.0], 16), (480, 20)).astype(np.float32)

    assert blur_of(edges_of([stripes])).smear_px is None


def test_too_few_edges_are_the_callers_bug():
    with pytest.raises(ValueError, match="too few"):
        blur_of(edges_of([]))


def texture(sd_px, seed=0, noise=0.3):
    """Noise whose gradient power falls with the square of the scale, then blurred."""
    rng = np.random.default_rng(seed)
    side = 256
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None]
    frequency = np.maximum(np.hypot(fx, fy), 1 / side)
    spectrum = np.fft.fft2(rng.normal(size=(side, side))) / frequency
    spectrum *= np.exp(-2 * (np.pi * frequency * sd_px) ** 2)
    field = np.real(np.fft.ifft2(spectrum))
    picture = 150 + 12 * field / field.std() + rng.normal(0, noise, field.shape)
    return picture.astype(np.float32)


def test_the_blur_of_texture_is_measured_without_any_edge():
    for sd_px in (1.5, 2.5):
        tiles = [texture(sd_px, seed) for seed in range(3)]
        assert texture_blur_px(tiles) == pytest.approx(sd_px, rel=0.4)
    assert texture_blur_px([texture(0, seed) for seed in range(3)]) < 1.0


def test_noise_and_rounding_say_nothing_of_blur(made):
    flat = np.full((256, 256), 150.0)

    assert texture_blur_px([made.noisy(flat, 5).astype(np.float32)]) is None
    assert texture_blur_px([made.noisy(flat, 0.1).astype(np.float32)]) is None
    assert texture_blur_px([]) is None

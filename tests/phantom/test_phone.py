"""What a phone does to a finished picture, each step for itself."""

import numpy as np
import pytest

from cicatrix.phantom import Capture, Scene, render
from cicatrix.phantom.phone import as_a_phone_shows

PLAIN = {"base_compression": 0.0, "sharpening": 0.0, "chroma_smoothing_px": 0.0}


def shown(encoded, **wanted):
    return as_a_phone_shows(encoded, Capture(**{**PLAIN, **wanted})).astype(float)


@pytest.fixture
def slope():
    """Grey that rises from 60 to 180 across the picture, with a fine pattern on it."""
    across = np.linspace(60, 180, 400)[None, :] + 6 * (np.arange(400) % 2)
    return np.repeat(np.repeat(across, 300, axis=0)[..., None], 3, axis=2).astype(
        np.uint8
    )


def test_nothing_asked_for_is_nothing_done(slope):
    assert as_a_phone_shows(slope, Capture(**PLAIN)) is slope


def test_local_tone_mapping_flattens_the_wide_and_keeps_the_fine(slope):
    def wide(picture):
        return picture[:, 300:340].mean() - picture[:, 60:100].mean()

    def fine(picture):
        return np.abs(np.diff(picture[150, 100:300, 1])).mean()

    flat = shown(slope, base_compression=0.5)

    assert wide(flat) == pytest.approx(0.5 * wide(slope.astype(float)), rel=0.15)
    assert fine(flat) == pytest.approx(fine(slope.astype(float)), rel=0.25)


def test_a_large_step_gets_no_halo():
    step = np.full((300, 400, 3), 60, dtype=np.uint8)
    step[:, 200:] = 220

    flat = shown(step, base_compression=0.3)

    # Beside the step the dark side is as bright as far from it.
    assert abs(flat[150, 190, 1] - flat[150, 20, 1]) < 6


def test_sharpening_lifts_detail_and_not_the_level(slope):
    sharp = shown(slope, sharpening=0.8)

    def fine(picture):
        return np.abs(np.diff(picture[150, 100:300, 1])).mean()

    assert fine(sharp) > 1.3 * fine(slope.astype(float))
    assert sharp.mean() == pytest.approx(slope.mean(), abs=1)


def test_colour_noise_goes_and_brightness_stays():
    rng = np.random.default_rng(3)
    noisy = np.clip(rng.normal(128, 12, (300, 400, 3)), 0, 255).astype(np.uint8)

    quiet = shown(noisy, chroma_smoothing_px=2.0)

    def colour(picture):
        return (picture[..., 0] - picture[..., 1]).std()

    assert colour(quiet) < 0.35 * colour(noisy.astype(float))
    assert quiet.mean() == pytest.approx(noisy.mean(), abs=1.5)


def test_a_phantom_is_shown_so(small):
    scene = Scene(seed=4)
    plain, phone = (
        render(scene, small(shadow_gradient=0.6, base_compression=share)).encoded
        for share in (0.0, 0.6)
    )

    def fall(picture):
        return abs(
            picture[:, :60].astype(float).mean() - picture[:, -60:].astype(float).mean()
        )

    assert fall(phone) < 0.75 * fall(plain)


def test_compression_beyond_all_is_refused():
    with pytest.raises(ValueError, match="base_compression"):
        Capture(base_compression=1.2)

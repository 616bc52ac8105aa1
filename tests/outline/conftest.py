"""Small made-up pictures of skin with one lesion whose mask is known."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from cicatrix.domain.capture import Capture
from cicatrix.photo.transfer import srgb_decoding
from cicatrix.photo.value import Photo

SKIN = np.array([0.42, 0.23, 0.15])
DARK_SKIN = np.array([0.14, 0.065, 0.038])


def _mottle(
    rng: np.random.Generator, shape: tuple[int, int], sigma: float
) -> np.ndarray:
    field = cv2.GaussianBlur(rng.normal(size=shape).astype(np.float32), (0, 0), sigma)
    return field / field.std()


@pytest.fixture
def picture() -> Callable[..., Photo]:
    """A photograph: skin with mottling, light from one side, and `mask` of another colour."""

    def make(
        mask: np.ndarray, *, step=(-0.25, -0.55, -0.45), skin=SKIN, seed=0
    ) -> Photo:
        rng = np.random.default_rng(seed)
        soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1.5)
        log = np.log(skin) + soft[..., None] * np.array(step)
        for sigma in (2, 6, 20):
            log = log + 0.02 * _mottle(rng, mask.shape, sigma)[..., None]
            redness = 0.012 * _mottle(rng, mask.shape, sigma)
            log = log + redness[..., None] * np.array([0.2, 1.0, 0.8])
        log = log + np.linspace(-0.12, 0.12, mask.shape[1])[None, :, None]
        light = np.exp(log)
        light += rng.normal(size=light.shape) * 0.006 * np.sqrt(light)
        code = np.clip(light, 0, 1) ** (1 / 2.2) * 255
        return Photo(
            name="made-up.png",
            sha256="",
            file_format="PNG",
            encoded=np.round(code).astype(np.uint8),
            decoding=srgb_decoding(256),
            capture=Capture(),
        )

    return make


@pytest.fixture
def disc() -> Callable[..., np.ndarray]:
    """An ellipse on a canvas of 480 x 640."""

    def make(x=320.0, y=240.0, a=60.0, b=45.0) -> np.ndarray:
        rows, cols = np.mgrid[:480, :640]
        return ((cols - x) / a) ** 2 + ((rows - y) / b) ** 2 < 1

    return make


@pytest.fixture
def bands() -> np.ndarray:
    """Three bent bands, 9 px wide, side by side on a canvas of 480 x 640."""
    canvas = np.zeros((480, 640), np.uint8)
    x = np.linspace(220, 420, 80)
    for offset in (-55, 0, 55):
        y = 240 + offset + 10 * np.sin(x / 40)
        line = np.round(np.stack([x, y], axis=1) * 16).astype(np.int32)
        cv2.polylines(canvas, [line], isClosed=False, color=1, thickness=9, shift=4)
    return canvas.astype(bool)

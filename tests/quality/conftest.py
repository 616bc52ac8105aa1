"""Made-up pictures with a known blur, smear, gradient or gloss."""

import sys

import cv2
import numpy as np
import pytest

from cicatrix.domain.capture import Capture
from cicatrix.photo.transfer import linear_decoding, srgb_decoding
from cicatrix.photo.value import Photo

SKIN = (0.52, 0.34, 0.26)


@pytest.fixture(scope="session")
def made():
    """The makers of this file."""
    return sys.modules[__name__]


def photo(linear_rgb, *, bits=8, jpeg_quality=None):
    """A photograph of linear light (rows, cols, 3)."""
    light = np.clip(linear_rgb, 0, 1)
    if bits == 16:
        encoded = np.rint(light * 65535).astype(np.uint16)
        decoding = linear_decoding(65536, "linear")
    else:
        code = np.where(
            light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055
        )
        encoded = np.rint(255 * code).astype(np.uint8)
        decoding = srgb_decoding(256)
    return Photo(
        name="made",
        sha256="0" * 64,
        file_format="JPEG" if jpeg_quality else "PNG",
        encoded=encoded,
        decoding=decoding,
        capture=Capture(),
        jpeg_quality=jpeg_quality,
    )


def skin(rows=480, cols=640, *, light=1.0):
    """Even skin under even light."""
    return np.ones((rows, cols, 3)) * np.array(SKIN) * np.asarray(light)[..., None]


def spots(rows=480, cols=640, *, seed=0, number=120):
    """1 on dark round spots with hard edges in every direction, 0 elsewhere."""
    rng = np.random.default_rng(seed)
    up = 4
    field = np.zeros((rows * up, cols * up), np.uint8)
    for _ in range(number):
        centre = rng.uniform(0, [cols * up, rows * up]).astype(int)
        cv2.circle(field, tuple(map(int, centre)), int(rng.uniform(30, 120)), 255, -1)
    return cv2.resize(field, (cols, rows), interpolation=cv2.INTER_AREA) / 255.0


def smear(picture, length_px, angle_deg):
    """Uniform motion."""
    size = int(length_px) + 3
    kernel = np.zeros((size, size))
    for step in np.linspace(-length_px / 2, length_px / 2, 200):
        x = size / 2 + step * np.cos(np.radians(angle_deg))
        y = size / 2 + step * np.sin(np.radians(angle_deg))
        kernel[int(y), int(x)] += 1
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def noisy(picture, sd, seed=0):
    """Gaussian noise."""
    return picture + np.random.default_rng(seed).normal(0, sd, picture.shape)

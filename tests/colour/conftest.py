"""Made-up photographs of cards with known place, light and tone curve."""

import sys

import cv2
import numpy as np
import pytest

from cicatrix.colour.card_layout import (
    CARD_HEIGHT_MM,
    CARD_PATCHES,
    CARD_WIDTH_MM,
    COLORCHECKER_LAB_D65,
    COLORCHECKER_NAMES,
    card_raster,
    grey_lab_d65,
)
from cicatrix.domain.capture import Capture
from cicatrix.domain.reference import (
    ColourReference,
    PatchReading,
    PatchState,
    ReferenceKind,
)
from cicatrix.optics.cielab import LINEAR_SRGB_TO_XYZ, lab_to_xyz
from cicatrix.photo.transfer import srgb_decoding
from cicatrix.photo.value import Photo

CHECKER_LIGHT = np.clip(
    lab_to_xyz(COLORCHECKER_LAB_D65) @ np.linalg.inv(LINEAR_SRGB_TO_XYZ).T, 0.002, 1
)
CARD_SIZE = (CARD_WIDTH_MM, CARD_HEIGHT_MM)


@pytest.fixture(scope="session")
def made():
    """The makers of this file."""
    return sys.modules[__name__]


def encoded(light):
    light = np.clip(light, 0, 1)
    return np.where(
        light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055
    )


def decoded(code):
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def s_curve(code, strength):
    return (1 - strength) * code + strength * code**2 * (3 - 2 * code)


def camera(light, *, ev=0.0, gains=(1, 1, 1), strength=0.0):
    """What a file declares the light to be after exposure, gains and a tone curve."""
    return decoded(s_curve(encoded(light * np.array(gains) * 2.0**ev), strength))


def photo(light, *, capture=None, noise=0.004, seed=0):
    """A photograph of linear light (rows, cols, 3) as 8-bit sRGB."""
    rng = np.random.default_rng(seed)
    noisy = encoded(light + rng.normal(0, noise, light.shape))
    return Photo(
        name="made",
        sha256="0" * 64,
        file_format="PNG",
        encoded=np.rint(255 * noisy).astype(np.uint8),
        decoding=srgb_decoding(256),
        capture=capture or Capture(),
    )


def checker_raster(px=60):
    """A ColorChecker (rows, cols, 3), `px` pixels a pitch, in a black frame."""
    card = np.full((4 * px, 6 * px, 3), 0.03)
    gap = round(px * 0.065)
    for k, light in enumerate(CHECKER_LIGHT):
        row, col = divmod(k, 6)
        part = np.s_[
            row * px + gap : (row + 1) * px - gap, col * px + gap : (col + 1) * px - gap
        ]
        card[part] = light
    frame = px // 3
    return np.pad(card, ((frame, frame), (frame, frame), (0, 0)), constant_values=0.03)


def laid(raster, corners_xy, shape, *, ground=(0.45, 0.30, 0.22)):
    """A raster (rows, cols[, 3]) seen with its corners at (4, 2) on a plain ground.

    Corners are its outer edges, clockwise from its top left.
    """
    raster = raster if raster.ndim == 3 else np.repeat(raster[..., None], 3, axis=2)
    rows, cols = raster.shape[:2]
    own = np.array([[0, 0], [cols, 0], [cols, rows], [0, rows]]) - 0.5
    plane = cv2.getPerspectiveTransform(own.astype("f4"), np.float32(corners_xy))
    sides = np.linalg.norm(np.diff(corners_xy, axis=0), axis=1)
    shrink = max(1.0, cols / sides[0])
    soft = cv2.GaussianBlur(raster.astype("f4"), (0, 0), 0.5 * shrink)
    light = np.ones((*shape, 3), "f4") * np.float32(ground)
    cv2.warpPerspective(
        soft, plane, shape[::-1], dst=light, borderMode=cv2.BORDER_TRANSPARENT
    )
    return light.astype(float)


def corners(centre_xy, width_px, ratio, *, turn_deg=0.0, squeeze=0.0):
    """Corners (4, 2) of a card; `squeeze` shortens one end as a tilt does."""
    w, h = width_px / 2, width_px * ratio / 2
    own = np.array([(-w, -h), (w, -h), (w, h), (-w, h)], float)
    own *= (1 - squeeze * own[:, 1:] / h) if squeeze else 1
    a = np.radians(turn_deg)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return own @ turn.T + centre_xy


def card_photo(corners_xy, shape=(900, 1200), **options):
    return photo(laid(card_raster(12), corners_xy, shape), **options)


def checker_reference(light, *, clipped=()):
    """A ColorChecker read without error: decoded light (24, 3)."""
    return _reference(
        light,
        ReferenceKind.COLORCHECKER,
        [(k % 6 + 0.5, k // 6 + 0.5) for k in range(24)],
        (6, 4),
        COLORCHECKER_NAMES,
        COLORCHECKER_LAB_D65,
        clipped,
    )


def card_reference(light, *, clipped=()):
    """A Cicatrix card read without error: decoded light (16, 3)."""
    return _reference(
        light,
        ReferenceKind.CICATRIX_CARD,
        [p.centre_mm for p in CARD_PATCHES],
        CARD_SIZE,
        [p.name for p in CARD_PATCHES],
        [grey_lab_d65(p.reflectance) for p in CARD_PATCHES],
        clipped,
    )


def card_light():
    """True light (16, 3) of the card's greys."""
    return np.repeat([[p.reflectance] for p in CARD_PATCHES], 3, axis=1)


def _reference(light, kind, places, size, names, labs, clipped):
    width, height = map(float, size)
    patches = tuple(
        PatchReading(
            name=names[k],
            centre_xy=places[k],
            linear_rgb=tuple(map(float, light[k])),
            linear_rgb_sd=(0.0, 0.0, 0.0),
            state=PatchState.CLIPPED if k in clipped else PatchState.USED,
            reference_lab_d65=labs[k],
            neutral=kind is ReferenceKind.CICATRIX_CARD or k >= 18,
        )
        for k in range(len(light))
    )
    outline = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    return ColourReference(kind=kind, patches=patches, corners_xy=outline)

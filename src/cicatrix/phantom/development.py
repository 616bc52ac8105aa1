"""From light on the sensor to the bytes of a file: exposure, blur, noise, tone, JPEG."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.phantom.capture import Capture
from cicatrix.phantom.fields import FloatImage
from cicatrix.phantom.phone import as_a_phone_shows

__all__ = ["develop"]

Encoded = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_LEVELS: Final = 16384


def develop(light: FloatImage, capture: Capture, rng: np.random.Generator) -> Encoded:
    """Code values (rows, cols, 3) of linear light; uint16 linear where no JPEG is made.

    `light` is linear sRGB with a perfect diffuser at 1 and is used up.
    """
    matrix = _gains(capture).astype(np.float32)
    light = np.asarray(cv2.transform(light, matrix), dtype=np.float32)
    light = _blurred(light, capture)
    if capture.local_tone > 0:
        light *= _local_gain(light, capture.local_tone)[..., None]
    light = _noisy(light, capture, rng)
    if capture.jpeg_quality is None:
        return (np.clip(light, 0, 1) * np.float32(65535) + np.float32(0.5)).astype(
            np.uint16
        )
    # A square root first: equal steps of the table are then about equal steps of code.
    np.clip(light, 0, 1, out=light)
    index = (cv2.sqrt(light) * np.float32(_LEVELS - 1)).astype(np.uint16)
    encoded = as_a_phone_shows(np.take(_tone_table(capture.s_curve), index), capture)
    if capture.date_stamp:
        _stamp(encoded, capture)
    return encoded


def _gains(capture: Capture) -> npt.NDArray[np.float64]:
    red, blue = capture.white_balance_error
    gains = 2.0**capture.exposure_ev * np.diag([1 + red, 1.0, 1 + blue])
    error = capture.matrix_error
    return gains if error is None else (np.eye(3) + np.asarray(error)) @ gains


def _blurred(light: FloatImage, capture: Capture) -> FloatImage:
    if capture.blur_px > 0.2:
        light = np.asarray(
            cv2.GaussianBlur(light, (0, 0), capture.blur_px), dtype=np.float32
        )
    if capture.motion_px >= 1:
        length = round(capture.motion_px)
        kernel = np.full((1, length), 1 / length, dtype=np.float32)
        light = np.asarray(cv2.filter2D(light, -1, kernel), dtype=np.float32)
    return light


def _local_gain(light: FloatImage, strength: float) -> FloatImage:
    """What a phone does: dark regions are lifted, bright ones held back."""
    rows, cols = light.shape[:2]
    small = cv2.resize(
        light, (max(8, cols // 32), max(8, rows // 32)), interpolation=cv2.INTER_AREA
    )
    level = np.maximum(small.mean(axis=2), 1e-3)
    level = cv2.GaussianBlur(level, (0, 0), min(level.shape) / 8)
    gain = (level / level.mean()) ** (-0.6 * strength)
    return np.asarray(cv2.resize(gain, (cols, rows)), dtype=np.float32)


def _noisy(light: FloatImage, capture: Capture, rng: np.random.Generator) -> FloatImage:
    if capture.noise <= 0:
        return light
    noise = rng.standard_normal(light.shape, dtype=np.float32)
    # Demosaicing and a camera's own filter leave noise that is not white.
    cv2.GaussianBlur(noise, (3, 3), 0.55, dst=noise)
    noise *= np.float32(1.6)
    spread = np.maximum(light, 0)
    spread *= np.float32(capture.noise**2)
    spread += np.float32((0.1 * capture.noise) ** 2)
    noise *= np.sqrt(spread, out=spread)
    light += noise
    return light


def _tone_table(s_curve: float) -> npt.NDArray[np.uint8]:
    """Square root of light (in `_LEVELS` steps) to sRGB code with a contrast curve."""
    linear = np.linspace(0, 1, _LEVELS) ** 2
    value = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
    )
    curved = value * value * (3 - 2 * value)
    value = (1 - s_curve) * value + s_curve * curved
    return np.round(value * 255).astype(np.uint8)


def _stamp(encoded: npt.NDArray[np.uint8], capture: Capture) -> None:
    text = (
        f"{capture.taken_at:%d.%m.%Y}" if capture.taken_at is not None else "01.01.2025"
    )
    rows, cols = encoded.shape[:2]
    size = cols / 1000
    cv2.putText(
        encoded,
        text,
        (cols - round(250 * size), rows - round(28 * size)),
        cv2.FONT_HERSHEY_DUPLEX,
        size,
        (255, 150, 40),
        max(1, round(1.6 * size)),
        cv2.LINE_AA,
    )

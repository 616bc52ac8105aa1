"""Tables that undo a picture's tone encoding, made once per profile and depth."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cicatrix.optics.cielab import D65_XYZ, LINEAR_SRGB_TO_XYZ
from cicatrix.photo.value import Decoding

__all__ = [
    "LEVELS_8_BIT",
    "LEVELS_16_BIT",
    "adobe_rgb_decoding",
    "decoding_from",
    "linear_decoding",
    "srgb_decoding",
    "srgb_to_linear",
    "xyz_d50_to_linear_srgb",
]

_Array = npt.NDArray[np.float64]

LEVELS_8_BIT = 256
LEVELS_16_BIT = 65536

_BRADFORD: _Array = np.array(
    [
        [0.8951, 0.2664, -0.1614],
        [-0.7502, 1.7135, 0.0367],
        [0.0389, -0.0685, 1.0296],
    ]
)
"""Cone response of the Bradford adaptation (ICC.1:2022, annex E.3)."""

_D50_PCS: _Array = np.array([0.9642, 1.0, 0.8249])
"""White of the profile connection space (ICC.1:2022, 7.2.16)."""

_ADOBE_GAMMA = 563 / 256  # Adobe RGB (1998) colour image encoding, section 4.3.4.2
_ADOBE_RGB_TO_XYZ_D65: _Array = np.array(
    [
        [0.57667, 0.18556, 0.18823],
        [0.29734, 0.62736, 0.07529],
        [0.02703, 0.07069, 0.99134],
    ]
)
"""Adobe RGB (1998) colour image encoding, section 4.3.5.3."""


def srgb_to_linear(encoded: npt.ArrayLike) -> _Array:
    """Linear light of sRGB code values, both 0..1 (IEC 61966-2-1).

    Examples
    --------
    >>> srgb_to_linear([0.0, 0.5, 1.0]).round(5).tolist()
    [0.0, 0.21404, 1.0]
    """
    code = np.asarray(encoded, dtype=np.float64)
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def xyz_d50_to_linear_srgb() -> _Array:
    """(3, 3) from the profile connection space (XYZ, D50) to linear sRGB, D65."""
    scale = np.diag((_BRADFORD @ D65_XYZ) / (_BRADFORD @ _D50_PCS))
    adapt = np.linalg.inv(_BRADFORD) @ scale @ _BRADFORD
    return np.linalg.inv(LINEAR_SRGB_TO_XYZ) @ adapt


def decoding_from(
    curves: npt.ArrayLike, to_linear_srgb: npt.ArrayLike | None, profile: str
) -> Decoding:
    """A read-only decoding of `curves` (levels, 3) and a (3, 3) matrix or none."""
    tables = np.array(curves, dtype=np.float32)
    tables.setflags(write=False)
    matrix = None
    if to_linear_srgb is not None:
        matrix = np.array(to_linear_srgb, dtype=np.float32)
        matrix.setflags(write=False)
    return Decoding(tables=tables, matrix=matrix, profile=profile)


@lru_cache(maxsize=8)
def srgb_decoding(levels: int, profile: str = "sRGB") -> Decoding:
    """Code values of sRGB at a depth of `levels`."""
    curve = srgb_to_linear(np.linspace(0, 1, levels))
    return decoding_from(np.stack([curve] * 3, axis=1), None, profile)


@lru_cache(maxsize=4)
def linear_decoding(levels: int, profile: str) -> Decoding:
    """Code values that are linear light in sRGB primaries already."""
    curve = np.linspace(0, 1, levels)
    return decoding_from(np.stack([curve] * 3, axis=1), None, profile)


@lru_cache(maxsize=4)
def adobe_rgb_decoding(levels: int, profile: str = "Adobe RGB (1998)") -> Decoding:
    """Adobe RGB (1998) code values; cameras name it in EXIF without a profile."""
    curve = np.linspace(0, 1, levels) ** _ADOBE_GAMMA
    to_srgb = np.linalg.inv(LINEAR_SRGB_TO_XYZ) @ _ADOBE_RGB_TO_XYZ_D65
    return decoding_from(np.stack([curve] * 3, axis=1), to_srgb, profile)

"""ICC profiles: matrix and curves read here, table profiles left to Little CMS."""

import struct
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cicatrix.photo.transfer import (
    decoding_from,
    srgb_decoding,
    srgb_to_linear,
    xyz_d50_to_linear_srgb,
)
from cicatrix.photo.value import Decoding

__all__ = ["ProfileReading", "read_profile"]

_Array = npt.NDArray[np.float64]

_COLUMNS = (b"rXYZ", b"gXYZ", b"bXYZ")
_CURVES = (b"rTRC", b"gTRC", b"bTRC")
_MAX_TAGS = 200
_SRGB_TOLERANCE = 0.002
"""sRGB profiles in use differ from the standard by rounding, up to this in matrix
and curve; taking them as sRGB saves a matrix on every pixel."""

# Parameters of each parametric curve type (ICC.1:2022, table 68).
_PARAMETERS = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}


class _ProfileBroken(Exception):
    """The bytes are no usable RGB profile."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProfileReading:
    """How to decode, or that Little CMS has to (`needs_cms`)."""

    decoding: Decoding
    needs_cms: bool = False


@lru_cache(maxsize=16)
def read_profile(profile: bytes | None, levels: int) -> ProfileReading:
    """How code values of a depth of `levels` are decoded under an embedded profile.

    No profile means sRGB. A damaged profile, or one that is not for RGB, is treated
    as absent and `decoding.profile` says so.

    References
    ----------
    ICC.1:2022, 7.2 (header), 9.2 (tags), 10.6 and 10.18 (curves).
    """
    if not profile:
        return ProfileReading(decoding=srgb_decoding(levels))
    try:
        tags = _tags(profile)
        name = _description(tags)
        if not all(tag in tags for tag in (*_COLUMNS, *_CURVES)):
            # decoding after the conversion to 8-bit sRGB
            return ProfileReading(
                decoding=srgb_decoding(256, f"{name} (by its table)"),
                needs_cms=True,
            )
        return ProfileReading(decoding=_matrix_decoding(tags, levels, name))
    except _ProfileBroken as fault:
        said = f"sRGB assumed: the embedded profile {fault}"
        return ProfileReading(decoding=srgb_decoding(levels, said))


def _tags(profile: bytes) -> dict[bytes, bytes]:
    if len(profile) < 132 or profile[36:40] != b"acsp":
        raise _ProfileBroken("is damaged")
    if profile[16:20] != b"RGB ":
        raise _ProfileBroken("is not for RGB")
    (count,) = struct.unpack_from(">I", profile, 128)
    if count > _MAX_TAGS or 132 + 12 * count > len(profile):
        raise _ProfileBroken("is damaged")
    tags = {}
    for index in range(count):
        name, at, size = struct.unpack_from(">4sII", profile, 132 + 12 * index)
        if at + size <= len(profile):
            tags[name] = profile[at : at + size]
    has_table = b"A2B0" in tags
    if not has_table and not all(tag in tags for tag in (*_COLUMNS, *_CURVES)):
        raise _ProfileBroken("holds neither matrix nor table")
    return tags


def _matrix_decoding(tags: dict[bytes, bytes], levels: int, name: str) -> Decoding:
    to_xyz = np.stack([_xyz(tags[column]) for column in _COLUMNS], axis=1)
    codes = np.linspace(0, 1, levels)
    curves = np.stack([_curve(tags[curve], codes) for curve in _CURVES], axis=1)
    if not np.isfinite(curves).all() or np.linalg.det(to_xyz) < 1e-3:
        raise _ProfileBroken("is damaged")
    to_srgb = xyz_d50_to_linear_srgb() @ to_xyz
    is_srgb = (
        np.abs(to_srgb - np.eye(3)).max() < _SRGB_TOLERANCE
        and np.abs(curves - srgb_to_linear(codes)[:, None]).max() < _SRGB_TOLERANCE
    )
    if is_srgb:
        return srgb_decoding(levels, name)
    return decoding_from(curves, to_srgb, name)


def _xyz(tag: bytes) -> _Array:
    if tag[:4] != b"XYZ " or len(tag) < 20:
        raise _ProfileBroken("is damaged")
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _curve(tag: bytes, codes: _Array) -> _Array:
    """Linear light of `codes`, 0..1."""
    if tag[:4] == b"curv" and len(tag) >= 12:
        return _sampled_curve(tag, codes)
    if tag[:4] == b"para" and len(tag) >= 12:
        return _parametric_curve(tag, codes)
    raise _ProfileBroken("has a curve of an unknown kind")


def _sampled_curve(tag: bytes, codes: _Array) -> _Array:
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return codes
    if 12 + 2 * count > len(tag):
        raise _ProfileBroken("is damaged")
    samples = np.frombuffer(tag, dtype=">u2", count=count, offset=12)
    if count == 1:
        return np.power(codes, samples[0] / 256)
    return np.interp(codes, np.linspace(0, 1, count), samples / 65535)


def _parametric_curve(tag: bytes, codes: _Array) -> _Array:
    """Types 0 to 4 are one form: (a x + b)^g + e from x >= d on, c x + f below it."""
    (kind,) = struct.unpack_from(">H", tag, 8)
    count = _PARAMETERS.get(kind, 0)
    if count == 0 or len(tag) < 12 + 4 * count:
        raise _ProfileBroken("is damaged")
    given = [v / 65536 for v in struct.unpack_from(f">{count}i", tag, 12)]
    g, a, b, c, d, e, f = _seven_parameters(kind, given)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        upper = np.power(np.maximum(a * codes + b, 0), g) + e
        light = np.where(codes >= d, upper, c * codes + f)
    return np.clip(light, 0, 1)


def _seven_parameters(kind: int, given: list[float]) -> tuple[float, ...]:
    if kind == 0:
        return given[0], 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
    g, a, b = given[:3]
    if kind in (1, 2):
        offset = given[3] if kind == 2 else 0.0
        if a == 0:
            raise _ProfileBroken("is damaged")
        return g, a, b, 0.0, -b / a, offset, offset
    if kind == 3:
        return g, a, b, given[3], given[4], 0.0, 0.0
    return tuple(given)


def _description(tags: dict[bytes, bytes]) -> str:
    """The profile's own name; both forms, ASCII (version 2) and Unicode (4)."""
    tag = tags.get(b"desc", b"")
    text = ""
    if tag[:4] == b"desc" and len(tag) >= 12:
        (count,) = struct.unpack_from(">I", tag, 8)
        text = tag[12 : 12 + min(count, 200)].decode("ascii", "replace")
    elif tag[:4] == b"mluc" and len(tag) >= 28:
        size, at = struct.unpack_from(">II", tag, 20)
        text = tag[at : at + min(size, 400)].decode("utf-16-be", "replace")
    shown = "".join(c for c in text if c.isprintable()).strip()
    return shown[:100] or "unnamed profile"

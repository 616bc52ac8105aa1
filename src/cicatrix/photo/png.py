"""PNG: chunks checked here, so that a cut or altered file never half opens."""

import io
import struct
import zlib
from dataclasses import dataclass

import cv2
import numpy as np

from cicatrix.errors import PhotoUnreadable
from cicatrix.photo.bounds import checked_size
from cicatrix.photo.colours import decoded_colours
from cicatrix.photo.exif import read_exif
from cicatrix.photo.unpacked import Encoded, Unpacked

__all__ = ["unpack_png"]

_GREY, _RGB, _PALETTE, _GREY_ALPHA, _RGB_ALPHA = 0, 2, 3, 4, 6
_MAX_PROFILE_BYTES = 16_000_000
"""Largest camera and printer profiles are below 4 MB; a profile can be a bomb too."""

_SRGB_GAMMA = 45455
"""What the PNG specification writes for sRGB in gAMA (1/2.2 in 100000ths)."""

# cICP: BT.709 or P3 primaries, sRGB transfer, RGB (ITU-T H.273); others are video HDR.
_CICP_SRGB = bytes([1, 13, 0, 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _PngHeader:
    width_px: int
    height_px: int
    bits: int
    colour: int
    chunks: dict[bytes, bytes]


def unpack_png(name: str, data: bytes, max_pixels: int) -> Unpacked:
    """Decode an RGB or palette PNG of 8 or 16 bit; alpha is dropped.

    Raises
    ------
    PhotoUnreadable
        It is damaged, cut short, grey, animated or of an unusual colour coding.
    PhotoTooLarge
        It would unpack to more than `max_pixels`.
    """
    header = _read_header(name, data)
    checked_size(name, header.width_px, header.height_px, max_pixels)
    _check_kind(name, header)
    pixels = _pixels_16(name, data) if header.bits == 16 else _pixels_8(name, data)
    exif = read_exif(header.chunks.get(b"eXIf"))
    encoded, decoding = decoded_colours(
        name, pixels, _profile(header), adobe_rgb=exif.adobe_rgb
    )
    return Unpacked(
        encoded=encoded,
        decoding=decoding,
        capture=exif.capture,
        orientation=exif.orientation,
    )


def _check_kind(name: str, header: _PngHeader) -> None:
    if header.colour in (_GREY, _GREY_ALPHA):
        raise PhotoUnreadable(
            f"{name} is a grey picture; a fade is measured on the camera's red, green "
            "and blue. Use the original photograph."
        )
    if b"acTL" in header.chunks:
        raise PhotoUnreadable(
            f"{name} is an animation; which of its frames is the photograph is not "
            "known. Save the one frame on its own."
        )
    coding = header.chunks.get(b"cICP", _CICP_SRGB)
    gamma = header.chunks.get(b"gAMA", _SRGB_GAMMA.to_bytes(4, "big"))
    described = b"iCCP" in header.chunks or b"sRGB" in header.chunks
    odd_gamma = not described and abs(int.from_bytes(gamma, "big") - _SRGB_GAMMA) > 500
    if coding != _CICP_SRGB or odd_gamma:
        raise PhotoUnreadable(
            f"{name} states a colour coding other than sRGB and carries no ICC "
            "profile for it. Export it as sRGB and try again."
        )


def _read_header(name: str, data: bytes) -> _PngHeader:
    """Walk all chunks and check their sums (PNG specification, section 5)."""
    chunks: dict[bytes, bytes] = {}
    at = 8
    view = memoryview(data)
    while b"IEND" not in chunks:
        if at + 12 > len(data):
            raise _damaged(name, "it is cut short")
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data):
            raise _damaged(name, "it is cut short")
        kind = data[at + 4 : at + 8]
        (stated,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(view[at + 4 : end - 4]) != stated:
            raise _damaged(name, "a check sum does not hold")
        # Pixel data is not kept a second time.
        chunks.setdefault(kind, b"" if kind == b"IDAT" else data[at + 8 : end - 4])
        at = end
    head = chunks.get(b"IHDR", b"")
    if len(head) != 13 or b"IDAT" not in chunks:
        raise _damaged(name, "it holds no picture")
    width, height, bits, colour = struct.unpack_from(">IIBB", head)
    return _PngHeader(
        width_px=width, height_px=height, bits=bits, colour=colour, chunks=chunks
    )


def _profile(header: _PngHeader) -> bytes | None:
    """The ICC profile, unpacked up to a limit; damage counts as absent."""
    packed = header.chunks.get(b"iCCP")
    if packed is None:
        return None
    _, _, rest = packed.partition(b"\0")
    try:
        return zlib.decompressobj().decompress(rest[1:], _MAX_PROFILE_BYTES)
    except zlib.error:
        # Not empty: the reader of profiles then says that it was damaged.
        return b"damaged"


def _pixels_8(name: str, data: bytes) -> Encoded:
    from PIL import Image  # here, so that `import cicatrix` stays light

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            return np.array(picture.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _damaged(name, "its pixels cannot be unpacked") from error


def _pixels_16(name: str, data: bytes) -> Encoded:
    """Pillow rounds 16-bit colour to 8; OpenCV keeps it."""
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise _damaged(name, "its pixels cannot be unpacked") from error
    if picture is None or picture.dtype != np.uint16:
        raise _damaged(name, "its pixels cannot be unpacked")
    rgb: Encoded = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint16)
    return rgb


def _damaged(name: str, found: str) -> PhotoUnreadable:
    return PhotoUnreadable(
        f"{name} is a damaged PNG: {found}. Part of the picture may be missing, so "
        "nothing is measured. Copy it again from where it was made."
    )

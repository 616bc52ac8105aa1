"""JPEG: headers walked here, pixels unpacked by libjpeg-turbo."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cicatrix.errors import PhotoUnreadable
from cicatrix.photo.bounds import checked_size
from cicatrix.photo.colours import decoded_colours
from cicatrix.photo.exif import read_exif
from cicatrix.photo.reuse import picture_memory
from cicatrix.photo.unpacked import Encoded, Unpacked

__all__ = ["JpegHeader", "libjpeg_quality", "read_header", "unpack_jpeg"]

_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = 0xC2
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_END, _SCAN, _TABLES, _APP1, _APP2 = 0xD9, 0xDA, 0xDB, 0xE1, 0xE2

_MAX_SCANS = 100
"""Encoders write about 10; each further scan costs a pass over the whole picture."""

# What libjpeg warns of without touching a pixel; any other warning is damage.
_HARMLESS = ("before marker 0xd9", "JFIF revision", "Adobe color transform")

# ITU-T T.81, table K.1, in zigzag order as files store it.
_STANDARD_LUMA: npt.NDArray[np.int64] = np.array(
    [
        *(16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40),
        *(26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51),
        *(56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87),
        *(95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JpegHeader:
    """What the markers before the first scan say."""

    width_px: int
    height_px: int
    components: int
    bits: int
    progressive: bool
    luma_table: tuple[int, ...] | None
    exif: bytes | None
    icc: bytes | None


def unpack_jpeg(name: str, data: bytes, max_pixels: int) -> Unpacked:
    """Decode a JPEG whose header has been found sound.

    Raises
    ------
    PhotoUnreadable
        It is damaged, cut short, grey, CMYK or deeper than 8 bit.
    PhotoTooLarge
        It would unpack to more than `max_pixels`.
    """
    header = read_header(name, data)
    checked_size(name, header.width_px, header.height_px, max_pixels)
    _check_colours(name, header)
    if header.progressive and data.count(b"\xff\xda") > _MAX_SCANS:
        raise PhotoUnreadable(
            f"{name} is a progressive JPEG of more than {_MAX_SCANS} scans, which no "
            "camera writes. Export it again as an ordinary JPEG."
        )
    encoded = _pixels(name, data, (header.height_px, header.width_px, 3))
    if encoded.shape[:2] != (header.height_px, header.width_px):
        raise _damaged(name, "its header and its pixels disagree about the size")
    exif = read_exif(header.exif)
    encoded, decoding = decoded_colours(
        name, encoded, header.icc, adobe_rgb=exif.adobe_rgb
    )
    return Unpacked(
        encoded=encoded,
        decoding=decoding,
        capture=exif.capture,
        orientation=exif.orientation,
        jpeg_quality=libjpeg_quality(header.luma_table),
    )


def _check_colours(name: str, header: JpegHeader) -> None:
    kind = {1: "a grey picture", 4: "a CMYK picture, made for print"}.get(
        header.components
    )
    if kind is not None or header.components != 3:
        raise PhotoUnreadable(
            f"{name} is {kind or 'a JPEG without three colours'}; a fade is measured "
            "on the camera's red, green and blue. Use the original photograph."
        )
    if header.bits != 8:
        raise PhotoUnreadable(
            f"{name} is a JPEG of {header.bits} bits, which is not read. Export it as "
            "an ordinary JPEG or a 16-bit TIFF."
        )


def _pixels(name: str, data: bytes, shape: tuple[int, int, int]) -> Encoded:
    import simplejpeg  # here, so that `import cicatrix` stays light

    try:
        into = picture_memory(shape)
        return np.asarray(simplejpeg.decode_jpeg(data, buffer=into), dtype=np.uint8)
    except ValueError as error:
        if not any(text in str(error) for text in _HARMLESS):
            raise _damaged(name, "its data is cut short or corrupt") from error
    try:
        return np.asarray(simplejpeg.decode_jpeg(data, strict=False), dtype=np.uint8)
    except ValueError as error:
        raise _damaged(name, "its data is cut short or corrupt") from error


def _damaged(name: str, found: str) -> PhotoUnreadable:
    return PhotoUnreadable(
        f"{name} is a damaged JPEG: {found}. Part of the picture may be missing, so "
        "nothing is measured. Copy it from the camera again."
    )


def read_header(name: str, data: bytes) -> JpegHeader:
    """Walk the markers up to the first scan (ITU-T T.81, annex B).

    Raises
    ------
    PhotoUnreadable
        No frame is announced before the first scan, or a marker runs off the end.
    """
    frame: tuple[int, bytes] | None = None
    tables: dict[int, tuple[int, ...]] = {}
    exif: bytes | None = None
    icc_parts: dict[int, bytes] = {}
    for marker, body in _segments(name, data):
        if marker in _START_OF_FRAME and frame is None:
            frame = marker, body
        elif marker == _TABLES:
            tables.update(_quantisation_tables(body))
        elif marker == _APP1 and exif is None and body[:6] == b"Exif\0\0":
            exif = body
        elif marker == _APP2 and body[:12] == b"ICC_PROFILE\0" and len(body) > 14:
            icc_parts[body[12]] = body[14:]
    if frame is None or len(frame[1]) < 9:
        raise _damaged(name, "it announces no picture")
    kind, body = frame
    return JpegHeader(
        height_px=int.from_bytes(body[1:3], "big"),
        width_px=int.from_bytes(body[3:5], "big"),
        components=body[5],
        bits=body[0],
        progressive=kind == _PROGRESSIVE,
        luma_table=tables.get(body[8]),
        exif=exif,
        icc=b"".join(icc_parts[n] for n in sorted(icc_parts)) or None,
    )


def _segments(name: str, data: bytes) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    at = 2
    while True:
        # Any number of fill bytes may stand before a marker.
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 4 > len(data) or data[at] != 0xFF:
            raise _damaged(name, "its header is cut short or corrupt")
        marker = data[at + 1]
        if marker in (_SCAN, _END):
            return found
        if marker in _NO_LENGTH:
            at += 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(data):
            raise _damaged(name, "its header is cut short or corrupt")
        found.append((marker, data[at + 4 : at + 2 + length]))
        at += 2 + length


def _quantisation_tables(body: bytes) -> dict[int, tuple[int, ...]]:
    tables: dict[int, tuple[int, ...]] = {}
    at = 0
    while at < len(body):
        wide, number = body[at] >> 4, body[at] & 15
        size = 128 if wide else 64
        raw = body[at + 1 : at + 1 + size]
        if len(raw) < size:
            break
        kind = ">u2" if wide else "u1"
        tables[number] = tuple(int(v) for v in np.frombuffer(raw, dtype=kind))
        at += 1 + size
    return tables


def libjpeg_quality(luma_table: tuple[int, ...] | None) -> float | None:
    """The libjpeg quality (1..100) whose luma table is nearest, `None` without one.

    Exact for files that libjpeg wrote; for others the setting of like coarseness.

    Parameters
    ----------
    luma_table : 64 divisors in the file's zigzag order
    """
    if luma_table is None or len(luma_table) != 64:
        return None
    distance = np.abs(_libjpeg_tables() - np.array(luma_table)).sum(axis=1)
    return float(np.argmin(distance)) + 1


@lru_cache(maxsize=1)
def _libjpeg_tables() -> npt.NDArray[np.int64]:
    """(100, 64): jpeg_set_quality of libjpeg, baseline, for qualities 1 to 100."""
    quality = np.arange(1, 101)[:, None]
    percent = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    return np.clip((_STANDARD_LUMA * percent + 50) // 100, 1, 255)

"""TIFF: tags checked here, 8 bit unpacked by Pillow, 16 bit by OpenCV."""

import io
import struct

import cv2
import numpy as np

from cicatrix.errors import PhotoUnreadable
from cicatrix.photo.bounds import checked_size
from cicatrix.photo.colours import decoded_colours
from cicatrix.photo.exif import read_exif
from cicatrix.photo.tiff_tags import TagReader, Tags, TagsBroken
from cicatrix.photo.unpacked import Encoded, Unpacked

__all__ = ["unpack_tiff"]

# TIFF 6.0 tag numbers; 0x8773 is the ICC profile.
_SUBFILE, _WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC = 0xFE, 0x100, 0x101, 0x102, 0x106
_STRIPS, _SAMPLES, _STRIP_BYTES, _PLANAR = 0x111, 0x115, 0x117, 0x11C
_TILES, _TILE_BYTES, _SAMPLE_FORMAT, _ICC = 0x144, 0x145, 0x153, 0x8773
_COMPRESSION, _FILL_ORDER, _ROWS_PER_STRIP, _PREDICTOR = 0x103, 0x10A, 0x116, 0x13D
_TILE_WIDTH, _TILE_HEIGHT, _EXTRA, _JPEG_TABLES = 0x142, 0x143, 0x152, 0x15B
_YCBCR_SAMPLING, _YCBCR_SITE = 0x212, 0x213
_RGB, _YCBCR = 2, 6
_KINDS = {0: "grey", 1: "grey", 3: "a palette", 5: "CMYK", 8: "CIELAB"}

# Tags that say where pixels lie and how they are packed: one number, or a list.
_SHORT_ONES = (
    *(_COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _SAMPLES, _PLANAR),
    *(_PREDICTOR, _YCBCR_SITE),
)
_LONG_ONES = (_WIDTH, _HEIGHT, _ROWS_PER_STRIP, _TILE_WIDTH, _TILE_HEIGHT)
_SHORT_LISTS = (_BITS, _EXTRA, _SAMPLE_FORMAT, _YCBCR_SAMPLING)
_LONG_LISTS = (_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES)


def unpack_tiff(name: str, data: bytes, max_pixels: int) -> Unpacked:
    """Decode an RGB TIFF of 8 or 16 bit with one picture; alpha is dropped.

    Raises
    ------
    PhotoUnreadable
        It is damaged, holds several pictures, or is not RGB of 8 or 16 bit.
    PhotoTooLarge
        It would unpack to more than `max_pixels`.
    """
    tags = _only_picture(name, data)
    width, height = tags.integer(_WIDTH) or 0, tags.integer(_HEIGHT) or 0
    checked_size(name, width, height, max_pixels)
    bits = _checked_bits(name, tags)
    _check_complete(name, tags, len(data))
    plain = _with_plain_directory(name, data, tags)
    encoded = _pixels_16(name, plain) if bits == 16 else _pixels_8(name, plain)
    if encoded.shape != (height, width, 3):
        raise _damaged(name, "its header and its pixels disagree about the size")
    exif = read_exif(data)
    encoded, decoding = decoded_colours(
        name, encoded, tags.raw(_ICC), adobe_rgb=exif.adobe_rgb
    )
    return Unpacked(
        encoded=encoded,
        decoding=decoding,
        capture=exif.capture,
        orientation=exif.orientation,
    )


def _only_picture(name: str, data: bytes) -> Tags:
    """The tags of the first picture; a second one that is no thumbnail is refused."""
    try:
        reader = TagReader(data)
        tags, following = reader.directory_at_start()
        if following:
            second, _ = reader.directory(following)
            if not (second.integer(_SUBFILE) or 0) & 1:
                raise PhotoUnreadable(
                    f"{name} holds several pictures; which one is the photograph is "
                    "not known. Save the one picture on its own."
                )
    except TagsBroken as error:
        raise _damaged(name, "its directory cannot be read") from error
    return tags


def _checked_bits(name: str, tags: Tags) -> int:
    """8 or 16, if this is a picture in red, green and blue."""
    photometric = tags.integer(_PHOTOMETRIC)
    samples = tags.integer(_SAMPLES) or 1
    if photometric not in (_RGB, _YCBCR) or samples not in (3, 4):
        kind = _KINDS.get(-1 if photometric is None else photometric, "not RGB")
        raise PhotoUnreadable(
            f"{name} is a TIFF whose colours are {kind}; a fade is measured on red, "
            "green and blue. Export it as an RGB TIFF of 8 or 16 bit."
        )
    depths = set(tags.integers(_BITS)) or {1}
    sample_formats = set(tags.integers(_SAMPLE_FORMAT)) or {1}
    # Neither decoder puts 16-bit colour planes together again.
    split_16 = depths == {16} and (tags.integer(_PLANAR) or 1) != 1
    if depths not in ({8}, {16}) or sample_formats != {1} or split_16:
        raise PhotoUnreadable(
            f"{name} is a TIFF of an unusual depth or layout. Export it as an RGB TIFF "
            "of 8 or 16 bit, interleaved."
        )
    return depths.pop()


def _check_complete(name: str, tags: Tags, size: int) -> None:
    starts = tags.integers(_STRIPS) or tags.integers(_TILES)
    lengths = tags.integers(_STRIP_BYTES) or tags.integers(_TILE_BYTES)
    if not starts or len(starts) != len(lengths):
        raise _damaged(name, "where its pixels lie is not stated")
    if max(a + b for a, b in zip(starts, lengths, strict=True)) > size:
        raise _damaged(name, "it is cut short")


def _with_plain_directory(name: str, data: bytes, tags: Tags) -> bytes:
    """The file with a new directory of what unpacking needs, and nothing else.

    Decoders warn of odd tags through the whole process, turn pictures by themselves,
    and follow further directories; here they have no reason to.
    """
    order = "<" if data[:2] == b"II" else ">"
    entries: dict[int, tuple[int, int, bytes]] = {}
    for group, kind, letter in (
        (_SHORT_ONES + _SHORT_LISTS, 3, "H"),
        (_LONG_ONES + _LONG_LISTS, 4, "I"),
    ):
        for tag in group:
            values = tags.integers(tag)
            if tag in _SHORT_ONES or tag in _LONG_ONES:
                values = values[:1]
            if not values:
                continue
            try:
                packed = struct.pack(f"{order}{len(values)}{letter}", *values)
            except struct.error as error:
                raise _damaged(name, "its directory cannot be read") from error
            entries[tag] = kind, len(values), packed
    tables = tags.raw(_JPEG_TABLES)
    if tables is not None:
        entries[_JPEG_TABLES] = 7, len(tables), tables
    return _laid_out(data, entries, order)


def _laid_out(
    data: bytes, entries: dict[int, tuple[int, int, bytes]], order: str
) -> bytes:
    """The file with its directory (tag: type, count, values) written anew at the end."""
    start = len(data) + len(data) % 2
    after = start + 2 + 12 * len(entries) + 4
    directory = struct.pack(order + "H", len(entries))
    far = b""
    for tag, (kind, count, packed) in sorted(entries.items()):
        directory += struct.pack(order + "HHI", tag, kind, count)
        if len(packed) <= 4:
            directory += packed.ljust(4, b"\0")
        else:
            directory += struct.pack(order + "I", after + len(far))
            far += packed + b"\0" * (len(packed) % 2)
    directory += bytes(4)
    padding = b"\0" * (start - len(data))
    head = data[:4] + struct.pack(order + "I", start)
    return b"".join((head, data[8:], padding, directory, far))


def _pixels_8(name: str, data: bytes) -> Encoded:
    from PIL import Image  # here, so that `import cicatrix` stays light

    try:
        with Image.open(io.BytesIO(data), formats=["TIFF"]) as picture:
            return np.array(picture.convert("RGB"))
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        KeyError,
        Image.DecompressionBombError,
    ) as error:
        raise _damaged(name, "its pixels cannot be unpacked") from error


def _pixels_16(name: str, data: bytes) -> Encoded:
    """Pillow rounds 16-bit colour to 8; OpenCV keeps it."""
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION
    # libtiff speaks through OpenCV's log about damage that is told here once.
    level = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise _damaged(name, "its pixels cannot be unpacked") from error
    finally:
        cv2.utils.logging.setLogLevel(level)
    if picture is None or picture.dtype != np.uint16:
        raise _damaged(name, "its pixels cannot be unpacked")
    rgb: Encoded = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint16)
    return rgb


def _damaged(name: str, found: str) -> PhotoUnreadable:
    return PhotoUnreadable(
        f"{name} is a damaged TIFF: {found}. Part of the picture may be missing, so "
        "nothing is measured. Export it again."
    )

"""TIFF: tags checked here, 8 bit unpacked by Pillow, 16 bit by OpenCV."""

import io

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
_RGB, _YCBCR = 2, 6
_KINDS = {0: "grey", 1: "grey", 3: "a palette", 5: "CMYK", 8: "CIELAB"}


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
    encoded = _pixels_16(name, data) if bits == 16 else _pixels_8(name, data)
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


def _pixels_8(name: str, data: bytes) -> Encoded:
    from PIL import Image  # here, so that `import cicatrix` stays light

    try:
        with Image.open(io.BytesIO(data), formats=["TIFF"]) as picture:
            # Pillow turns TIFFs upright while loading; here that comes later.
            picture.getexif().pop(0x0112, None)
            picture.load()
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

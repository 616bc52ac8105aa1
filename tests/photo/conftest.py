"""Small made-up pictures and files, in sight of the tests that use them."""

import io
import struct
import sys

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from cicatrix.domain.capture import Capture
from cicatrix.photo.transfer import srgb_decoding
from cicatrix.photo.value import Photo

SRGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.fixture(scope="session")
def made():
    """The makers of this file."""
    return sys.modules[__name__]


def picture(rows=72, cols=96):
    """A smooth colour ramp: every pixel differs, JPEG hardly alters it."""
    y, x = np.mgrid[0:rows, 0:cols]
    return np.stack([100 + x, 80 + y, 60 + (x + y) // 2], axis=-1).astype(np.uint8)


def packed(pixels, kind="JPEG", **options):
    """The bytes of a file that Pillow writes."""
    file = io.BytesIO()
    if kind == "JPEG":
        options = {"quality": 95, "subsampling": 0, **options}
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def packed_16(pixels, kind):
    """The bytes of a 16-bit file that OpenCV writes."""
    done, data = cv2.imencode(kind, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    assert done
    return data.tobytes()


def photo(pixels, decoding=None):
    """A `Photo` of pixels, without a file."""
    levels = 256 if pixels.dtype == np.uint8 else 65536
    return Photo(
        name="made",
        sha256="0" * 64,
        file_format="JPEG",
        encoded=pixels,
        decoding=decoding or srgb_decoding(levels),
        capture=Capture(),
    )


def matrix_profile(columns, curve, name=b"made"):
    """An ICC version 2 profile from D50 XYZ columns and one curve tag."""
    xyz = [
        b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in column))
        for column in columns
    ]
    desc = b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + b"\0" * 80
    tags = [(b"desc", desc)]
    tags += list(zip((b"rXYZ", b"gXYZ", b"bXYZ"), xyz, strict=True))
    tags += [(kind, curve) for kind in (b"rTRC", b"gTRC", b"bTRC")]
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    tags.append((b"wtpt", white))
    at = 132 + 12 * len(tags)
    table, body = b"", b""
    for kind, data in tags:
        padded = data + b"\0" * (-len(data) % 4)
        table += struct.pack(">4sII", kind, at + len(body), len(data))
        body += padded
    head = bytearray(128)
    struct.pack_into(">I", head, 0, at + len(body))
    head[8:12] = b"\x02\x40\0\0"
    head[12:24] = b"mntrRGB XYZ "
    head[36:40] = b"acsp"
    struct.pack_into(">3i", head, 68, 63190, 65536, 54061)
    return bytes(head) + struct.pack(">I", len(tags)) + table + body


def tiff(entries, extra=b"", order="<"):
    """A TIFF header with one directory: (tag, type, count, value or offset in extra).

    Values that do not fit are given as bytes and laid after the directory.
    """
    start = 8
    body = start + 2 + 12 * len(entries) + 4
    table, tail = struct.pack(order + "H", len(entries)), b""
    for tag, kind, count, value in entries:
        if isinstance(value, bytes):
            if len(value) > 4:
                shown = struct.pack(order + "I", body + len(tail))
                tail += value + b"\0" * (len(value) % 2)
            else:
                shown = value.ljust(4, b"\0")
        elif kind == 3:
            shown = struct.pack(order + "HH", value, 0)
        else:
            shown = struct.pack(order + "I", value)
        table += struct.pack(order + "HHI", tag, kind, count) + shown
    magic = b"II*\0" if order == "<" else b"MM\0*"
    head = magic + struct.pack(order + "I", start)
    return head + table + struct.pack(order + "I", 0) + tail + extra


def small_dng(rows=80, cols=96, level=20_000):
    """An uncompressed colour-filter-array DNG of one grey level out of 65535."""
    sensor = np.full((rows, cols), level, dtype="<u2").tobytes()
    identity = struct.pack(
        "<18i", *[v for n in (1, 0, 0, 0, 1, 0, 0, 0, 1) for v in (n, 1)]
    )
    neutral = struct.pack("<6I", 1, 1, 1, 1, 1, 1)
    entries = [
        (0xFE, 4, 1, 0),
        (0x100, 4, 1, cols),
        (0x101, 4, 1, rows),
        (0x102, 3, 1, 16),
        (0x103, 3, 1, 1),
        (0x106, 3, 1, 32803),
        (0x10F, 2, 6, b"Maker\0"),
        (0x110, 2, 6, b"Model\0"),
        (0x111, 4, 1, 0),
        (0x115, 3, 1, 1),
        (0x116, 4, 1, rows),
        (0x117, 4, 1, len(sensor)),
        (0x11C, 3, 1, 1),
        (0x828D, 3, 2, struct.pack("<2H", 2, 2)),
        (0x828E, 1, 4, bytes([0, 1, 1, 2])),
        (0xC612, 1, 4, bytes([1, 4, 0, 0])),
        (0xC614, 2, 6, b"Model\0"),
        (0xC61D, 4, 1, 65535),
        (0xC621, 10, 9, identity),
        (0xC628, 5, 3, neutral),
        (0xC65A, 3, 1, 21),
    ]
    offset = len(tiff(entries))
    entries[8] = (0x111, 4, 1, offset)
    return tiff(entries, sensor)

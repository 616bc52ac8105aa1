"""Pictures made by this library, written as the files a camera would write."""

import struct
import zlib

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import simplejpeg
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from cicatrix.domain.capture import Capture
from cicatrix.photo.icc_writing import linear_srgb_profile

__all__ = ["jpeg_bytes", "png16_bytes", "unpacked_jpeg"]

_EXIF_IFD: Final = 0x8769


def jpeg_bytes(
    encoded: npt.NDArray[np.uint8], *, quality: int, capture: Capture | None = None
) -> bytes:
    """A JPEG (4:2:0) of sRGB pixels (rows, cols, 3), with EXIF where `capture` is given.

    Raises
    ------
    ValueError
        The pixels are not (rows, cols, 3) uint8, or the quality is not in 1..100.
    """
    if encoded.dtype != np.uint8 or encoded.ndim != 3 or encoded.shape[2] != 3:
        raise ValueError(f"need (rows, cols, 3) uint8, got {encoded.shape}")
    data = simplejpeg.encode_jpeg(
        np.ascontiguousarray(encoded),
        quality=quality,
        colorspace="RGB",
        colorsubsampling="420",
    )
    if capture is None:
        return data
    exif = _exif(capture)
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return data[:2] + segment + data[2:]


def unpacked_jpeg(data: bytes) -> npt.NDArray[np.uint8]:
    """Pixels (rows, cols, 3) of a JPEG that we have just written ourselves."""
    return np.asarray(simplejpeg.decode_jpeg(data, colorspace="RGB"))


def png16_bytes(linear: npt.NDArray[np.uint16]) -> bytes:
    """A 16-bit PNG of linear sRGB light (rows, cols, 3), with a profile that says so."""
    if linear.dtype != np.uint16 or linear.ndim != 3 or linear.shape[2] != 3:
        raise ValueError(f"need (rows, cols, 3) uint16, got {linear.shape}")
    done, buffer = cv2.imencode(
        ".png", linear[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1]
    )
    if not done:
        raise ValueError("the picture could not be packed as PNG")
    data = buffer.tobytes()
    head = 8 + 25  # signature and IHDR, after which a profile may stand
    body = b"linear sRGB\x00\x00" + zlib.compress(linear_srgb_profile())
    return data[:head] + _chunk(b"iCCP", body) + data[head:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def _exif(capture: Capture) -> bytes:
    exif = Image.Exif()
    part = exif.get_ifd(_EXIF_IFD)
    for tag, text in ((0x010F, capture.camera_make), (0x0110, capture.camera_model)):
        if text is not None:
            exif[tag] = text
    exif[0x0112] = 1  # upright
    if capture.software is not None:
        exif[0x0131] = capture.software
    if capture.taken_at is not None:
        written = f"{capture.taken_at:%Y:%m:%d %H:%M:%S}"
        exif[0x0132] = written
        part[0x9003] = written
        part[0x9004] = written
    ratios = (
        (0x829A, capture.exposure_time_s),
        (0x829D, capture.f_number),
        (0x9204, capture.exposure_bias_ev),
        (0x920A, capture.focal_length_mm),
    )
    for tag, value in ratios:
        if value is not None:
            part[tag] = IFDRational(round(value * 10000), 10000)
    if capture.iso is not None:
        part[0x8827] = round(capture.iso)
    if capture.flash_fired is not None:
        part[0x9209] = int(capture.flash_fired)
    if capture.focal_length_35mm_mm is not None:
        part[0xA405] = round(capture.focal_length_35mm_mm)
    part[0xA001] = 1  # sRGB
    return exif.tobytes()

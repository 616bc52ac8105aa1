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
    # Noise repeats nothing: looking for repeats costs time and makes the file larger.
    strategy = [cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY]
    bgr = cv2.cvtColor(linear, cv2.COLOR_RGB2BGR)
    done, buffer = cv2.imencode(
        ".png", bgr, [cv2.IMWRITE_PNG_COMPRESSION, 1, *strategy]
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
    """An EXIF block; facts that are `None` are left out."""
    exif = Image.Exif()
    written = (
        None if capture.taken_at is None else f"{capture.taken_at:%Y:%m:%d %H:%M:%S}"
    )
    main = {
        0x010F: capture.camera_make,
        0x0110: capture.camera_model,
        0x0112: 1,  # upright
        0x0131: capture.software,
        0x0132: written,
    }
    part = {
        0x829A: _ratio(capture.exposure_time_s),
        0x829D: _ratio(capture.f_number),
        0x8827: _whole(capture.iso),
        0x9003: written,
        0x9004: written,
        0x9204: _ratio(capture.exposure_bias_ev),
        0x9209: _whole(capture.flash_fired),
        0x920A: _ratio(capture.focal_length_mm),
        0xA001: 1,  # sRGB
        0xA405: _whole(capture.focal_length_35mm_mm),
    }
    exif.update({tag: value for tag, value in main.items() if value is not None})
    exif.get_ifd(_EXIF_IFD).update(
        {tag: value for tag, value in part.items() if value is not None}
    )
    return exif.tobytes()


def _ratio(value: float | None) -> IFDRational | None:
    return None if value is None else IFDRational(round(value * 10000), 10000)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)

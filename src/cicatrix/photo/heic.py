"""HEIC, through the optional pi-heif: it only decodes, and carries no GPL encoder."""

import base64
import importlib.util
import json
import subprocess
import sys
from typing import Any

import numpy as np

from cicatrix.errors import ExtraMissing, PhotoUnreadable
from cicatrix.photo.bounds import checked_size
from cicatrix.photo.colours import decoded_colours
from cicatrix.photo.exif import read_exif
from cicatrix.photo.unpacked import Encoded, Unpacked

__all__ = ["unpack_heic"]

_TIMEOUT_S = 120
"""A 120 MP picture takes about ten seconds; a file made to keep us busy has no end."""


def unpack_heic(name: str, data: bytes, max_pixels: int) -> Unpacked:
    """Decode the main picture of a HEIC file in a process of its own.

    The file's own rotation is applied while decoding, and its EXIF orientation, which
    repeats it, is not. Alpha is dropped; more than 8 bit are rounded to 8.

    Raises
    ------
    ExtraMissing
        pi-heif is not installed.
    PhotoUnreadable, PhotoTooLarge
        As for every format.
    """
    if importlib.util.find_spec("pi_heif") is None:
        raise ExtraMissing(
            f"{name} is a HEIC file, and the library that opens them is not installed. "
            "Install it: pip install 'cicatrix[heic]'. Or set the camera to JPEG."
        )
    told, body = _answer(name, data, max_pixels)
    checked_size(name, int(told["width_px"]), int(told["height_px"]), max_pixels)
    pixels = _pixels(name, told, body)
    exif = read_exif(base64.b64decode(told["exif"]))
    encoded, decoding = decoded_colours(
        name, pixels, base64.b64decode(told["icc"]), adobe_rgb=exif.adobe_rgb
    )
    return Unpacked(encoded=encoded, decoding=decoding, capture=exif.capture)


def _answer(name: str, data: bytes, max_pixels: int) -> tuple[dict[str, Any], bytes]:
    """What the worker says of the file, and the bytes of its pixels."""
    # -P: a module that lies in the working folder is never run in place of ours.
    command = [sys.executable, "-P", "-m", "cicatrix.photo.heic_worker"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [*command, str(max_pixels)],
            input=data,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
        head, _, body = done.stdout.partition(b"\n")
        return json.loads(head), body
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        raise PhotoUnreadable(
            f"{name} is a damaged HEIC file and cannot be unpacked. Copy it from the "
            "camera again."
        ) from error


def _pixels(name: str, told: dict[str, Any], body: bytes) -> Encoded:
    shape = told["shape"]
    if shape is None or len(body) != shape[0] * shape[1] * 3:
        raise PhotoUnreadable(
            f"{name} is a HEIC file without three colours of 8 bit; a fade is measured "
            "on red, green and blue. Use the original photograph."
        )
    return np.frombuffer(body, np.uint8).reshape(shape)

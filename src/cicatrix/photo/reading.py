"""A photograph's file in, a `Photo` out: the one door for every format."""

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np

from cicatrix.errors import PhotoTooLarge, PhotoUnreadable
from cicatrix.photo.bounds import MAX_PIXELS
from cicatrix.photo.heap import keep_freed_memory
from cicatrix.photo.heic import unpack_heic
from cicatrix.photo.jpeg import unpack_jpeg
from cicatrix.photo.png import unpack_png
from cicatrix.photo.raw import unpack_raw
from cicatrix.photo.signature import HEAD_BYTES, FileFormat, file_format
from cicatrix.photo.tiff import unpack_tiff
from cicatrix.photo.unpacked import Encoded, Unpacked
from cicatrix.photo.value import Photo

__all__ = ["MAX_FILE_BYTES", "read_photo", "upright"]

MAX_FILE_BYTES = 1 << 30
"""1 GiB: more than any single photograph, less than what fills a small machine."""

_UNPACK: Mapping[FileFormat, Callable[[str, bytes, int], Unpacked]] = MappingProxyType(
    {
        FileFormat.JPEG: unpack_jpeg,
        FileFormat.PNG: unpack_png,
        FileFormat.TIFF: unpack_tiff,
        FileFormat.HEIC: unpack_heic,
        FileFormat.RAW: unpack_raw,
    }
)


def read_photo(
    source: str | os.PathLike[str] | bytes, *, max_pixels: int = MAX_PIXELS
) -> Photo:
    """Open a photograph; scale, reference and quality are not looked for here.

    Parameters
    ----------
    source
        A file, or its bytes.
    max_pixels
        Checked against the header before anything is unpacked.

    Returns
    -------
    Photo
        Upright, with what the camera wrote down and the SHA-256 of the file.

    Raises
    ------
    PhotoUnreadable
        No such file, not a photograph of a named format, damaged, or not in colour.
    PhotoTooLarge
        More than `max_pixels`, or a file of more than `MAX_FILE_BYTES`.
    ExtraMissing
        It is HEIC or camera raw and the optional library is not installed.
    """
    if max_pixels < 1:
        raise ValueError(f"max_pixels must be positive, got {max_pixels}")
    keep_freed_memory()
    if isinstance(source, bytes):
        name, data = "photograph", source
    else:
        path = Path(source)
        name, data = path.name or "photograph", _file_bytes(path)
    kind = file_format(data)
    if kind is None:
        raise _not_a_photograph(name, empty=not data)
    unpacked = _UNPACK[kind](name, data, max_pixels)
    return Photo(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        file_format=kind.value,
        encoded=upright(unpacked.encoded, unpacked.orientation),
        decoding=unpacked.decoding,
        capture=unpacked.capture,
        jpeg_quality=unpacked.jpeg_quality,
    )


def upright(encoded: Encoded, orientation: int) -> Encoded:
    """Pixels turned as EXIF orientation 1..8 asks (EXIF 2.32, 4.6.4), contiguous.

    Orientation 1 answers the very array, uncopied.
    """
    turned: cv2.typing.MatLike = encoded
    if orientation in (5, 7):
        turned = cv2.transpose(turned)
    turn = {
        3: cv2.ROTATE_180,
        6: cv2.ROTATE_90_CLOCKWISE,
        7: cv2.ROTATE_180,
        8: cv2.ROTATE_90_COUNTERCLOCKWISE,
    }.get(orientation)
    if turn is not None:
        turned = cv2.rotate(turned, turn)
    flip = {2: 1, 4: 0}.get(orientation)
    if flip is not None:
        turned = cv2.flip(turned, flip)
    # Stated for the type checker; nothing is copied.
    if encoded.dtype == np.uint16:
        return np.asarray(turned, dtype=np.uint16)
    return np.asarray(turned, dtype=np.uint8)


def _file_bytes(path: Path) -> bytes:
    """All bytes of a file, but only the head of one that is no photograph."""
    name = path.name or "The folder"
    try:
        if path.is_dir():
            raise PhotoUnreadable(
                f"{name} is a folder, not a photograph. Name one file in it, or "
                "measure the folder as a casebook."
            )
        if path.exists() and not path.is_file():
            raise PhotoUnreadable(f"{name} is not a file. Name a photograph's file.")
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            if file_format(head) is None:
                raise _not_a_photograph(name, empty=not head)
            if size > MAX_FILE_BYTES:
                raise PhotoTooLarge(
                    f"{name} holds {size / 1e9:.1f} GB; a photograph has at most "
                    f"{MAX_FILE_BYTES / 1e9:.1f}. Export it as a JPEG."
                )
            file.seek(0)
            return file.read()
    except (OSError, ValueError) as error:
        raise PhotoUnreadable(_why_not_opened(name, error)) from error


def _why_not_opened(name: str, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"There is no file {name}. Check its name and the folder."
    if isinstance(error, PermissionError):
        return f"{name} may not be read by you. Change its permissions, or copy it."
    return f"{name} could not be read from the disk. Check the name and the disk."


def _not_a_photograph(name: str, *, empty: bool) -> PhotoUnreadable:
    if empty:
        return PhotoUnreadable(
            f"{name} is empty, so there is no picture in it. Copy it again from the "
            "camera."
        )
    return PhotoUnreadable(
        f"{name} is not a photograph of a kind that can be opened: JPEG, PNG, TIFF, "
        "HEIC or camera raw. If it was renamed or converted, use the file that the "
        "camera wrote."
    )

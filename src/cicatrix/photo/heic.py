"""HEIC, through the optional pi-heif: it only decodes, and carries no GPL encoder."""

import numpy as np

from cicatrix.errors import ExtraMissing, PhotoUnreadable
from cicatrix.photo.bounds import checked_size
from cicatrix.photo.colours import decoded_colours
from cicatrix.photo.exif import read_exif
from cicatrix.photo.unpacked import Unpacked

__all__ = ["unpack_heic"]


def unpack_heic(name: str, data: bytes, max_pixels: int) -> Unpacked:
    """Decode the main picture of a HEIC file; alpha is dropped.

    The file's own rotation is applied while decoding, and its EXIF orientation, which
    repeats it, is not. Pictures of more than 8 bit are rounded to 8.

    Raises
    ------
    ExtraMissing
        pi-heif is not installed.
    PhotoUnreadable, PhotoTooLarge
        As for every format.
    """
    try:
        import pi_heif  # optional, hence here
    except ImportError as error:
        raise ExtraMissing(
            f"{name} is a HEIC file, and the library that opens them is not installed. "
            "Install it: pip install 'cicatrix[heic]'. Or set the camera to JPEG."
        ) from error
    try:
        picture = pi_heif.open_heif(data, convert_hdr_to_8bit=True)
        width, height = (int(v) for v in picture.size)
        checked_size(name, width, height, max_pixels)
        pixels = np.asarray(picture)
    except (ValueError, OSError, RuntimeError, EOFError, SyntaxError) as error:
        raise PhotoUnreadable(
            f"{name} is a damaged HEIC file and cannot be unpacked. Copy it from the "
            "camera again."
        ) from error
    if pixels.ndim != 3 or pixels.shape[2] < 3 or pixels.dtype != np.uint8:
        raise PhotoUnreadable(
            f"{name} is a HEIC file without three colours of 8 bit; a fade is measured "
            "on red, green and blue. Use the original photograph."
        )
    exif = read_exif(picture.info.get("exif"))
    encoded, decoding = decoded_colours(
        name,
        np.ascontiguousarray(pixels[..., :3]),
        picture.info.get("icc_profile"),
        adobe_rgb=exif.adobe_rgb,
    )
    return Unpacked(encoded=encoded, decoding=decoding, capture=exif.capture)

"""Camera raw, through the optional rawpy (LibRaw without its GPL packs)."""

import io

import numpy as np

from cicatrix.errors import ExtraMissing, PhotoUnreadable
from cicatrix.photo.bounds import checked_size
from cicatrix.photo.exif import read_exif
from cicatrix.photo.transfer import LEVELS_16_BIT, linear_decoding
from cicatrix.photo.unpacked import Unpacked

__all__ = ["unpack_raw"]


def unpack_raw(name: str, data: bytes, max_pixels: int) -> Unpacked:
    """Develop a raw file: linear light, camera white balance, sRGB primaries, 16 bit.

    No automatic brightening and no tone curve, so that two files of one camera
    compare by their exposure. LibRaw turns the picture upright itself.

    Raises
    ------
    ExtraMissing
        rawpy is not installed.
    PhotoUnreadable, PhotoTooLarge
        As for every format.
    """
    try:
        import rawpy  # optional, hence here
    except ImportError as error:
        raise ExtraMissing(
            f"{name} is a camera raw file, and the library that opens them is not "
            "installed. Install it: pip install 'cicatrix[raw]'. Or use a JPEG."
        ) from error
    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            checked_size(name, int(raw.sizes.width), int(raw.sizes.height), max_pixels)
            pixels = raw.postprocess(
                gamma=(1, 1),
                no_auto_bright=True,
                use_camera_wb=True,
                output_bps=16,
                output_color=rawpy.ColorSpace.sRGB,
            )
    except (rawpy.LibRawError, ValueError, OSError, MemoryError) as error:
        raise PhotoUnreadable(
            f"{name} is a raw file that cannot be developed: it is damaged, or of a "
            "camera that LibRaw does not know. Use the camera's JPEG instead."
        ) from error
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise PhotoUnreadable(
            f"{name} is a raw file without colour. Use a colour photograph."
        )
    return Unpacked(
        encoded=np.ascontiguousarray(pixels, dtype=np.uint16),
        decoding=linear_decoding(LEVELS_16_BIT, "linear light of the raw file"),
        capture=read_exif(data).capture,
    )

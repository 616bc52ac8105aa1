"""Table-based ICC profiles, through the Little CMS that Pillow carries."""

import io

import numpy as np
import numpy.typing as npt

from cicatrix.errors import PhotoUnreadable
from cicatrix.photo.unpacked import Encoded

__all__ = ["converted_to_srgb"]


def converted_to_srgb(name: str, encoded: Encoded, profile: bytes) -> Encoded:
    """8-bit sRGB (rows, cols, 3) of pixels under a table-based RGB profile.

    Relative colorimetric, so that colours are kept and only white is mapped. 16-bit
    pixels are rounded to 8: Little CMS is reached at that depth only.

    Raises
    ------
    PhotoUnreadable
        Little CMS refuses the profile.
    """
    # Imported here: few files need it, and it would slow every start.
    from PIL import Image, ImageCms

    pixels: npt.NDArray[np.uint8]
    if encoded.dtype == np.uint16:
        pixels = ((encoded.astype(np.uint32) + 128) // 257).astype(np.uint8)
    else:
        pixels = np.asarray(encoded, dtype=np.uint8)
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            "RGB",
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
        converted = ImageCms.applyTransform(Image.fromarray(pixels), transform)
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        raise PhotoUnreadable(
            f"{name} carries a colour profile that cannot be used, so its colours are "
            "not known. Export it as sRGB and try again."
        ) from error
    if converted is None:
        raise PhotoUnreadable(f"{name} could not be converted to sRGB.")
    return np.asarray(converted, dtype=np.uint8)

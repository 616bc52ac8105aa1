"""Which decoding a picture's profile and metadata ask for."""

from cicatrix.photo.cms import converted_to_srgb
from cicatrix.photo.icc import read_profile
from cicatrix.photo.transfer import LEVELS_8_BIT, LEVELS_16_BIT, adobe_rgb_decoding
from cicatrix.photo.unpacked import Encoded
from cicatrix.photo.value import Decoding

__all__ = ["decoded_colours"]


def decoded_colours(
    name: str, encoded: Encoded, icc: bytes | None, *, adobe_rgb: bool = False
) -> tuple[Encoded, Decoding]:
    """The pixels, and how they become light.

    The embedded profile rules; without one the camera's own word for Adobe RGB; else
    sRGB. Pixels are changed only where the profile is a table.
    """
    levels = LEVELS_8_BIT if encoded.dtype.itemsize == 1 else LEVELS_16_BIT
    if not icc and adobe_rgb:
        return encoded, adobe_rgb_decoding(levels)
    reading = read_profile(icc, levels)
    if reading.needs_cms and icc:
        return converted_to_srgb(name, encoded, icc), reading.decoding
    return encoded, reading.decoding

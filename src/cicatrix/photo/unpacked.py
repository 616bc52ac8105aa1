"""What a decoder hands over: stored pixels and what the file says about them."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cicatrix.domain.capture import Capture
from cicatrix.photo.value import Decoding

Encoded = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

__all__ = ["Encoded", "Unpacked"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unpacked:
    """A decoded file, before it is turned upright.

    `encoded` is (rows, cols, 3) RGB, `orientation` the EXIF code 1..8 that is still
    to be applied to it.
    """

    encoded: Encoded
    decoding: Decoding
    capture: Capture = field(default_factory=Capture)
    orientation: int = 1
    jpeg_quality: float | None = None

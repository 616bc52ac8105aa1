"""A photograph as a value: its pixels as stored, and how to turn them into light."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.capture import Capture
from cicatrix.domain.quality import QualityFinding
from cicatrix.domain.reference import ColourReference
from cicatrix.domain.scale import Scale
from cicatrix.photo.halving import halves_of

FloatImage = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decoding:
    """How stored code values become linear light.

    `tables` is (levels, 3) float32: code value to linear light per channel, 0..1.
    `matrix` is (3, 3) float32: that light to linear sRGB primaries under D65, or
    `None` for the identity. `profile` names where both come from.
    """

    tables: npt.NDArray[np.float32]
    matrix: npt.NDArray[np.float32] | None
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Photo:
    """An oriented photograph.

    `encoded` is (rows, cols, 3) uint8 or uint16, RGB as stored in the file after
    orientation; `linear()` is what to compute with. `name` is the file's name without
    its folder. `jpeg_quality` is the libjpeg quality that the tables amount to.
    `scale` and `reference` hold what was found on opening; `judged` gives the quality
    sheet of the whole picture.
    """

    name: str
    sha256: str
    file_format: str
    encoded: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
    decoding: Decoding
    capture: Capture
    jpeg_quality: float | None = None
    scale: Scale | None = None
    reference: ColourReference | None = None
    judged: Callable[[], tuple[QualityFinding, ...]] = tuple

    @property
    def quality(self) -> tuple[QualityFinding, ...]:
        """The quality sheet; made when it is first asked for."""
        return self.judged()

    @property
    def halves(self) -> tuple[npt.NDArray[np.uint8] | npt.NDArray[np.uint16], ...]:
        """Reduced copies as stored, at 1/2, 1/4, ... of the size; made once."""
        return halves_of(self.encoded)

    @property
    def width_px(self) -> int:
        """Columns of the oriented picture."""
        return int(self.encoded.shape[1])

    @property
    def height_px(self) -> int:
        """Rows of the oriented picture."""
        return int(self.encoded.shape[0])

    def linear(
        self, rows: slice | None = None, cols: slice | None = None
    ) -> FloatImage:
        """Linear light of a part (default: all), (rows, cols, 3) float32, 1 = white."""
        part = self.encoded[rows or slice(None), cols or slice(None)]
        return to_linear(part, self.decoding)


def to_linear(
    encoded: npt.NDArray[np.uint8] | npt.NDArray[np.uint16], decoding: Decoding
) -> FloatImage:
    """Linear light (…, 3) float32 of stored code values (…, 3)."""
    if encoded.dtype == np.uint8 and len(decoding.tables) == 256 and encoded.size:
        # Three to five times as fast as indexing, for the 8-bit files that most are.
        picture = encoded if encoded.ndim == 3 else encoded.reshape(-1, 1, 3)
        light: FloatImage = np.asarray(
            cv2.LUT(picture, _as_few(decoding.tables)), dtype=np.float32
        )
    else:
        light = np.empty(encoded.shape, dtype=np.float32)
        for channel in range(3):
            np.take(
                decoding.tables[:, channel],
                encoded[..., channel],
                out=light[..., channel],
                mode="clip",
            )
    if decoding.matrix is not None and light.size:
        picture_like = light if light.ndim == 3 else light.reshape(-1, 1, 3)
        light = np.asarray(cv2.transform(picture_like, decoding.matrix), np.float32)
    return light.reshape(encoded.shape)


def _as_few(tables: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The tables (1, levels, 3) for OpenCV, or one (1, levels, 1) where all are alike.

    One is looked up in two thirds of the time.
    """
    first = tables[:, :1]
    return (
        np.ascontiguousarray(first[None]) if (tables == first).all() else tables[None]
    )

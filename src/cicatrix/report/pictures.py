"""The pixels a report shows for one comparison, on one common grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComparisonPictures:
    """Both photographs aligned and at equal scale, with what was measured on them.

    `before` and `after` are (rows, cols, 3) uint8 sRGB of the same skin after colour
    matching; `lesion` and `ring` (rows, cols) bool masks; `difference_de00`
    (rows, cols) float32 the ΔE00 between them, NaN where not measured; `mm_per_px` the
    size of one of these picture elements on the skin, `None` without a scale.
    """

    before: npt.NDArray[np.uint8]
    after: npt.NDArray[np.uint8]
    lesion: npt.NDArray[np.bool_]
    ring: npt.NDArray[np.bool_]
    difference_de00: npt.NDArray[np.float32]
    mm_per_px: float | None

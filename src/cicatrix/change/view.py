"""One photograph on the grid that a comparison shares."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.colour.calibration import Calibration

__all__ = ["SkinView"]

_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkinView:
    """One photograph's light on the common grid.

    `light` (rows, cols, 3) is linear as decoded, on the lesion's grid;
    `surroundings` the same on a wider, coarser grid, whose bare healthy skin is
    `healthy` (rows, cols); `calibration` what its own colour
    reference says, `None` without one; `alignment_sd_samples` one standard deviation
    of its place per axis, 0 where the outline was drawn; `camera` tells cameras apart
    and `flash` whether one fired, `None` where the file does not say.
    """

    light: _Image
    surroundings: _Image
    healthy: _Mask
    calibration: Calibration | None
    alignment_sd_samples: float
    camera: str | None
    flash: bool | None

"""Lesions that are hardly more than walls: what the camera sees of them is shade."""

import numpy as np
import numpy.typing as npt

from cicatrix.change.soft_limit import share_below
from cicatrix.outline.ring import distance_inside

__all__ = ["narrowness"]

_Mask = npt.NDArray[np.bool_]

PIT_SAMPLES = 8.5
"""Half width of a core at which half of it is a wall: ice-pick scars have 6, striae and
boxcar scars 10 to 13 samples of the lesion's grid."""


def narrowness(core: _Mask) -> float:
    """1 for a core (rows, cols) whose parts are hardly more than walls, 0 for wide ones."""
    return share_below(float(distance_inside(core).max()), PIT_SAMPLES)

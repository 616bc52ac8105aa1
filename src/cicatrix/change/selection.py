"""A faint outline holds what happened to look strongest when it was drawn.

Blotches of blood that come and go, and shading, are part of what an outline follows where
a lesion is faint. At any other visit they are others, so that an unchanged lesion would
seem to fade: the outline's own photograph shows more contrast than there is.
"""

import numpy as np
import numpy.typing as npt

from cicatrix.change.reading import SkinReading
from cicatrix.change.relief import faintness
from cicatrix.change.sources import Visits

__all__ = ["without_selection"]

_Floats = npt.NDArray[np.float64]

SELECTED_SDS = 1.8
"""Standard deviations of what changes between photographs by which the one that a faint
outline was drawn on shows more than there is. Of some 140 phantom pairs of contrast 4 with a
smallest detectable change below 45 % the fade was too large by 5.9 points without it and
by 0.1 with it on seeds 100 to 539, which chose it among three values, and by 6.9 and 0.8
on seeds 540 to 974."""

MOST = 0.5
"""No more than this share of a contrast is taken for selection."""


def without_selection(
    differences: _Floats, reading: SkinReading, visits: Visits, drawn_on: list[bool]
) -> _Floats:
    """Log contrasts (2, 3) without what an outline's selection added to them.

    Parameters
    ----------
    differences : (2, 3)
        ln lesion over skin, before and after.
    reading
        Whose `noise` says what differs between the photographs.
    visits
        Which photographs belong to which visit.
    drawn_on
        Per photograph, whether the outline was drawn on it.
    """
    weight = faintness(reading, visits)
    kept = differences.copy()
    for visit, shots in enumerate((visits.before, visits.after)):
        contrast = differences[visit]
        length = float(np.linalg.norm(contrast))
        if length == 0:
            continue
        along = contrast / length
        for shot in shots:
            if drawn_on[shot]:
                sd = float(np.sqrt(along @ reading.noise[shot] @ along))
                more = min(SELECTED_SDS * weight * sd, MOST * length) / len(shots)
                kept[visit] -= more * along
    return kept

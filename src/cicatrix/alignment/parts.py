"""Whether every part of a lesion was recognised, not only most of it."""

import numpy as np
import numpy.typing as npt

from cicatrix.alignment.lesion import LesionPlace
from cicatrix.errors import AlignmentRefused

__all__ = ["require_all_parts"]

_Array = npt.NDArray[np.float64]

_REACH = 0.08
"""Of the picture's longest side: patches no farther from a part's middle tell how it agrees."""
_LEAST_PATCHES = 3
"""Fewer of them tell nothing of a part."""
_LEAST_OF_BEST = 0.45
"""Agreement at a lesion's worst part over that at its best, below which it is not known
where that part lies: docs/explanation/alignment.md, parts far apart."""


def require_all_parts(
    place: LesionPlace, patch_xy: _Array, agreement: _Array, followup: str
) -> None:
    """Refuse where skin at one part of the lesion agrees far less than at another.

    Parameters
    ----------
    place
        The lesion, on the baseline.
    patch_xy, agreement
        Centres (n, 2) of compared patches of skin, full-resolution pixels of the baseline, and
        how well each agrees (n,).
    followup
        Name of the photograph that it is looked for in.

    Raises
    ------
    AlignmentRefused
        Skin around one part is not recognised although that around another is.
    """
    if len(place.outlines) < 2:
        return
    reach = _REACH * place.longest_px
    told = []
    for outline in place.outlines:
        away = np.hypot(*(patch_xy - outline.mean(axis=0)).T)
        near = agreement[away <= reach]
        if len(near) >= _LEAST_PATCHES:
            told.append(float(near.mean()))
    if told and min(told) < _LEAST_OF_BEST * max(told):
        raise AlignmentRefused(
            f"The lesion was taken in {len(place.outlines)} parts, and around one of them "
            f"the skin was not recognised in {followup}, so where that part lies there is "
            "not known. If you mean one part alone, draw its outline as a mask or a "
            "polygon; measure parts that lie far apart one by one."
        )

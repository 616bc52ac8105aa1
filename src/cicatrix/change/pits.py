"""Lesions that are hardly more than walls: what the camera sees of them is shade.

A flash lays gloss on the skin that faces it, and little on the walls of a pit: beside
glossy skin the pit looks darker than it is.
"""

import numpy as np
import numpy.typing as npt

from cicatrix.change.fading import Source, lengthening_draws
from cicatrix.change.likeness import Likeness
from cicatrix.change.soft_limit import share_below
from cicatrix.outline.ring import distance_inside

__all__ = ["narrowness", "shines_as_skin", "spared_sources"]

_Floats = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]

PIT_SAMPLES = 8.5
"""Half width of a core at which half of it is a wall: ice-pick scars have 6, striae and
boxcar scars 10 to 13 samples of the lesion's grid."""

SPARED_LN = 0.14
"""By how much a flash at one visit alone may still change the contrast of pits, one standard
deviation. Of 166 phantom pairs of ice-pick scars with a flash at one visit or both (seeds
100 to 289), 88 with one alone: taking over what the skin tells as if pits shone like it, and
without this, 73 of 87 intervals held the truth and 7 of 33 unchanged ones were called changed;
not taking it over 83 of 88 with 0.08 and 81 of 85 with 0.14, one of 32 called changed (even
and odd seeds alike)."""


def narrowness(core: _Mask) -> float:
    """1 for a core (rows, cols) whose parts are hardly more than walls, 0 for wide ones."""
    return share_below(float(distance_inside(core).max()), PIT_SAMPLES)


def shines_as_skin(likeness: Likeness, *, narrow: float) -> float:
    """How far a lesion takes part in the gloss of the skin beside it: 1, pits less.

    What the skin tells of gloss is taken off lesion and skin alike. Narrow pits have none
    of it, and that would lengthen their contrast where a flash has lengthened it already.

    Parameters
    ----------
    likeness
        Whether a flash fired in some photographs only.
    narrow
        `narrowness` of the lesion.
    """
    return 1.0 - narrow * likeness.flash.differs


def spared_sources(
    differences: _Floats,
    likeness: Likeness,
    rng: np.random.Generator,
    *,
    narrow: float,
) -> tuple[Source, ...]:
    """How much darker pits may look for the gloss that they are spared.

    `differences` (2, 3) are ln lesion over skin, before and after; the rest is as in
    `shines_as_skin`. Empty where no flash fired, or one in every photograph.
    """
    if not likeness.flash.differs:
        return ()
    spared = 1.0 - shines_as_skin(likeness, narrow=narrow)
    return (
        Source(
            name="flash in pits",
            explanation="a flash makes skin shine but not the walls of narrow pits, which "
            "look darker beside it; photograph every visit without a flash",
            moves=lengthening_draws(differences, SPARED_LN * spared, rng),
        ),
    )

"""Furrows that a scar has lost: it is lighter for it, whatever its pigment.

Furrows and pores see less of the sky than the skin between them. A scar has few, so that
part of its contrast is none of its pigment's and stays when that fades: a pale scar would
seem to fade too little and a dark one too much.
"""

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.change.fading import Source, normal_draws
from cicatrix.change.strength import GREEN

__all__ = ["furrow_source", "furrow_step_ln"]

_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]

FINEST_SAMPLES = 2.0
"""Structure of skin finer than this Gaussian is furrows and pores, not blotches."""

LIGHTER_PER_SPREAD = 0.7
"""How much lighter a lesion is for lost furrows, per standard deviation of the finest
structure of the adjacent skin, both ln green. Of 327 phantom pairs that faded by more than 15 %
(seeds 100 to 519, no flash, no ice picks) the fade's weighted error was least with 0.5 where the
skin's tone was told and with 0.9 where it was not (even seeds 0.6 and 1, odd ones 0.4 and 0.75);
with 0.7 it is within 0.02 points of the least of either."""

MOST_LN = 0.08
"""Skin that looks rougher than this is noisy."""

LOST_FURROWS_SD_LN = 0.030
"""How far that is off, one standard deviation: a lesion may bulge, or keep its furrows. Of
369 phantom pairs without a flash (seeds 100 to 739) the errors of the fade were likeliest with
0.030, on the halves of the seeds 0.036 and 0.027."""


def furrow_step_ln(lifted: tuple[_Image, ...], ring: _Mask) -> float:
    """How much lighter a lesion is for the furrows that the skin beside it has, ln.

    Parameters
    ----------
    lifted : tuple of (rows, cols, 3) float32
        Log light with the skin's surface taken off, all photographs.
    ring : (rows, cols) bool
        Adjacent skin.
    """
    weight = np.asarray(ring, dtype=np.float32)
    share = np.asarray(cv2.GaussianBlur(weight, (0, 0), FINEST_SAMPLES), np.float32)[
        ring
    ]
    spreads = [_fine_spread(image[..., GREEN], ring, weight, share) for image in lifted]
    spread = sum(spreads) / len(spreads)
    return float(min(LIGHTER_PER_SPREAD * spread, MOST_LN))


def furrow_source(rng: np.random.Generator) -> Source:
    """Draws of what a lesion lost more or less than that."""
    return Source(
        name="lost furrows",
        explanation="a scar has fewer furrows than skin and is lighter for it, a contrast "
        "that stays when pigment fades",
        moves=normal_draws(np.full((1, 2, 3), LOST_FURROWS_SD_LN), rng),
    )


def _fine_spread(
    green: _Image,
    ring: _Mask,
    weight: npt.NDArray[np.float32],
    share: npt.NDArray[np.float32],
) -> float:
    """Standard deviation of what a masked Gaussian leaves of the ring."""
    wide = np.asarray(cv2.GaussianBlur(green * weight, (0, 0), FINEST_SAMPLES))
    return float((green[ring] - wide[ring] / share).std())

"""Cameras and lamps that see the colour of a lesion otherwise.

A camera whose green leaks into its red draws a red scar weaker. It draws the skin itself
less red too, against white: the hue of the skin tells how far channels leak.
"""

import numpy as np
import numpy.typing as npt

from cicatrix.change.fading import DRAWS, Source
from cicatrix.change.signs import signs_of
from cicatrix.change.strength import BLOTCH_LN
from cicatrix.evidence.measuring import measuring_limits
from cicatrix.optics.mixing import LEAKS, MIXING_COVARIANCE, mixing_steps

__all__ = ["camera_colour_source"]

_Floats = npt.NDArray[np.float64]


def camera_colour_source(
    differences: _Floats, skin: _Floats, scale: float, rng: np.random.Generator
) -> Source:
    """Draws of what camera and lamp of either visit made of the colours.

    Parameters
    ----------
    differences : (2, 3)
        ln lesion - ln skin as photographed, before and after.
    skin : (2, 3)
        Linear light of the adjacent skin, white-balanced as far as known.
    scale
        How much of `MIXING_COVARIANCE` the two captures differ by, as a standard
        deviation.
    rng
        Draws come from here only.
    """
    half = rng.standard_normal((DRAWS // 2, 2, len(LEAKS) + 9)) * scale / np.sqrt(2)
    by_visit = np.ascontiguousarray(np.moveaxis(half, 0, 1))
    root = np.linalg.cholesky(MIXING_COVARIANCE)
    unmixed = measuring_limits().camera_colour_unmixed
    level = np.log(skin)

    def moved(steps: _Floats, below: _Floats = level) -> _Floats:
        mixed = mixing_steps(below + steps) - mixing_steps(below)
        # What no mixing explains: any share of any other channel's own contrast.
        apart = steps[:, None, :] - steps[:, :, None]
        own = unmixed * apart[..., None] * np.eye(3)[:, None]
        pull = np.concatenate(
            [np.swapaxes(mixed @ root, 1, 2), own.reshape(2, 9, 3)], axis=1
        )
        found = np.moveaxis(by_visit @ pull, 0, 1)
        return np.concatenate([found, -found])

    blotch = moved(np.array([BLOTCH_LN, BLOTCH_LN]))
    return Source(
        name="camera colour",
        explanation="camera and lamp spectra that a tone curve and gains cannot match",
        moves=moved(differences),
        signs=signs_of(blotch, moved(level, np.zeros((2, 3)))),  # on white
    )

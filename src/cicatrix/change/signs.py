"""What skin that both photographs show tells of cameras, lamps and gloss.

Whatever acts on lesion and skin alike leaves its signs on the skin: it draws the skin's
own pattern more strongly or more weakly, and it turns the skin's hue against white.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.change.strength import strength_moved

__all__ = ["SIGNS", "SkinSigns", "hue_of", "signs_of"]

_Floats = npt.NDArray[np.float64]

SIGNS = 3
"""Strength of the pattern; hue as red over green and blue over green. All ln, follow-up
over baseline."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkinSigns:
    """The signs (`SIGNS`,) as found and one standard deviation of each, ln.

    One that could not be read has a standard deviation of infinity.
    """

    found: _Floats
    sd: _Floats

    @property
    def read(self) -> npt.NDArray[np.intp]:
        """Which of them could be read."""
        return np.flatnonzero(np.isfinite(self.sd))


def hue_of(log_light: npt.ArrayLike) -> _Floats:
    """Hue (…, 2) of log light (…, 3): red over green, blue over green."""
    light = np.asarray(log_light, dtype=np.float64)
    return light[..., [0, 2]] - light[..., [1]]


def signs_of(blotch_moves: _Floats, skin_moves: _Floats) -> _Floats:
    """Signs (…, `SIGNS`) that a cause has left, given the moves that take it back.

    Parameters
    ----------
    blotch_moves : (…, 2, 3)
        Of the log contrast of `strength.BLOTCH_LN`, before and after.
    skin_moves : (…, 2, 3)
        Of the skin's log light against white.
    """
    hue = hue_of(skin_moves[..., 0, :] - skin_moves[..., 1, :])
    return np.concatenate([strength_moved(blotch_moves)[..., None], hue], axis=-1)

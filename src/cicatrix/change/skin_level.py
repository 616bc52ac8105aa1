"""How light the healthy skin is that contrasts are seen against, where a person told it.

A meter brings dark skin up and light skin down towards middle grey, and the same two
contrasts have another ratio on skin that looks lighter, as CIEDE2000 is not linear.
"""

import numpy as np
import numpy.typing as npt

from cicatrix.optics.cielab import LINEAR_SRGB_TO_XYZ, lab_to_xyz
from cicatrix.optics.skin import (
    DARKEST_ITA_DEG,
    LIGHTEST_ITA_DEG,
    pigments_for_ita,
    skin_lab,
    skin_reflectance,
)

__all__ = ["at_told_level", "told_luminance"]

_Floats = npt.NDArray[np.float64]


def at_told_level(skin_linear_rgb: _Floats, skin_ita_deg: float | None) -> _Floats:
    """Skin in its own hue, as light as skin of the angle that was told.

    Parameters
    ----------
    skin_linear_rgb : (3,)
        Healthy skin as photographed or as a card has it.
    skin_ita_deg
        Its individual typology angle, degrees; `None` leaves it as it is. Beyond the skin
        that the optical model knows, its lightest or darkest is taken.

    Returns
    -------
    (3,) linear light, 1 = perfect white.
    """
    if skin_ita_deg is None:
        return skin_linear_rgb
    found = float(LINEAR_SRGB_TO_XYZ[1] @ skin_linear_rgb)
    return np.asarray(skin_linear_rgb * (told_luminance(skin_ita_deg) / found))


def told_luminance(skin_ita_deg: float) -> float:
    """Luminance of usual skin of an individual typology angle (degrees), 1 = white."""
    within = min(max(skin_ita_deg, DARKEST_ITA_DEG), LIGHTEST_ITA_DEG)
    resting = pigments_for_ita(within)
    lab = skin_lab(skin_reflectance(resting.melanin_fraction, resting.blood_fraction))
    return float(lab_to_xyz(lab)[1])

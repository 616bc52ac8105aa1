"""Reflectance of skin from its pigments: an absorbing sheet over a scattering depth.

A forward model for made-up skin and for inverting photographs, not a Monte Carlo code:
light passes the epidermis twice (Beer-Lambert over a spread of path lengths) and is
scattered back by the dermis, whose diffuse reflectance follows diffusion theory.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from cicatrix.optics.cielab import D65_XYZ, ita_deg, xyz_to_lab
from cicatrix.optics.illuminants import daylight
from cicatrix.optics.spectra import (
    CMF_1931,
    baseline_absorption_per_cm,
    blood_absorption_per_cm,
    dermis_scattering_per_cm,
    melanosome_absorption_per_cm,
)

__all__ = [
    "DARKEST_ITA_DEG",
    "LIGHTEST_ITA_DEG",
    "SURFACE_REFLECTANCE",
    "SkinPigments",
    "dermis_reflectance",
    "epidermis_transmission",
    "pigments_for_ita",
    "skin_lab",
    "skin_reflectance",
]

_Array = npt.NDArray[np.float64]

_EPIDERMIS_CM: Final = 0.006
"""Living epidermis of thin skin, about 60 µm."""

_DOUBLE_PASS: Final = 4.0
"""Mean way through the epidermis over its thickness: down and up, each about 2 for
diffuse light. It only scales the melanin fraction, which is nominal anyway."""

SURFACE_REFLECTANCE: Final = 0.02
"""Light sent back above the pigment (horny layer), the same at all wavelengths."""

_INTERNAL_REFLECTION: Final = 2.95
"""A = (1 + r) / (1 - r) for n = 1.4 against air (Groenhuis et al. 1983)."""

DARKEST_ITA_DEG: Final = -60.0
LIGHTEST_ITA_DEG: Final = 62.0
"""Angles of the skin that this model can make."""

_RESTING_ITA_DEG: Final = (-45.0, -30.0, -10.0, 10.0, 30.0, 45.0, 57.0)
_RESTING_BLOOD: Final = (0.0110, 0.0097, 0.0095, 0.0095, 0.0082, 0.0066, 0.0046)
# Blood of resting skin by ITA. It, `SURFACE_REFLECTANCE` and the spread of path lengths were set so
# that CIELAB passes within 2 units of (68, 8, 17) at ITA 45, (53, 11.5, 19.5) at 10 and
# (35, 11, 15) at -45, inside the ranges that contact spectrophotometry reports.


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinPigments:
    """What colours a piece of skin.

    `melanin_fraction` is the melanosome volume fraction of the epidermis,
    `blood_fraction` the whole-blood fraction of the dermis, `oxygenation` the share of
    oxygenated haemoglobin, `scattering` a factor on the scattering of normal dermis.
    """

    melanin_fraction: float
    blood_fraction: float
    oxygenation: float = 0.7
    scattering: float = 1.0


def skin_reflectance(
    melanin_fraction: npt.ArrayLike,
    blood_fraction: npt.ArrayLike,
    scattering: npt.ArrayLike = 1.0,
    *,
    oxygenation: float = 0.7,
) -> _Array:
    """Diffuse reflectance (…, 31) of skin, without gloss.

    Parameters
    ----------
    melanin_fraction, blood_fraction, scattering : (…) float
        As in `SkinPigments`; shapes broadcast.
    oxygenation
        Share of oxygenated haemoglobin, 0..1.

    Returns
    -------
    (…, 31) float
        On the grid of `spectra`, 0..1: s + (1 - s) · sheet · depth.
    """
    sheet = epidermis_transmission(melanin_fraction)
    depth = dermis_reflectance(blood_fraction, scattering, oxygenation=oxygenation)
    return np.asarray(SURFACE_REFLECTANCE + (1 - SURFACE_REFLECTANCE) * sheet * depth)


def epidermis_transmission(melanin_fraction: npt.ArrayLike) -> _Array:
    """Share (…, 31) of light that survives both passes of the epidermis.

    1 / (1 + d µa): Beer-Lambert exp(-µa x) averaged over ways x that are spread
    exponentially with mean d, as for diffuse light in unevenly pigmented epidermis. The
    plain exponential makes dark skin far more saturated than it is.
    """
    melanin = np.asarray(melanin_fraction, dtype=np.float64)[..., None]
    absorbed = (
        melanin * melanosome_absorption_per_cm()
        + (1 - melanin) * baseline_absorption_per_cm()
    )
    return np.asarray(1 / (1 + _DOUBLE_PASS * _EPIDERMIS_CM * absorbed))


def dermis_reflectance(
    blood_fraction: npt.ArrayLike,
    scattering: npt.ArrayLike = 1.0,
    *,
    oxygenation: float = 0.7,
) -> _Array:
    """Total diffuse reflectance (…, 31) of a deep dermis.

    R = a' / (1 + 2A(1 - a') + (1 + 2A/3) sqrt(3(1 - a'))) with a' = µs' / (µa + µs');
    Flock et al. 1989, doi 10.1109/TBME.1989.1173624.
    """
    blood = np.asarray(blood_fraction, dtype=np.float64)[..., None]
    strength = np.asarray(scattering, dtype=np.float64)[..., None]
    absorbed = (
        blood * blood_absorption_per_cm(oxygenation)
        + (1 - blood) * baseline_absorption_per_cm()
    )
    lost = absorbed / (absorbed + strength * dermis_scattering_per_cm())
    a = _INTERNAL_REFLECTION
    spread = (1 + 2 * a / 3) * np.sqrt(3 * lost)
    return np.asarray((1 - lost) / (1 + 2 * a * lost + spread))


@lru_cache(maxsize=1)
def _d65_weights() -> _Array:
    """(31, 3): reflectance to XYZ under D65, white of a perfect diffuser = `D65_XYZ`."""
    weights = daylight(6504.0)[:, None] * CMF_1931
    # The 10 nm sum differs from the defined white by 1e-3; a channel gain closes it.
    return np.asarray(weights / weights.sum(axis=0) * D65_XYZ)


def skin_lab(reflectance: npt.ArrayLike) -> _Array:
    """CIELAB (…, 3) of reflectances (…, 31) under D65 for the CIE 1931 observer."""
    return xyz_to_lab(np.asarray(reflectance, dtype=np.float64) @ _d65_weights())


@lru_cache(maxsize=256)
def pigments_for_ita(wanted_ita_deg: float) -> SkinPigments:
    """Pigments of normal skin with this individual typology angle under D65.

    Parameters
    ----------
    wanted_ita_deg
        -60..62, degrees; larger is lighter.

    Raises
    ------
    ValueError
        The angle is outside -60..62.
    """
    if not DARKEST_ITA_DEG <= wanted_ita_deg <= LIGHTEST_ITA_DEG:
        raise ValueError(
            f"wanted_ita_deg must be in {DARKEST_ITA_DEG:g}..{LIGHTEST_ITA_DEG:g}, "
            f"got {wanted_ita_deg!r}"
        )
    blood = float(np.interp(wanted_ita_deg, _RESTING_ITA_DEG, _RESTING_BLOOD))
    low, high = 0.0005, 0.95
    for _ in range(50):
        melanin = (low + high) / 2
        if ita_deg(skin_lab(skin_reflectance(melanin, blood))) > wanted_ita_deg:
            low = melanin
        else:
            high = melanin
    return SkinPigments(melanin_fraction=(low + high) / 2, blood_fraction=blood)

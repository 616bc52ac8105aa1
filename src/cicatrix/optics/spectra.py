"""Published spectra on one grid: 400 to 700 nm in steps of 10 nm.

Absorption is in 1/cm, of the pure substance; reflectance and sensitivities have no unit.
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "CMF_1931",
    "WAVELENGTH_NM",
    "baseline_absorption_per_cm",
    "blood_absorption_per_cm",
    "dermis_scattering_per_cm",
    "melanosome_absorption_per_cm",
]

_Array = npt.NDArray[np.float64]

WAVELENGTH_NM: Final[_Array] = np.arange(400.0, 701.0, 10.0)

_HBO2_PER_CM_M: Final[_Array] = np.array(
    [
        *(266232, 466840, 480360, 246072, 102580, 62816, 44480, 33209.2, 26629.2),
        *(23684.4, 20932.8, 20035.2, 24202.4, 39956.8, 53236, 43016, 32613.2, 44496),
        *(50104, 14400.8, 3200, 1506, 942, 610, 442, 368, 319.6, 294, 277.6, 276, 290),
    ]
)
_HB_PER_CM_M: Final[_Array] = np.array(
    [
        *(223296, 303956, 407560, 528600, 413280, 103292, 23388.8, 16156.4, 14550),
        *(16684, 20862, 25773.6, 31589.6, 39036.4, 46592, 53412, 53788, 45072, 37020),
        *(28324.4, 14677.2, 9443.6, 6509.6, 5148.8, 4345.2, 3750.12, 3226.56),
        *(2795.12, 2407.92, 2051.96, 1794.28),
    ]
)
# Both: molar extinction in water, 1/(cm mol/l), compiled by S. Prahl from W. B. Gratzer
# and N. Kollias, https://omlc.org/spectra/hemoglobin/summary.html

_HB_G_PER_L: Final = 150.0
"""Whole blood, same source."""
_HB_G_PER_MOL: Final = 64500.0
"""Same source."""

CMF_1931: Final[_Array] = np.array(
    [
        [0.01431, 0.000396, 0.06785],
        [0.04351, 0.00121, 0.2074],
        [0.13438, 0.004, 0.6456],
        [0.2839, 0.0116, 1.3856],
        [0.34828, 0.023, 1.74706],
        [0.3362, 0.038, 1.77211],
        [0.2908, 0.06, 1.6692],
        [0.19536, 0.09098, 1.28764],
        [0.09564, 0.13902, 0.81295],
        [0.03201, 0.20802, 0.46518],
        [0.0049, 0.323, 0.272],
        [0.0093, 0.503, 0.1582],
        [0.06327, 0.71, 0.07825],
        [0.1655, 0.862, 0.04216],
        [0.2904, 0.954, 0.0203],
        [0.43345, 0.99495, 0.00875],
        [0.5945, 0.995, 0.0039],
        [0.7621, 0.952, 0.0021],
        [0.9163, 0.87, 0.00165],
        [1.0263, 0.757, 0.0011],
        [1.0622, 0.631, 0.0008],
        [1.0026, 0.503, 0.00034],
        [0.85445, 0.381, 0.00019],
        [0.6424, 0.265, 0.00005],
        [0.4479, 0.175, 0.00002],
        [0.2835, 0.107, 0.0],
        [0.1649, 0.061, 0.0],
        [0.0874, 0.032, 0.0],
        [0.04677, 0.017, 0.0],
        [0.0227, 0.00821, 0.0],
        [0.011359, 0.004102, 0.0],
    ]
)
"""(31, 3) x-bar, y-bar, z-bar of the CIE 1931 2° observer (CIE 015:2018)."""


@cache
def blood_absorption_per_cm(oxygenation: float) -> _Array:
    """Absorption (31,) of whole blood, 150 g haemoglobin a litre.

    `oxygenation` is the fraction of haemoglobin that carries oxygen, 0..1. Flattening by
    red cells and vessels is not in it.
    """
    if not 0 <= oxygenation <= 1:
        raise ValueError(f"oxygenation must be in [0, 1], got {oxygenation!r}")
    molar = oxygenation * _HBO2_PER_CM_M + (1 - oxygenation) * _HB_PER_CM_M
    return np.log(10) * molar * _HB_G_PER_L / _HB_G_PER_MOL


@cache
def melanosome_absorption_per_cm() -> _Array:
    """Absorption (31,) inside a melanosome of skin (S. Jacques 1998).

    1.70e12 · nm^-3.48, http://omlc.org/spectra/melanin/mua.html, which expects a
    ten-fold variation: only its shape is sure, so a melanin fraction is nominal.
    """
    return 1.70e12 * WAVELENGTH_NM**-3.48


@cache
def baseline_absorption_per_cm() -> _Array:
    """Absorption (31,) of skin without melanin and blood (S. Jacques 1998).

    0.244 + 85.3 exp(-(nm - 154) / 66.2), https://omlc.org/news/jan98/skinoptics.html
    """
    return 0.244 + 85.3 * np.exp(-(WAVELENGTH_NM - 154) / 66.2)


@cache
def dermis_scattering_per_cm() -> _Array:
    """Reduced scattering (31,) of dermis: a sum of a Rayleigh and a Mie part.

    a (f (nm/500)^-4 + (1 - f) (nm/500)^-b) with a = 46 /cm, f = 0.41, b = 0.562: within
    the spread of the rows for skin in S. Jacques 2013, doi 10.1088/0031-9155/58/11/R37.
    """
    ratio = WAVELENGTH_NM / 500
    return 46.0 * (0.41 * ratio**-4 + 0.59 * ratio**-0.562)

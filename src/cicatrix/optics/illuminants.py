"""Light sources as relative spectral power on the grid of `spectra`."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from cicatrix.optics.spectra import CMF_1931, WAVELENGTH_NM

__all__ = ["IlluminantKind", "Light", "daylight", "illuminant", "led", "planck"]

_Array = npt.NDArray[np.float64]
IlluminantKind = Literal["daylight", "planck", "led"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """A light source of your own: relative power on the grid of `spectra`, any scale."""

    name: str
    power: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.power) != len(WAVELENGTH_NM):
            raise ValueError(
                f"power needs {len(WAVELENGTH_NM)} values from 400 to 700 nm, "
                f"got {len(self.power)}"
            )


_S0: Final[_Array] = np.array(
    [
        *(94.8, 104.8, 105.9, 96.8, 113.9, 125.6, 125.5, 121.3, 121.3, 113.5, 113.1),
        *(110.8, 106.5, 108.8, 105.3, 104.4, 100.0, 96.0, 95.1, 89.1, 90.5, 90.3),
        *(88.4, 84.0, 85.1, 81.9, 82.6, 84.9, 81.3, 71.9, 74.3),
    ]
)
_S1: Final[_Array] = np.array(
    [
        *(43.4, 46.3, 43.9, 37.1, 36.7, 35.9, 32.6, 27.9, 24.3, 20.1, 16.2, 13.2, 8.6),
        *(6.1, 4.2, 1.9, 0.0, -1.6, -3.5, -3.5, -5.8, -7.2, -8.6, -9.5, -10.9, -10.7),
        *(-12.0, -14.0, -13.6, -12.0, -13.3),
    ]
)
_S2: Final[_Array] = np.array(
    [
        *(-1.1, -0.5, -0.7, -1.2, -2.6, -2.9, -2.8, -2.6, -2.6, -1.8, -1.5, -1.3, -1.2),
        *(-1.0, -0.5, -0.3, 0.0, 0.2, 0.5, 2.1, 3.2, 4.1, 4.7, 5.1, 6.7, 7.3, 8.6, 9.8),
        *(10.2, 8.3, 9.6),
    ]
)
# The three components of daylight, CIE 015:2018 table of S0, S1, S2.


@lru_cache(maxsize=64)
def illuminant(kind: IlluminantKind, cct_k: float) -> _Array:
    """Relative power (31,) of a source of this correlated colour temperature.

    Raises
    ------
    ValueError
        Unknown kind, or a temperature the kind does not reach.
    """
    makers = {"daylight": daylight, "planck": planck, "led": led}
    if kind not in makers:
        raise ValueError(f"illuminant must be one of {sorted(makers)}, got {kind!r}")
    return makers[kind](cct_k)


def planck(cct_k: float) -> _Array:
    """Black body (31,), 1 at 560 nm: incandescent and halogen lamps."""
    if not 1500 <= cct_k <= 25000:
        raise ValueError(f"cct_k must be in 1500..25000, got {cct_k!r}")
    c2_nm_k = 1.4388e7

    def power(nm: npt.ArrayLike) -> _Array:
        wavelength = np.asarray(nm, dtype=np.float64)
        return wavelength**-5 / np.expm1(c2_nm_k / (wavelength * cct_k))

    return power(WAVELENGTH_NM) / power(560.0)


def daylight(cct_k: float) -> _Array:
    """A phase of daylight (31,), 1 at 560 nm; 6504 K is D65 (CIE 015:2018)."""
    if not 4000 <= cct_k <= 25000:
        raise ValueError(f"daylight needs 4000..25000 K, got {cct_k!r}")
    kilo = 1e3 / cct_k
    if cct_k <= 7000:
        x = -4.6070 * kilo**3 + 2.9678 * kilo**2 + 0.09911 * kilo + 0.244063
    else:
        x = -2.0064 * kilo**3 + 1.9018 * kilo**2 + 0.24748 * kilo + 0.237040
    y = -3.000 * x**2 + 2.870 * x - 0.275
    m = 0.0241 + 0.2562 * x - 0.7341 * y
    m1 = (-1.3515 - 1.7703 * x + 5.9114 * y) / m
    m2 = (0.0300 - 31.4424 * x + 30.0717 * y) / m
    return np.asarray((_S0 + m1 * _S1 + m2 * _S2) / 100)


def led(cct_k: float) -> _Array:
    """A white LED (31,), largest value 1: a blue line and a phosphor.

    The blue die is at 452 nm (FWHM 22 nm), the phosphor peaks between 555 nm (cool) and
    600 nm (warm); their ratio is set so that McCamy's temperature comes out. A made-up
    but typical shape; phone flashes and ring lights are of this kind.
    """
    if not 2500 <= cct_k <= 7500:
        raise ValueError(f"led needs 2500..7500 K, got {cct_k!r}")
    warm = np.clip((6500 - cct_k) / 3800, 0.0, 1.0)
    blue = np.exp(-4 * np.log(2) * ((WAVELENGTH_NM - 452) / 22) ** 2)
    peak = 555 + 45 * warm
    width = np.where(peak > WAVELENGTH_NM, 48.0, 62.0)
    phosphor = np.exp(-0.5 * ((WAVELENGTH_NM - peak) / width) ** 2)
    low, high = 0.0, 8.0
    for _ in range(50):
        share = (low + high) / 2
        if _mccamy_cct_k(share * blue + phosphor) < cct_k:
            low = share
        else:
            high = share
    power = low * blue + phosphor
    return np.asarray(power / power.max())


def _mccamy_cct_k(power: _Array) -> float:
    """C. McCamy 1992, doi 10.1002/col.5080170211."""
    xyz = power @ CMF_1931
    x, y = xyz[0] / xyz.sum(), xyz[1] / xyz.sum()
    n = (x - 0.3320) / (0.1858 - y)
    return float(449 * n**3 + 3525 * n**2 + 6823.3 * n + 5520.33)

"""A smooth reflectance spectrum for a colour: what a painted patch might be made of."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cicatrix.optics.cielab import D65_XYZ, lab_to_xyz
from cicatrix.optics.illuminants import daylight
from cicatrix.optics.spectra import CMF_1931

__all__ = ["smooth_reflectance"]

_Array = npt.NDArray[np.float64]


@lru_cache(maxsize=256)
def smooth_reflectance(lab_d65: tuple[float, float, float]) -> _Array:
    """The smoothest reflectance (31,) in 0..1 with this CIELAB under D65, 2° observer.

    Least slope of z where reflectance = (tanh z + 1) / 2, subject to the three
    tristimulus equations, by Newton steps on the Lagrangian (S. Burns, "Numerical methods
    for smoothest reflectance reconstruction", 2020, doi 10.1002/col.22437).

    Raises
    ------
    ValueError
        No reflectance in 0..1 has this colour.
    """
    weights = daylight(6504.0)[:, None] * CMF_1931
    weights = weights / weights.sum(axis=0) * D65_XYZ
    wanted = lab_to_xyz(lab_d65)
    count = len(weights)
    slope: _Array = np.diff(np.eye(count), axis=0)
    hessian = 2 * slope.T @ slope
    z, multipliers = np.zeros(count), np.zeros(3)
    for _ in range(60):
        reflectance = (np.tanh(z) + 1) / 2
        first = 0.5 / np.cosh(z) ** 2
        second = -np.tanh(z) / np.cosh(z) ** 2
        jacobian = first[:, None] * weights
        residual = np.concatenate(
            [hessian @ z + jacobian @ multipliers, reflectance @ weights - wanted]
        )
        if np.abs(residual).max() < 1e-9:
            return np.asarray(reflectance)
        curved = hessian + np.diag(second * (weights @ multipliers))
        system = np.block([[curved, jacobian], [jacobian.T, np.zeros((3, 3))]])
        step = np.linalg.solve(system, residual)
        # Long first steps overshoot for saturated colours.
        step *= min(1.0, 2.0 / float(np.abs(step[:count]).max()))
        z, multipliers = z - step[:count], multipliers - step[count:]
    raise ValueError(f"no reflectance in 0..1 has CIELAB {lab_d65} under D65")

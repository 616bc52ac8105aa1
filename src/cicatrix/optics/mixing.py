"""Cameras and lamps as channels that leak into each other.

What a camera under a lamp makes of skin differs from what a perfect camera would make of
it, after white balance and colour matrix, much as if each channel had a little of the
other two mixed in and lost as much of itself: x_c + Σ_k w_ck (x_k - x_c). White stays.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["LEAKS", "MIXING_COVARIANCE", "mixing_steps"]

_Floats = npt.NDArray[np.float64]

LEAKS: Final = ((0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1))
"""Channel that receives, channel that leaks into it."""

MIXING_COVARIANCE: Final = 1e-4 * np.array(
    [
        [65.7, -21.7, 5.6, 3.0, -18.4, 28.0],
        [-21.7, 9.7, 1.6, 0.2, 7.7, -12.9],
        [5.6, 1.6, 17.7, 6.0, 4.3, -11.1],
        [3.0, 0.2, 6.0, 4.7, 1.9, -4.5],
        [-18.4, 7.7, 4.3, 1.9, 23.7, -33.5],
        [28.0, -12.9, -11.1, -4.5, -33.5, 53.2],
    ]
)
"""Covariance of the weights of `LEAKS` over our four made-up cameras under fifteen lamps
(3000 to 7000 K), each with a colour matrix off by up to 3 %, as fitted to skin of ITA -40
to 57 with scars of eight colours (`benchmarks/camera_mixing.py`). Real cameras, which
served to check it alone, have the same to a quarter (standard deviations 0.10, 0.04, 0.05,
0.03, 0.05, 0.08)."""


def mixing_steps(log_light: npt.ArrayLike) -> _Floats:
    """Change of log light (…, 3) for each weight of `LEAKS`: (…, 3, 6)."""
    light = np.asarray(log_light, dtype=np.float64)
    steps = np.zeros((*light.shape, len(LEAKS)))
    for weight, (into, leaks) in enumerate(LEAKS):
        steps[..., into, weight] = np.expm1(light[..., leaks] - light[..., into])
    return steps

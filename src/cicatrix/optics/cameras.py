"""How a camera sees a spectrum: sensitivities, white balance, colour matrix."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from cicatrix.optics.cielab import LINEAR_SRGB_TO_XYZ, lab_to_xyz
from cicatrix.optics.reflectances import smooth_reflectance
from cicatrix.optics.skin import pigments_for_ita, skin_lab, skin_reflectance
from cicatrix.optics.spectra import CMF_1931, WAVELENGTH_NM

__all__ = ["GENERIC_CAMERAS", "Camera", "generic_camera", "read_camera", "rgb_weights"]

_Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Camera:
    """A camera's spectral sensitivities (31, 3) on the grid of `spectra`, any scale.

    `perfect` marks the CIE observer, whose colour matrix is exact for every light.
    """

    name: str
    sensitivities: _Array
    perfect: bool = False


_LOBES: Final[dict[str, Sequence[Sequence[tuple[float, float, float, float]]]]] = {
    # Per channel: lobes of (height, peak nm, sd towards blue nm, sd towards red nm).
    "generic-dslr": (
        ((1.0, 600, 22, 36), (0.06, 430, 18, 25)),
        ((1.0, 532, 34, 38), (0.03, 460, 30, 30)),
        ((1.0, 456, 24, 32), (0.02, 560, 40, 40)),
    ),
    "generic-mirrorless": (
        ((1.0, 605, 30, 34), (0.09, 470, 35, 35)),
        ((1.0, 528, 30, 42), (0.05, 600, 25, 25)),
        ((1.0, 462, 28, 27), (0.04, 540, 30, 30)),
    ),
    "generic-phone": (
        ((1.0, 608, 34, 30), (0.14, 500, 40, 40)),
        ((1.0, 536, 42, 44), (0.10, 455, 30, 30)),
        ((1.0, 462, 30, 36), (0.07, 550, 40, 40)),
    ),
    "generic-phone-2": (
        ((1.0, 594, 28, 40), (0.10, 450, 30, 30)),
        ((1.0, 540, 38, 36), (0.06, 450, 25, 25)),
        ((1.0, 452, 22, 38), (0.05, 600, 40, 40)),
    ),
}
_INFRARED_CUT_NM: Final = {
    "generic-dslr": 665.0,
    "generic-mirrorless": 672.0,
    "generic-phone": 652.0,
    "generic-phone-2": 660.0,
}

GENERIC_CAMERAS: Final = ("cie-1931", *_LOBES)
"""Shipped families: the perfect observer and four made-up sensors.

The lobes have the widths and cross-talk that published sets of consumer cameras show
(Jiang et al. 2013, doi 10.1109/WACV.2013.6475015); none copies one camera.
"""


@lru_cache(maxsize=16)
def generic_camera(name: str) -> Camera:
    """A shipped camera by name.

    Raises
    ------
    ValueError
        The name is not in `GENERIC_CAMERAS`.
    """
    if name == "cie-1931":
        return Camera(name=name, sensitivities=CMF_1931, perfect=True)
    if name not in _LOBES:
        raise ValueError(f"camera must be one of {GENERIC_CAMERAS}, got {name!r}")
    channels = []
    for lobes in _LOBES[name]:
        channel = np.zeros_like(WAVELENGTH_NM)
        for height, peak, blueward, redward in lobes:
            width = np.where(peak > WAVELENGTH_NM, blueward, redward)
            channel += height * np.exp(-0.5 * ((WAVELENGTH_NM - peak) / width) ** 2)
        channels.append(channel)
    cut = 1 / (1 + np.exp((WAVELENGTH_NM - _INFRARED_CUT_NM[name]) / 8))
    cut *= 1 / (1 + np.exp((412 - WAVELENGTH_NM) / 5))  # ultraviolet filter
    return Camera(name=name, sensitivities=np.stack(channels, axis=-1) * cut[:, None])


def read_camera(path: Path) -> Camera:
    """A camera from a JSON file of the rawtoaces form, brought to our grid.

    Parameters
    ----------
    path
        File with `header.model` and `spectral_data.data.main`: {nm: [r, g, b]}.

    Raises
    ------
    ValueError
        The file is not of that form or does not span 400..700 nm.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    try:
        name = f"{content['header']['manufacturer']} {content['header']['model']}"
        rows = sorted(
            (float(nm), [float(value) for value in rgb])
            for nm, rgb in content["spectral_data"]["data"]["main"].items()
        )
    except (KeyError, TypeError, AttributeError) as wrong:
        raise ValueError(
            f"{path.name} is not a camera file of the rawtoaces form"
        ) from wrong
    wavelength = np.array([nm for nm, _ in rows])
    values = np.array([rgb for _, rgb in rows])
    if wavelength[0] > WAVELENGTH_NM[0] or wavelength[-1] < WAVELENGTH_NM[-1]:
        raise ValueError(f"{path.name} does not span 400 to 700 nm")
    sampled = [np.interp(WAVELENGTH_NM, wavelength, column) for column in values.T]
    return Camera(name=name, sensitivities=np.stack(sampled, axis=-1))


def rgb_weights(camera: Camera, light: npt.ArrayLike) -> _Array:
    """Weights (31, 3): reflectance times these is linear sRGB as the camera makes it.

    Sensor responses are white-balanced on a perfect diffuser and brought to linear sRGB
    (D65) by the matrix that fits a set of smooth reflectances best, white kept: what a
    camera's own processing does with a well-chosen preset. White is (1, 1, 1).

    Parameters
    ----------
    camera
        Sensitivities.
    light : (31,) float
        Spectral power of the illuminant.
    """
    raw = camera.sensitivities * np.asarray(light, dtype=np.float64)[:, None]
    balanced = raw / raw.sum(axis=0)
    to_srgb = np.linalg.inv(LINEAR_SRGB_TO_XYZ)
    if camera.perfect:
        # Scaling XYZ to the white of D65 is the plain von Kries adaptation.
        white = LINEAR_SRGB_TO_XYZ.sum(axis=1)
        return np.asarray((balanced * white) @ to_srgb.T)
    reflectances, wanted = _training()
    seen = reflectances @ balanced
    # White-preserving: fit differences from the grey axis (rows then sum to 1).
    basis = seen[:, 1:] - seen[:, :1]
    matrix = np.empty((3, 3))
    for row in range(3):
        target = wanted[:, row] - seen[:, 0]
        fit, *_ = np.linalg.lstsq(basis, target, rcond=None)
        matrix[row] = (1 - fit.sum(), *fit)
    return np.asarray(balanced @ matrix.T)


@lru_cache(maxsize=1)
def _training() -> tuple[_Array, _Array]:
    """Reflectances (n, 31) over hues and lightnesses, and their linear sRGB (n, 3)."""
    colours = [
        (lightness, chroma * np.cos(hue), chroma * np.sin(hue))
        for lightness in (35.0, 55.0, 75.0)
        for chroma in (12.0, 28.0)
        for hue in np.radians(np.arange(0, 360, 30))
    ]
    reflectances = np.stack(
        [smooth_reflectance((float(c[0]), float(c[1]), float(c[2]))) for c in colours]
    )
    # Makers tune for faces: real skin spectra stand beside the smooth ones.
    skin = [pigments_for_ita(angle) for angle in (55.0, 35.0, 10.0, -25.0)]
    faces = np.concatenate(
        [
            skin_reflectance(
                one.melanin_fraction, one.blood_fraction * np.array([0.7, 1.0, 2.0])
            )
            for one in skin
        ]
    )
    reflectances = np.concatenate([reflectances, faces, faces])
    lab = np.concatenate([np.array(colours), skin_lab(faces), skin_lab(faces)])
    wanted = lab_to_xyz(lab) @ np.linalg.inv(LINEAR_SRGB_TO_XYZ).T
    return reflectances, np.asarray(wanted)

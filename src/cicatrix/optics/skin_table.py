"""Skin as a camera sees it, fast: a table over log pigments instead of spectral sums."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.optics.skin import (
    SURFACE_REFLECTANCE,
    dermis_reflectance,
    epidermis_transmission,
)

__all__ = ["SkinTable", "skin_table"]

_Array = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]

_MELANIN_LOG: Final = np.linspace(np.log(4e-4), np.log(1.0), 192)
_BLOOD_LOG: Final = np.linspace(np.log(3e-4), np.log(0.6), 160)
_SCATTERING_LOG: Final = np.linspace(np.log(0.4), np.log(4.0), 17)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkinTable:
    """Response of one camera under one light on a grid of log pigments.

    `atlas` is (scattering * blood, melanin, 3) float32: one sheet for each scattering,
    the sheets under each other. `normal` (blood, melanin, 3) is the sheet of scattering 1.
    """

    atlas: _Image
    normal: _Image

    def light(self, log_melanin: _Image, log_blood: _Image) -> _Image:
        """Response (rows, cols, 3) where scattering is normal; see `light_scattered`."""
        columns, rows = _position(log_melanin, log_blood)
        return _looked_up(self.normal, columns, rows)

    def light_scattered(
        self, log_melanin: _Image, log_blood: _Image, log_scattering: _Image
    ) -> _Image:
        """Response (rows, cols, 3) float32 of skin.

        Parameters
        ----------
        log_melanin, log_blood, log_scattering : (rows, cols) float32
            Natural logarithms of the fractions of `optics.skin.SkinPigments`; values
            beyond the table (melanin 0.0004..1, blood 0.0003..0.6, scattering 0.4..4)
            are clamped to it.
        """
        columns, rows = _position(log_melanin, log_blood)
        height = len(_BLOOD_LOG)
        np.clip(rows, 0, height - 1.001, out=rows)
        level = (log_scattering - _SCATTERING_LOG[0]) / _step(_SCATTERING_LOG)
        level = np.clip(level, 0, len(_SCATTERING_LOG) - 1.001).astype(np.float32)
        low = np.floor(level)
        under = _looked_up(self.atlas, columns, rows + low * height)
        over = _looked_up(self.atlas, columns, rows + (low + 1) * height)
        return np.asarray(under + (level - low)[..., None] * (over - under))


def _position(log_melanin: _Image, log_blood: _Image) -> tuple[_Image, _Image]:
    columns = (log_melanin - np.float32(_MELANIN_LOG[0])) * np.float32(
        1 / _step(_MELANIN_LOG)
    )
    rows = (log_blood - np.float32(_BLOOD_LOG[0])) * np.float32(1 / _step(_BLOOD_LOG))
    return columns, rows


def _looked_up(sheet: _Image, columns: _Image, rows: _Image) -> _Image:
    return np.asarray(
        cv2.remap(
            sheet,
            columns,
            rows.astype(np.float32, copy=False),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.float32,
    )


def _step(axis: _Array) -> float:
    return float(axis[1] - axis[0])


def skin_table(weights: npt.ArrayLike, *, oxygenation: float = 0.7) -> SkinTable:
    """A table for a sensor whose channels weigh reflectance by `weights` (31, 3).

    Skin reflectance is a product of an epidermis (melanin) and a dermis (blood,
    scattering), so the whole table is one matrix product. Interpolation stays within
    0.3 % of the spectral sum (tests/optics/test_skin.py).
    """
    matrix: _Array = np.asarray(weights, dtype=np.float64)
    sheet = epidermis_transmission(np.exp(_MELANIN_LOG))
    depth = dermis_reflectance(
        np.exp(_BLOOD_LOG)[None, :],
        np.exp(_SCATTERING_LOG)[:, None],
        oxygenation=oxygenation,
    ).reshape(-1, matrix.shape[0])
    atlas = np.stack(
        [(depth * matrix[:, channel]) @ sheet.T for channel in range(3)], axis=-1
    )
    floor = SURFACE_REFLECTANCE * matrix.sum(axis=0)
    atlas = floor + (1 - SURFACE_REFLECTANCE) * atlas
    sheets = atlas.reshape(len(_SCATTERING_LOG), len(_BLOOD_LOG), *atlas.shape[1:])
    level = -_SCATTERING_LOG[0] / _step(_SCATTERING_LOG)
    low = int(level)
    normal = sheets[low] + (level - low) * (sheets[low + 1] - sheets[low])
    return SkinTable(
        atlas=np.ascontiguousarray(atlas, dtype=np.float32),
        normal=np.ascontiguousarray(normal, dtype=np.float32),
    )

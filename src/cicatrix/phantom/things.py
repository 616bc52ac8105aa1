"""Cards, rulers and patches that lie on the skin, as pictures of light in millimetres."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.colour.card_layout import (
    CARD_HEIGHT_MM,
    CARD_WIDTH_MM,
    COLORCHECKER_COLS,
    COLORCHECKER_LAB_D65,
    COLORCHECKER_PATCH_FRACTION,
    COLORCHECKER_PITCH_MM,
    COLORCHECKER_ROWS,
    card_raster,
)
from cicatrix.optics.reflectances import smooth_reflectance
from cicatrix.optics.spectra import WAVELENGTH_NM
from cicatrix.phantom.fields import FloatImage
from cicatrix.phantom.scene import Scene, SceneObject, SceneObjectKind

__all__ = ["Placed", "object_size_mm", "placed_objects"]

_Array = npt.NDArray[np.float64]

_CHECKER = "passport"
"""The product whose size fits beside a scar."""

_RULER_MM = (80.0, 14.0)
_GREY_MM = (30.0, 30.0)
_GREY_REFLECTANCE = 0.18


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Placed:
    """A thing as it lies on the skin at one visit.

    `raster` (rows, cols, 3) is its linear light under the capture, `px_per_mm` its
    density, `to_plane` (2, 3) brings its millimetres (from its top left) to the plane.
    """

    kind: SceneObjectKind
    raster: FloatImage
    px_per_mm: float
    to_plane: _Array

    @property
    def corners_plane_mm(self) -> _Array:
        """(4, 2) corners on the plane, clockwise from the thing's own top left."""
        width, height = object_size_mm(self.kind)
        own = np.array([[0, 0], [width, 0], [width, height], [0, height]])
        return own @ self.to_plane[:, :2].T + self.to_plane[:, 2]


def object_size_mm(kind: SceneObjectKind) -> tuple[float, float]:
    """Width and height of a thing."""
    pitch = COLORCHECKER_PITCH_MM[_CHECKER]
    sizes = {
        "cicatrix-card": (CARD_WIDTH_MM, CARD_HEIGHT_MM),
        "colorchecker": (pitch * COLORCHECKER_COLS, pitch * COLORCHECKER_ROWS),
        "ruler": _RULER_MM,
        "grey-patch": _GREY_MM,
    }
    return sizes[kind]


def placed_objects(
    scene: Scene, weights: _Array, *, visit: int, px_per_mm: float
) -> tuple[Placed, ...]:
    """The scene's things where they lie at a visit.

    `weights` (31, 3) turn a reflectance into linear light of the capture; `px_per_mm`
    is the least density of their pictures.
    """
    # Whole pixels a millimetre: then no edge of a printed square falls inside a pixel.
    px_per_mm = float(np.ceil(px_per_mm))
    placed = []
    for number, thing in enumerate(scene.objects):
        lit = _raster(thing.kind, weights.tobytes(), px_per_mm)
        if thing.kind == "cicatrix-card" and thing.print_spread > 0:
            lit = _as_printed(lit, weights, (scene.seed, number), thing.print_spread)
        placed.append(
            Placed(
                kind=thing.kind,
                raster=lit,
                px_per_mm=px_per_mm,
                to_plane=_lie(scene, thing, number, visit),
            )
        )
    return tuple(placed)


def _as_printed(
    raster: FloatImage, weights: _Array, seed: tuple[int, int], spread: float
) -> FloatImage:
    """The card from a printer that nobody has measured."""
    rng = np.random.default_rng([seed[0], 72, seed[1]])
    tone, paper, tint = rng.normal(0, spread, 3) * (0.08, 0.03, 0.01)
    slope = 1 + tint * (WAVELENGTH_NM - 550) / 150
    gain = ((1 + paper) * slope) @ weights
    curved = np.maximum(raster, 0) ** np.float32(1 + tone)
    return np.asarray(curved * gain.astype(np.float32), dtype=np.float32)


def _lie(scene: Scene, thing: SceneObject, number: int, visit: int) -> _Array:
    width, height = object_size_mm(thing.kind)
    moved, turned = np.zeros(2), 0.0
    if visit > 0:
        rng = np.random.default_rng([scene.seed, 71, number, visit])
        moved = rng.normal(0, thing.moves_mm, 2)
        turned = float(rng.normal(0, thing.turns_deg))
    angle = np.radians(thing.rotation_deg + turned)
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s], [s, c]])
    start = np.asarray(thing.centre_mm) + moved - turn @ np.array([width, height]) / 2
    return np.concatenate([turn, start[:, None]], axis=1)


@lru_cache(maxsize=8)
def _raster(kind: SceneObjectKind, weights: bytes, px_per_mm: float) -> FloatImage:
    table = np.frombuffer(weights, dtype=np.float64).reshape(-1, 3)
    makers = {
        "cicatrix-card": _card,
        "colorchecker": _checker,
        "ruler": _ruler,
        "grey-patch": _grey,
    }
    return makers[kind](table, px_per_mm)


def _grey_light(reflectance: FloatImage, table: _Array) -> FloatImage:
    return np.asarray(reflectance[..., None] * table.sum(axis=0), dtype=np.float32)


def _card(table: _Array, px_per_mm: float) -> FloatImage:
    return _grey_light(card_raster(px_per_mm), table)


def _grey(table: _Array, px_per_mm: float) -> FloatImage:
    shape = round(_GREY_MM[1] * px_per_mm), round(_GREY_MM[0] * px_per_mm)
    return _grey_light(np.full(shape, _GREY_REFLECTANCE, dtype=np.float32), table)


def _ruler(table: _Array, px_per_mm: float) -> FloatImage:
    width, height = _RULER_MM
    shape = round(height * px_per_mm), round(width * px_per_mm)
    ink = np.zeros(shape, dtype=np.uint8)
    edge = np.arange(shape[1] + 1)
    for mm in range(int(width) - 3):
        length = 6.0 if mm % 10 == 0 else 4.5 if mm % 5 == 0 else 3.0
        middle = (mm + 2.0) * px_per_mm
        reach = 0.1 * px_per_mm
        stroke = 255 * np.diff(np.clip(edge, middle - reach, middle + reach))
        rows = slice(0, round(length * px_per_mm))
        ink[rows] = np.maximum(ink[rows], stroke.astype(np.uint8))
        if mm % 10 == 0:
            at = (round((mm + 1.2) * px_per_mm), round(10.5 * px_per_mm))
            size, pen = 0.11 * px_per_mm, max(1, round(0.25 * px_per_mm))
            font = cv2.FONT_HERSHEY_SIMPLEX
            cv2.putText(ink, str(mm // 10), at, font, size, 255, pen, cv2.LINE_AA)
    reflectance = 0.82 - 0.77 * (ink.astype(np.float32) / np.float32(255))
    return _grey_light(reflectance, table)


def _checker(table: _Array, px_per_mm: float) -> FloatImage:
    pitch = COLORCHECKER_PITCH_MM[_CHECKER]
    width, height = object_size_mm("colorchecker")
    shape = round(height * px_per_mm), round(width * px_per_mm)
    frame = smooth_reflectance((24.0, 0.0, 0.0)) @ table
    raster = np.empty((*shape, 3), dtype=np.float32)
    raster[:] = frame
    half = COLORCHECKER_PATCH_FRACTION * pitch / 2
    for patch, lab in enumerate(COLORCHECKER_LAB_D65):
        x = (patch % COLORCHECKER_COLS + 0.5) * pitch
        y = (patch // COLORCHECKER_COLS + 0.5) * pitch
        rows = slice(round((y - half) * px_per_mm), round((y + half) * px_per_mm))
        cols = slice(round((x - half) * px_per_mm), round((x + half) * px_per_mm))
        raster[rows, cols] = smooth_reflectance(lab) @ table
    return raster

"""Skin with its lesion as the camera's light, still on the skin plane."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.optics.skin_table import SkinTable
from cicatrix.phantom.capture import Capture
from cicatrix.phantom.fields import FloatImage, Grid
from cicatrix.phantom.geometry import View
from cicatrix.phantom.lesion import LesionShape, lesion_shape
from cicatrix.phantom.scene import Scene
from cicatrix.phantom.skin_map import hair_cover, pigment_maps, relief_maps
from cicatrix.phantom.strength import LesionState, with_lesion

__all__ = ["Sitting", "grid_for", "light_direction", "skin_surface"]

_Array = npt.NDArray[np.float64]

_SHADE_DEPTH: Final = (0.62, 0.88, 1.0)
"""How much of the relief's shading each channel keeps: red light spreads furthest
sideways inside skin and fills the shadows."""

_ROUGHNESS: Final = 0.26
"""Spread of the slopes of the horny layer below what the relief draws."""

_TEXELS_PER_PIXEL: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One visit in front of one camera: what all parts of a rendering share."""

    scene: Scene
    capture: Capture
    view: View
    state: LesionState
    fade: float
    visit: int


def grid_for(view: View) -> Grid:
    """The part of the skin plane that a photograph shows, about a sample a pixel."""
    x = np.linspace(0, view.width_px - 1, 33)
    y = np.linspace(0, view.height_px - 1, 33)
    pixels = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    skin = view.to_skin_mm(pixels)
    skin = skin[np.isfinite(skin[:, 0])]
    low, high = skin.min(axis=0) - 1.5, skin.max(axis=0) + 1.5
    area = float(np.prod(high - low))
    limit = np.sqrt(area / (_TEXELS_PER_PIXEL * view.width_px * view.height_px))
    texel = max(1 / view.px_per_mm_at((0.0, 0.0)), float(limit))
    cols, rows = np.ceil((high - low) / texel).astype(int)
    return Grid(
        x0_mm=float(low[0]),
        y0_mm=float(low[1]),
        texel_mm=texel,
        rows=int(rows),
        cols=int(cols),
    )


def light_direction(capture: Capture, view: View) -> _Array:
    """Unit vector (3,) from the skin towards the main light, in the skin's frame."""
    turn = np.radians(capture.light_direction_deg)
    rise = np.radians(capture.light_elevation_deg)
    seen = np.array(
        [np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), -np.sin(rise)]
    )
    return np.asarray(view.rotation @ seen)


def skin_surface(sitting: Sitting, grid: Grid, table: SkinTable) -> FloatImage:
    """Linear light (rows, cols, 3) of the skin on its plane.

    Pigments, relief under the light, hair and shine are in it; the limb's own shading
    and the fall of light over the picture are not.
    """
    scene, shape = sitting.scene, lesion_shape(sitting.scene)
    maps = pigment_maps(scene, grid, visit=sitting.visit)
    light = table.light(*maps)
    window = _window(grid, shape)
    if window is not None:
        rows, cols = window
        cover = _resampled(shape.cover, shape, grid, window)
        local = maps[0][rows, cols], maps[1][rows, cols]
        made = with_lesion(scene, local, cover, sitting.state.strength)
        light[rows, cols] = table.light_scattered(*made)
    fine, height = _relief(sitting, grid, window)
    slope_x = _slope(height, grid, (1, 0))
    slope_y = _slope(height, grid, (0, 1))
    _shade(light, sitting, (slope_x, slope_y), fine)
    _add_hair(light, sitting, grid)
    if sitting.capture.gloss > 0:
        light += cv2.merge([_shine(sitting, grid, slope_x, slope_y)] * 3)
    return light


def _slope(height: FloatImage, grid: Grid, order: tuple[int, int]) -> FloatImage:
    scale = 0.5 / grid.texel_mm  # a central difference spans two samples
    slope = cv2.Sobel(height, cv2.CV_32F, *order, ksize=1, scale=scale)
    return np.asarray(slope, dtype=np.float32)


_Window = tuple[slice, slice]


def _window(grid: Grid, shape: LesionShape) -> _Window | None:
    lesion = shape.grid
    span = lesion.texel_mm * (lesion.cols - 1)
    low = grid.to_samples([lesion.x0_mm, lesion.y0_mm])
    high = grid.to_samples([lesion.x0_mm + span, lesion.y0_mm + span])
    col, row = np.maximum(np.ceil(low), 0).astype(int)
    end = np.minimum(np.floor(high) + 1, [grid.cols, grid.rows]).astype(int)
    if end[0] <= col or end[1] <= row:
        return None
    return slice(int(row), int(end[1])), slice(int(col), int(end[0]))


def _resampled(
    field: FloatImage, shape: LesionShape, grid: Grid, window: _Window
) -> FloatImage:
    rows, cols = window
    ratio = grid.texel_mm / shape.grid.texel_mm
    start = shape.grid.to_samples(
        [
            grid.x0_mm + cols.start * grid.texel_mm,
            grid.y0_mm + rows.start * grid.texel_mm,
        ]
    )
    matrix = np.array([[ratio, 0, start[0]], [0, ratio, start[1]]])
    size = (cols.stop - cols.start, rows.stop - rows.start)
    return np.asarray(
        cv2.warpAffine(
            field,
            matrix,
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.float32,
    )


def _relief(
    sitting: Sitting, grid: Grid, window: _Window | None
) -> tuple[FloatImage, FloatImage]:
    """Fine relief (furrows and pores), and all relief with the lesion's own, mm."""
    relief = relief_maps(sitting.scene, grid)
    fine = relief.furrows_mm + relief.pores_mm
    if window is None:
        return fine, fine
    shape = lesion_shape(sitting.scene)
    edge = _resampled(shape.edge, shape, grid, window)
    lost = np.float32(1 - sitting.scene.lesion_furrows)
    fine[window] *= 1 - lost * edge
    height = fine.copy()
    left = np.float32(max(0.0, 1 - sitting.fade))
    height[window] += left * _resampled(shape.relief_mm, shape, grid, window)
    return fine, height


def _shade(
    light: FloatImage,
    sitting: Sitting,
    slopes: tuple[FloatImage, FloatImage],
    fine: FloatImage,
) -> None:
    x, y, z = light_direction(sitting.capture, sitting.view)
    directed = (1 - sitting.capture.ambient) * (0.5 if sitting.capture.flash else 1.0)
    gain = np.float32(directed / max(-z, 0.2))
    shade = slopes[0] * np.float32(-x * gain)
    shade += slopes[1] * np.float32(-y * gain)
    np.clip(shade, -0.75, 1.0, out=shade)
    shade += np.float32(2.2) * fine  # furrows and pores see less of the sky
    light *= cv2.merge([1 + np.float32(depth) * shade for depth in _SHADE_DEPTH])


def _add_hair(light: FloatImage, sitting: Sitting, grid: Grid) -> None:
    scene = sitting.scene
    if scene.hairs_per_cm2 <= 0:
        return
    cover = hair_cover(scene, grid, visit=sitting.visit)
    fair = float(np.clip((scene.skin_ita_deg - 20) / 60, 0, 1))
    colour = np.array([0.030, 0.022, 0.016]) + fair * np.array([0.09, 0.055, 0.025])
    where = np.flatnonzero(cover)
    share = cover.ravel()[where][:, None]
    flat = light.reshape(-1, 3)
    flat[where] = flat[where] * (1 - share) + colour.astype(np.float32) * share


def _shine(
    sitting: Sitting, grid: Grid, slope_x: FloatImage, slope_y: FloatImage
) -> FloatImage:
    """Mirror light of the horny layer: strong where a facet halves light and eye."""
    stride = 24
    x = grid.x0_mm + grid.texel_mm * np.arange(0, grid.cols + stride, stride)
    y = grid.y0_mm + grid.texel_mm * np.arange(0, grid.rows + stride, stride)
    place = np.stack(np.meshgrid(x, y), axis=-1)
    view = sitting.view
    eye = view.centre - np.concatenate([place, np.zeros((*place.shape[:2], 1))], -1)
    eye /= np.linalg.norm(eye, axis=-1, keepdims=True)
    lamp = eye if sitting.capture.flash else light_direction(sitting.capture, view)
    half = eye + lamp
    facet = half[..., :2] / half[..., 2:] + view.slope(place)
    wide = cv2.resize(
        facet.astype(np.float32),
        None,
        fx=stride,
        fy=stride,
        interpolation=cv2.INTER_LINEAR,
    )[: grid.rows, : grid.cols]
    off = (slope_x - wide[..., 0]) ** 2 + (slope_y - wide[..., 1]) ** 2
    off *= np.float32(-0.5 / _ROUGHNESS**2)
    lobe = np.exp(off, out=off)
    gloss = sitting.capture.gloss * (1.6 if sitting.capture.flash else 1.0)
    lobe *= np.float32(0.22 * gloss)
    lobe += np.float32(0.012 * gloss)
    return np.asarray(lobe)

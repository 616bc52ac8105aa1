"""The skin plane seen through the camera: warped, lit, with cards and cloth on it."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.optics.reflectances import smooth_reflectance
from cicatrix.phantom.fields import FloatImage, Grid, smooth_noise
from cicatrix.phantom.surface import Sitting, light_direction
from cicatrix.phantom.things import Placed

__all__ = ["Picture", "photograph"]

_Array = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]

_DRAPE_LAB = (42.0, -14.0, -10.0)
"""A surgical drape."""

_GRAZING = (0.04, 0.06)
"""Squared cosine of sight at which a limb ends: closer to its outline the warp's lattice
is too coarse, and a lens sees nothing there either."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """Light on the sensor (rows, cols, 3) and where something hides the skin."""

    light: FloatImage
    hidden: _Mask


def photograph(
    sitting: Sitting,
    grid: Grid,
    surface: FloatImage,
    things: tuple[Placed, ...],
    weights: _Array,
) -> Picture:
    """What the lens projects of a skin surface and the things on it.

    `weights` (31, 3) turn reflectance into linear light of the capture.
    """
    samples = _over_pixels(
        sitting, lambda px: grid.to_samples(sitting.view.to_skin_mm(px)), 2
    )
    light = np.asarray(
        cv2.remap(
            surface,
            samples[..., 0],
            samples[..., 1],
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        dtype=np.float32,
    )
    shading = _over_pixels(sitting, lambda px: _limb_shading(sitting, px), 1, stride=16)
    light *= cv2.merge([shading] * 3)
    hidden = np.zeros(light.shape[:2], dtype=bool)
    cloth = _cloth_cover(sitting)
    if cloth is not None:
        _lay_cloth(light, sitting, cloth, weights)
        hidden |= cloth > 0
    for thing in things:
        hidden |= _lay_thing(light, sitting, thing)
    common = _over_pixels(sitting, lambda px: _fall_of_light(sitting, px), 1, stride=16)
    light *= cv2.merge([common] * 3)
    return Picture(light=light, hidden=hidden)


_OverPixels = Callable[[_Array], _Array]


def _over_pixels(
    sitting: Sitting, function: _OverPixels, channels: int, *, stride: int | None = None
) -> FloatImage:
    """A smooth function of pixels (n, 2) on the whole picture, (rows, cols[, channels]).

    Evaluated on every `stride`-th pixel and interpolated linearly; the warp's own stride
    keeps it within 0.01 px (tests/phantom/test_rendering.py).
    """
    cols, rows = sitting.capture.width_px, sitting.capture.height_px
    stride = stride or (4 if cols <= 2400 else 8)
    # Cell centres of a coarse picture, one cell beyond each border, so that resizing
    # interpolates exactly between them.
    wide, high = cols // stride + 3, rows // stride + 3
    middle = (stride - 1) / 2 - stride
    x = middle + stride * np.arange(wide)
    y = middle + stride * np.arange(high)
    pixels = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    values = np.asarray(function(pixels), dtype=np.float64)
    coarse = np.nan_to_num(values, nan=-1e4).reshape(high, wide, -1)
    fine = cv2.resize(
        coarse.astype(np.float32),
        (wide * stride, high * stride),
        interpolation=cv2.INTER_LINEAR,
    )
    part = fine[stride : stride + rows, stride : stride + cols]
    return np.ascontiguousarray(part) if channels > 1 else np.asarray(part)


def _limb_shading(sitting: Sitting, pixels: _Array) -> _Array:
    """Light on the limb's curve over that on the flat at the lesion."""
    view, capture = sitting.view, sitting.capture
    sheet = view.to_sheet_mm(pixels)
    beside = np.isnan(sheet[:, 0])
    slope = view.slope(np.nan_to_num(sheet))
    lamp = light_direction(capture, view)
    steep = np.sqrt(1 + (slope**2).sum(axis=-1))
    facing = (slope @ lamp[:2] - lamp[2]) / steep / max(-lamp[2], 0.2)
    directed = (1 - capture.ambient) * (0.4 if capture.flash else 1.0)
    sky = (1 + 1 / steep) / 2
    light = (1 - directed) * sky + directed * np.clip(facing, 0.0, 1.6)
    light[beside] = 0.5 * (1 - directed)  # as on the outline, so that it stays smooth
    return np.asarray(light)


def _fall_of_light(sitting: Sitting, pixels: _Array) -> _Array:
    """Uneven light over the whole picture: gradient, flash, vignetting; 1 in the middle."""
    capture = sitting.capture
    middle = np.array([(capture.width_px - 1) / 2, (capture.height_px - 1) / 2])
    off = (pixels - middle) / capture.width_px
    turn = np.radians(capture.shadow_direction_deg)
    along = off @ np.array([np.cos(turn), np.sin(turn)])
    light = 1 + capture.shadow_gradient * np.tanh(2 * along) * 0.65
    distance = (off**2).sum(axis=-1)
    light *= 1 - capture.vignetting * distance / 0.39
    if capture.flash:
        light *= (1 + 0.6 * distance / capture.focal_factor**2) ** -2
    return np.asarray(light)


def _cloth_cover(sitting: Sitting) -> FloatImage | None:
    """Share (rows, cols) of cloth: beyond the limb's outline and past `drape_mm`."""
    scene, cover = sitting.scene, None
    if abs(sitting.view.curvature_per_mm) > 1e-7:
        facing = _over_pixels(sitting, sitting.view.facing, 1)
        if facing.min() < _GRAZING[1]:
            low, high = _GRAZING
            cover = 1 - np.clip((facing - low) / (high - low), 0, 1)
    if scene.drape_mm is None:
        return cover
    rng = np.random.default_rng([scene.seed, 91])
    turn = float(rng.uniform(0, 2 * np.pi))
    at = scene.drape_mm + float(
        np.random.default_rng([scene.seed, 92, sitting.visit]).normal(0, 3)
    )
    wave = float(rng.uniform(0, 6))

    def past(pixels: _Array) -> _Array:
        place = sitting.view.plane_mm(pixels)
        along = place @ np.array([np.cos(turn), np.sin(turn)])
        across = place @ np.array([-np.sin(turn), np.cos(turn)])
        wobble = 2 * np.sin(across / 17 + wave + sitting.visit)
        return np.asarray(along - at - wobble)

    edge = np.clip(_over_pixels(sitting, past, 1) / 0.3, 0, 1)
    return edge if cover is None else np.maximum(cover, edge)


def _lay_cloth(
    light: FloatImage, sitting: Sitting, cover: FloatImage, weights: _Array
) -> None:
    rows, cols = cover.shape
    grid = Grid(x0_mm=0, y0_mm=0, texel_mm=1.0, rows=rows // 8 + 2, cols=cols // 8 + 2)
    seed = sitting.scene.seed + 7919 * (sitting.visit + 1)
    folds = smooth_noise(grid, seed=seed, stream=95, cell_mm=28)
    folds = 1 + 0.16 * cv2.resize(folds, (cols, rows), interpolation=cv2.INTER_CUBIC)
    colour = (smooth_reflectance(_DRAPE_LAB) @ weights).astype(np.float32)
    weave = np.random.default_rng(seed).standard_normal((256, 256), dtype=np.float32)
    tiles = np.tile(weave, (rows // 256 + 1, cols // 256 + 1))[:rows, :cols]
    cloth = (folds * (1 + 0.05 * tiles))[..., None] * colour
    light += cover[..., None] * (cloth - light)


def _lay_thing(light: FloatImage, sitting: Sitting, thing: Placed) -> _Mask:
    """Draw one flat thing and its faint shadow; answers where it hides the skin."""
    rows, cols = light.shape[:2]
    hidden = np.zeros((rows, cols), dtype=bool)
    corners = thing.corners_plane_mm
    seen = sitting.view.project(np.concatenate([corners, np.zeros((4, 1))], axis=1))
    low = np.maximum(np.floor(seen.min(axis=0)).astype(int) - 12, 0)
    high = np.minimum(np.ceil(seen.max(axis=0)).astype(int) + 13, [cols, rows])
    if (high <= low).any():
        return hidden
    own_rows, own_cols = thing.raster.shape[:2]
    own = np.array(
        [[0, 0], [own_cols, 0], [own_cols, own_rows], [0, own_rows]], dtype=np.float64
    )
    warp = cv2.getPerspectiveTransform(
        (own - 0.5).astype(np.float32), (seen - low).astype(np.float32)
    )
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    drawn = cv2.warpPerspective(
        thing.raster,
        warp,
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    cover = cv2.warpPerspective(
        np.ones((own_rows, own_cols), dtype=np.float32), warp, size
    )
    part = light[low[1] : high[1], low[0] : high[0]]
    spread = 0.5 * sitting.capture.px_per_mm
    shadow = cv2.GaussianBlur(cover, (0, 0), max(1.0, spread))
    part *= (1 - np.float32(0.22) * shadow)[..., None]
    part += cover[..., None] * (drawn - part)
    hidden[low[1] : high[1], low[0] : high[0]] = shadow > 0.02
    return hidden

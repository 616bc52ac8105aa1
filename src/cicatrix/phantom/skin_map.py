"""Healthy skin on the skin plane: pigments, relief, hair, as far as they persist."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.optics.skin import pigments_for_ita
from cicatrix.phantom.fields import (
    FloatImage,
    Grid,
    bumps,
    furrow_lines,
    octaves,
    smooth_noise,
)
from cicatrix.phantom.scene import Scene

__all__ = ["REACH_MM", "hair_cover", "pigment_maps", "relief_maps"]

REACH_MM = 170.0
"""Pores and moles are placed up to this far from the lesion, in both directions."""


def pigment_maps(
    scene: Scene, grid: Grid, *, visit: int
) -> tuple[FloatImage, FloatImage]:
    """Log melanin and log blood (rows, cols) of the skin without its lesion."""
    return _log_melanin(scene, grid), _log_blood(scene, grid, visit)


_MELANIN_OCTAVES = (
    (24.0, 0.045),
    (9.0, 0.04),
    (2.6, 0.05),
    (0.9, 0.06),
    (0.3, 0.06),
    (0.1, 0.05),
)
_BLOOD_OCTAVES = ((16.0, 0.06), (5.0, 0.07), (1.6, 0.10), (0.6, 0.10))
# Cell in mm and standard deviation of the logarithm. They give L* of arm skin a spread of
# about 1, a* about 0.8, as close-up photographs of skin show; chosen by eye on seeds < 1000.


@lru_cache(maxsize=3)
def _log_melanin(scene: Scene, grid: Grid) -> FloatImage:
    parts = [
        (stream, cell, sd * scene.mottling)
        for stream, (cell, sd) in enumerate(_MELANIN_OCTAVES)
    ]
    field = octaves(grid, parts, seed=scene.seed)
    field += _moles(scene, grid)
    return field + np.float32(
        np.log(pigments_for_ita(scene.skin_ita_deg).melanin_fraction)
    )


def _moles(scene: Scene, grid: Grid) -> FloatImage:
    rng = np.random.default_rng([scene.seed, 21])
    count = rng.poisson(scene.moles_per_dm2 * (2 * REACH_MM / 100) ** 2)
    centres = rng.uniform(-REACH_MM, REACH_MM, (count, 2))
    # The lesion and its ring stay free, so that the wanted contrast means what it says.
    centres = centres[np.hypot(*centres.T) > scene.size_mm / 2 + 10]
    light = np.clip((scene.skin_ita_deg + 45) / 100, 0.15, 1)
    strong = rng.uniform(0.5, 1.8, len(centres)) * light
    half = len(centres) // 2
    field = bumps(grid, centres[:half], strong[:half], sigma_mm=0.55)
    field += bumps(grid, centres[half:], strong[half:], sigma_mm=0.95)
    spots = rng.uniform(-REACH_MM, REACH_MM, (int(900 * light), 2))
    freckles = rng.uniform(0.05, 0.3, len(spots)) * light * scene.mottling
    return field + bumps(grid, spots, freckles, sigma_mm=0.7)


def _log_blood(scene: Scene, grid: Grid, visit: int) -> FloatImage:
    kept = np.float32(np.sqrt(1 - scene.vascular_change))
    new = np.float32(np.sqrt(scene.vascular_change))
    field = kept * _blood_mottle(scene, grid, 30)
    if new > 0:
        field = field + new * _blood_mottle(scene, grid, 1000 + 10 * visit)
    resting = pigments_for_ita(scene.skin_ita_deg).blood_fraction
    return np.asarray(field + np.float32(np.log(resting)), dtype=np.float32)


@lru_cache(maxsize=4)
def _blood_mottle(scene: Scene, grid: Grid, stream: int) -> FloatImage:
    parts = [
        (stream + number, cell, sd * scene.mottling)
        for number, (cell, sd) in enumerate(_BLOOD_OCTAVES)
    ]
    return octaves(grid, parts, seed=scene.seed)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relief:
    """Height in mm towards the camera, (rows, cols): furrows and pores apart."""

    furrows_mm: FloatImage
    pores_mm: FloatImage


@lru_cache(maxsize=1)
def relief_maps(scene: Scene, grid: Grid) -> Relief:
    """Furrow network and pores of the skin without its lesion."""
    rng = np.random.default_rng([scene.seed, 41])
    angle = float(rng.uniform(0, 180))
    spread = float(rng.uniform(55, 80))
    size = float(rng.uniform(0.42, 0.6))
    first = furrow_lines(
        grid,
        seed=scene.seed,
        stream=42,
        angle_deg=angle,
        cells_mm=(3.2 * size, size),
    )
    second = furrow_lines(
        grid,
        seed=scene.seed,
        stream=43,
        angle_deg=angle + spread,
        cells_mm=(2.6 * size, 0.9 * size),
    )
    patchy = smooth_noise(grid, seed=scene.seed, stream=44, cell_mm=7.0)
    lines = np.maximum(first, 0.8 * second) * np.clip(1 + 0.3 * patchy, 0.3, 1.7)
    pillows, grain = (45, 0.8, 0.012 * scene.relief), (46, 0.11, 0.0022 * scene.relief)
    furrows = octaves(grid, (pillows, grain), seed=scene.seed)
    lines *= np.float32(-0.035 * scene.relief)
    furrows += lines
    count = int(0.22 * (2 * REACH_MM) ** 2)
    centres = rng.uniform(-REACH_MM, REACH_MM, (count, 2))
    depth = rng.gamma(3.0, 0.018, count) * scene.relief
    half = count // 2
    pores = bumps(grid, centres[:half], -depth[:half], sigma_mm=0.10)
    pores += bumps(grid, centres[half:], -depth[half:], sigma_mm=0.16)
    return Relief(furrows_mm=furrows.astype(np.float32), pores_mm=pores)


def hair_cover(scene: Scene, grid: Grid, *, visit: int) -> FloatImage:
    """Share (rows, cols) of each sample that hairs hide; other hairs at each visit."""
    width, height = grid.cols * grid.texel_mm, grid.rows * grid.texel_mm
    rng = np.random.default_rng([scene.seed, 61, visit])
    flow = float(np.random.default_rng([scene.seed, 62]).uniform(0, 2 * np.pi))
    cover = np.zeros((grid.rows, grid.cols), dtype=np.uint8)
    # Roots are drawn for the whole reach, so the same hairs stand in all views of a visit.
    count = rng.poisson(scene.hairs_per_cm2 * (2 * REACH_MM / 10) ** 2)
    roots = rng.uniform(-REACH_MM, REACH_MM, (count, 2))
    heading = flow + rng.normal(0, 0.45, count)
    bend = rng.normal(0, 0.07, count)
    length = rng.uniform(3, 13, count)
    dark = rng.uniform(0.35, 0.95, count)
    margin = 15.0
    near = (
        (roots[:, 0] > grid.x0_mm - margin)
        & (roots[:, 0] < grid.x0_mm + width + margin)
        & (roots[:, 1] > grid.y0_mm - margin)
        & (roots[:, 1] < grid.y0_mm + height + margin)
    )
    steps = np.linspace(0, 1, 9)
    for one in np.flatnonzero(near):
        way = steps * length[one]
        turn = heading[one] + bend[one] * way
        path = np.stack([np.cos(turn), np.sin(turn)], axis=-1) * (length[one] / 8)
        points = roots[one] + np.cumsum(path, axis=0)
        _draw_hair(cover, grid.to_samples(points), dark[one] * 0.07 / grid.texel_mm)
    return cover.astype(np.float32) * np.float32(1 / 255)


def _draw_hair(
    cover: npt.NDArray[np.uint8], samples: npt.NDArray[np.float64], width_px: float
) -> None:
    shift = 4
    points = np.round(samples * 2**shift).astype(np.int32).reshape(-1, 1, 2)
    thickness = max(1, round(width_px))
    strength = int(255 * min(0.92, width_px / thickness * 0.9))
    cv2.polylines(
        cover,
        [points],
        isClosed=False,
        color=strength,
        thickness=thickness,
        lineType=cv2.LINE_AA,
        shift=shift,
    )

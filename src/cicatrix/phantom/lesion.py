"""The shape of a lesion on the skin plane, its relief, and what pigments it is made of."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.phantom.fields import FloatImage, Grid, smooth_noise
from cicatrix.phantom.scene import LesionKind, Scene

__all__ = ["LESION_PIGMENTS", "LesionShape", "lesion_shape"]

_Mask = npt.NDArray[np.bool_]

LESION_PIGMENTS: Final[dict[LesionKind, tuple[float, float, float]]] = {
    # Change of log melanin, log blood and log scattering for one unit of strength.
    "ice-pick": (0.5, 0.5, -0.1),
    "boxcar": (0.25, 0.6, 0.0),
    "rolling": (0.5, 0.35, 0.0),
    "red-scar": (-0.05, 1.0, 0.0),
    "dark-scar": (1.0, 0.15, 0.0),
    "pale-scar": (-0.6, -0.5, 0.35),
    "hypertrophic": (0.05, 1.0, 0.1),
    "stria-rubra": (-0.05, 1.0, -0.05),
    "stria-alba": (-0.5, -0.35, 0.5),
}
"""Redness is blood, brown is melanin, pale is less of both and more scattering.

Recent striae differ from skin by pigments, old ones by scattering (110 women;
docs/explanation/phantoms.md). The proportions are choices, not measurements.
"""

_ACNE: Final[dict[str, tuple[float, float, float, float]]] = {
    # Smallest and largest radius in mm, edge in mm, depth in mm.
    "ice-pick": (0.55, 1.1, 0.25, -0.45),
    "boxcar": (0.9, 2.0, 0.25, -0.25),
    "rolling": (1.8, 3.2, 0.9, -0.3),
}
_RELIEF_MM: Final[dict[str, float]] = {
    "hypertrophic": 0.9,
    "red-scar": 0.12,
    "pale-scar": -0.10,
    "dark-scar": 0.0,
    "stria-rubra": -0.06,
    "stria-alba": -0.12,
}

GUARD_MM: Final = 1.5
RING_MM: Final = 6.0
"""Adjacent skin of the truth lies between these distances from the lesion's edge."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LesionShape:
    """A lesion on its own fine grid.

    `cover` is how much of the full change a sample gets (about 1 inside, 0 outside, soft
    at the edge); `edge` is the same without the mottle inside, 0.5 on the outline.
    `outside_mm` is the distance to the outline from outside. `relief_mm` is height
    towards the camera. Length and width are those of the longest line for striae and of
    the smallest enclosing rectangle otherwise (of all scars together for acne).
    """

    grid: Grid
    cover: FloatImage
    edge: FloatImage
    outside_mm: FloatImage
    relief_mm: FloatImage
    area_mm2: float
    length_mm: float
    width_mm: float

    @property
    def inside(self) -> _Mask:
        """Where the lesion is."""
        return np.asarray(self.edge > 0.5)

    @property
    def adjacent(self) -> _Mask:
        """Where the adjacent skin of the truth is."""
        return np.asarray((self.outside_mm > GUARD_MM) & (self.outside_mm < RING_MM))


@lru_cache(maxsize=4)
def lesion_shape(scene: Scene) -> LesionShape:
    """The shape that belongs to a scene; the same at every visit."""
    rng = np.random.default_rng([scene.seed, 101])
    half = scene.size_mm / 2 + RING_MM + 4
    texel = float(np.clip(scene.size_mm / 260, 0.06, 0.16))
    count = int(np.ceil(2 * half / texel))
    grid = Grid(x0_mm=-half, y0_mm=-half, texel_mm=texel, rows=count, cols=count)
    if scene.lesion in _ACNE:
        edge, relief, length, width = _acne(scene, grid, rng)
    elif scene.lesion in ("stria-rubra", "stria-alba"):
        edge, relief, length, width = _striae(scene, grid, rng)
    else:
        edge, relief, length, width = _blob(scene, grid, rng)
    mottle = smooth_noise(grid, seed=scene.seed, stream=111, cell_mm=1.1)
    mottle += smooth_noise(grid, seed=scene.seed, stream=112, cell_mm=0.35)
    cover = edge * np.clip(1 + 0.10 * mottle, 0.5, 1.5)
    inside = edge > 0.5
    outside = cv2.distanceTransform(
        (~inside).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE
    )
    return LesionShape(
        grid=grid,
        cover=cover.astype(np.float32),
        edge=edge,
        outside_mm=np.asarray(outside * texel, dtype=np.float32),
        relief_mm=relief.astype(np.float32),
        area_mm2=float(inside.sum()) * texel**2,
        length_mm=length,
        width_mm=width,
    )


_Parts = tuple[FloatImage, FloatImage, float, float]


def _soft(distance_mm: FloatImage, edge_mm: float) -> FloatImage:
    """1 inside, 0 outside, a smooth step of width `edge_mm` around distance 0."""
    t = np.clip(0.5 - distance_mm / edge_mm, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def _axes(
    grid: Grid, centre_mm: tuple[float, float], angle: float
) -> tuple[FloatImage, FloatImage]:
    x = (grid.x_mm() - centre_mm[0])[None, :].astype(np.float32)
    y = (grid.y_mm() - centre_mm[1])[:, None].astype(np.float32)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return np.asarray(c * x + s * y), np.asarray(c * y - s * x)


def _blob(scene: Scene, grid: Grid, rng: np.random.Generator) -> _Parts:
    angle, aspect = rng.uniform(0, np.pi), rng.uniform(0.38, 0.7)
    half_u, half_v = scene.size_mm / 2 * 0.92, scene.size_mm / 2 * aspect
    u, v = _axes(grid, (0.0, 0.0), angle)
    wobble = 0.16 * smooth_noise(
        grid, seed=scene.seed, stream=102, cell_mm=scene.size_mm / 7
    )
    wobble += 0.07 * smooth_noise(
        grid, seed=scene.seed, stream=103, cell_mm=scene.size_mm / 20
    )
    radius = np.sqrt((u / half_u) ** 2 + (v / half_v) ** 2) * (1 + wobble)
    distance = ((radius - 1) * half_v).astype(np.float32)
    edge = _soft(distance, float(rng.uniform(1.0, 2.2)))
    dome = np.clip(-distance / half_v, 0, 1) ** 0.6
    length, width = _rectangle_mm(edge > 0.5, grid.texel_mm)
    return edge, _RELIEF_MM[scene.lesion] * dome * edge, length, width


def _acne(scene: Scene, grid: Grid, rng: np.random.Generator) -> _Parts:
    small, large, edge_mm, depth = _ACNE[scene.lesion]
    edge = np.zeros((grid.rows, grid.cols), dtype=np.float32)
    relief = np.zeros_like(edge)
    wanted, placed = int(rng.integers(6, 13)), np.zeros((0, 3))
    for _ in range(200):
        if len(placed) == wanted:
            break
        radius = float(rng.uniform(small, large))
        reach = scene.size_mm / 2 - radius
        spot = rng.uniform(-reach, reach, 2)
        gap = np.hypot(*(placed[:, :2] - spot).T) - placed[:, 2] - radius
        if np.hypot(*spot) > reach or (gap < 0.8).any():
            continue
        placed = np.concatenate([placed, [[*spot, radius]]])
        one, pit = _pit(grid, rng, (spot[0], spot[1], radius), edge_mm)
        edge = np.maximum(edge, one)
        relief += depth * float(rng.uniform(0.7, 1.2)) * pit
    length, width = _rectangle_mm(edge > 0.5, grid.texel_mm)
    return edge, relief, length, width


def _pit(
    grid: Grid,
    rng: np.random.Generator,
    disc_mm: tuple[float, float, float],
    edge_mm: float,
) -> tuple[FloatImage, FloatImage]:
    x, y, radius = disc_mm
    u, v = _axes(grid, (x, y), float(rng.uniform(0, np.pi)))
    squeeze = float(rng.uniform(0.75, 1.0))
    turn = np.arctan2(v, u)
    lobes = sum(
        float(rng.normal(0, 0.07)) * np.cos(n * turn + float(rng.uniform(0, 6.3)))
        for n in (2, 3, 4)
    )
    distance = np.hypot(u * squeeze, v / squeeze) - radius * (1 + lobes)
    edge = _soft(distance.astype(np.float32), edge_mm)
    return edge, _soft((distance + 0.25 * radius).astype(np.float32), 1.4 * radius)


def _striae(scene: Scene, grid: Grid, rng: np.random.Generator) -> _Parts:
    angle, count = float(rng.uniform(0, np.pi)), int(rng.integers(3, 7))
    gap = scene.size_mm / (count + 0.5) * 0.85
    edge = np.zeros((grid.rows, grid.cols), dtype=np.float32)
    relief = np.zeros_like(edge)
    lines: list[tuple[float, float]] = []
    for number in range(count):
        turn = angle + float(rng.normal(0, 0.06))
        u, v = _axes(grid, (0.0, 0.0), turn)
        offset = (number - (count - 1) / 2) * gap + float(rng.normal(0, 0.12 * gap))
        fits = float(np.sqrt(max(0.0, (scene.size_mm / 2) ** 2 - offset**2)))
        half = fits * float(rng.uniform(0.7, 0.97))
        middle = float(rng.uniform(-1, 1)) * (fits - half)
        waves = [
            (float(rng.normal(0, 0.10 * gap)), 2 * np.pi / float(rng.uniform(14, 40)))
            for _ in range(2)
        ]
        shift = float(rng.uniform(0, 6.3))
        width = float(rng.uniform(0.9, 1.8)) * min(1.0, gap / 5)
        along = (u - middle) / half
        centre = offset + sum(a * np.sin(k * u + shift) for a, k in waves)
        taper = np.sqrt(np.clip(1 - along**2, 0, 1))
        uneven = 1 + 0.18 * np.sin(2 * np.pi * u / float(rng.uniform(5, 9)) + shift)
        distance = np.abs(v - centre) - width * taper * uneven
        distance = np.where(np.abs(along) < 1, distance, 2.0)
        one = _soft(distance.astype(np.float32), 0.8) * (taper > 0)
        edge = np.maximum(edge, one)
        crumple = 0.35 * np.sin(2 * np.pi * u / 0.9 + 2 * np.sin(v))
        relief += _RELIEF_MM[scene.lesion] * one * (1 + crumple)
        lines.append(_line_mm((middle, half, shift), waves, width))
    longest = max(lines)
    return edge, relief.astype(np.float32), *longest


def _line_mm(
    place: tuple[float, float, float], waves: list[tuple[float, float]], width: float
) -> tuple[float, float]:
    """Arc length of a stria's centre line and its median full width."""
    middle, half, shift = place
    u = np.linspace(middle - half, middle + half, 400)
    v = sum(a * np.sin(k * u + shift) for a, k in waves)
    taper = np.sqrt(np.clip(1 - ((u - middle) / half) ** 2, 0, 1))
    return float(np.hypot(np.diff(u), np.diff(v)).sum()), float(
        np.median(2 * width * taper)
    )


def _rectangle_mm(mask: _Mask, texel_mm: float) -> tuple[float, float]:
    points = np.argwhere(mask)[:, ::-1].astype(np.float32)
    _, size, _ = cv2.minAreaRect(points)
    return float(max(size) + 1) * texel_mm, float(min(size) + 1) * texel_mm

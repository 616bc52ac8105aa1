"""The shape of a lesion on the skin plane, its relief, and what pigments it is made of."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.phantom.fields import FloatImage, Grid, furrow_lines, smooth_noise
from cicatrix.phantom.scene import LesionKind, Scene

__all__ = ["LESION_PIGMENTS", "LesionShape", "lesion_shape"]

_Mask = npt.NDArray[np.bool_]
_Real = npt.NDArray[np.floating]

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
    "surgical-line": (0.2, 0.8, 0.05),
    "patchy-scar": (0.45, 0.7, 0.0),
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
    "surgical-line": 0.10,
    "patchy-scar": 0.08,
}
_MOTTLE: Final[dict[str, float]] = {"patchy-scar": 0.20}
"""How unevenly the change covers the lesion; 0.13 where nothing else is said."""

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
    elif scene.lesion in ("stria-rubra", "stria-alba", "surgical-line"):
        edge, relief, length, width = _striae(scene, grid, rng)
    else:
        edge, relief, length, width = _blob(scene, grid, rng)
    mottle = smooth_noise(grid, seed=scene.seed, stream=111, cell_mm=1.1)
    mottle += smooth_noise(grid, seed=scene.seed, stream=112, cell_mm=0.35)
    uneven = _MOTTLE.get(scene.lesion, 0.13)
    cover = edge * np.clip(1 + uneven * mottle, 0.5, 1.5)
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
    angle, aspect = float(rng.uniform(0, np.pi)), float(rng.uniform(0.38, 0.7))
    half_u, half_v = scene.size_mm / 2 * 0.92, scene.size_mm / 2 * aspect
    u, v = _axes(grid, (0.0, 0.0), angle)
    # Noise in mm, not in radii: a radius would grow tails on the long side.
    wobble = np.zeros_like(u)
    for stream, cell, share in ((102, 5, 0.13), (103, 12, 0.05), (104, 40, 0.02)):
        noise = smooth_noise(
            grid, seed=scene.seed, stream=stream, cell_mm=scene.size_mm / cell
        )
        wobble += share * half_v * noise
    radius = np.sqrt((u / half_u) ** 2 + (v / half_v) ** 2)
    steep = np.sqrt((u / half_u**2) ** 2 + (v / half_v**2) ** 2) / (radius + 1e-6)
    distance = np.asarray((radius - 1) / (steep + 1e-6) + wobble, dtype=np.float32)
    edge = _soft(distance, float(rng.uniform(1.2, 2.6)))
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
    off = np.hypot(u * squeeze, v / squeeze)
    distance = off - radius * (1 + lobes * np.clip(off / radius, 0, 1))
    edge = _soft(distance.astype(np.float32), edge_mm)
    return edge, _soft((distance + 0.25 * radius).astype(np.float32), 1.4 * radius)


def _striae(scene: Scene, grid: Grid, rng: np.random.Generator) -> _Parts:
    angle, count = float(rng.uniform(0, np.pi)), int(rng.integers(4, 8))
    if scene.lesion == "surgical-line":
        count = 1
    gap = scene.size_mm / (count + 0.5) * 0.85
    edge = np.zeros((grid.rows, grid.cols), dtype=np.float32)
    ragged = 0.20 * smooth_noise(grid, seed=scene.seed, stream=105, cell_mm=2.2)
    ragged += 0.10 * smooth_noise(grid, seed=scene.seed, stream=106, cell_mm=0.7)
    lines = []
    for number in range(count):
        u, v = _axes(grid, (0.0, 0.0), angle + float(rng.normal(0, 0.05)))
        offset = (number - (count - 1) / 2) * gap + float(rng.normal(0, 0.15 * gap))
        line = _line(scene, rng, offset, gap)
        along = (u - line.middle_mm) / line.half_mm
        taper = line.taper(along)
        distance = np.abs(v - line.centre_mm(u)) - line.half_width_mm * taper
        distance += ragged * np.minimum(1.0, taper * 1.5)
        distance = np.where(np.abs(along) < 1, distance, 2.0).astype(np.float32)
        edge = np.maximum(edge, _soft(distance, 1.2))
        lines.append((line.length_mm(), line.width_mm()))
    # Old striae are crumpled across their run.
    crumple = furrow_lines(
        grid,
        seed=scene.seed,
        stream=107,
        angle_deg=float(np.degrees(angle)) + 90,
        cells_mm=(1.6, 0.35),
    )
    relief = _RELIEF_MM[scene.lesion] * edge * (1 + 0.35 * crumple)
    return edge, relief.astype(np.float32), *max(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A stria: runs along u around `offset_mm`; `waves` are (amplitude, wave number)."""

    middle_mm: float
    half_mm: float
    offset_mm: float
    half_width_mm: float
    phase: float
    waves: tuple[tuple[float, float], ...]

    def centre_mm(self, u: _Real) -> _Real:
        bends = [
            a * np.sin(k * u + self.phase * (n + 1))
            for n, (a, k) in enumerate(self.waves)
        ]
        return np.asarray(self.offset_mm + sum(bends))

    def taper(self, along: _Real) -> _Real:
        """Relative width: widest off the middle, pointed at both ends."""
        skew = 0.35 * np.sin(self.phase)
        return np.asarray(
            np.clip(1 - along**2, 0, 1) ** 0.7 * (1 + skew * along) / (1 + skew**2)
        )

    def length_mm(self) -> float:
        u = np.linspace(
            self.middle_mm - self.half_mm, self.middle_mm + self.half_mm, 400
        )
        return float(np.hypot(np.diff(u), np.diff(self.centre_mm(u))).sum())

    def width_mm(self) -> float:
        """Median full width."""
        along = np.linspace(-1, 1, 400)
        return float(np.median(2 * self.half_width_mm * self.taper(along)))


def _line(scene: Scene, rng: np.random.Generator, offset: float, gap: float) -> _Line:
    fits = float(np.sqrt(max(4.0, (scene.size_mm / 2) ** 2 - offset**2)))
    half = fits * float(rng.uniform(0.55, 0.97))
    return _Line(
        middle_mm=float(rng.uniform(-1, 1)) * (fits - half),
        half_mm=half,
        offset_mm=offset,
        half_width_mm=float(rng.uniform(0.8, 1.7)) * min(1.0, gap / 5),
        phase=float(rng.uniform(0, 6.3)),
        waves=tuple(
            (float(rng.normal(0, size * gap)), 2 * np.pi / float(rng.uniform(*span)))
            for size, span in ((0.14, (25, 60)), (0.05, (9, 18)), (0.02, (4, 7)))
        ),
    )


def _rectangle_mm(mask: _Mask, texel_mm: float) -> tuple[float, float]:
    points = np.argwhere(mask)[:, ::-1].astype(np.float32)
    _, size, _ = cv2.minAreaRect(points)
    return float(max(size) + 1) * texel_mm, float(min(size) + 1) * texel_mm

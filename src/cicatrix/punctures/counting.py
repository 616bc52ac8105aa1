"""What a stream of punctures covers: counted in squares, tested on lattices of points.

Test points stand on a square lattice as far apart as a disc is wide. Then a puncture can
lie within the disc's radius of one point only, the nearest, so that each puncture costs
one comparison for each radius. The lattice is laid down at random: the share of points
hit is an unbiased estimate of the share of skin (Cruz-Orive, J. Microsc. 1989).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt

from cicatrix.punctures.throwing import Block, gathered

__all__ = ["Coverage", "Patches", "count", "patches_at_once"]

Integers = npt.NDArray[np.int64]

QUADRAT_MM = 1.0
"""Side of the squares in which punctures are counted: about the size of an ice-pick scar."""

_POINTS_WANTED = 2000
"""Test points for each patch and radius: the share's own noise is then about 0.01."""
_MOST_LATTICES = 8
"""Lattices for one radius; patches that would need more are averaged anyway."""
_EVEN_SHIFT = np.array([0.7548776662466927, 0.5698402909980532])
"""Steps that spread lattices evenly over each other (Roberts's R2 sequence)."""
_CELLS_AT_ONCE = 1 << 22
"""Test points and squares of the patches counted together: a few megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patches:
    """Square patches: how many, half their side, and the guard border around each."""

    count: int
    half_mm: float
    guard_mm: float

    def outer_mm(self) -> float:
        """Half the side with the guard border."""
        return self.half_mm + self.guard_mm

    def area_mm2(self) -> float:
        """Of one patch without its border."""
        return 4 * self.half_mm**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What was counted.

    Attributes
    ----------
    quadrats : (patches, side, side) int
        Punctures in each square of a patch.
    quadrat_mm
        Side of a square.
    hit : (radii, patches) int
        Test points with a puncture within the radius.
    points : (radii, patches) int
        Test points.
    """

    quadrats: Integers
    quadrat_mm: float
    hit: Integers
    points: Integers


class _Lattice:
    """Test points over some patches, two radii apart; those hit are marked."""

    def __init__(
        self, patches: Patches, radius_mm: float, shift: npt.NDArray[np.float64]
    ) -> None:
        outer = patches.outer_mm()
        self._scale = np.float32(1 / (2 * radius_mm))
        self._side = ceil(2 * outer / (2 * radius_mm)) + 2
        self._origin = [np.float32(outer * self._scale + part) for part in shift]
        self._marks = np.zeros(patches.count * self._side**2, np.bool_)
        place = (np.arange(self._side) + 0.5 - shift[:, None]) * 2 * radius_mm
        inside = np.abs(place - outer) <= patches.half_mm
        # The first point is where punctures that hit nothing are thrown.
        self._patch_at = [np.flatnonzero(line) for line in inside]
        self._count = patches.count

    def mark(self, block: Block) -> None:
        cell_x, miss = _cell(block.x_mm, self._scale, self._origin[0])
        cell_y, miss_y = _cell(block.y_mm, self._scale, self._origin[1])
        miss += miss_y
        cell_y *= self._side
        cell_y += cell_x
        cell_y += block.patch * np.int32(self._side**2)
        cell_y *= miss < np.float32(0.25)
        self._marks[cell_y] = True

    def hits(self) -> tuple[Integers, int]:
        """Points hit in each patch, and points of a patch."""
        marks = self._marks.reshape(self._count, self._side, self._side)
        columns, rows = self._patch_at
        own = marks[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        # One patch at a time: summing truth values over axes is ten times slower.
        hits = np.array([np.count_nonzero(patch) for patch in own], np.int64)
        return hits, len(rows) * len(columns)


def _cell(
    place: npt.NDArray[np.float32], scale: np.float32, origin: np.float32
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Which cell, and the squared distance from its middle in units of its side."""
    scaled = place * scale
    scaled += origin
    cell = scaled.astype(np.int32)
    scaled -= cell
    scaled -= np.float32(0.5)
    scaled *= scaled
    return cell, scaled


def count(
    blocks: Iterable[Block],
    *,
    patches: Patches,
    radii_mm: Sequence[float],
    rng: np.random.Generator,
) -> Coverage:
    """Count punctures in squares, and test points within each radius of a puncture.

    Parameters
    ----------
    blocks
        All punctures within `patches.outer_mm()`; each is read once.
    patches
        The guard border must be wider than the largest radius.
    radii_mm
        Radii of the discs, each above 0.
    rng
        Lays down the lattices.
    """
    lattices = [_lattices(patches, radius, rng) for radius in radii_mm]
    side = max(1, round(2 * patches.half_mm / QUADRAT_MM))
    quadrat_mm = 2 * patches.half_mm / side
    border = ceil(patches.guard_mm / quadrat_mm)
    wide = side + 2 * border
    found = np.zeros(patches.count * wide**2, np.int64)
    scale = np.float32(1 / quadrat_mm)
    origin = np.float32(wide / 2)
    for block in gathered(blocks):
        across = (block.x_mm * scale + origin).astype(np.int32)
        down = (block.y_mm * scale + origin).astype(np.int32)
        np.clip(across, 0, wide - 1, out=across)
        np.clip(down, 0, wide - 1, out=down)
        cell = (block.patch * np.int32(wide) + down) * np.int32(wide) + across
        found += np.bincount(cell, minlength=len(found))
        for each in lattices:
            for lattice in each:
                lattice.mark(block)
    own = slice(border, border + side)
    results = [[lattice.hits() for lattice in each] for each in lattices]
    hit = [sum(hits for hits, _ in each) for each in results]
    points = [np.full(patches.count, sum(n for _, n in each)) for each in results]
    shape = (len(radii_mm), patches.count)
    return Coverage(
        quadrats=found.reshape(patches.count, wide, wide)[:, own, own],
        quadrat_mm=quadrat_mm,
        hit=np.array(hit, np.int64).reshape(shape),
        points=np.array(points, np.int64).reshape(shape),
    )


def _lattices(
    patches: Patches, radius_mm: float, rng: np.random.Generator
) -> list[_Lattice]:
    """As many lattices as give a patch the test points that are wanted."""
    points = patches.area_mm2() / (2 * radius_mm) ** 2
    number = int(np.clip(np.ceil(_POINTS_WANTED / points), 1, _MOST_LATTICES))
    shifts = (rng.random(2) + np.arange(number)[:, None] * _EVEN_SHIFT) % 1.0
    return [_Lattice(patches, radius_mm, shift) for shift in shifts]


def patches_at_once(patches: Patches, *, finest_mm: float) -> int:
    """How many patches may be counted together with little memory."""
    cells = (patches.outer_mm() / min(finest_mm, QUADRAT_MM / 4) + 2) ** 2
    return max(1, int(_CELLS_AT_ONCE // cells))

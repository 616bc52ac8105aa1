"""How many punctures a second are laid down and counted, on one core.

    python benchmarks/punctures.py [--write docs/reference/punctures-speed.md]

Processor time of one process. Beside the package's own way stand a plain NumPy one
(every test point against every puncture of its neighbourhood's square) and SciPy's tree,
on the same punctures and with the same test points a patch, one thread each.
"""

import argparse
import os
import platform
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy
from scipy.spatial import cKDTree

from cicatrix.punctures.asking import device_asked
from cicatrix.punctures.counting import Patches, count, patches_at_once
from cicatrix.punctures.device import Device, Handling
from cicatrix.punctures.field import Sampling, puncture_field
from cicatrix.punctures.throwing import Block, Tracks, throw, tracks_of

RADII_MM = (0.03535, 0.1, 0.25, 0.5)
SQUARE_MM = 2.0
"""Side of the squares by which the plain way finds near punctures."""
REPEATS = 5


@dataclass(frozen=True, kw_only=True)
class Task:
    """A device over patches of one size."""

    name: str
    device: Device
    handling: Handling
    patches: int
    half_mm: float

    def tracks(self) -> Tracks:
        """How the device moves."""
        return tracks_of(self.device, self.handling)

    def all_patches(self) -> Patches:
        """The patches with their border."""
        return Patches(count=self.patches, half_mm=self.half_mm, guard_mm=0.525)


def tasks() -> Iterator[Task]:
    """Pen, roller and stamp on large patches, and a pen on small ones."""
    pen = device_asked("pen", {"needles": 12, "rate_hz": 100})
    roller = device_asked("dermaroller-mf8", {})
    stamp = device_asked("stamp", {"needles": 36})
    large = {"patches": 4, "half_mm": 50.0}
    yield Task(name="pen", device=pen, handling=Handling(passes=4), **large)
    oblique = Handling(passes=4, directions_deg=(0.0, 90.0, 45.0, 135.0))
    yield Task(name="pen, oblique too", device=pen, handling=oblique, **large)
    yield Task(name="roller", device=roller, handling=Handling(passes=60), **large)
    yield Task(name="stamp", device=stamp, handling=Handling(passes=40), **large)
    small = {"patches": 200, "half_mm": 5.0}
    yield Task(name="pen, 1 cm²", device=pen, handling=Handling(passes=4), **small)


def seconds(work: Callable[[], object]) -> float:
    """Least processor time of some runs: others share the machine."""
    found = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def thrown(task: Task) -> list[Block]:
    """All punctures of a task."""
    patches = task.all_patches()
    rng = np.random.default_rng(1)
    return list(
        throw(task.tracks(), patches=task.patches, half_mm=patches.outer_mm(), rng=rng)
    )


def own_way(task: Task) -> int:
    """Laid down and counted as the command does; answers punctures in the patches."""
    patches = task.all_patches()
    size = patches_at_once(patches, finest_mm=min(RADII_MM))
    rng = np.random.default_rng(1)
    total = 0
    for first in range(0, task.patches, size):
        some = Patches(
            count=min(size, task.patches - first),
            half_mm=patches.half_mm,
            guard_mm=patches.guard_mm,
        )
        blocks = throw(
            task.tracks(), patches=some.count, half_mm=some.outer_mm(), rng=rng
        )
        found = count(blocks, patches=some, radii_mm=RADII_MM, rng=rng)
        total += int(found.quadrats.sum())
    return total


def points_of(patches: Patches, radius_mm: float) -> int:
    """Test points that one lattice lays on a patch."""
    return int(patches.area_mm2() / (2 * radius_mm) ** 2)


def tree_way(task: Task, blocks: list[Block]) -> None:
    """SciPy's tree of each patch, asked at as many points as the lattices have."""
    patches = task.all_patches()
    rng = np.random.default_rng(2)
    for places in by_patch(task, blocks):
        tree = cKDTree(places)
        for radius in RADII_MM:
            number = points_of(patches, radius)
            asked = rng.uniform(-patches.half_mm, patches.half_mm, (number, 2))
            far = tree.query(asked, distance_upper_bound=radius)[0]
            np.isfinite(far).mean()


def plain_way(task: Task, blocks: list[Block]) -> None:
    """Plain NumPy: in squares, all distances from test points to near punctures."""
    patches = task.all_patches()
    rng = np.random.default_rng(2)
    corners = np.arange(-patches.half_mm, patches.half_mm, SQUARE_MM)
    for places in by_patch(task, blocks):
        column = np.floor((places[:, 0] + patches.half_mm) / SQUARE_MM)
        for at, left in enumerate(corners):
            strip = places[np.abs(column - at) <= 1]
            for low in corners:
                near = strip[
                    (strip[:, 1] > low - max(RADII_MM))
                    & (strip[:, 1] < low + SQUARE_MM + max(RADII_MM))
                ]
                for radius in RADII_MM:
                    number = round(SQUARE_MM**2 / (2 * radius) ** 2)
                    asked = rng.uniform(0, SQUARE_MM, (number, 2)) + np.array(
                        [left, low]
                    )
                    far = ((asked[:, None] - near) ** 2).sum(axis=2)
                    (far.min(axis=1, initial=np.inf) < radius**2).mean()


def by_patch(task: Task, blocks: list[Block]) -> Iterator[np.ndarray]:
    """Places of the punctures of each patch."""
    x, y, patch = (
        np.concatenate([getattr(block, name) for block in blocks])
        for name in ("x_mm", "y_mm", "patch")
    )
    for number in range(task.patches):
        own = patch == number
        yield np.stack([x[own], y[own]], axis=1)


def peak_mb(task: Task) -> float:
    """Most memory that NumPy held while a task was counted."""
    tracemalloc.start()
    own_way(task)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def whole_command(patches: int) -> tuple[int, float]:
    """Everything that `puncture_field` answers: punctures, seconds."""
    pen = device_asked("pen", {"needles": 12, "rate_hz": 100})
    sampling = Sampling(patch_cm2=100, patches=patches)
    start = time.process_time()
    found = puncture_field(pen, handling=Handling(passes=4), sampling=sampling)
    return found.counted, time.process_time() - start


def report() -> str:
    """The page."""
    lines = []
    for task in tasks():
        counted = own_way(task)
        own = seconds(lambda task=task: own_way(task))
        laid = seconds(lambda task=task: thrown(task))
        lines.append(
            f"| {task.name} | {counted / 1e6:.2f} | {1e3 * own:.0f} | "
            f"{counted / own / 1e6:.1f} | {100 * laid / own:.0f} % | "
            f"{peak_mb(task):.0f} |"
        )
    pen = next(tasks())
    one = Task(
        name="pen", device=pen.device, handling=pen.handling, patches=1, half_mm=25.0
    )
    blocks = thrown(one)
    own = seconds(lambda: own_way(one))
    tree = seconds(lambda: tree_way(one, blocks))
    start = time.process_time()
    plain_way(one, blocks)
    plain = time.process_time() - start
    whole = [whole_command(patches) for patches in (10, 40)]
    commands = "\n".join(
        f"| {number / 1e6:.1f} | {took:.2f} | {number / took / 1e6:.1f} |"
        for number, took in whole
    )
    return f"""# Speed of punctures

Written by `python benchmarks/punctures.py --write docs/reference/punctures-speed.md`; do not edit.

Processor time of one process with one thread, the least of {REPEATS} runs. Machine: {platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}. Aim: 10 million a second.

**Included:** laying down every puncture with its accidents; counting all of them in squares of 1 mm (density, spread, patchiness); testing all of them for the wounded area and for the skin within 0.1, 0.25 and 0.5 mm. Punctures that fall into the border cost time but are not in the figure. **Not included:** nearest neighbours, which are measured on a sample of 40 windows and cost the same however large the area is. Patches are of 100 cm² but for the last line, where a border of 0.5 mm and up to 8 lattices a radius weigh more.

| device | million punctures | ms | million a second | of it laying down | peak memory, MB |
| --- | --- | --- | --- | --- | --- |
{chr(10).join(lines)}

## Beside other ways

The same {sum(len(b.x_mm) for b in blocks):,} punctures of a pen on 25 cm², the same radii, as many test points as one lattice has. The other two are given the punctures; the own way lays them down as well.

| way | ms | times the own way |
| --- | --- | --- |
| lattices (own), with laying down | {1e3 * own:.0f} | 1 |
| SciPy's cKDTree, one thread | {1e3 * tree:.0f} | {tree / own:.0f} |
| plain NumPy, all distances within squares of {SQUARE_MM:g} mm | {1e3 * plain:.0f} | {plain / own:.0f} |

## Everything that the function answers

`puncture_field` of the pen on patches of 100 cm², with nearest neighbours.

| million punctures | s | million a second |
| --- | --- | --- |
{commands}
"""


def main() -> None:
    """Print the page, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    page = report()
    print(page)
    if asked.write:
        asked.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

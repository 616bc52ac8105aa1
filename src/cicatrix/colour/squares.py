"""Even squares in a picture and the lattice that they stand on."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.colour.patches import Points, map_points

__all__ = ["Lattice", "find_squares", "grow_lattices"]

_EDGE_CODES = (8, 20, 40)
"""Code steps between neighbouring pixels that count as an edge: soft, usual, noisy."""

_LEAST_SIDE_PX = 5
_MOST_SQUARES = 400

_OFF_LATTICE = 0.25
"""Distance from the predicted place, over the pitch, up to which a square belongs."""

_SMALLEST_LATTICE = 6
_SETTLED = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lattice:
    """Squares numbered by row and column: `cells` (n, 2) as (col, row), `xy` (n, 2).

    `to_px` maps cells to pixels; `side_px` is the median side of a square.
    """

    cells: npt.NDArray[np.intp]
    xy: Points
    to_px: Points
    side_px: float


def find_squares(small: npt.NDArray[np.uint8]) -> Points:
    """Even, nearly rectangular areas of a picture.

    An area is even where neighbouring pixels differ little in every channel, whatever
    its colour; so light, dark and coloured patches are found alike.

    Parameters
    ----------
    small : (rows, cols, 3) uint8

    Returns
    -------
    (n, 3) float
        x, y and side, in pixels; duplicates from the several thresholds removed.
    """
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    edges = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, cross)
    step = np.asarray(
        cv2.max(cv2.max(edges[..., 0], edges[..., 1]), edges[..., 2]), dtype=np.uint8
    )
    found = [_rectangles(step, threshold) for threshold in _EDGE_CODES]
    return _without_doubles(np.concatenate(found))


def _rectangles(step: npt.NDArray[np.uint8], threshold: int) -> Points:
    flat = cv2.threshold(step, threshold, 1, cv2.THRESH_BINARY_INV)[1]
    _, marked, table, _ = cv2.connectedComponentsWithStats(flat, connectivity=4)
    labels, stats = np.asarray(marked, np.int32), np.asarray(table, np.int32)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    longest = max(step.shape) / 4
    fits = (
        (np.minimum(width, height) >= _LEAST_SIDE_PX - 2)
        & (np.maximum(width, height) < longest)
        & (np.maximum(width, height) < 2.5 * np.minimum(width, height))
        & (stats[:, cv2.CC_STAT_AREA] > 0.42 * width * height)
    )
    fits[0] = False
    chosen = np.flatnonzero(fits)
    # Patches are among the larger even areas; specks of noise are not worth a look.
    chosen = chosen[np.argsort(-stats[chosen, cv2.CC_STAT_AREA])][:_MOST_SQUARES]
    squares = [_square(labels, stats, int(i)) for i in chosen]
    return np.array([s for s in squares if s is not None]).reshape(-1, 3)


def _square(
    labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32], label: int
) -> tuple[float, float, float] | None:
    left, top, width, height, area = stats[label]
    mask = (labels[top : top + height, left : left + width] == label).astype(np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea)
    (x, y), (w, h), _ = cv2.minAreaRect(outline)
    # Contours run through pixel centres, the gradient eats a pixel on each side.
    w, h = w + 1, h + 1
    if min(w, h) < _LEAST_SIDE_PX - 2 or max(w, h) > 2.2 * min(w, h):
        return None
    filled = cv2.contourArea(outline) / max((w - 1) * (h - 1), 1.0)
    if filled < 0.78 or area < 0.6 * w * h:
        return None
    return left + x, top + y, float(np.sqrt(w * h)) + 2


def _without_doubles(squares: Points) -> Points:
    ordered = squares[np.argsort(-squares[:, 2])] if len(squares) else squares
    kept: list[int] = []
    for index, (x, y, side) in enumerate(ordered):
        earlier = ordered[kept]
        near = np.hypot(earlier[:, 0] - x, earlier[:, 1] - y) < 0.35 * side
        if not np.any(near & (earlier[:, 2] < 1.6 * side)):
            kept.append(index)
    return ordered[kept]


def grow_lattices(squares: Points) -> list[Lattice]:
    """Regular arrangements of squares, the largest first; small ones may overlap.

    Parameters
    ----------
    squares : (n, 3) float
        x, y and side.
    """
    free = np.ones(len(squares), dtype=bool)
    lattices = []
    for seed in range(len(squares)):
        if not free[seed]:
            continue
        numbered = _grown(squares, free, seed)
        if len(numbered) < _SMALLEST_LATTICE:
            continue
        lattice = _fitted(squares, numbered)
        if lattice is not None:
            lattices.append(lattice)
            # A stray square may start a wrong, small lattice: leave its members free.
            if len(numbered) >= _SETTLED:
                free[list(numbered)] = False
    return sorted(lattices, key=lambda found: -len(found.cells))


def _grown(
    squares: Points, free: npt.NDArray[np.bool_], seed: int
) -> dict[int, tuple[int, int]]:
    """Number the squares reached from `seed` by steps of one pitch."""
    basis = _basis(squares, free, seed)
    if basis is None:
        return {}
    numbered = {seed: (0, 0)}
    taken = {(0, 0)}
    steps = {seed: basis}
    queue = [seed]
    while queue:
        here = queue.pop(0)
        across, down = steps[here]
        for (col, row), guess in (
            ((1, 0), across),
            ((-1, 0), -across),
            ((0, 1), down),
            ((0, -1), -down),
        ):
            cell = numbered[here][0] + col, numbered[here][1] + row
            there = _nearest(squares, free, squares[here], guess)
            if there is None or cell in taken or there in numbered:
                continue
            numbered[there] = cell
            taken.add(cell)
            seen = squares[there, :2] - squares[here, :2]
            # Perspective changes the step slowly: follow it.
            turned = (seen if col + row > 0 else -seen) * 0.5
            steps[there] = (
                (across * 0.5 + turned, down) if col else (across, down * 0.5 + turned)
            )
            queue.append(there)
    return numbered


def _basis(
    squares: Points, free: npt.NDArray[np.bool_], seed: int
) -> tuple[Points, Points] | None:
    """Steps to the next square across and down (clockwise from across)."""
    x, y, side = squares[seed]
    offset = squares[:, :2] - (x, y)
    distance = np.hypot(offset[:, 0], offset[:, 1])
    alike = np.abs(np.log(squares[:, 2] / side)) < 0.35
    near = free & alike & (distance > 0.75 * side) & (distance < 1.9 * side)
    candidates = np.flatnonzero(near)
    candidates = candidates[np.argsort(distance[candidates])][:6]
    for i, first in enumerate(candidates):
        for second in candidates[i + 1 :]:
            a, b = offset[first], offset[second]
            cosine = a @ b / (distance[first] * distance[second])
            ratio = distance[first] / distance[second]
            # A square in the middle of the four: these are diagonals, not steps.
            middle = np.hypot(*(offset - (a + b) / 2).T)
            diagonal = bool(np.any(near & (middle < 0.3 * side)))
            if abs(cosine) < 0.45 and 0.6 < ratio < 1.67 and not diagonal:
                return (a, b) if a[0] * b[1] > a[1] * b[0] else (b, a)
    return None


def _nearest(
    squares: Points, free: npt.NDArray[np.bool_], here: Points, step: Points
) -> int | None:
    aim = here[:2] + step
    away = np.hypot(squares[:, 0] - aim[0], squares[:, 1] - aim[1])
    away = np.where(
        free & (np.abs(np.log(squares[:, 2] / here[2])) < 0.5), away, np.inf
    )
    best = int(np.argmin(away))
    return best if away[best] < _OFF_LATTICE * np.hypot(*step) else None


def _fitted(squares: Points, numbered: dict[int, tuple[int, int]]) -> Lattice | None:
    """The lattice's plane through the squares that agree with it."""
    members = np.array(list(numbered))
    cells = np.array([numbered[int(i)] for i in members])
    if np.ptp(cells[:, 0]) < 1 or np.ptp(cells[:, 1]) < 1:
        return None
    xy = squares[members, :2]
    side = float(np.median(squares[members, 2]))
    found, _ = cv2.findHomography(cells.astype(np.float64), xy, 0)
    if found is None:
        return None
    plane = np.asarray(found, dtype=np.float64)
    off = np.linalg.norm(map_points(plane, cells) - xy, axis=1)
    good = off < max(0.2 * side, 2 * float(np.median(off)))
    if good.sum() < _SMALLEST_LATTICE:
        return None
    better, _ = cv2.findHomography(cells[good].astype(np.float64), xy[good], 0)
    if better is None:
        return None
    return Lattice(
        cells=cells[good],
        xy=xy[good],
        to_px=np.asarray(better, dtype=np.float64),
        side_px=side,
    )

"""Finding a ColorChecker Classic 24, whole or in part, at any rotation."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.colour.card_layout import (
    COLORCHECKER_COLS,
    COLORCHECKER_LAB_D65,
    COLORCHECKER_PATCH_FRACTION,
    COLORCHECKER_ROWS,
)
from cicatrix.colour.patches import Points, map_points
from cicatrix.colour.squares import Lattice, find_squares, grow_lattices
from cicatrix.optics.cielab import LINEAR_SRGB_TO_XYZ, lab_to_xyz

__all__ = ["CardPlace", "colorchecker_from_corners", "locate_colorchecker"]

CELLS: Points = np.array(
    [(k % COLORCHECKER_COLS, k // COLORCHECKER_COLS) for k in range(24)], dtype=float
)
"""(col, row) of patch k, counted from 0 at the card's top left."""

_LEAST_LIKENESS = 0.72
"""Likeness to the reference above which a lattice is the card. On the shared cards,
right placements reach 0.85-0.99; on 600 random lattices chance stays below 0.6."""

_LEAST_LEAD = 0.08
"""Lead over the next best placement; a right one leads by more than 0.2."""

_EVEN_CODES = 14
"""SD of codes in the middle of a patch: noise and JPEG stay below it."""

_MAX_LATTICES = 4
_FEWEST_CELLS = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CardPlace:
    """Where the card lies: `to_px` maps (col, row) to full-resolution pixels.

    `seen` (24,) tells which patches stood out as even squares by themselves;
    `mirrored` that the picture shows the card's mirror image.
    """

    to_px: Points
    seen: npt.NDArray[np.bool_]
    mirrored: bool


def locate_colorchecker(
    small: npt.NDArray[np.uint8], factors: tuple[float, float]
) -> CardPlace | None:
    """Where a ColorChecker lies in a reduced picture, or `None`.

    Even squares are joined to lattices; each lattice is tried at every place, rotation
    and mirroring of the 4 x 6 patches; the colours under the patches decide.

    Parameters
    ----------
    small : (rows, cols, 3) uint8
        Reduced picture as stored.
    factors
        (x, y) size of a reduced pixel in full-resolution pixels.
    """
    lattices = grow_lattices(find_squares(small))
    for lattice in lattices[:_MAX_LATTICES]:
        place = _placed(small, lattice) if len(lattice.cells) >= _FEWEST_CELLS else None
        if place is not None:
            grow = np.array(
                [
                    [factors[0], 0, factors[0] / 2 - 0.5],
                    [0, factors[1], factors[1] / 2 - 0.5],
                    [0, 0, 1],
                ]
            )
            return CardPlace(
                to_px=grow @ place.to_px, seen=place.seen, mirrored=place.mirrored
            )
    return None


def colorchecker_from_corners(corners_xy: Points) -> CardPlace:
    """The place of a card whose corners a user gave.

    Parameters
    ----------
    corners_xy : (4, 2) float
        Outer corners of the four corner patches (dark skin, bluish green, black,
        white), full-resolution pixels, clockwise from the dark-skin patch.
    """
    half = COLORCHECKER_PATCH_FRACTION / 2
    right, bottom = COLORCHECKER_COLS - 1 + half, COLORCHECKER_ROWS - 1 + half
    cells = np.array([(-half, -half), (right, -half), (right, bottom), (-half, bottom)])
    to_px = cv2.getPerspectiveTransform(
        cells.astype(np.float32), corners_xy.astype(np.float32)
    )
    return CardPlace(
        to_px=np.asarray(to_px, dtype=np.float64),
        seen=np.ones(24, dtype=bool),
        mirrored=False,
    )


def _placed(small: npt.NDArray[np.uint8], lattice: Lattice) -> CardPlace | None:
    """The best placement of the 24 patches on a lattice, if it is the card."""
    low, high = lattice.cells.min(axis=0), lattice.cells.max(axis=0)
    board = _board(small, lattice)
    tries = []
    for turn in range(8):
        tries += [
            (_likeness(board, cells), turn, cells)
            for cells in _placements(low, high, turn)
        ]
    tries.sort(key=lambda one: -one[0])
    if not tries or tries[0][0] < _LEAST_LIKENESS:
        return None
    if len(tries) > 1 and tries[0][0] - tries[1][0] < _LEAST_LEAD:
        return None
    _, turn, cells = tries[0]
    seen = board.filled[tuple((cells - board.corner).T)]
    to_lattice = _affine(cells)
    return CardPlace(to_px=lattice.to_px @ to_lattice, seen=seen, mirrored=turn >= 4)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Board:
    """What lies at every cell a card on this lattice may reach; index (col, row).

    `colours` (cols, rows, 3) median codes, `even` and `filled` (cols, rows): whether the
    spot is even, whether a square was found there. `corner` is the cell of index (0, 0).
    """

    corner: npt.NDArray[np.intp]
    colours: Points
    even: npt.NDArray[np.bool_]
    filled: npt.NDArray[np.bool_]


def _board(small: npt.NDArray[np.uint8], lattice: Lattice) -> _Board:
    corner = lattice.cells.min(axis=0) - COLORCHECKER_COLS
    size = lattice.cells.max(axis=0) + COLORCHECKER_COLS + 1 - corner
    cells = np.indices(tuple(size)).reshape(2, -1).T + corner
    reach = max(1, round(lattice.side_px * 0.2))
    colours, spread, inside = _sampled(small, map_points(lattice.to_px, cells), reach)
    # Far beyond the card the plane may fold over the horizon.
    inside &= np.column_stack([cells, np.ones(len(cells))]) @ lattice.to_px[2] > 0
    filled = np.zeros(tuple(size), dtype=bool)
    filled[tuple((lattice.cells - corner).T)] = True
    return _Board(
        corner=corner,
        colours=colours.reshape(*size, 3),
        even=(inside & (spread < _EVEN_CODES)).reshape(tuple(size)),
        filled=filled,
    )


def _placements(
    low: npt.NDArray[np.intp], high: npt.NDArray[np.intp], turn: int
) -> list[npt.NDArray[np.intp]]:
    """Lattice cells of the 24 patches for each shift of one rotation or mirroring.

    The card must cover the lattice, but for one stray row or column of squares.
    """
    quarter = [np.array([[1, 0], [0, 1]]), np.array([[0, -1], [1, 0]])]
    rotation = np.linalg.matrix_power(quarter[1], turn % 4)
    if turn >= 4:
        rotation = rotation @ np.array([[-1, 0], [0, 1]])
    cells = np.round(CELLS @ rotation.T).astype(np.intp)
    cells -= cells.min(axis=0)
    size = cells.max(axis=0) + 1
    extent = high - low + 1
    if np.any(extent > size + 1):
        return []
    slack = np.maximum(size - extent, 0)
    extra = np.maximum(extent - size, 0)
    return [
        cells + low + np.array([dx, dy])
        for dx in range(-int(slack[0]), int(extra[0]) + 1)
        for dy in range(-int(slack[1]), int(extra[1]) + 1)
    ]


def _affine(cells: npt.NDArray[np.intp]) -> Points:
    """(3, 3) matrix from card cells to lattice cells."""
    origin, across, down = cells[0], cells[1] - cells[0], cells[6] - cells[0]
    return np.array(
        [
            [across[0], down[0], origin[0]],
            [across[1], down[1], origin[1]],
            [0.0, 0.0, 1.0],
        ]
    )


def _likeness(board: _Board, cells: npt.NDArray[np.intp]) -> float:
    """How well the colours under the patches agree with the reference, about -1..1.

    Correlations are per channel and per channel difference, so that no cast, exposure
    or tone curve matters; patches that are not even are left out (covered).
    """
    index = tuple((cells - board.corner).T)
    use, filled = board.even[index], board.filled[index]
    if use.sum() < _FEWEST_CELLS or filled.sum() < _FEWEST_CELLS:
        return -1.0
    # Covered patches are even too, now and then; squares found count in full.
    weight = np.where(filled[use], 1.0, 0.35)
    ours = _features(board.colours[index][use] / 255.0)
    theirs = _features(_REFERENCE_ENCODED[use])
    ours = ours - np.average(ours, axis=0, weights=weight)
    theirs = theirs - np.average(theirs, axis=0, weights=weight)
    across = (weight[:, None] * ours * theirs).sum(axis=0)
    power = (weight[:, None] * ours**2).sum(axis=0) * (weight[:, None] * theirs**2).sum(
        axis=0
    )
    correlation = across / np.sqrt(power + 1e-9)
    return float(correlation.mean() * min(1.0, 0.5 + filled.mean()))


def _features(encoded: Points) -> Points:
    r, g, b = np.moveaxis(encoded, -1, 0)
    return np.stack([r, g, b, r - g, g - b], axis=-1)


def _sampled(
    small: npt.NDArray[np.uint8], xy: Points, reach: int
) -> tuple[Points, Points, npt.NDArray[np.bool_]]:
    """Median colour (n, 3), spread (n,) in codes and whether inside, per place (n, 2)."""
    rows, cols = small.shape[:2]
    # Cells beyond the horizon have no place; any far one will do.
    centre = np.round(np.clip(np.nan_to_num(xy, nan=-1e6), -1e6, 1e6)).astype(int)
    inside = (
        (centre[:, 0] >= reach)
        & (centre[:, 1] >= reach)
        & (centre[:, 0] < cols - reach)
        & (centre[:, 1] < rows - reach)
    )
    window = np.arange(-reach, reach + 1, max(1, reach // 2))
    x = np.clip(centre[:, 0, None, None] + window[None, :], 0, cols - 1)
    y = np.clip(centre[:, 1, None, None] + window[:, None], 0, rows - 1)
    taken = small[y, x].reshape(len(xy), -1, 3).astype(np.float64)
    return np.median(taken, axis=1), taken.std(axis=1).mean(axis=1), inside


def _reference_encoded() -> Points:
    linear = lab_to_xyz(COLORCHECKER_LAB_D65) @ np.linalg.inv(LINEAR_SRGB_TO_XYZ).T
    return np.asarray(np.clip(linear, 0, 1) ** (1 / 2.2), dtype=np.float64)


_REFERENCE_ENCODED = _reference_encoded()

"""Millimetres per pixel from the tick marks of a ruler in the picture."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.colour.patches import Points, reduced_rgb
from cicatrix.domain.scale import Scale, ScaleSource
from cicatrix.photo.value import Photo

__all__ = ["scale_from_ruler"]

_SEARCH_PX = 1600
_MOST_STROKES = 400
_FEWEST_TICKS = 8
"""Fewer evenly spaced strokes happen by chance among hairs and skin lines."""

_SAME_DIRECTION = np.cos(np.radians(12))
_ACROSS = np.cos(np.radians(65))
"""Ticks stand within 25 degrees of square to the row they form."""

_OFF_PITCH = 0.18
"""Distance from an even place, over the pitch, up to which a stroke is a tick."""

_FULL = 0.8
"""Share of the places between first and last tick that must hold one."""

_MAX_RESIDUAL = 0.07
"""RMS distance from even places, over the pitch: random strokes within `_OFF_PITCH` would
have 0.10."""


_EDGE, _EDGE_PX = 0.07, 0.7
"""Median distance of the ticks' ends from a straight line, over their length or in
pixels: rulers reach 0.02, wood grain 0.1 and more."""

_ALTERNATING = 0.25
"""Log ratio of the lengths of every other tick above which they mark half units."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Row:
    """Ticks found: pitch and its relative error, middle of the row, how many.

    `halves` tells that long and short ones alternate.
    """

    pitch_px: float
    relative_error: float
    middle_xy: Points
    count: int
    halves: bool


def scale_from_ruler(
    photo: Photo,
    *,
    box_xyxy: tuple[float, float, float, float] | None = None,
    tick_mm: float | None = None,
) -> Scale | None:
    """The scale from a straight row of evenly spaced tick marks, or `None` when unsure.

    Parameters
    ----------
    photo
        Where to look.
    box_xyxy
        Left, top, right, bottom around the ticks, full-resolution pixels; the whole
        picture by default.
    tick_mm
        Distance of neighbouring ticks. By default 0.5 where long and short ones
        alternate, else 1: the picture does not tell more.

    Returns
    -------
    Scale or None
        One number for the whole picture, at the middle of the ticks.

    Raises
    ------
    ValueError
        `tick_mm` is not positive, or the box does not meet the photograph.
    """
    if tick_mm is not None and not tick_mm > 0:
        raise ValueError(f"tick_mm must be positive, got {tick_mm!r}")
    left, top, right, bottom = _box(photo, box_xyxy)
    small, factors = reduced_rgb(photo.encoded[top:bottom, left:right], _SEARCH_PX)
    row = _best_row(_strokes(small))
    if row is None:
        return None
    middle = (row.middle_xy + 0.5) * np.array(factors) - 0.5 + np.array([left, top])
    factor = float(np.sqrt(factors[0] * factors[1]))
    if tick_mm is None:
        tick_mm = 0.5 if row.halves else 1.0
    return Scale(
        mm_per_px=tick_mm / (row.pitch_px * factor),
        relative_error=min(0.2, float(np.hypot(row.relative_error, 0.01))),
        source=ScaleSource.RULER,
        at_xy=(float(middle[0]), float(middle[1])),
    )


def _box(
    photo: Photo, box: tuple[float, float, float, float] | None
) -> tuple[int, int, int, int]:
    if box is None:
        return 0, 0, photo.width_px, photo.height_px
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    right, bottom = min(photo.width_px, int(box[2])), min(photo.height_px, int(box[3]))
    if right - left < 8 or bottom - top < 8:
        raise ValueError(f"the box {box} does not meet the photograph")
    return left, top, right, bottom


def _strokes(small: npt.NDArray[np.uint8]) -> Points:
    """Short dark lines (n, 6): x, y of the middle, direction (2), length, darkness."""
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    size = max(9, (max(grey.shape) // 80) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)
    level = max(8.0, 2.5 * float(np.median(dark)) + 4)
    _, mask = cv2.threshold(dark, level, 1, cv2.THRESH_BINARY)
    _, marked, table, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    stats = np.asarray(table, np.int64)
    longest = max(grey.shape) / 12
    reach = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    fits = (reach >= 5) & (reach < longest) & (stats[:, cv2.CC_STAT_AREA] >= 5)
    fits[0] = False
    chosen = np.flatnonzero(fits)
    chosen = chosen[np.argsort(-stats[chosen, cv2.CC_STAT_AREA])][:_MOST_STROKES]
    found = []
    for label in chosen:
        left, top, width, height, _ = stats[label]
        part = marked[top : top + height, left : left + width] == label
        rows, cols = np.nonzero(part)
        spread = np.cov(np.stack([cols, rows]))
        values, vectors = np.linalg.eigh(spread)
        if values[1] < 6 * (values[0] + 0.08):
            continue
        length = float(np.sqrt(12 * values[1]))
        found.append((*centres[label], *vectors[:, 1], length))
    return np.array(found).reshape(-1, 5)


def _best_row(strokes: Points) -> _Row | None:
    """The fullest row of even ticks among strokes, if it stands out."""
    best: _Row | None = None
    for start in range(len(strokes)):
        for step in _steps(strokes, start):
            row = _followed(strokes, start, step)
            if row is not None and (best is None or row.count > best.count):
                best = row
    return best


def _steps(strokes: Points, start: int) -> list[Points]:
    """Steps from a stroke to the nearest parallel ones beside it."""
    offset = strokes[:, :2] - strokes[start, :2]
    away = np.linalg.norm(offset, axis=1)
    direction = strokes[start, 2:4]
    parallel = np.abs(strokes[:, 2:4] @ direction) > _SAME_DIRECTION
    beside = np.abs(offset @ direction) < (1 - _ACROSS) * np.maximum(away, 1e-9)
    alike = np.abs(np.log(strokes[:, 4] / strokes[start, 4])) < 1.1
    # A pitch below three pixels or far above the stroke's own length is no ruler.
    near = (away > 3) & (away < 6 * strokes[start, 4])
    chosen = np.flatnonzero(parallel & beside & alike & near)
    return [offset[i] for i in chosen[np.argsort(away[chosen])][:3]]


def _followed(strokes: Points, start: int, step: Points) -> _Row | None:
    pitch = float(np.linalg.norm(step))
    along = step / pitch
    origin, direction = strokes[start, :2], strokes[start, 2:4]
    places = np.zeros(0)
    # Twice: the first step is short, so its error grows with the distance.
    members = np.array([start])
    for _ in range(3):
        offset = strokes[:, :2] - origin
        place = offset @ along / pitch
        side = np.abs(offset @ np.array([-along[1], along[0]]))
        even = np.abs(place - np.round(place)) < _OFF_PITCH
        aligned = side < 0.75 * strokes[start, 4] + 0.15 * pitch
        parallel = np.abs(strokes[:, 2:4] @ direction) > _SAME_DIRECTION
        members = _run(np.flatnonzero(even & aligned & parallel), place)
        if len(members) < 4:
            return None
        places = np.round(place[members])
        fit = np.polyfit(places, offset[members] @ along, 1)
        pitch, shift = float(fit[0]), float(fit[1])
        if pitch < 3:
            return None
        origin = origin + shift * along
    return _judged(strokes[members], places, along)


def _run(members: npt.NDArray[np.intp], place: Points) -> npt.NDArray[np.intp]:
    """Members around place 0, one a place, up to the first gap of three places."""
    number = np.round(place[members]).astype(int)
    miss = np.abs(place[members] - number)
    first: dict[int, int] = {}
    for index in np.argsort(miss):
        first.setdefault(int(number[index]), int(members[index]))
    kept = []
    for way in (1, -1):
        gap, at = 0, 0 if way == 1 else -1
        while gap < 3:
            if at in first:
                kept.append(first[at])
                gap = 0
            else:
                gap += 1
            at += way
    return np.array(kept, dtype=np.intp)


def _judged(ticks: Points, places: Points, along: Points) -> _Row | None:
    if len(places) < _FEWEST_TICKS or len(places) < _FULL * (np.ptp(places) + 1):
        return None
    position = ticks[:, :2] @ along
    (pitch, start), covariance = np.polyfit(places, position, 1, cov=True)
    left = position - (pitch * places + start)
    if left.std() > _MAX_RESIDUAL * pitch or not _one_edge(ticks, position, along):
        return None
    lengths = ticks[np.argsort(places), 4]
    even = np.sort(places).astype(int) % 2 == 0
    two = abs(np.log(np.median(lengths[even]) / np.median(lengths[~even])))
    return _Row(
        pitch_px=float(pitch),
        relative_error=float(np.sqrt(covariance[0, 0]) / pitch),
        middle_xy=ticks[:, :2].mean(axis=0),
        count=len(places),
        halves=bool(two > _ALTERNATING),
    )


def _one_edge(ticks: Points, position: Points, along: Points) -> bool:
    """Whether all ticks start from one straight line; grain of wood and hairs do not."""
    across = np.array([-along[1], along[0]])
    middle = ticks[:, :2] @ across
    half = ticks[:, 4] / 2 * np.abs(ticks[:, 2:4] @ across)
    best = np.inf
    for edge in (middle - half, middle + half):
        slope, start = np.polyfit(position, edge, 1)
        best = min(best, float(np.median(np.abs(edge - slope * position - start))))
    return best < max(_EDGE_PX, _EDGE * float(np.median(ticks[:, 4])))

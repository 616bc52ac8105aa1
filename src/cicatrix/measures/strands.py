"""Striae that touch, told apart, so that each is measured along its own middle."""

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.outline.ring import half_width

__all__ = ["strands"]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float32]

_HALF_WIDTH_SAMPLES = 3.0
"""Bands are brought to this half width: bridges are as wide as bands, not finer."""
_DIRECTIONS = 12
_LONGER = 3.0
"""Widths over which a strand keeps its direction; a bridge runs across and is shorter. Of
1.5 to 5 this left the length and width of tuning phantoms' striae least in error."""
_WITHIN_RAD = float(np.radians(15.0))
"""How far that direction may lie from the one that the borders around have."""
_ALIKE_WIDTHS = 2.0
"""Widths over which borders tell their direction."""
_LEAST_SHARE = 0.1
"""A piece smaller than this share of the whole is a burr."""
_MARGIN = 12


def strands(part: _Mask) -> list[_Mask]:
    """One connected part of a lesion as the bands that run side by side in it.

    What lies in no line of three widths along its own direction is a bridge; where
    pieces are left without bridges, each sample goes to the nearest one.

    Parameters
    ----------
    part : (rows, cols) bool
        Connected, not empty.

    Returns
    -------
    list of (rows, cols) bool
        `part` itself where it is one band.
    """
    scale = min(1.0, _HALF_WIDTH_SAMPLES / max(half_width(part), 0.5))
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    small = cv2.resize(part.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    margin = (_MARGIN,) * 4
    cover = np.asarray(
        cv2.copyMakeBorder(small, *margin, cv2.BORDER_CONSTANT), np.float32
    )
    pieces = _without_bridges(cover)[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    rows, cols = part.shape
    labels = cv2.resize(pieces, (cols, rows), interpolation=cv2.INTER_NEAREST) * part
    areas = np.bincount(labels.astype(np.intp).ravel())
    areas[0] = 0
    large = np.flatnonzero(areas >= _LEAST_SHARE * np.count_nonzero(part))
    if len(large) < 2:
        return [part]
    apart = [
        cv2.distanceTransform((labels != one).astype(np.uint8), cv2.DIST_L2, 5)
        for one in large
    ]
    nearest = np.argmin(apart, axis=0)
    return [part & (nearest == place) for place in range(len(large))]


def _without_bridges(cover: _Array) -> _Array:
    """Labels (rows, cols) of what lies in lines along the borders' own direction."""
    inside = np.asarray(cover >= 0.4, np.uint8)
    along = _direction(cover)
    kept = np.zeros_like(inside)
    for turn in range(_DIRECTIONS):
        angle = np.pi * turn / _DIRECTIONS
        away = np.abs((along - angle + np.pi / 2) % np.pi - np.pi / 2)
        line = _line(angle, _LONGER * 2 * _HALF_WIDTH_SAMPLES)
        middles = cv2.erode(inside, line, borderValue=0) & (away <= _WITHIN_RAD)
        drawn = cv2.dilate(np.asarray(middles, np.uint8), line)
        kept = np.asarray(np.maximum(kept, drawn), np.uint8)
    _, labels = cv2.connectedComponents(np.minimum(kept, inside), connectivity=4)
    return np.asarray(labels, np.float32)


def _direction(cover: _Array) -> _Array:
    """Angle (rows, cols) in radians along which the borders around run."""
    soft = cv2.GaussianBlur(cover, (0, 0), 1.0)
    x, y = (cv2.Sobel(soft, cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
    # Doubled angles: a border and its other side point opposite ways.
    sigma = _ALIKE_WIDTHS * 2 * _HALF_WIDTH_SAMPLES
    even, odd = (
        cv2.GaussianBlur(one, (0, 0), sigma) for one in (x * x - y * y, 2 * x * y)
    )
    return np.asarray(0.5 * np.arctan2(odd, even) + np.pi / 2, np.float32)


def _line(angle: float, length: float) -> npt.NDArray[np.uint8]:
    """A line one sample wide as a structuring element."""
    reach = int(np.ceil(length / 2))
    drawn = np.zeros((2 * reach + 1, 2 * reach + 1), np.uint8)
    dx, dy = length / 2 * np.cos(angle), length / 2 * np.sin(angle)
    ends = [(round(reach + s * dx), round(reach + s * dy)) for s in (-1.0, 1.0)]
    cv2.line(drawn, ends[0], ends[1], color=(1,), thickness=1)
    return drawn

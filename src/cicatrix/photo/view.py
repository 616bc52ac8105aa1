"""A rectangle of skin sampled on a regular grid, straight or through a mapping."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import Decoding, FloatImage, Photo, to_linear

Points = npt.NDArray[np.float64]

_MARGIN_PX = 2
"""Neighbours that interpolation and averaging reach for."""

_NO_AVERAGE_BELOW_PX = 1.3
"""Below this a sample aliases less than an average would blur it."""

_BLOCKS_FROM_PX = 3.0
"""From here on a footprint is rounded to whole pixels, by a sixth at most."""

_STRIDE = 8
"""Samples from one mapped point to the next: maps are smooth, and 64 times dearer."""

_BAND_PX = 40_000
"""Pixels made linear at a time: 0.5 MB of light, within a core's own cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A grid of samples on a photograph.

    Sample (row, col) lies at full-resolution pixel
    (left_px + col * step_px, top_px + row * step_px); x right, y down, (0, 0) = centre
    of the first pixel.
    """

    left_px: float
    top_px: float
    cols: int
    rows: int
    step_px: float

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols) of the grid."""
        return self.rows, self.cols

    def to_other(self, other: "Window") -> npt.NDArray[np.float64]:
        """Affine map (2, 3) of this grid's (col, row) to those of another."""
        step = self.step_px / other.step_px
        return np.array(
            [
                [step, 0, (self.left_px - other.left_px) / other.step_px],
                [0, step, (self.top_px - other.top_px) / other.step_px],
            ]
        )

    def samples_xy(self) -> Points:
        """Full-resolution pixel of each sample, (rows, cols, 2)."""
        x = self.left_px + self.step_px * np.arange(self.cols)
        y = self.top_px + self.step_px * np.arange(self.rows)
        return np.stack(np.meshgrid(x, y), axis=-1)

    def to_samples(self, points_xy: npt.ArrayLike) -> Points:
        """Full-resolution pixels (n, 2) to (col, row) of this grid."""
        origin = np.array([self.left_px, self.top_px])
        points: Points = np.asarray(points_xy, dtype=np.float64)
        return np.divide(points - origin, self.step_px)

    def to_pixels(self, samples_xy: npt.ArrayLike) -> Points:
        """(col, row) of this grid, (n, 2), to full-resolution pixels."""
        origin = np.array([self.left_px, self.top_px])
        samples: Points = np.asarray(samples_xy, dtype=np.float64)
        return np.add(samples * self.step_px, origin)


def window_around(
    photo: Photo, box_xyxy: tuple[float, float, float, float], max_samples: int
) -> Window:
    """A window over `box_xyxy`, clipped to the photo, of at most `max_samples`.

    The step is 1 px or larger, never finer than the photograph.
    """
    left, top = max(0.0, box_xyxy[0]), max(0.0, box_xyxy[1])
    right = min(photo.width_px - 1.0, box_xyxy[2])
    bottom = min(photo.height_px - 1.0, box_xyxy[3])
    if right <= left or bottom <= top:
        raise ValueError(f"the box {box_xyxy} does not meet the photograph")
    step = max(1.0, float(np.sqrt((right - left) * (bottom - top) / max_samples)))
    return Window(
        left_px=left,
        top_px=top,
        cols=int((right - left) / step) + 1,
        rows=int((bottom - top) / step) + 1,
        step_px=step,
    )


def linear_view(
    photo: Photo,
    window: Window,
    mapping: Callable[[Points], Points] | None = None,
    *,
    finest_px: float = 1.0,
) -> tuple[FloatImage, npt.NDArray[np.bool_]]:
    """Linear light on the window's grid, and where it lies inside the photograph.

    Parameters
    ----------
    photo
        Where the light is taken from.
    window
        The grid; in the frame of `mapping`'s input where one is given.
    mapping
        Full-resolution pixels of the window's frame (n, 2) to those of `photo`
        (n, 2): `alignment.to_followup` carries a window of the baseline over.
    finest_px
        Pixels of this size will do: code values may be averaged up to it, not light.

    Returns
    -------
    light : (rows, cols, 3) float32
        Averaged over the footprint of a sample where that exceeds a pixel, so that
        coarse grids do not alias.
    inside : (rows, cols) bool
        False where the sample falls outside the photograph; light is 0 there.
    """
    if finest_px >= 2:
        level = min(int(np.log2(finest_px)), len(photo.halves))
        if level:
            return _view_of_half(photo, window, mapping, level)
    if mapping is None:
        return _straight_view(photo, window)
    lattice = _lattice(window, mapping)
    x, y, origin = _between(lattice, window)
    inside = (
        (x >= -origin[0])
        & (x <= photo.width_px - 1 - origin[0])
        & (y >= -origin[1])
        & (y <= photo.height_px - 1 - origin[1])
    )
    if not inside.any():
        return np.zeros((*window.shape, 3), np.float32), inside
    footprint_px = _footprint_px(lattice)
    margin = _MARGIN_PX + int(footprint_px)
    size = np.array([photo.width_px, photo.height_px])
    corners = lattice.reshape(-1, 2).min(axis=0), lattice.reshape(-1, 2).max(axis=0)
    low = np.clip(np.floor(corners[0]).astype(int) - margin, 0, size - 1)
    high = np.clip(np.ceil(corners[1]).astype(int) + margin + 1, 1, size)
    part = photo.encoded[low[1] : high[1], low[0] : high[0]]
    light, shrink_xy = _averaged(part, photo.decoding, footprint_px)
    factor = np.array(shrink_xy, np.float32)
    begin = ((origin - low + 0.5) * shrink_xy - 0.5).astype(np.float32)
    sampled = cv2.remap(
        light,
        x * factor[0] + begin[0],
        y * factor[1] + begin[1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    sampled[~inside] = 0
    return np.asarray(sampled, dtype=np.float32), inside


def _view_of_half(
    photo: Photo,
    window: Window,
    mapping: Callable[[Points], Points] | None,
    level: int,
) -> tuple[FloatImage, npt.NDArray[np.bool_]]:
    """The view of a reduced copy, `level` times halved."""
    step = 2**level
    small = replace(photo, encoded=photo.halves[level - 1])
    # Centres: the first pixel of the copy lies in the middle of its block.
    first = (step - 1) / 2
    if mapping is not None:
        return linear_view(small, window, lambda xy: (mapping(xy) - first) / step)
    reduced = replace(
        window,
        left_px=(window.left_px - first) / step,
        top_px=(window.top_px - first) / step,
        step_px=window.step_px / step,
    )
    return linear_view(small, reduced)


def _straight_view(
    photo: Photo, window: Window
) -> tuple[FloatImage, npt.NDArray[np.bool_]]:
    """The view without a mapping, whose positions need not be spelled out."""
    x = window.left_px + window.step_px * np.arange(window.cols)
    y = window.top_px + window.step_px * np.arange(window.rows)
    inside_x = (x >= 0) & (x <= photo.width_px - 1)
    inside_y = (y >= 0) & (y <= photo.height_px - 1)
    inside = inside_y[:, None] & inside_x[None, :]
    if not inside.any():
        return np.zeros((*window.shape, 3), np.float32), inside
    margin = _MARGIN_PX + int(window.step_px)
    low_x = max(0, int(x[inside_x][0]) - margin)
    low_y = max(0, int(y[inside_y][0]) - margin)
    part = photo.encoded[
        low_y : int(y[inside_y][-1]) + margin + 2,
        low_x : int(x[inside_x][-1]) + margin + 2,
    ]
    whole_pixels = (
        window.step_px == 1
        and float(window.left_px).is_integer()
        and float(window.top_px).is_integer()
        and bool(inside.all())
    )
    if whole_pixels:
        row, col = int(window.top_px) - low_y, int(window.left_px) - low_x
        part = part[row : row + window.rows, col : col + window.cols]
        return to_linear(part, photo.decoding), inside
    light, (shrink_x, shrink_y) = _averaged(part, photo.decoding, window.step_px)
    to_light = np.array(
        [
            [window.step_px * shrink_x, 0, (x[0] - low_x + 0.5) * shrink_x - 0.5],
            [0, window.step_px * shrink_y, (y[0] - low_y + 0.5) * shrink_y - 0.5],
        ]
    )
    sampled = cv2.warpAffine(
        light,
        to_light,
        (window.cols, window.rows),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    sampled[~inside_y] = 0
    sampled[:, ~inside_x] = 0
    return np.asarray(sampled, dtype=np.float32), inside


def _averaged(
    part: npt.NDArray[np.uint8] | npt.NDArray[np.uint16],
    decoding: Decoding,
    footprint_px: float,
) -> tuple[FloatImage, tuple[float, float]]:
    """Light of a part, averaged to about one pixel per footprint, and its (x, y) scale.

    Wide footprints become whole blocks: those are exact at their centres, and quick.
    """
    rows, cols = part.shape[:2]
    if footprint_px <= _NO_AVERAGE_BELOW_PX:
        return to_linear(part, decoding), (1.0, 1.0)
    block = round(footprint_px)
    if footprint_px >= _BLOCKS_FROM_PX and rows >= block and cols >= block:
        return _block_means(part, decoding, block), (1 / block, 1 / block)
    size = (max(1, round(cols / footprint_px)), max(1, round(rows / footprint_px)))
    light = cv2.resize(to_linear(part, decoding), size, interpolation=cv2.INTER_AREA)
    return np.asarray(light, np.float32), (size[0] / cols, size[1] / rows)


def _block_means(
    part: npt.NDArray[np.uint8] | npt.NDArray[np.uint16], decoding: Decoding, block: int
) -> FloatImage:
    """Mean light of blocks of `block` by `block` pixels; a remainder is left out.

    The part is taken in bands of rows: light at full size never leaves the cache, which
    halves the time and spares 12 bytes per pixel of memory.
    """
    rows, cols = part.shape[0] // block, part.shape[1] // block
    light = np.empty((rows, cols, 3), np.float32)
    band = max(1, _BAND_PX // (cols * block * block))
    for start in range(0, rows, band):
        stop = min(rows, start + band)
        linear = to_linear(part[start * block : stop * block, : cols * block], decoding)
        light[start:stop] = cv2.resize(
            linear, (cols, stop - start), interpolation=cv2.INTER_AREA
        )
    return light


def _lattice(window: Window, mapping: Callable[[Points], Points]) -> Points:
    """Every `_STRIDE`th sample of a window, mapped: (rows, cols, 2)."""
    rows = np.arange(0, window.rows + _STRIDE, _STRIDE)
    cols = np.arange(0, window.cols + _STRIDE, _STRIDE)
    samples = np.stack(np.meshgrid(cols, rows), axis=-1).reshape(-1, 2)
    return mapping(window.to_pixels(samples)).reshape(len(rows), len(cols), 2)


def _between(lattice: Points, window: Window) -> tuple[FloatImage, FloatImage, Points]:
    """Places of all samples as x and y (rows, cols), less an origin (2,)."""
    grid_x, grid_y = np.meshgrid(
        np.arange(window.cols, dtype=np.float32) / _STRIDE,
        np.arange(window.rows, dtype=np.float32) / _STRIDE,
    )
    # Offsets keep float32 exact to a thousandth of a pixel on wide pictures.
    origin = lattice.reshape(-1, 2).mean(axis=0)
    x, y = (
        cv2.remap(coarse.astype(np.float32), grid_x, grid_y, cv2.INTER_LINEAR)
        for coarse in np.moveaxis(lattice - origin, -1, 0)
    )
    return np.asarray(x, np.float32), np.asarray(y, np.float32), origin


def _footprint_px(lattice: Points) -> float:
    across = np.linalg.norm(np.diff(lattice, axis=1), axis=-1)
    down = np.linalg.norm(np.diff(lattice, axis=0), axis=-1)
    return float(np.sqrt(np.median(across) * np.median(down))) / _STRIDE

"""A rectangle of skin sampled on a regular grid, straight or through a mapping."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import FloatImage, Photo, to_linear

Points = npt.NDArray[np.float64]


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
    photo: Photo, window: Window, mapping: Callable[[Points], Points] | None = None
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

    Returns
    -------
    light : (rows, cols, 3) float32
        Averaged over the footprint of a sample where that exceeds a pixel, so that
        coarse grids do not alias.
    inside : (rows, cols) bool
        False where the sample falls outside the photograph; light is 0 there.
    """
    xy = _sample_positions(photo, window, mapping)
    inside = (
        (xy[..., 0] >= 0)
        & (xy[..., 0] <= photo.width_px - 1)
        & (xy[..., 1] >= 0)
        & (xy[..., 1] <= photo.height_px - 1)
    )
    if not inside.any():
        return np.zeros((*window.shape, 3), np.float32), inside
    margin = 2
    low = np.floor(xy[inside].min(axis=0)).astype(int) - margin
    high = np.ceil(xy[inside].max(axis=0)).astype(int) + margin + 1
    low = np.maximum(low, 0)
    part = photo.encoded[low[1] : high[1], low[0] : high[0]]
    light = to_linear(part, photo.decoding)
    # Footprint of one sample in photo pixels: from the spread of the mapped grid.
    footprint = _footprint_px(xy)
    shift = xy - low
    if footprint > 1.3:
        shrink = 1.0 / footprint
        size = (
            max(1, round(light.shape[1] * shrink)),
            max(1, round(light.shape[0] * shrink)),
        )
        fx, fy = size[0] / light.shape[1], size[1] / light.shape[0]
        light = np.asarray(
            cv2.resize(light, size, interpolation=cv2.INTER_AREA), dtype=np.float32
        )
        shift = (shift + 0.5) * np.array([fx, fy]) - 0.5
    sampled = cv2.remap(
        light,
        shift[..., 0].astype(np.float32),
        shift[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    sampled[~inside] = 0
    return np.asarray(sampled, dtype=np.float32), inside


def _sample_positions(
    photo: Photo, window: Window, mapping: Callable[[Points], Points] | None
) -> Points:
    if mapping is None:
        return window.samples_xy()
    # Smooth maps are evaluated on a coarse lattice and interpolated: 64 times cheaper.
    stride = 8
    rows = np.arange(0, window.rows + stride, stride)
    cols = np.arange(0, window.cols + stride, stride)
    lattice = np.stack(np.meshgrid(cols, rows), axis=-1).reshape(-1, 2)
    mapped = mapping(window.to_pixels(lattice)).reshape(len(rows), len(cols), 2)
    grid_x, grid_y = np.meshgrid(
        np.arange(window.cols, dtype=np.float32) / stride,
        np.arange(window.rows, dtype=np.float32) / stride,
    )
    # Offsets keep float32 exact to a thousandth of a pixel on wide pictures.
    origin = mapped.reshape(-1, 2).mean(axis=0)
    fine = cv2.remap(
        (mapped - origin).astype(np.float32), grid_x, grid_y, cv2.INTER_LINEAR
    )
    return np.asarray(fine, dtype=np.float64) + origin


def _footprint_px(xy: Points) -> float:
    if min(xy.shape[:2]) < 2:
        return 1.0
    across = np.linalg.norm(np.diff(xy, axis=1), axis=-1)
    down = np.linalg.norm(np.diff(xy, axis=0), axis=-1)
    return float(np.sqrt(np.median(across) * np.median(down)))

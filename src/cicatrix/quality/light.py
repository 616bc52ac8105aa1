"""Clipping, uneven light and gloss, from pixels alone."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.channels import hues
from cicatrix.photo.middle import median
from cicatrix.photo.value import FloatImage

__all__ = ["Gradient", "clipped_share", "glare_share", "light_gradient", "skin_like"]

_Mask = npt.NDArray[np.bool_]
_Encoded = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_TOP_SHARE, _BOTTOM_SHARE = 0.988, 0.008
"""252 and 2 of 255: JPEG moves clipped values by a few levels."""

_GRID = 24
_MIN_CELLS = 12

_SKIN_CHROMA_TOLERANCE = 0.45
"""Distance in log ratios of the channels: skin under one lamp stays within it (about a
fifth of a stop per channel either way), cloth, card and backdrop mostly do not."""

_DARKEST_SKIN_LIGHT = 0.008
"""Below 0.8 % of white even the darkest skin is shadow or backdrop."""

_GLOSS_RATIO = 1.5
_GLOSS_NEUTRAL = 0.75
_GLOSS_NEUTRAL_GAIN = 1.5
_GLOSS_BLOWN = 0.9
"""Gloss adds the lamp's colour to the skin's: half as bright again as the skin around
it and near neutral. A pale scar is bright as well, but keeps its skin's hue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradient:
    """Steepest change of the light: natural log per pixel of the picture given."""

    per_px: float
    angle_deg: float


def clipped_share(encoded: _Encoded, *, dark_counts: bool) -> float:
    """Share of pixels (rows, cols, 3) with a channel at an end of its range, 0..1.

    `dark_counts` is off where a black backdrop may be in the part.
    """
    full = float(np.iinfo(encoded.dtype).max)
    highest = _extremes(encoded)[1]
    clipped = highest >= _TOP_SHARE * full
    if dark_counts:
        # All channels: a deep colour may well have one of them at zero.
        clipped |= highest <= _BOTTOM_SHARE * full
    return float(clipped.mean()) if clipped.size else 0.0


def skin_like(light: FloatImage, sample: _Mask | None = None) -> _Mask:
    """Where linear light (rows, cols, 3) has about the colour of the `sample`.

    Without a sample the middle half of the picture is it, where the lesion is expected.
    """
    red_green, green_blue = hues(np.log(np.maximum(light, np.float32(1e-4))))
    lit = _extremes(light)[1] > _DARKEST_SKIN_LIGHT
    if sample is None:
        rows, cols = light.shape[:2]
        sample = np.zeros((rows, cols), dtype=bool)
        sample[rows // 4 : rows - rows // 4, cols // 4 : cols - cols // 4] = True
    chosen = sample & lit
    if not chosen.any():
        return lit
    distance = cv2.magnitude(
        red_green - median(red_green[chosen]),
        green_blue - median(green_blue[chosen]),
    )
    return lit & (distance < _SKIN_CHROMA_TOLERANCE)


def light_gradient(light: FloatImage, skin: _Mask) -> Gradient | None:
    """A plane through the log of the light on skin; `None` where too little is seen.

    `light` is (rows, cols, 3) linear light, `skin` (rows, cols) True on skin.
    Medians of a grid of cells, then a Tukey fit, so that the lesion, hairs and gloss do
    not tilt it.
    """
    rows, cols = light.shape[:2]
    cell = max(1, min(rows, cols) // _GRID)
    grid_rows, grid_cols = rows // cell, cols // cell
    red, green, blue = cv2.split(light[: grid_rows * cell, : grid_cols * cell])
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    used = skin[: grid_rows * cell, : grid_cols * cell]
    masked = np.where(used, np.log(np.maximum(luminance, 1e-4)), np.nan)
    by_cell = masked.reshape(grid_rows, cell, grid_cols, cell).swapaxes(1, 2)
    cells = by_cell.reshape(grid_rows * grid_cols, cell * cell)
    seen = np.isfinite(cells).sum(axis=1)
    enough = seen > 0.5 * cell * cell
    if int(enough.sum()) < _MIN_CELLS:
        return None
    values = _medians(cells[enough], seen[enough]).astype(np.float64)
    index = np.flatnonzero(enough)
    x = (index % grid_cols) * float(cell)
    y = (index // grid_cols) * float(cell)
    slope = _robust_plane(x - x.mean(), y - y.mean(), values)
    return Gradient(
        per_px=float(np.hypot(*slope)),
        angle_deg=float(np.degrees(np.arctan2(slope[1], slope[0]))),
    )


def _medians(
    cells: npt.NDArray[np.float32], seen: npt.NDArray[np.intp]
) -> npt.NDArray[np.float32]:
    """Medians (n,) of rows (n, k) of which so many (n,) values are no NaN."""
    # NumPy's own goes row by row through Python; a NaN is sorted to the end.
    ordered = np.sort(cells, axis=1)
    rows = np.arange(len(cells))
    return (ordered[rows, (seen - 1) // 2] + ordered[rows, seen // 2]) / np.float32(2)


def _robust_plane(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], z: npt.NDArray[np.float64]
) -> tuple[float, float]:
    """Slopes (dz/dx, dz/dy) by iterated Tukey weights."""
    design = np.stack([np.ones_like(x), x, y], axis=1)
    weights = np.ones_like(z)
    fit = np.zeros(3)
    for _ in range(8):
        root = np.sqrt(weights)[:, None]
        fit, *_ = np.linalg.lstsq(design * root, z * root[:, 0], rcond=None)
        residual = z - design @ fit
        spread = 1.4826 * median(np.abs(residual)) + 1e-4
        weights = np.clip(1 - (residual / (4.685 * spread)) ** 2, 0, None) ** 2
        weights = np.maximum(weights, 1e-6)
    return float(fit[1]), float(fit[2])


def glare_share(light: FloatImage, skin: _Mask, ignore: _Mask) -> float:
    """Share of the skin under gloss, 0..1, from linear light (rows, cols, 3).

    Only spots smaller than a sixth of the picture count: what is larger is white cloth
    or a pale field, and shows as clipping if it is burnt out.
    """
    low, high = _extremes(light)
    neutral = np.divide(low, np.maximum(high, 1e-4), dtype=np.float32)
    around, around_neutral = _surroundings(high), _surroundings(neutral)
    limit = np.clip(_GLOSS_NEUTRAL_GAIN * around_neutral, 0.5, _GLOSS_NEUTRAL)
    spot = high > _GLOSS_RATIO * around
    gloss = spot & ((neutral > limit) | (low > _GLOSS_BLOWN)) & ~ignore
    # Gloss lies within skin; white cloth beside it is bright and neutral too.
    side = max(3, min(skin.shape) // 12 | 1)
    closed = cv2.morphologyEx(
        skin.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)
    )
    field = closed.astype(bool) & ~ignore
    gloss &= field
    return np.count_nonzero(gloss) / max(int(np.count_nonzero(field)), 1)


def _extremes(picture: cv2.typing.MatLike) -> tuple[FloatImage, FloatImage]:
    """Lowest and highest channel; channel by channel is ten times as fast as an axis."""
    red, green, blue = cv2.split(picture)
    low = cv2.min(cv2.min(red, green), blue)
    high = cv2.max(cv2.max(red, green), blue)
    return np.asarray(low, np.float32), np.asarray(high, np.float32)


def _surroundings(values: FloatImage) -> FloatImage:
    """Wide median, taken on a small copy of 8 bit, where it is quick."""
    rows, cols = values.shape
    shrink = max(1.0, min(rows, cols) / 96)
    size = (max(1, int(cols / shrink)), max(1, int(rows / shrink)))
    top = max(float(values.max()), 1e-4)
    small = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    # A square root spends the 256 steps evenly over dark and light.
    coded = np.rint(255 * np.sqrt(np.clip(small / top, 0, 1))).astype(np.uint8)
    width = max(3, min(size) // 3 | 1)
    smooth = cv2.medianBlur(coded, width).astype(np.float32)
    wide = top * (smooth / 255) ** 2
    return np.asarray(
        cv2.resize(wide, (cols, rows), interpolation=cv2.INTER_LINEAR), np.float32
    )

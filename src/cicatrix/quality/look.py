"""The part of a photograph that the quality sheet looks at, at falling sizes."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.reference import ColourReference
from cicatrix.errors import PhotoUnusable
from cicatrix.photo.halving import halved
from cicatrix.photo.value import FloatImage, Photo, to_linear

__all__ = ["Box", "Look", "grey_tiles", "half_of", "look_at"]

Box = tuple[float, float, float, float]
Encoded = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_MARGIN = 0.5
"""Skin looked at on each side of the lesion, in lengths of its longer side: about the
ring that it is compared with."""

_MIN_MARGIN_PX = 48.0
_SMALL_LEVEL_PX = 60_000
"""The first level of at most this, about 280 x 210, is where light is judged, which
changes slowly."""

_TILES_A_SIDE = 4
_TILE_PX = 160
"""16 tiles of 160 px, 0.4 MP: enough edges, and 4 ms of work."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """A region of a photograph and its halved copies.

    `levels[k]` is the region at 2**-k of full resolution, as stored in the file.
    `left_px`, `top_px` place it. `box` is the lesion inside the region, in
    full-resolution pixels of the region, `None` where no lesion is known.
    `small_light` is a level as linear light, `small_step_px` full-resolution pixels per
    pixel of it; `card` is True there on the colour card, which is no skin.
    """

    levels: tuple[Encoded, ...]
    left_px: int
    top_px: int
    box: Box | None
    small_light: FloatImage
    small_step_px: int
    card: npt.NDArray[np.bool_]


def look_at(
    photo: Photo, lesion_box_xyxy: Box | None, reference: ColourReference | None
) -> Look:
    """The lesion and the skin around it, or the whole photograph.

    Raises
    ------
    PhotoUnusable
        The lesion lies outside the photograph, or has no size in it.
    """
    whole = (0, 0, photo.width_px, photo.height_px)
    left, top, right, bottom = whole
    box = None
    if lesion_box_xyxy is not None:
        clipped = _clipped(lesion_box_xyxy, photo)
        margin = max(_MIN_MARGIN_PX, _MARGIN * _longer_side(clipped))
        left, top = (max(0, int(v - margin)) for v in clipped[:2])
        right = min(photo.width_px, int(clipped[2] + margin) + 1)
        bottom = min(photo.height_px, int(clipped[3] + margin) + 1)
        box = (
            clipped[0] - left,
            clipped[1] - top,
            clipped[2] - left,
            clipped[3] - top,
        )
    part = photo.encoded[top:bottom, left:right]
    levels = (part, *(photo.halves if box is None else halved(part)))
    index = next(
        (i for i, level in enumerate(levels) if _pixels(level) <= _SMALL_LEVEL_PX),
        len(levels) - 1,
    )
    small, step = levels[index], 2**index
    return Look(
        levels=levels,
        left_px=left,
        top_px=top,
        box=box,
        small_light=to_linear(small, photo.decoding),
        small_step_px=step,
        card=_card_mask(small.shape[:2], (left, top), step, reference),
    )


def _pixels(level: Encoded) -> int:
    return int(level.shape[0] * level.shape[1])


def _clipped(box: Box, photo: Photo) -> Box:
    x0, y0 = max(0.0, box[0]), max(0.0, box[1])
    x1 = min(float(photo.width_px), box[2])
    y1 = min(float(photo.height_px), box[3])
    if not (x1 - x0 >= 1 and y1 - y0 >= 1):
        raise PhotoUnusable(
            f"The lesion lies outside {photo.name}, so its quality cannot be judged "
            "there. Point to it again, or use a photograph that shows it."
        )
    return x0, y0, x1, y1


def _longer_side(box: Box) -> float:
    return max(box[2] - box[0], box[3] - box[1])


def _card_mask(
    shape: tuple[int, ...],
    origin_px: tuple[int, int],
    step_px: int,
    reference: ColourReference | None,
) -> npt.NDArray[np.bool_]:
    mask = np.zeros(shape, np.uint8)
    if reference is not None and len(reference.corners_xy) >= 3:
        corners = (np.array(reference.corners_xy) - origin_px) / step_px
        cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], 1)
    return mask.astype(bool)


def grey_tiles(level: Encoded, photo: Photo) -> list[FloatImage]:
    """Grey tiles of a level, spread evenly over it, in code values of 0..255.

    `level` is (rows, cols, 3) as stored; each tile is (rows, cols), 160 px a side.
    A level that is small enough is one tile. 16-bit files, which may be linear, are
    brought to the usual tone first, so that noise is alike in dark and light parts.
    """
    rows, cols = level.shape[:2]
    if rows * cols <= (_TILES_A_SIDE * _TILE_PX) ** 2:
        return [_grey(level, photo)]
    tops = _spread(rows)
    lefts = _spread(cols)
    return [
        _grey(level[y : y + _TILE_PX, x : x + _TILE_PX], photo)
        for y in tops
        for x in lefts
    ]


def half_of(tiles: list[FloatImage]) -> list[FloatImage]:
    """Every second tile (rows, cols), or part like a tile where there is only one."""
    if len(tiles) == 1:
        tiles = [
            tiles[0][y : y + _TILE_PX, x : x + _TILE_PX]
            for y in _spread(tiles[0].shape[0])
            for x in _spread(tiles[0].shape[1])
        ]
    return tiles[::2]


def _spread(length: int) -> list[int]:
    """Starts of tiles, centred in equal parts of `length`."""
    count = min(_TILES_A_SIDE, max(1, length // _TILE_PX))
    part = length / count
    return [max(0, int((i + 0.5) * part - _TILE_PX / 2)) for i in range(count)]


def _grey(part: Encoded, photo: Photo) -> FloatImage:
    if part.dtype == np.uint16:
        light = to_linear(part, photo.decoding).mean(axis=2)
        return np.asarray(
            255 * np.power(np.clip(light, 0, 1), 1 / 2.2), dtype=np.float32
        )
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, dtype=np.float32)

"""The other parts of a lesion that consists of several: striae side by side, acne scars."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.outline.pyramid import quick_view
from cicatrix.outline.ring import distance_outside, half_width
from cicatrix.outline.segment import Segment, segment
from cicatrix.outline.skinmodel import log_features
from cicatrix.outline.usable import Overview, carried
from cicatrix.outline.value import Kind, Mask
from cicatrix.photo.middle import median
from cicatrix.photo.value import FloatImage, Photo
from cicatrix.photo.view import Window, window_around
from cicatrix.skin.parts import places

__all__ = ["Found", "Part", "gathered", "lines_beside", "part_of"]

_SAMPLES_ACROSS = 6.0
"""Width of the part pointed to, in samples of the window where its like are sought."""
_MAX_SAMPLES = 50_000
_LINE_RATIO = 3.5
"""A part is a line where its area exceeds that many squares of its width."""
_CLEAR = 4.0
_MAX_GROWTH, _MAX_GROWTH_FAINT = 4.0, 2.0
"""A part that grows more than this on the finer window has run out into the mottling;
one that stands out by less than `_CLEAR` does so sooner."""
_LARGEST_SPOT = 0.09
"""A scar wider than this share of the picture's shorter side is no spot of a field."""
_LINE_REACH = 0.7
"""Striae of a group lie within that share of a stria's length from each other."""
_SPOT_REACH = 9.0
"""Scars of a field lie within that many diameters from each other."""
_SATELLITE_REACH = 0.35
"""Islands within that share of a scar's width belong to the scar."""
_LEAST_STEP = 0.45
"""Step of likeness from a part to what is right beside it."""
_MAX_TURN_DEG = 40.0
_LEAST_COLOUR_COSINE = 0.75
"""Of the angle between two parts' differences from skin, in units of its scatter: a mole
beside a red scar is another thing."""
_FIELD_PARTS = 3
"""From so many spots of one colour on, they are taken for one field."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """A lesion on a coarse window: `mask` with all its parts, `others` like it beside.

    `separation` is that of the part pointed to, where it stands out most.
    """

    window: Window
    mask: Mask
    others: Mask
    kind: Kind
    separation: float
    wider: npt.NDArray[np.float64] | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One connected part (rows, cols), with what tells a line from a spot, in samples."""

    mask: Mask
    area: float
    width: float
    direction: npt.NDArray[np.float64]

    @property
    def is_line(self) -> bool:
        """Whether it is far longer than wide."""
        return self.area > _LINE_RATIO * self.width**2


def gathered(photo: Photo, seen: Overview, primary: Found) -> Found:
    """The part that was pointed to with those that belong to it.

    Parts of the same colour are taken where they are of a like size, stand out from what
    is beside them, and are near: for a line, other lines of about its direction; for a
    small spot, other spots; for a larger scar, only islands right at its border.
    """
    own = part_of(primary.mask)
    window = _group_window(photo, primary, own)
    light = quick_view(photo, window)
    skin = carried(seen.skin, seen.window, window)
    seed = carried(primary.mask, primary.window, window) & skin
    found = segment(
        log_features(light, smooth_samples=0.8),
        skin,
        seed,
        wider=primary.wider,
        several=True,
    )
    if found is None or found.separation < 0.4 * primary.separation:
        return primary
    growth = np.count_nonzero(found.lesion) / max(int(np.count_nonzero(seed)), 6.0)
    if growth > (_MAX_GROWTH if found.separation > _CLEAR else _MAX_GROWTH_FAINT):
        return primary
    own = part_of(found.lesion)
    rest = found.alike & ~found.lesion
    parts = [
        part
        for part in _parts(rest, least=max(6.0, 0.04 * own.area))
        if _stands_out(part.mask, found.likeness, skin)
        and _same_colour(found, part.mask, primary.wider)
    ]
    kind: Kind = "line" if own.is_line else "blob"
    if kind == "line":
        mask = lines_beside(own, parts)[0]
    else:
        mask = _linked(own.mask, parts, _SATELLITE_REACH * own.width)
        small = own.width * window.step_px < _LARGEST_SPOT * min(
            photo.width_px, photo.height_px
        )
        spots = [p for p in parts if _alike_spots(own, p)]
        field = _linked(own.mask, spots, _SPOT_REACH * own.width)
        if small and sum(bool(field[p.mask].any()) for p in spots) + 1 >= _FIELD_PARTS:
            kind, mask = "field", mask | field
    return Found(
        window=window,
        mask=mask,
        others=rest & ~mask,
        kind=kind,
        separation=primary.separation,
        wider=primary.wider,
    )


def lines_beside(own: Part, parts: Sequence[Part]) -> tuple[Mask, int]:
    """A line with the lines like it that lie beside it, and how many these are."""
    alike = [p for p in parts if _alike_lines(own, p)]
    mask = _linked(own.mask, alike, _LINE_REACH * own.area / own.width)
    return mask, sum(bool(mask[p.mask].any()) for p in alike)


def _group_window(photo: Photo, primary: Found, own: Part) -> Window:
    step = max(1.0, own.width * primary.window.step_px / _SAMPLES_ACROSS)
    rows, cols = places(primary.mask)
    corners = np.array([[cols.min(), rows.min()], [cols.max(), rows.max()]])
    low, high = primary.window.to_pixels(corners)
    size = float((high - low).max()) + primary.window.step_px
    reach = 1.2 * size if own.is_line else min(10 * size, 0.5 * photo.width_px)
    reach = max(reach, 40 * step)
    box = (low[0] - reach, low[1] - reach, high[0] + reach, high[1] + reach)
    wide = (box[2] - box[0]) * (box[3] - box[1]) / step**2
    # Lines that ran together on a coarse window come apart on the finest affordable one.
    samples = _MAX_SAMPLES if own.is_line else int(min(wide, _MAX_SAMPLES))
    return window_around(photo, box, samples)


def part_of(mask: Mask) -> Part:
    """A part of which at least one sample is True."""
    rows, cols = places(mask)
    centred = np.stack([cols - cols.mean(), rows - rows.mean()])
    _, vectors = np.linalg.eigh(centred @ centred.T + np.eye(2))
    return Part(
        mask=mask,
        area=float(len(rows)),
        width=max(2.0 * half_width(mask) - 1.0, 1.0),
        direction=vectors[:, 1],
    )


def _parts(mask: Mask, *, least: float) -> list[Part]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    large = [i for i in range(1, count) if stats[i, cv2.CC_STAT_AREA] >= least]
    return [part_of(labels == label) for label in large]


def _stands_out(mask: Mask, likeness: FloatImage, skin: Mask) -> bool:
    distance = distance_outside(mask)
    beside = skin & (distance > 2.0) & (distance <= 4.5)
    if not beside.any():
        return False
    step = median(likeness[mask]) - median(likeness[beside])
    return step > _LEAST_STEP


def _same_colour(
    found: Segment, mask: Mask, wider: npt.NDArray[np.float64] | None
) -> bool:
    covariance = found.covariance if wider is None else found.covariance + wider
    white = np.linalg.inv(np.linalg.cholesky(covariance))
    own = white @ np.median(found.residual[found.lesion], axis=0)
    other = white @ np.median(found.residual[mask], axis=0)
    size = float(np.linalg.norm(own) * np.linalg.norm(other))
    return float(own @ other) >= _LEAST_COLOUR_COSINE * max(size, 1e-9)


def _alike_lines(own: Part, part: Part) -> bool:
    if not 0.05 * own.area <= part.area <= 8 * own.area:
        return False
    turn = np.degrees(np.arccos(np.clip(abs(own.direction @ part.direction), 0, 1)))
    # A fragment has no direction of its own yet.
    short = part.area < 3 * part.width**2
    # Generous: striae that merge in one place look twice as wide as the others.
    thin = 0.15 * own.width <= part.width <= 3 * own.width
    return bool(thin and (short or turn <= _MAX_TURN_DEG))


def _alike_spots(own: Part, part: Part) -> bool:
    like = 0.12 * own.area <= part.area <= 6 * own.area
    # Longer than three of the spot's widths it is a hair or a crease.
    return like and part.area / part.width <= 3 * max(own.width, part.width)


def _linked(mask: Mask, parts: list[Part], reach: float) -> Mask:
    """The mask with all parts within reach of it or of a part already taken."""
    taken = mask.copy()
    waiting = list(parts)
    while waiting:
        distance = distance_outside(taken)
        near = [p for p in waiting if float(distance[p.mask].min()) <= reach]
        if not near:
            break
        for part in near:
            taken |= part.mask
        waiting = [p for p in waiting if not any(p is n for n in near)]
    return taken

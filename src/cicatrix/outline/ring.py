"""The skin beside a lesion, and the lesion without its mixed edge."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.outline.value import Mask
from cicatrix.photo.middle import median
from cicatrix.skin.parts import labelled, places

__all__ = [
    "Distances",
    "adjacent_ring",
    "distance_inside",
    "distance_outside",
    "grown",
    "guard_samples",
    "half_width",
    "jittered_masks",
    "lesion_core",
    "ring_parts",
]

_MIN_GUARD = 2.5
"""Samples kept free beside a lesion at least: blur of lens and JPEG reaches so far."""
_GUARD_OF_HALF_WIDTH = 0.3
"""Guard as a share of the lesion's half width, so that soft borders stay outside."""
_RING_TO_LESION_AREA = 4.0
"""Ring area over lesion area: wide enough to average blotches of skin that come and go,
still the same light. Of 1.5, 4 and 8, and of all up to 7 mm, on phantom pairs of seeds
100 to 315: the error of the fade was least from 4 on, most of all around small spots."""
_MIN_RING_SAMPLES = 400
"""A ring smaller than this gives a colour no steadier than the skin's own mottling."""
_MIN_RING_THICKNESS = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distances:
    """How far each sample (rows, cols) of a window is from the border of a mask, in samples.

    `outside` is 0 on the mask, `inside` off it. For those who need them more than once.
    """

    outside: npt.NDArray[np.float32]
    inside: npt.NDArray[np.float32]

    @classmethod
    def of(cls, mask: Mask) -> "Distances":
        """Those of a mask (rows, cols)."""
        return cls(outside=distance_outside(mask), inside=distance_inside(mask))


def distance_outside(mask: Mask) -> npt.NDArray[np.float32]:
    """Distance (rows, cols) of each sample outside `mask` to it, in samples; 0 inside."""
    return _distance(np.asarray(~mask, np.uint8))


def grown(mask: Mask, samples: float) -> Mask:
    """`mask` (rows, cols) with all that lies within a few samples of it."""
    return np.asarray(cv2.dilate(mask.view(np.uint8), _disc(samples))).view(bool)


@lru_cache(maxsize=16)
def _disc(samples: float) -> npt.NDArray[np.uint8]:
    reach = int(samples)
    y, x = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.asarray(x * x + y * y <= samples * samples, np.uint8)
    disc.flags.writeable = False  # it is shared by all who ask
    return disc


def distance_inside(mask: Mask) -> npt.NDArray[np.float32]:
    """Distance (rows, cols) of each sample inside `mask` to its border, in samples."""
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    return _distance(padded)[1:-1, 1:-1]


def _distance(where: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Distance to the nearest zero; where there is none, as far as the picture is wide."""
    distance = cv2.distanceTransform(where, cv2.DIST_L2, 5)
    return np.asarray(np.minimum(distance, float(sum(where.shape))), np.float32)


def half_width(mask: Mask, *, away: Distances | None = None) -> float:
    """Typical half width of the parts of `mask` in samples: median over their spines.

    The spine is where the distance to the border has a local maximum. 0 if empty. `away`
    are the mask's distances, where they are known.
    """
    if away is None:
        # Little more than the parts: most of a window is skin.
        left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
        mask = mask[
            max(0, top - 2) : top + height + 2, max(0, left - 2) : left + width + 2
        ]
    inside = distance_inside(mask) if away is None else away.inside
    spine = mask & (inside >= cv2.dilate(inside, np.ones((3, 3), np.uint8)))
    if not spine.any():
        return 0.0
    # Weighted by itself: specks of one sample must not decide for the lesion.
    values = np.sort(inside[spine])
    weight = np.cumsum(values)
    return float(values[np.searchsorted(weight, weight[-1] / 2)])


def guard_samples(mask: Mask, *, away: Distances | None = None) -> float:
    """How far from `mask`, whose distances `away` are, the ring begins, in samples."""
    return max(_MIN_GUARD, _GUARD_OF_HALF_WIDTH * half_width(mask, away=away))


def adjacent_ring(
    mask: Mask,
    usable: Mask,
    *,
    others: Mask | None = None,
    away: Distances | None = None,
) -> Mask:
    """Guard-banded skin beside a lesion, nearest first, up to four times its area.

    Parameters
    ----------
    mask, usable : (rows, cols) bool
        The lesion; and skin without hair, glare or anything excluded.
    others : (rows, cols) bool, optional
        Other lesions, guarded like this one.
    away
        The distances of `mask`, where they are known.

    Returns
    -------
    (rows, cols) bool
        May hold less than that where the window has no more skin.
    """
    away = away or Distances.of(mask)
    distance = away.outside
    guard = guard_samples(mask, away=away)
    free = usable & (distance > guard)
    if others is not None and others.any():
        free &= distance_outside(others) > guard
    wanted = max(_MIN_RING_SAMPLES, int(_RING_TO_LESION_AREA * np.count_nonzero(mask)))
    reach = distance[free]
    if reach.size > wanted:
        # Two places: of so many values NumPy finds them in half the time of one alone.
        farthest = float(np.partition(reach, (wanted - 1, wanted))[wanted])
        outer = max(farthest, guard + _MIN_RING_THICKNESS)
        free &= distance <= outer
    return free


def lesion_core(mask: Mask, *, away: Distances | None = None) -> Mask:
    """`mask` without its mixed edge; narrow parts keep their middle.

    Up to two samples are taken off, but never more than half of what each connected
    part is deep, so that a stria two samples wide keeps a core. `away` are the mask's
    distances, where they are known.
    """
    inside = distance_inside(mask) if away is None else away.inside
    labels, areas = labelled(mask)
    depth = np.zeros(len(areas), np.float32)
    np.maximum.at(depth, labels[mask], inside[mask])
    cut = np.minimum(2.0, 0.5 * depth)
    return mask & (inside >= cut[labels])


def ring_parts(
    mask: Mask, ring: Mask, *, away: Distances | None = None
) -> tuple[Mask, ...]:
    """Inner half, outer half and four sectors of a ring; parts too small are dropped.

    Sectors are left, up, right, down as seen from the centre of `mask`. `away` are the
    mask's distances, where they are known.
    """
    if not ring.any():
        return ()
    distance = distance_outside(mask) if away is None else away.outside
    middle = median(distance[ring])
    rows, cols = places(mask)
    y, x = np.arange(mask.shape[0])[:, None], np.arange(mask.shape[1])
    # Scaled by the spread, so that sectors of a long lesion are alike in area.
    dy = (y - rows.mean()) / max(float(rows.std()), 1.0)
    dx = (x - cols.mean()) / max(float(cols.std()), 1.0)
    across = np.abs(dx) > np.abs(dy)
    parts = [
        ring & (distance <= middle),
        ring & (distance > middle),
        ring & across & (dx < 0),
        ring & ~across & (dy < 0),
        ring & across & (dx >= 0),
        ring & ~across & (dy >= 0),
    ]
    least = max(50, int(0.03 * np.count_nonzero(ring)))
    return tuple(part for part in parts if np.count_nonzero(part) >= least)


def jittered_masks(
    mask: Mask, *, step: float | None = None, away: Distances | None = None
) -> tuple[Mask, ...]:
    """Masks a little smaller, larger and shifted: what another hand might have drawn.

    `step` is the jitter in samples; default: 8 % of the half width, within 0.5 to 4
    samples. Two skilled outlines of one scar differ by about that much. `away` are the
    mask's distances, where they are known.
    """
    away = away or Distances.of(mask)
    by = step
    if by is None:
        by = float(np.clip(0.08 * half_width(mask, away=away), 0.5, 4.0))
    # The border runs half a sample beside the outermost sample centres.
    signed = np.where(mask, away.inside - 0.5, 0.5 - away.outside)
    masks = [signed > by, signed >= -by]
    for dx, dy in ((by, 0.0), (-by, 0.0), (0.0, by), (0.0, -by)):
        move = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
        moved = cv2.warpAffine(
            signed,
            move,
            (mask.shape[1], mask.shape[0]),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        masks.append(np.asarray(moved > 0))
    return tuple(m for m in masks if m.any())

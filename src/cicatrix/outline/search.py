"""Find what stands out where a person pointed: which size, which kind, which parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.begin import Begin, waiting
from cicatrix.outline.group import Found
from cicatrix.outline.pyramid import quick_view
from cicatrix.outline.ring import distance_outside
from cicatrix.outline.segment import Segment, segment
from cicatrix.outline.skinmodel import SkinModel, fit_skin, log_features
from cicatrix.outline.usable import Overview, carried
from cicatrix.outline.value import Mask
from cicatrix.photo.value import FloatImage, Photo
from cicatrix.photo.view import Window, window_around

__all__ = ["Mark", "find_at", "half_sizes"]

_SIDE_SAMPLES = 112
"""Side of a search window: a lesion of a tenth of it is still eleven samples wide."""
_SMALLEST_HALF_PX = 40.0
_LEAST_SEPARATION = 3.0
_LEAST_SEPARATION_ALONE = 3.9
"""In standard deviations of skin. Away from lesions, made-up skin reached 3.0 in 84 tries
(seeds 20-33; one hair more) where a wider window told its mottling, 3.5 where none could;
striae of ΔE00 4 stand at 3.1 to 3.5, scars of ΔE00 4 above 4.6."""
_LEAST_EDGE = 0.25
_LEAST_SAMPLES = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mark:
    """What a person marked, and the windows about it in which it is looked for.

    `drawn` draws it on a window's grid; `centre_xy` and `half_sizes_px` are the windows',
    in full-resolution pixels. `several`: every part that the mark touches counts.
    """

    drawn: Callable[[Window], Mask]
    centre_xy: tuple[float, float]
    half_sizes_px: Sequence[float]
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Level:
    window: Window
    features: FloatImage
    skin: Mask
    model: SkinModel


def half_sizes(photo: Photo, across_px: float = 0.0) -> list[float]:
    """Half sides of windows from the whole photograph down, each half of the one before.

    None is narrower than `across_px`, except for the whole photograph.
    """
    half = max(photo.width_px, photo.height_px) / 2.0
    sizes = [half]
    while (half := half / 2) >= max(_SMALLEST_HALF_PX, across_px / 2):
        sizes.append(half)
    return sizes


def find_at(
    photo: Photo, seen: Overview, mark: Mark, *, beside: Begin = waiting
) -> Found | None:
    """The part of a lesion under a mark, over windows of all sizes, or None.

    Each window is segmented from the mark; the one where the lesion stands out most
    from the skin's own mottling decides. If the mark hits nothing, the nearest thing
    that stands out is taken. `beside` begins a window on another core.
    """
    seen_levels = [
        beside(partial(_level, photo, seen, mark.centre_xy, half))
        for half in sorted(mark.half_sizes_px, reverse=True)
    ]
    # From the last: the helper takes them from the first, and so both always have one.
    told = [one() for one in reversed(seen_levels)][::-1]
    levels = [level for level in told if level is not None]
    seeds = [mark.drawn(level.window) for level in levels]
    tried = _tried(levels, seeds, mark, beside)
    best = _best(tried)
    if best is None:
        seeds = [_nearest(levels, i, seed) for i, seed in enumerate(seeds)]
        tried = _tried(levels, seeds, mark, beside)
        best = _best(tried)
    if best is None:
        return None
    chosen = tried[best]
    if chosen is None:
        return None
    return Found(
        window=levels[best].window,
        mask=chosen.lesion,
        others=chosen.alike & ~chosen.lesion,
        kind="blob",
        separation=chosen.separation,
        wider=_wider(levels, best),
    )


def _tried(
    levels: list[_Level], seeds: list[Mask], mark: Mark, beside: Begin
) -> list[Segment | None]:
    """What each window says, the widest first."""
    told = [
        beside(partial(_try, levels, i, seed, several=mark.several))
        for i, seed in enumerate(seeds)
    ]
    return [one() for one in reversed(told)][::-1]


def _level(
    photo: Photo, seen: Overview, centre_xy: tuple[float, float], half: float
) -> _Level | None:
    x, y = centre_xy
    window = window_around(
        photo, (x - half, y - half, x + half, y + half), _SIDE_SAMPLES**2
    )
    if min(window.shape) < 16:
        return None
    if window.step_px >= seen.window.step_px:
        # The overview is already this coarse: no need to touch the photograph again.
        light = _from_overview(seen, window)
    else:
        light = quick_view(photo, window)
    features = log_features(light, smooth_samples=0.8)
    skin = carried(seen.skin, seen.window, window)
    model = fit_skin(features, skin)
    if model is None:
        return None
    return _Level(window=window, features=features, skin=skin, model=model)


def _from_overview(seen: Overview, window: Window) -> FloatImage:
    light = seen.light
    shrink = window.step_px / seen.window.step_px
    to_light = window.to_other(seen.window)
    if shrink > 1.3:
        # No farther around than the blur reaches, which stops at four of its widths.
        margin = int(1.6 * shrink) + 4
        size = np.array(light.shape[1::-1])
        ends = to_light @ [[0, window.cols], [0, window.rows], [1, 1]]
        left, top = np.clip(ends[:, 0].astype(int) - margin, 0, size - 1)
        right, bottom = np.clip(ends[:, 1].astype(int) + margin, 1, size)
        part = light[top:bottom, left:right]
        light = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.4 * shrink), np.float32)
        to_light[:, 2] -= left, top
    sampled = cv2.warpAffine(
        light,
        to_light,
        (window.cols, window.rows),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(sampled, np.float32)


def _wider(levels: list[_Level], index: int) -> npt.NDArray[np.float64] | None:
    above = max(0, index - 2)
    return levels[above].model.covariance if above < index else None


def _try(
    levels: list[_Level], index: int, seed: Mask, *, several: bool
) -> Segment | None:
    level = levels[index]
    seed = seed & level.skin
    if not seed.any():
        return None
    found = segment(
        level.features,
        level.skin,
        seed,
        wider=_wider(levels, index),
        several=several,
        model=level.model,
    )
    if found is None or found.edge < _LEAST_EDGE:
        return None
    if np.count_nonzero(found.lesion) < _LEAST_SAMPLES:
        return None
    alone = _wider(levels, index) is None
    least = _LEAST_SEPARATION_ALONE if alone else _LEAST_SEPARATION
    return None if found.separation < least else found


def _score(found: Segment) -> float:
    enough = min(1.0, np.count_nonzero(found.lesion) / 80.0) ** 0.5
    whole = max(0.0, 1.0 - 12.0 * found.open_border)
    return found.separation * enough * whole


def _best(tried: list[Segment | None]) -> int | None:
    scores = [0.0 if t is None else _score(t) for t in tried]
    best = int(np.argmax(scores)) if scores else 0
    return best if scores and scores[best] > 0 else None


def _nearest(levels: list[_Level], index: int, seed: Mask) -> Mask:
    """The part that stands out from skin nearest to a mark; empty if there is none."""
    level = levels[index]
    nothing = np.zeros_like(seed)
    model = level.model
    if not seed.any():
        return nothing
    wider = _wider(levels, index)
    covariance = model.covariance if wider is None else model.covariance + wider
    smooth = cv2.GaussianBlur(model.residual, (0, 0), 1.0)
    squared = np.einsum("rci,ij,rcj->rc", smooth, np.linalg.inv(covariance), smooth)
    standing = (squared > _LEAST_SEPARATION**2) & level.skin
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        standing.astype(np.uint8), connectivity=8
    )
    large = stats[:, cv2.CC_STAT_AREA] >= _LEAST_SAMPLES
    large[0] = False
    if count <= 1 or not large.any():
        return nothing
    distance = np.where(large[labels], distance_outside(seed), np.inf)
    nearest = np.unravel_index(int(distance.argmin()), distance.shape)
    if distance[nearest] > 0.3 * max(level.window.shape):
        return nothing
    return np.asarray(labels == labels[nearest])

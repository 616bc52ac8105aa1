"""Which pixels are bare skin, and which are hair or glare.

Pure functions of linear light. Skin is told from its surroundings by the chromaticity
ln R - ln G, which blood and melanin both raise on every skin tone and which neither
the strength of the light nor shading changes; the limit is set by each picture itself,
so that a colour cast moves it along.
"""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.channels import brightest, mean_channel, redness
from cicatrix.photo.middle import median
from cicatrix.skin.colours import DARK, Colours, colours_of
from cicatrix.skin.parts import extents, labelled

__all__ = ["glare_mask", "hair_mask", "skin_mask", "skin_of_colours"]

_Mask = npt.NDArray[np.bool_]
_Float = npt.NDArray[np.float32]

_FULL = np.float32(0.985)
"""Light of a channel from here on is at the top of its range."""

_LEAST_STEP = 0.28
"""Smallest step in ln R - ln G between surroundings and skin that counts as two things.
Within one picture of skin alone, mottling stays below it; room, drape and clothes lay
0.31 to 1.1 from skin in the 49 wound photographs that show both."""

_LEAST_SHARE = 0.12
"""A redder part below this share of the picture is a lesion on skin, not the skin."""

_SPLIT_AT = 0.4
"""Where between surroundings (0) and skin (1) the limit lies: nearer to the
surroundings because pale, pressed or scaling skin lies between the two."""

_ABOVE_SKIN = 0.55
"""Redder than the skin's own middle by more than this is raw tissue, lips, ink."""

_LEAST_REDNESS = 0.03
"""Skin's own middle of ln R - ln G below this is no skin but foliage, cloth or a wall.
Grey has 0. Chosen on 120 phantom photographs of every tone and care (seeds 100-159):
0.09 at the least, on very light skin that is nearly blown out under a cold cast; 0.24 in
55 wound photographs."""

_YELLOWER = 0.9
"""ln G - ln B above the skin's own middle: burnt-in orange dates, iodine, tapes."""


def skin_mask(
    linear: _Float,
    *,
    exclude: Sequence[npt.ArrayLike] = (),
    seed: _Mask | None = None,
) -> _Mask:
    """Where a reduced picture shows bare skin.

    Made for pictures of 200 to 1200 px; larger ones cost more and gain nothing.

    Parameters
    ----------
    linear : (rows, cols, 3) float32
        Linear light, 1 = white.
    exclude
        Polygons (n, 2), in pixels of this picture, that are not skin whatever their
        colour: a colour card, a ruler.
    seed : (rows, cols) bool, optional
        Pixels known to be mostly skin, such as the surroundings of a lesion pointed
        to. They settle what skin looks like where the picture alone is ambiguous.

    Returns
    -------
    (rows, cols) bool
        True on bare skin. Wounds, background, drape, card, black padding, burnt-in
        text and blown-out parts are False. Empty where what would be skin by the rest
        of the picture, or by the seed, is no redder than grey.
    """
    return skin_of_colours(colours_of(linear), exclude=exclude, seed=seed)


def skin_of_colours(
    colours: Colours,
    *,
    exclude: Sequence[npt.ArrayLike] = (),
    seed: _Mask | None = None,
) -> _Mask:
    """`skin_mask` (rows, cols) bool of a picture whose colours are at hand.

    `seed` (rows, cols) bool as there.
    """
    seen = colours.seen.copy()
    for polygon in exclude:
        seen &= ~_filled(polygon, seen.shape)
    if np.count_nonzero(seen) < 64:
        return np.zeros(seen.shape, dtype=bool)
    red, yellow = colours.red, colours.yellow
    low, middle = _limits(red, seen, seed)
    if middle < _LEAST_REDNESS:
        return np.zeros(seen.shape, dtype=bool)
    skin = seen & (red > low) & (red < middle + _ABOVE_SKIN)
    if not skin.any():
        return skin
    skin &= ~_text(yellow, median(_some(yellow, skin)))
    return _tidy(skin) & seen


def _limits(red: _Float, seen: _Mask, seed: _Mask | None) -> tuple[float, float]:
    """Lower limit of skin in ln R - ln G, and the middle of the skin."""
    values = _some(red, seen)
    limit, below, above, share = _split(values)
    if above - below > _LEAST_STEP and share <= _LEAST_SHARE:
        values = values[values <= limit]  # the lesion is set aside, the rest split
        limit, below, above, share = _split(values)
    split = above - below > _LEAST_STEP and share > _LEAST_SHARE
    middle = above if split else median(values)
    if seed is not None and np.count_nonzero(seed & seen) >= 32:
        about = red[seed & seen]
        upper = about[about > limit]
        # A fifth is enough: on a narrow limb most of the surroundings is room. None on
        # the redder side means that the split was lesion against skin.
        split = split and upper.size > 0.2 * about.size
        middle = median(upper if split else about)
    if split:
        return below + _SPLIT_AT * (middle - below), middle
    spread = median(np.abs(values - middle))
    return middle - max(0.3, 6 * spread), middle


def _some(plane: _Float, where: _Mask) -> npt.NDArray[np.float32]:
    """Values of a plane (rows, cols); of many so many that a median over them is steady."""
    at = np.flatnonzero(where)
    return plane.take(at[:: at.size // 10000] if at.size > 20000 else at)


def _split(values: npt.NDArray[np.float32]) -> tuple[float, float, float, float]:
    """Otsu's limit, both sides' medians and the share above.

    Both tails are cut to the medians of their sides and the split is repeated: blue
    cloth and raw wounds would otherwise pull the limit away from the skin's edge.
    """
    low, high = -0.3, 2.2
    # In order, a median is where it lies, and cutting the tails leaves the order.
    ordered = np.sort(values)
    cut = np.clip(ordered, low, high)
    limit = below = above = 0.0
    for _ in range(4):
        codes = ((cut - low) * (255 / (high - low))).astype(np.uint8)
        level, _codes = cv2.threshold(codes.reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)
        limit = level * (high - low) / 255 + low
        count = int(np.count_nonzero(cut <= limit))
        if count in (0, cut.size):
            break
        below, above = _middle_of(cut[:count]), _middle_of(cut[count:])
        cut = np.clip(ordered, below, above)
    return limit, below, above, float(np.mean(values > limit))


def _middle_of(ordered: npt.NDArray[np.float32]) -> float:
    """The median of values in order."""
    first, last = ordered[(ordered.size - 1) // 2], ordered[ordered.size // 2]
    return float((first + last) / np.float32(2))


def _text(yellow: _Float, skin_yellow: float) -> _Mask:
    """Burnt-in dates and other strongly yellow things, with their JPEG halo."""
    found = (yellow > skin_yellow + _YELLOWER).astype(np.uint8)
    size = max(3, 2 * (max(found.shape) // 200) + 1)
    return cv2.dilate(found, np.ones((size, size), np.uint8)) > 0


def _tidy(mask: _Mask) -> _Mask:
    """Without specks, with pin-holes closed; keeps parts above a tenth of the largest."""
    size = max(3, 2 * (max(mask.shape) // 250) + 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    clean = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc)
    clean = cv2.morphologyEx(clean, cv2.MORPH_CLOSE, disc)
    labels, areas = labelled(clean > 0, connectivity=4)
    if len(areas) <= 2:
        return np.asarray(clean > 0)
    return np.asarray((areas >= max(1.0, 0.1 * areas.max()))[labels])


def _filled(polygon: npt.ArrayLike, shape: tuple[int, ...]) -> _Mask:
    corners = np.asarray(polygon, dtype=np.float64)
    if corners.ndim != 2 or corners.shape[1] != 2 or len(corners) < 3:
        raise ValueError(f"a polygon must be (n >= 3, 2), got {corners.shape}")
    drawn = np.zeros(shape[:2], dtype=np.uint8)
    cv2.fillPoly(drawn, [np.round(corners).astype(np.int32)], 1)
    return drawn > 0


def hair_mask(linear: _Float, *, hair_px: float) -> _Mask:
    """Where thin dark hairs cross the skin.

    Lines darker than both their sides, at most `hair_px` wide, found as the bottom
    hat of log light along four directions (after Lee et al. 1997, DullRazor) and at
    least eight widths long, so that pores and moles stay.

    Parameters
    ----------
    linear : (rows, cols, 3) float32
        Linear light, 1 = white.
    hair_px
        Widest hair in pixels of this picture. A scalp or body hair is 0.02-0.1 mm.

    Returns
    -------
    (rows, cols) bool
        True on hair, half a width of margin included.
    """
    if not hair_px > 0:
        raise ValueError(f"hair_px must be positive, got {hair_px!r}")
    light = np.log(mean_channel(linear) + np.float32(DARK))
    size = 2 * int(np.ceil(hair_px)) + 1
    highest: cv2.typing.MatLike = light
    for kernel in _bars(size):
        closed = cv2.morphologyEx(light, cv2.MORPH_CLOSE, kernel)
        highest = cv2.max(highest, closed)
    depth = cast(_Float, cv2.subtract(highest, light))
    # Against the picture's own grain: relief shading also makes small dark lines.
    limit = max(0.12, 5 * median(depth[::3, ::3]))
    found = depth > limit
    if not found.any():
        return found
    labels, areas, widths, heights = extents(found)
    length = np.hypot(widths, heights)
    keep = (length >= 8 * hair_px) & (areas < 2 * hair_px * length)
    hair = np.zeros(found.shape, np.uint8)
    hair[found] = keep[labels[found]]
    return cv2.dilate(hair, np.ones((3, 3), np.uint8)) > 0


def _bars(size: int) -> list[npt.NDArray[np.uint8]]:
    """Line-shaped kernels of `size` across, in four directions."""
    row = np.zeros((size, size), dtype=np.uint8)
    row[size // 2] = 1
    slope = np.eye(size, dtype=np.uint8)
    return [row, row.T.copy(), slope, slope[::-1].copy()]


def glare_mask(linear: _Float) -> _Mask:
    """Where gloss or clipping hides the skin's own colour.

    A reflection at the surface has the colour of the light, so it is brighter than
    its surroundings (by half) and paler in ln R - ln G at the same time. Anything with
    a channel at the top of the range is glare too: its colour is lost.

    Parameters
    ----------
    linear : (rows, cols, 3) float32
        Linear light, 1 = white.

    Returns
    -------
    (rows, cols) bool
        True on glare, with a margin of one pixel.
    """
    logs = np.log(linear + np.float32(DARK))
    light, red = mean_channel(logs), redness(logs)
    sigma = max(linear.shape[:2]) / 30
    light_around = _wide_blur(light, sigma)
    red_around = _wide_blur(red, sigma)
    gloss = (light > light_around + np.log(1.5)) & (red < red_around - 0.2)
    if linear.max() >= _FULL:  # most skin has none, and a maximum is told sooner
        gloss |= brightest(linear) >= _FULL
    return cv2.dilate(gloss.view(np.uint8), np.ones((3, 3), np.uint8)) > 0


def _wide_blur(values: _Float, sigma_px: float) -> _Float:
    """Gaussian blur of a wide sigma at a quarter of the size: the same to 1 %."""
    rows, cols = values.shape
    if sigma_px < 8:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma_px), np.float32)
    small = cv2.resize(values, (max(1, cols // 4), max(1, rows // 4)), None, 0, 0, 3)
    small = cv2.GaussianBlur(small, (0, 0), sigma_px / 4)
    return np.asarray(cv2.resize(small, (cols, rows)), dtype=np.float32)

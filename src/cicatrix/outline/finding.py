"""The outline of a lesion, however it was pointed to."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.begin import Begin, waiting
from cicatrix.errors import LesionNotFound
from cicatrix.outline.assemble import (
    MAX_SAMPLES,
    MAX_SAMPLES_COMPACT,
    assemble_outline,
    kind_of,
    lesion_window,
    sampled_mask,
)
from cicatrix.outline.group import Found, gathered
from cicatrix.outline.pointed import with_click
from cicatrix.outline.pyramid import quick_view
from cicatrix.outline.search import Mark, find_at, half_sizes
from cicatrix.outline.segment import segment
from cicatrix.outline.skinmodel import log_features
from cicatrix.outline.striae import striae_at
from cicatrix.outline.tips import with_tips
from cicatrix.outline.usable import (
    Overview,
    carried,
    excluded,
    overview,
    polygon_mask,
    usable_skin,
)
from cicatrix.outline.value import Box, Lesion, Mask, Outline, Scribble
from cicatrix.photo.value import FloatImage, Photo
from cicatrix.photo.view import Window
from cicatrix.skin.parts import places

__all__ = ["outline_again", "outline_from_mask", "outline_lesion"]

_SEED_RADIUS = 2.5
"""Of a click, in samples of each search window: a finger is not a pixel."""
_BESIDE = 0.5
"""Of a lesion's length: what lies farther from a click is something else. Of 560 lesions of
ΔE00 4 and above that were pointed to in their middle (phantom seeds 100 to 739) the click
was never farther outside than 0.33; of 198 that nobody could see 20 were."""
_EVERYWHERE = 0.4
"""Share of the photograph that a lesion's bounding box spans where it is everywhere."""
_CLEAR_OF_BLOTCHES = 5.5
"""Standard deviations of skin below which what is everywhere is the skin's own blotches. Of
260 lesions that were pointed to (phantom seeds 100 to 739) three such (4.5, 5.1 and 7.0)
spanned 0.51, 0.82 and 0.89 of the photograph, none of them the lesion (Dice 0.0 to 0.2);
of lesions found below 8 (Dice above 0.5) the largest spanned 0.13. Fields that do fill a
photograph are outlined well from about 6 on."""
_SMOOTH_SAMPLES = 0.6
"""Of the finest window. With 0, 0.4, 0.6 and 1.0 the length of striae of ΔE00 10 and above was
off by 4.6, 5.3, 4.0 and 5.3 % and their width by 7.6, 7.3, 7.9 and 8.0 % (phantom seeds 100
to 419); scars hardly mind."""


def outline_lesion(
    photo: Photo,
    lesion: Lesion,
    *,
    exclude: Sequence[npt.ArrayLike] = (),
) -> Outline:
    """Outline a lesion with the skin beside it.

    Parameters
    ----------
    photo
        The photograph.
    lesion
        A point (2,), a polygon (n >= 3, 2), a bool mask (rows, cols) of the whole
        photograph, a `Box` or a `Scribble`; full-resolution pixels. Polygon and mask
        are taken as they are.
    exclude
        Polygons (n, 2) that are not skin, such as a card's corners.

    Raises
    ------
    ValueError
        `lesion` is none of these, or a mask of another size.
    LesionNotFound
        The place lies outside the photograph or off the skin, or nothing stands out
        there.
    """
    if isinstance(lesion, Box):
        return _from_box(photo, lesion, exclude)
    if isinstance(lesion, Scribble):
        return _from_scribble(photo, lesion, exclude)
    values = np.asarray(lesion)
    if values.dtype == np.bool_ or (values.ndim == 2 and values.shape[1:] == (2,)):
        return outline_from_mask(photo, values, exclude=exclude)
    if values.shape != (2,) or not np.isfinite(values.astype(float)).all():
        raise ValueError(
            "a lesion is a point (2,), a polygon (n >= 3, 2), a bool mask, a Box or a "
            f"Scribble, got an array of shape {values.shape}"
        )
    at_xy = float(values[0]), float(values[1])
    return with_click(photo, _from_point(photo, at_xy, exclude), at_xy)


def outline_again(
    photo: Photo,
    at_xy: tuple[float, float],
    *,
    across_px: float,
    exclude: Sequence[npt.ArrayLike] = (),
    beside: Begin = waiting,
) -> Outline:
    """Outline a lesion whose place and size another photograph has told.

    As `outline_lesion` from a point (x, y), but not in windows narrower than the lesion,
    whose longer side was `across_px`. `beside` begins on another core what can be done
    there: where both work at once on such small windows, they mostly wait for each other.

    Raises
    ------
    LesionNotFound
        As there.
    """
    return _from_point(photo, at_xy, exclude, across_px=across_px, beside=beside)


def outline_from_mask(
    photo: Photo, lesion: npt.ArrayLike, *, exclude: Sequence[npt.ArrayLike] = ()
) -> Outline:
    """The outline of a lesion whose shape is given.

    Parameters
    ----------
    photo
        The photograph.
    lesion
        A bool mask (rows, cols) of the whole photograph or a polygon (n >= 3, 2).
    exclude
        Polygons (n, 2) that are not skin.

    Raises
    ------
    ValueError
        The mask has another size than the photograph, or the polygon too few corners.
    LesionNotFound
        It is empty, outside the photograph, or has too little skin beside it.
    """
    values = np.asarray(lesion)
    if values.dtype == np.bool_:
        window, mask = _of_mask(photo, values)
    else:
        window, mask = _of_polygon(photo, values.astype(np.float64))
    if not mask.any():
        raise LesionNotFound(
            "The lesion that was marked is smaller than a pixel. Mark it again."
        )
    near = window.to_pixels([(window.cols / 2, window.rows / 2)])[0]
    seen = overview(photo, near_xy=(near[0], near[1]), exclude=exclude)
    light = quick_view(photo, window)
    usable = _usable(seen, window, light, exclude)
    return replace(assemble_outline(light, window, mask, usable=usable), given=True)


def _of_mask(photo: Photo, mask: Mask) -> tuple[Window, Mask]:
    if mask.shape != (photo.height_px, photo.width_px):
        raise ValueError(
            f"the mask is {mask.shape}, the photograph "
            f"{(photo.height_px, photo.width_px)}"
        )
    if not mask.any():
        raise LesionNotFound("The lesion's mask is empty. Mark the lesion on it.")
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = (float(cols[0]), float(rows[0]), float(cols[-1]), float(rows[-1]))
    window = lesion_window(photo, box, float(np.count_nonzero(mask)))
    return window, sampled_mask(mask, window)


def _of_polygon(photo: Photo, polygon: npt.NDArray[np.float64]) -> tuple[Window, Mask]:
    if polygon.ndim != 2 or polygon.shape[1] != 2 or len(polygon) < 3:
        raise ValueError(f"a polygon is (n >= 3, 2), got {polygon.shape}")
    (left, top), (right, bottom) = polygon.min(axis=0), polygon.max(axis=0)
    box = (float(left), float(top), float(right), float(bottom))
    _check_inside(photo, box)
    area = abs(float(cv2.contourArea(polygon.astype(np.float32))))
    window = lesion_window(photo, box, area)
    return window, polygon_mask(window, polygon)


def _from_point(
    photo: Photo,
    at_xy: tuple[float, float],
    exclude: Sequence[npt.ArrayLike],
    *,
    across_px: float = 0.0,
    beside: Begin = waiting,
) -> Outline:
    seen = _seen(photo, at_xy, exclude)

    def disc(window: Window) -> Mask:
        x, y = window.to_samples([at_xy])[0]
        away_x = np.square(np.arange(window.cols) - x)
        away_y = np.square(np.arange(window.rows) - y)
        return np.asarray(away_x + away_y[:, None] <= _SEED_RADIUS**2)

    mark = Mark(drawn=disc, centre_xy=at_xy, half_sizes_px=half_sizes(photo, across_px))
    found = find_at(photo, seen, mark, beside=beside)
    known = across_px > 0
    striae = None if known else striae_at(photo, seen, mark, found, beside=beside)
    if striae is not None:
        return _refined(photo, seen, striae, exclude, beside=beside)
    if found is None:
        raise _nothing_stands_out(at_xy)
    whole = gathered(photo, seen, found)
    if not _is_at(whole, at_xy) or not (known or _has_skin_around(photo, whole)):
        raise _nothing_stands_out(at_xy)
    return _refined(photo, seen, whole, exclude, beside=beside)


def _is_at(found: Found, at_xy: tuple[float, float]) -> bool:
    """Whether a lesion, with what lies between its parts, is where a person pointed."""
    rows, cols = places(found.mask)
    hull = cv2.convexHull(np.stack([cols, rows], axis=1).astype(np.float32))
    x, y = found.window.to_samples([at_xy])[0]
    outside = -cv2.pointPolygonTest(hull, (float(x), float(y)), measureDist=True)
    across = 1.0 + max(np.ptp(cols), np.ptp(rows))
    return bool(outside <= max(_SEED_RADIUS, _BESIDE * across))


def _has_skin_around(photo: Photo, found: Found) -> bool:
    """Whether a lesion is no faint blotches all over the photograph."""
    rows, cols = places(found.mask)
    box = (1 + np.ptp(rows)) * (1 + np.ptp(cols)) * found.window.step_px**2
    everywhere = box > _EVERYWHERE * photo.width_px * photo.height_px
    return not (everywhere and found.separation < _CLEAR_OF_BLOTCHES)


def _from_scribble(
    photo: Photo, scribble: Scribble, exclude: Sequence[npt.ArrayLike]
) -> Outline:
    points = scribble.points_xy
    low, high = points.min(axis=0), points.max(axis=0)
    centre = _middle_of((*low, *high))
    seen = _seen(photo, centre, exclude)

    def stroke(window: Window) -> Mask:
        canvas = np.zeros(window.shape, np.uint8)
        corners = np.round(window.to_samples(points) * 16).astype(np.int32)
        cv2.polylines(canvas, [corners], isClosed=False, color=1, thickness=2, shift=4)
        return canvas.astype(bool)

    extent = max(float((high - low).max()) / 2, 20.0)
    mark = Mark(
        drawn=stroke,
        centre_xy=centre,
        half_sizes_px=[extent * f for f in (1.6, 3.0, 6.0, 12.0)],
        several=True,
    )
    found = find_at(photo, seen, mark)
    if found is None:
        raise _nothing_stands_out(centre)
    return _refined(photo, seen, found, exclude)


def _from_box(photo: Photo, box: Box, exclude: Sequence[npt.ArrayLike]) -> Outline:
    edges = (box.left_px, box.top_px, box.right_px, box.bottom_px)
    centre = _middle_of(edges)
    seen = _seen(photo, centre, exclude)

    def middle(window: Window) -> Mask:
        x, y = np.moveaxis(window.samples_xy(), -1, 0)
        width, height = box.right_px - box.left_px, box.bottom_px - box.top_px
        across, down = np.abs(x - centre[0]) / width, np.abs(y - centre[1]) / height
        return np.asarray((across < 0.2) & (down < 0.2))

    half = max(box.right_px - box.left_px, box.bottom_px - box.top_px) / 2
    mark = Mark(
        drawn=middle,
        centre_xy=centre,
        half_sizes_px=[half * f for f in (1.5, 2.5, 5.0)],
        several=True,
    )
    found = find_at(photo, seen, mark)
    if found is None:
        raise _nothing_stands_out(centre)
    return _refined(photo, seen, found, exclude, within=box)


def _refined(
    photo: Photo,
    seen: Overview,
    found: Found,
    exclude: Sequence[npt.ArrayLike],
    *,
    within: Box | None = None,
    beside: Begin = waiting,
) -> Outline:
    """Segment again at the resolution that the lesion's own size allows."""
    rows, cols = places(found.mask)
    corners = np.array(
        [[cols.min() - 1, rows.min() - 1], [cols.max() + 1, rows.max() + 1]]
    )
    low, high = found.window.to_pixels(corners)
    area = np.count_nonzero(found.mask) * found.window.step_px**2
    compact = found.kind == "blob" and kind_of(found.mask) == "blob"
    window = lesion_window(
        photo,
        (low[0], low[1], high[0], high[1]),
        area,
        max_samples=MAX_SAMPLES_COMPACT if compact else MAX_SAMPLES,
    )
    light = quick_view(photo, window)
    usable = beside(partial(_usable, seen, window, light, exclude))
    seed = carried(found.mask, found.window, window)
    others = carried(found.others, found.window, window)
    skin = carried(seen.skin, seen.window, window) & ~others
    fine = segment(
        log_features(light, smooth_samples=_SMOOTH_SAMPLES),
        skin,
        seed,
        wider=found.wider,
        several=True,
    )
    # Grown or shrunk beyond this, the finer grain led it astray.
    mask = seed
    if fine is not None:
        growth = np.count_nonzero(fine.lesion) / max(int(np.count_nonzero(seed)), 1)
        mask = fine.lesion if 0.3 < growth < 2.5 else seed
        if found.kind == kind_of(mask) == "line":
            mask = with_tips(fine.likeness, mask, skin)
    if within is not None:
        x, y = np.moveaxis(window.samples_xy(), -1, 0)
        mask = mask & (x >= within.left_px) & (x <= within.right_px)
        mask &= (y >= within.top_px) & (y <= within.bottom_px)
    if not mask.any():
        raise _nothing_stands_out(_middle_of((low[0], low[1], high[0], high[1])))
    drawn = assemble_outline(
        light, window, mask, usable=usable(), others=others, beside=beside
    )
    return replace(drawn, separation=found.separation)


def _usable(
    seen: Overview,
    window: Window,
    light: FloatImage,
    exclude: Sequence[npt.ArrayLike],
) -> Mask:
    """Bare skin of a window that is not excluded."""
    return usable_skin(seen, window, light) & ~excluded(window, exclude)


def _seen(
    photo: Photo, at_xy: tuple[float, float], exclude: Sequence[npt.ArrayLike]
) -> Overview:
    """The overview, or the reason why nothing can be there."""
    _check_inside(photo, (*at_xy, *at_xy))
    seen = overview(photo, near_xy=at_xy, exclude=exclude)
    col, row = np.round(seen.window.to_samples([at_xy])[0]).astype(int)
    reach = 2 + max(seen.window.shape) // 60
    near = seen.skin[
        max(0, row - reach) : row + reach + 1, max(0, col - reach) : col + reach + 1
    ]
    if not near.any():
        raise LesionNotFound(
            f"The point ({at_xy[0]:.0f}, {at_xy[1]:.0f}) lies off the skin, so there is "
            "nothing to outline. Point to the middle of the scar."
        )
    return seen


def _check_inside(photo: Photo, box: tuple[float, float, float, float]) -> None:
    outside = (
        box[2] < 0
        or box[3] < 0
        or box[0] > photo.width_px - 1
        or box[1] > photo.height_px - 1
    )
    if outside:
        raise LesionNotFound(
            f"The place ({box[0]:.0f}, {box[1]:.0f}) lies outside the photograph of "
            f"{photo.width_px} x {photo.height_px} px, so there is nothing to outline. Point to "
            "the scar inside it."
        )


def _middle_of(box: tuple[float, float, float, float]) -> tuple[float, float]:
    return (float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2)


def _nothing_stands_out(at_xy: tuple[float, float]) -> LesionNotFound:
    return LesionNotFound(
        f"Nothing at ({at_xy[0]:.0f}, {at_xy[1]:.0f}) stands out from the skin's own "
        "mottling, so no border can be drawn. Point to the middle of the scar, or draw "
        "its outline as a mask or a polygon."
    )

"""The size of a lesion at two visits, each on its own photograph's own outline."""

from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.value import Alignment
from cicatrix.domain.begin import Begin, waiting
from cicatrix.domain.fade import MeasureChange
from cicatrix.domain.scale import Scale, ScaleSource, sizes_agree
from cicatrix.errors import LesionNotFound
from cicatrix.measures.size import Size
from cicatrix.measures.size_error import size_with_error
from cicatrix.outline.finding import outline_again
from cicatrix.outline.value import Outline
from cicatrix.photo.value import Photo
from cicatrix.work.abstaining import border_is_clear
from cicatrix.work.rows import around, row, unknown_row

__all__ = ["size_changes", "without_sizes"]

_LABELS = {
    "area": "area",
    "length": "length (of the longest line)",
    "width": "median width",
}
_DOUBTED = (
    "the border was found where little stands out and may be that of a blotch: draw the "
    "lesion's outline as a mask or a polygon, then its size is told"
)
_DRAW_AGAIN = "draw the outline on that photograph too, and `cicatrix outline --mask` tells its area"
_GIVEN = f"the outline was given for the baseline alone: {_DRAW_AGAIN}"
_FAINT_AGAIN = (
    "the border in the follow-up was found where little stands out and may be that of a "
    f"blotch: {_DRAW_AGAIN}"
)
_CONTRADICTED = (
    "in pixels: the sizes of a pixel that were entered and what the photographs show of the "
    "same skin differ by more than a tenth, so one of them is wrong"
)
_LOST = f"no border was found in the follow-up: if you see one, {_DRAW_AGAIN}"
_CURVED = (
    "as if the skin were flat: on a limb that curves away it comes out too small; "
    "photograph the lesion straight on"
)


def size_changes(
    baseline: Photo,
    followup: Photo,
    outline: Outline,
    alignment: Alignment | None,
    *,
    beside: Begin = waiting,
) -> tuple[MeasureChange, ...]:
    """Change of area, length and width; in mm where both photographs have a scale.

    `alignment` is None where the follow-up is in the baseline's frame. `beside` begins on
    another core what can be done there.

    Without a scale sizes are in pixels of the baseline: the follow-up's are divided by
    how much larger the alignment found the skin around the lesion in it. Where a border
    is not clear (`border_is_clear`) no size is told of it; the note of the row says why.
    """
    scales = baseline.scale, followup.scale
    if not border_is_clear(outline):
        return _untold(scales[0], _DOUBTED)
    # The same file twice shows the same lesion: another window would sample it anew.
    if followup is baseline or baseline.sha256 == followup.sha256 != "":
        own: Outline | None = outline
    elif outline.given:
        return _first_alone(outline, scales[0], _GIVEN)
    else:
        own = _own_outline(followup, outline, alignment, beside)
    if own is None or not border_is_clear(own):
        note = _LOST if own is None else _FAINT_AGAIN
        return _first_alone(outline, scales[0], note)
    grown = _magnification(alignment, outline)
    contradicted = _contradicted(scales, grown)
    known = scales if None not in scales and not contradicted else (None, None)
    told = [
        beside(partial(size_with_error, one, scale))
        for one, scale in zip((outline, own), known, strict=True)
    ]
    pairs = [one() for one in told]
    if None not in known:
        return tuple(_size_row(name, "mm", pairs) for name in _LABELS)
    pairs[1] = _shrunk(pairs[1], grown)
    note = _CONTRADICTED if contradicted else ""
    return tuple(replace(_size_row(name, "px", pairs), note=note) for name in _LABELS)


def without_sizes(rows: tuple[MeasureChange, ...]) -> tuple[MeasureChange, ...]:
    """The same sizes, told to be unknown as the border is in doubt."""
    return tuple(unknown_row(one.name, one.label, one.unit, _DOUBTED) for one in rows)


def _own_outline(
    followup: Photo, outline: Outline, alignment: Alignment | None, beside: Begin
) -> Outline | None:
    """The outline on the follow-up itself, from the middle of the baseline's."""
    point = outline.window.to_pixels(_deepest(outline.mask)[None])
    if alignment is not None:
        point = alignment.to_followup(point)
    reference = followup.reference
    cards = [] if reference is None else [np.asarray(reference.corners_xy)]
    try:
        own = outline_again(
            followup,
            (float(point[0, 0]), float(point[0, 1])),
            across_px=_magnification(alignment, outline)
            * float(np.ptp(outline.polygon_xy, axis=0).max()),
            exclude=[card for card in cards if len(card) >= 3],
            beside=beside,
        )
    except LesionNotFound:
        return None
    # Other sizes of other kinds of thing do not compare.
    return replace(own, kind=outline.kind)


def _contradicted(scales: tuple[Scale | None, Scale | None], grown: float) -> bool:
    """Whether sizes that a person entered cannot both be true of skin that grew so."""
    first, second = scales
    if first is None or second is None:
        return False
    if ScaleSource.ENTERED not in (first.source, second.source):
        return False
    said = first.mm_per_px_at(*first.at_xy) / second.mm_per_px_at(*second.at_xy)
    return not sizes_agree(said, grown)


def _deepest(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 5)
    row_at, col_at = np.unravel_index(int(depth.argmax()), depth.shape)
    return np.array([col_at - 1.0, row_at - 1.0])


def _magnification(alignment: Alignment | None, outline: Outline) -> float:
    """Follow-up pixels per baseline pixel over the lesion's surroundings."""
    if alignment is None:
        return 1.0
    low, high = outline.polygon_xy.min(axis=0), outline.polygon_xy.max(axis=0)
    corners = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    moved = alignment.to_followup(corners)
    areas = [cv2.contourArea(quad.astype(np.float32)) for quad in (moved, corners)]
    return float(np.sqrt(areas[0] / max(areas[1], 1e-9)))


def _shrunk(sizes: tuple[Size, Size], grown: float) -> tuple[Size, Size]:
    size, error = (
        replace(
            one,
            area_px2=one.area_px2 / grown**2,
            length_px=one.length_px / grown,
            width_px=one.width_px / grown,
        )
        for one in sizes
    )
    return size, error


def _size_row(name: str, unit: str, pairs: list[tuple[Size, Size]]) -> MeasureChange:
    field, sign = _field_of(name, unit)
    values = [_value(field, pair) for pair in pairs]
    before, after = (around(value, sd) for value, sd in values)
    change = around(
        after.estimate - before.estimate, float(np.hypot(values[0][1], values[1][1]))
    )
    return row(
        field,
        _LABELS[name],
        sign,
        (before, after, change),
        note=_CURVED if unit == "mm" else "",
    )


def _value(field: str, pair: tuple[Size, Size]) -> tuple[float, float]:
    """A size and one standard deviation of it."""
    size, error = pair
    return float(getattr(size, field)), float(getattr(error, field))


def _first_alone(
    outline: Outline, scale: Scale | None, note: str
) -> tuple[MeasureChange, ...]:
    """Sizes in the baseline, and why there are none in the follow-up."""
    pair = size_with_error(outline, scale)
    notes = note if scale is None else f"{note}; {_CURVED}"
    return tuple(
        replace(one, before=around(*_value(one.name, pair)), note=notes)
        for one in _untold(scale, note)
    )


def _untold(scale: Scale | None, note: str) -> tuple[MeasureChange, ...]:
    rows = []
    for name, label in _LABELS.items():
        field, sign = _field_of(name, "px" if scale is None else "mm")
        rows.append(unknown_row(field, label, sign, note))
    return tuple(rows)


def _field_of(name: str, unit: str) -> tuple[str, str]:
    return (f"area_{unit}2", f"{unit}²") if name == "area" else (f"{name}_{unit}", unit)

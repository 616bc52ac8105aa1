"""How sure the size of an outline is, from the outline itself."""

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.scale import Scale
from cicatrix.measures.size import (
    Size,
    large_parts,
    mm_per_px_map,
    rectangle_of,
    size_of,
)
from cicatrix.outline.value import Outline

__all__ = ["size_with_error"]

_Array = npt.NDArray[np.floating]

_EXTENTS = ("length", "total_length")
"""What hangs on the ends alone. Of other lesions than lines the width does too."""
_AVERAGED = 3**-0.5
"""What an area and a line's width take of a border drawn tighter and wider: the mean square
over these and four shifts, which change no size. Told so, 2 to 4 of 100 areas and widths of
striae that did not change are called changed (79 pairs, phantom seeds 100 to 739)."""
_HOLDS = 1.96
"""Standard deviations within which lies what a size would be without one of the parts."""


def size_with_error(outline: Outline, scale: Scale | None = None) -> tuple[Size, Size]:
    """The size of an outline and one standard deviation of each of its values.

    Parameters
    ----------
    outline
        Whose first two alternative masks are the border drawn tighter and wider.
    scale
        Of the photograph; its own error is counted to first order, a length takes it
        once, an area twice.

    Notes
    -----
    Every border could as well have been drawn tighter or wider. A length is told by its
    ends, which run far in and out where a line fades away, and takes all of what that
    changes. An area and the width of a line average over a border that errs to and fro.

    Of several parts each may be missed by another photograph, or be none of the
    lesion's: the 95 % interval holds what would be told without any one of them.
    """
    kind, mask, window = outline.kind, outline.mask, outline.window
    size = size_of(mask, window, kind=kind, scale=scale)
    others = [
        size_of(one, window, kind=kind, scale=scale)
        for one in outline.alternative_masks[:2]
    ]
    parts = {} if kind == "line" else _lost_with_parts(outline, scale)
    relative = 0.0 if scale is None else scale.relative_error

    def spread(name: str, unit: str) -> float:
        field, power = (f"area_{unit}2", 2) if name == "area" else (f"{name}_{unit}", 1)
        own = getattr(size, field)
        extent = name in _EXTENTS or (name == "width" and kind != "line")
        steps = [getattr(one, field) - own for one in others]
        drawn = float(np.sqrt(np.mean(np.square(steps)))) if steps else 0.0
        drawn *= 1.0 if extent else _AVERAGED
        lost = parts.get(field, np.zeros(1)) / _HOLDS
        known = power * relative * own if unit == "mm" else 0.0
        return float(np.sqrt(drawn**2 + np.square(lost).sum() + known**2))

    def in_mm(name: str) -> float | None:
        return None if scale is None else spread(name, "mm")

    return size, Size(
        area_px2=spread("area", "px"),
        length_px=spread("length", "px"),
        total_length_px=spread("total_length", "px"),
        width_px=spread("width", "px"),
        count=0,
        area_mm2=in_mm("area"),
        length_mm=in_mm("length"),
        total_length_mm=in_mm("total_length"),
        width_mm=in_mm("width"),
    )


def _lost_with_parts(outline: Outline, scale: Scale | None) -> dict[str, _Array]:
    """By how much (parts,) each size would be smaller without each part of a lesion."""
    mask, window = outline.mask, outline.window
    labels, large = large_parts(mask)
    if len(large) < 2:
        return {}
    contours, _ = cv2.findContours(
        mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    border = np.concatenate(contours)[:, 0, :]
    part_of_border = labels[border[:, 1], border[:, 0]]
    flat, step2 = labels[mask], window.step_px**2
    told = {"area_px2": np.bincount(flat)[large] * step2}
    units: list[tuple[str, Scale | None]] = [("px", None)]
    if scale is not None:
        local = np.square(mm_per_px_map(window, scale)[mask])
        told["area_mm2"] = np.bincount(flat, weights=local)[large] * step2
        units.append(("mm", scale))
    points = border.astype(np.float64)
    for unit, known in units:
        whole = np.array(rectangle_of(points, window, known))
        without = np.array(
            [rectangle_of(points[part_of_border != p], window, known) for p in large]
        )
        lost = whole - without
        for column, name in enumerate(("length", "total_length", "width")):
            told[f"{name}_{unit}"] = lost[:, column]
    return told

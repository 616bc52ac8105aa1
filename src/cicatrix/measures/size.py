"""Area, length, width and number of a lesion's parts, in pixels and millimetres."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.domain.scale import Scale
from cicatrix.measures.centreline import Centreline, centreline
from cicatrix.measures.chains import End, joined
from cicatrix.measures.strands import strands
from cicatrix.outline.value import Kind
from cicatrix.photo.view import Window
from cicatrix.skin.parts import labelled

__all__ = ["Size", "large_parts", "mm_per_px_map", "rectangle_of", "size_of"]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float64]

_SPECK_SHARE = 0.04
"""Parts below this share of the largest are not counted as parts of a lesion."""
_BRIDGED = 1.8
"""A band that is anywhere wider than its median by this factor may be several that touch."""
_TAPERED = 0.85
"""A band tapers where it is narrower near its end, by this factor, than farther inside."""
_TAPER_WIDTHS = 1.5
"""How far inside, in its own widths."""
_TAPER_SHARE = 0.5
"""Of the way to where a straight taper would end. Of 0.3 to 1.0 the length of tuning
phantoms' striae came out best with a half: real ends are rounder than a straight taper."""
_LONGEST_TIP_WIDTHS = 1.0
_FEWEST_STRETCHES = 8
"""A band of fewer tells no taper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a lesion is.

    Of striae, `length` is that of the longest along its middle, `total_length` that of
    all together, gaps within a stria included, and `width` the median across over all
    their length that shows; of other lesions length and width
    are the sides of the smallest rectangle around all parts, and total equals length.
    `count` parts. mm and mm² are None without a scale.
    """

    area_px2: float
    length_px: float
    total_length_px: float
    width_px: float
    count: int
    area_mm2: float | None = None
    length_mm: float | None = None
    total_length_mm: float | None = None
    width_mm: float | None = None


def mm_per_px_map(window: Window, scale: Scale) -> npt.NDArray[np.float64]:
    """Millimetres a full-resolution pixel at each sample, (rows, cols).

    The root of the local area ratio: with H the homography to the plane, the Jacobian
    has determinant det H / w³.
    """
    if scale.px_to_mm is None:
        return np.full(window.shape, scale.mm_per_px)
    matrix = np.asarray(scale.px_to_mm, dtype=np.float64)
    x = window.left_px + window.step_px * np.arange(window.cols)
    y = window.top_px + window.step_px * np.arange(window.rows)
    w = np.abs((y * matrix[2, 1] + matrix[2, 2])[:, None] + x * matrix[2, 0])
    return np.sqrt(abs(np.linalg.det(matrix)) / (w * w * w))


def size_of(
    mask: _Mask, window: Window, *, kind: Kind, scale: Scale | None = None
) -> Size:
    """The size of a mask on a window.

    Parameters
    ----------
    mask : (rows, cols) bool
        On the grid of `window`; not empty.
    window
        Tells the full-resolution pixels a sample.
    kind
        As in `Outline`; lines are measured along their middle.
    scale
        Size of a pixel on the skin; may vary over the picture.

    Raises
    ------
    ValueError
        The mask is empty or of another shape than the window.
    """
    if mask.shape != window.shape or not mask.any():
        raise ValueError(f"need a mask of {window.shape} that is not empty")
    mask, window = _cropped(mask, window)
    mm_a_px = None if scale is None else mm_per_px_map(window, scale)
    labels, large = large_parts(mask)
    area_px2 = float(np.count_nonzero(mask)) * window.step_px**2
    area_mm2 = (
        None
        if mm_a_px is None
        else float(np.square(mm_a_px[mask]).sum()) * window.step_px**2
    )
    bands: list[_Band] = []
    if kind == "line":
        for one in large:
            bands += _bands(labels == one, window.step_px, mm_a_px)
    if bands:
        lines = _lines(bands, window.step_px)
        told, told_mm = lines.size(millimetres=False), lines.size(millimetres=True)
    else:
        border = _border(mask)
        told, told_mm = (rectangle_of(border, window, unit) for unit in (None, scale))
    with_mm = scale is not None
    return Size(
        area_px2=area_px2,
        length_px=told[0],
        total_length_px=told[1],
        width_px=told[2],
        count=len(large),
        area_mm2=area_mm2,
        length_mm=told_mm[0] if with_mm else None,
        total_length_mm=told_mm[1] if with_mm else None,
        width_mm=told_mm[2] if with_mm else None,
    )


def _cropped(mask: _Mask, window: Window) -> tuple[_Mask, Window]:
    """The bounding box of a mask, and the window that shows it alone."""
    left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
    box = replace(
        window,
        left_px=window.left_px + left * window.step_px,
        top_px=window.top_px + top * window.step_px,
        cols=width,
        rows=height,
    )
    return mask[top : top + height, left : left + width], box


def large_parts(mask: _Mask) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.intp]]:
    """Labels of connected parts of a mask (rows, cols), and which are no specks."""
    labels, areas = labelled(mask)
    return labels, np.flatnonzero(areas >= max(1.0, _SPECK_SHARE * areas.max()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Band:
    """One band by stretches: their lengths and widths in px, and mm a px in each.

    `tips_px` (2,) is by how much it runs on beyond either end: blur and grid hide a tip
    that is narrower than they are. `ends` are where the middle line ends, in samples;
    `legs` are the parts before and after a place where it turns back on itself, if any.
    """

    ends: tuple[End, End]
    legs: list[_Mask]
    lengths_px: _Array
    widths_px: _Array
    mm_a_px: _Array
    tips_px: _Array

    def length(self, mm_a_px: _Array) -> float:
        """Length along the middle, tips included."""
        tips = self.tips_px @ mm_a_px[[0, -1]]
        return float((self.lengths_px * mm_a_px).sum() + tips)

    def widths(self, mm_a_px: _Array) -> tuple[_Array, _Array]:
        """Widths and how much of the length each stands for; a tip is half as wide."""
        # The outermost stretches also gather the caps beyond the line's ends.
        inner = slice(1, -1) if len(mm_a_px) > 4 else slice(None)
        ends = self.widths_px[[0, -1]] / 2, self.tips_px
        return (
            np.append((self.widths_px * mm_a_px)[inner], ends[0] * mm_a_px[[0, -1]]),
            np.append((self.lengths_px * mm_a_px)[inner], ends[1] * mm_a_px[[0, -1]]),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lines:
    """Bands, and which go on in each other.

    `chain` (bands,) is the same number for the bands of one stria; `gaps` are band, side,
    band, side and length in px of each stretch between two that does not show.
    """

    bands: list[_Band]
    chain: npt.NDArray[np.intp]
    gaps: list[tuple[int, int, int, int, float]]

    def size(self, *, millimetres: bool) -> tuple[float, float, float]:
        """Longest length, total length, median width over all stretches of all bands."""
        lengths = np.zeros(len(self.bands))
        widths, weights = [], []
        factors = [
            band.mm_a_px if millimetres else np.ones_like(band.mm_a_px)
            for band in self.bands
        ]
        for band, factor, chain in zip(self.bands, factors, self.chain, strict=True):
            lengths[chain] += band.length(factor)
            across, along = band.widths(factor)
            widths.append(across)
            weights.append(along)
        for one, side, other, other_side, gap_px in self.gaps:
            ends = factors[one][-side], factors[other][-other_side]
            lengths[self.chain[one]] += gap_px * (ends[0] + ends[1]) / 2
        width, weight = np.concatenate(widths), np.concatenate(weights)
        order = np.argsort(width)
        sums = np.cumsum(weight[order]) - weight[order] / 2
        half = sums[-1] / 2 + weight[order][-1] / 4
        middle = float(np.interp(half, sums, width[order]))
        return float(lengths.max()), float(lengths.sum()), middle


def _bands(part: _Mask, step_px: float, mm_a_px: _Array | None) -> list[_Band]:
    """The bands of one connected part, those that touch told apart."""
    rows, cols = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    box = slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1)
    part = part[box]
    local = None if mm_a_px is None else mm_a_px[box]
    origin = np.array([cols[0], rows[0]], np.float64)
    whole = _band(part, step_px, local, origin)
    if whole is None:
        return []
    widths = whole.widths_px[1:-1]
    bridged = len(widths) > 2 and widths.max() >= _BRIDGED * float(np.median(widths))
    if not bridged and not whole.legs:
        return [whole]
    apart = strands(part)
    if len(apart) < 2:
        apart = whole.legs
    if len(apart) < 2:
        return [whole]
    found = [_band(one, step_px, local, origin) for one in apart]
    return [band for band in found if band is not None]


def _lines(bands: list[_Band], step_px: float) -> _Lines:
    joins = joined([band.ends for band in bands])
    tips = [band.tips_px.copy() for band in bands]
    chain = np.arange(len(bands))
    gaps = []
    for join in joins:
        (one, other), (side, other_side) = join.bands, join.sides
        # What runs on between two pieces is the gap.
        tips[one][side] = tips[other][other_side] = 0.0
        chain[chain == chain[other]] = chain[one]
        gaps.append((one, side, other, other_side, join.gap * step_px))
    return _Lines(
        bands=[
            replace(band, tips_px=tip) for band, tip in zip(bands, tips, strict=True)
        ],
        chain=chain,
        gaps=gaps,
    )


def _band(
    part: _Mask, step_px: float, mm_a_px: _Array | None, origin: _Array
) -> _Band | None:
    line = centreline(part)
    if line is None:
        return None
    bins = len(line.bin_ends) - 1
    steps = np.diff(line.bin_ends)
    areas = np.bincount(line.bin_of_sample, minlength=bins).astype(np.float64)
    local = np.ones(int(part.sum())) if mm_a_px is None else mm_a_px[part]
    total = np.bincount(line.bin_of_sample, weights=local, minlength=bins)
    mean = np.where(areas > 0, total / np.maximum(areas, 1), local.mean())
    lengths, widths = steps * step_px, areas / steps * step_px
    return _Band(
        ends=_ends(line.points_xy + origin, widths / step_px),
        legs=_legs(part, line),
        lengths_px=lengths,
        widths_px=widths,
        mm_a_px=mean,
        tips_px=np.array(
            [_tip(lengths, widths), _tip(lengths[::-1], widths[::-1])], np.float64
        ),
    )


def _legs(part: _Mask, line: Centreline) -> list[_Mask]:
    """What lies along a line before and after it turns back on itself."""
    if line.fold is None:
        return []
    first, second = np.zeros_like(part), np.zeros_like(part)
    first[part] = line.bin_of_sample < line.fold
    second[part] = line.bin_of_sample >= line.fold
    return [leg for leg in (first, second) if leg.any()]


def _ends(points: _Array, widths: _Array) -> tuple[End, End]:
    """Both ends of a middle line (n, 2), and whither they point.

    A path ends in a corner of a blunt end, so the last half width tells no direction.
    """
    usual = float(np.median(widths))

    def end(line: _Array) -> End:
        away = np.hypot(*(line - line[0]).T)
        reach = min(2.5 * usual, float(away.max()))
        far = int(np.argmax(away >= reach))
        near = int(np.argmax(away >= 0.2 * reach))
        outward = line[near] - line[far]
        outward = outward / max(float(np.hypot(*outward)), 1e-9)
        on = line[near] + outward * float(outward @ (line[0] - line[near]))
        return End(at_xy=on, outward_xy=outward, width=usual)

    return end(points), end(points[::-1])


def _tip(lengths: _Array, widths: _Array) -> float:
    """How far a band runs on beyond its first stretch, from how it tapers towards it."""
    if len(widths) < _FEWEST_STRETCHES:
        return 0.0
    usual = float(np.median(widths))
    # The outermost stretch holds the cap; the taper is that of the next ones.
    steps = round(_TAPER_WIDTHS * usual / float(lengths[0]))
    inside = 1 + min(max(2, steps), len(widths) // 3)
    near, far = float(widths[1]), float(widths[inside])
    if not 0 < near < _TAPERED * far:
        return 0.0
    slope = (far - near) / float(lengths[1:inside].sum())
    beyond = _TAPER_SHARE * near / slope - 1.5 * float(lengths[0])
    return float(np.clip(beyond, 0.0, _LONGEST_TIP_WIDTHS * usual))


def _border(mask: _Mask) -> _Array:
    """The outermost samples (n, 2) of a mask as (col, row)."""
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    return np.concatenate(contours)[:, 0, :].astype(np.float64)


def rectangle_of(
    border: _Array, window: Window, scale: Scale | None
) -> tuple[float, float, float]:
    """Longer (twice) and shorter side of the smallest rectangle around a border.

    `border` (n, 2) are the outermost samples (col, row) on the grid of `window`; in px,
    or mm where there is a scale.
    """
    pixels = window.to_pixels(border)
    per_px = 1.0
    if scale is not None:
        x, y = pixels.mean(axis=0)
        per_px = scale.mm_per_px_at(float(x), float(y))
        if scale.px_to_mm is not None:
            matrix = np.asarray(scale.px_to_mm)[None]
            pixels = cv2.perspectiveTransform(pixels[None], matrix[0])[0]
        else:
            pixels = pixels * scale.mm_per_px
    origin = pixels.mean(axis=0)
    _, sides, _ = cv2.minAreaRect((pixels - origin).astype(np.float32))
    # Centres of samples were enclosed; half a sample stands out on either side.
    across = window.step_px * per_px
    length = float(max(sides)) + across
    return length, length, float(min(sides)) + across

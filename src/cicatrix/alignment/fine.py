"""Refinement at full resolution in a window around the lesion."""

from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.alignment.evidence import GridPair, Linearised, warped
from cicatrix.alignment.refine import Warp, refine
from cicatrix.alignment.relief import Lit, phases_of, skin_below_relief
from cicatrix.alignment.sampling import FineWindow, Sampled
from cicatrix.alignment.shading import Compared, light_turned, shading_slopes
from cicatrix.alignment.spline import SplineSheet, flat_sheet
from cicatrix.domain.begin import Begin
from cicatrix.photo.value import FloatImage

__all__ = ["Refined", "refined_window"]

_Array = npt.NDArray[np.float64]

_KNOT_SAMPLES = 64.0
"""Spacing of the knots in samples of the finest grid."""

_NOISY, _CLEAR = 0.2, 0.5
"""Share of its gradients that the better colour has in common at half the size, up to which
the whole is placed there, and from which on it is placed at full size. Colours of phones are
noise at full size, and their grain is correlated. Of 316 phantom pairs (even ones of tuning
seeds 100 to 739) 0.2 and 0.4, 0.3 and 0.6 and these differ by 1 % in the mean logarithm of
the error."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refined:
    """The increment over the window in its samples, with what it was found by.

    `shared_grey` is how far the gradients of grey agreed at half the size, `open_by_light`
    the variance an axis that relief under another light leaves, samples².
    """

    warp: Warp
    pair: GridPair
    equations: Linearised
    shared_grey: float
    open_by_light: float


def refined_window(
    sampled: Sampled,
    window: FineWindow,
    coarse: SplineSheet,
    *,
    stiffness: float,
    tether: float,
    beside: Begin,
) -> Refined:
    """The increment over the window, coarse to fine.

    `beside` begins on another core what does not wait for the coarser grid.
    """
    raw = sampled.whole()
    finest = beside(partial(Compared.of, raw, sampled.base.evened))
    rows, cols = window.shape
    knots = min(_KNOT_SAMPLES, max(24.0, coarse.spacing_px / window.step_px))
    sheet = flat_sheet((-0.5, -0.5, cols - 0.5, rows - 0.5), knots)
    warp = Warp(
        sheet=sheet, grey_offset=(0.0, 0.0), ground=_ground(sheet, window, coarse)
    )
    half = Compared.of(sampled.halved(), sampled.half_base.evened)
    local, pair = light_turned(
        half.first_colour(), warp.rescaled(1 / 2, -1 / 2), beside
    )
    local, halved = refine(pair, local, stiffness=stiffness, tether=tether)
    slopes = shading_slopes(raw, local.rescaled(2, 1 / 4), beside)
    local, clearer = refine(
        half.unshaded(slopes), local, stiffness=stiffness, tether=tether
    )
    before = local.rescaled(2, 1 / 4)
    pair = finest().unshaded(slopes, sharp=True)
    warp, equations = refine(
        pair, before, stiffness=stiffness, tether=tether, beside=beside
    )
    placed = _placed(warp, before, max(clearer.found.coherence[1:]))
    lit = Lit(
        shared_grey=halved.found.coherence[0],
        shared_colour=max(equations.found.coherence[1:]),
        grey_offset=placed.offset,
    )
    placed, variance = _below_relief(placed, finest(), lit)
    return Refined(
        warp=placed,
        pair=pair,
        equations=equations,
        shared_grey=lit.shared_grey,
        open_by_light=variance,
    )


def _below_relief(warp: Warp, compared: Compared, lit: Lit) -> tuple[Warp, float]:
    """The warp where phases of grey place the whole, and the variance that leaves."""
    (base, *_), (follow, *_) = compared.planes
    rows, cols = base.shape
    pair = GridPair.of((base,), compared.weights[0], (follow,), compared.weights[1])
    shift = warp.sheet.on_grid(np.arange(cols), np.arange(rows))
    (moved,), shown = warped(pair, shift)
    weight = _softened(compared.weights[0] * (shown > 0.98))
    skin = skin_below_relief(phases_of(base, moved, weight), lit)
    return _moved(warp, np.array(skin.beyond_xy)), skin.variance


def _softened(weight: FloatImage) -> FloatImage:
    """A weight (rows, cols) that falls to 0 within some samples inside its border."""
    inside = cv2.erode(weight, np.ones((3, 3), np.uint8))
    return np.asarray(cv2.GaussianBlur(inside, (0, 0), 2) * inside, dtype=np.float32)


def _placed(warp: Warp, before: Warp, shared_colour: float) -> Warp:
    """The warp where colours at half the size placed the whole, as far as they are better.

    Grey stays where it is: what the skin moves by, the offset moves back.
    """
    share = float(np.clip((_CLEAR - shared_colour) / (_CLEAR - _NOISY), 0, 1))
    return _moved(warp, share * (np.array(before.offset) - np.array(warp.offset)))


def _moved(warp: Warp, back: _Array) -> Warp:
    """The warp with the skin taken `back` (2,) samples less far, grey as far as before."""
    x, y = np.array(warp.offset) + back
    sheet = replace(warp.sheet, coefficients=warp.sheet.coefficients - back)
    return replace(warp, sheet=sheet, grey_offset=(float(x), float(y)))


def _ground(sheet: SplineSheet, window: FineWindow, coarse: SplineSheet) -> _Array:
    """What the coarse displacement bends by, as coefficients of the window's sheet, samples.

    Without the nearest quadratic: that is what a limb's shape and a tilt make of a window,
    and held against it the map came out too flat (of 237 phantom pairs, odd ones of tuning
    seeds 100 to 739, the median error was 0.77 px of 12 megapixels, and is 0.64). The rest
    is fitted on two knots beyond the window, as the outermost knots would otherwise be open.
    """
    reach = 2 * sheet.spacing_px
    xs, ys = (np.arange(-reach, size + reach, 8.0) for size in window.shape[::-1])
    left, top = window.origin_xy
    step = window.step_px
    before = coarse.on_grid(left + step * xs, top + step * ys) / step
    return sheet.fitted(xs, ys, before - _quadratic(before, xs, ys))


def _quadratic(values: _Array, xs: _Array, ys: _Array) -> _Array:
    """The quadratic (rows, cols, 2) in place that is nearest to values on a grid."""
    u, v = xs[None, :] / np.ptp(xs), ys[:, None] / np.ptp(ys)
    terms = np.stack(np.broadcast_arrays(1.0, u, v, u * u, u * v, v * v), axis=-1)
    flat = terms.reshape(-1, 6)
    told = np.linalg.solve(flat.T @ flat, flat.T @ values.reshape(-1, 2))
    return np.asarray(terms @ told)

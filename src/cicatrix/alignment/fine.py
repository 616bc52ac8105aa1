"""Refinement at full resolution in a window around the lesion."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from cicatrix.alignment.evidence import GridPair, Linearised
from cicatrix.alignment.refine import Warp, refine
from cicatrix.alignment.sampling import FineWindow, Sampled
from cicatrix.alignment.shading import Compared, light_turned, shading_slopes
from cicatrix.alignment.spline import SplineSheet, flat_sheet
from cicatrix.domain.begin import Begin

__all__ = ["Refined", "refined_window"]

_Array = npt.NDArray[np.float64]

_KNOT_SAMPLES = 64.0
"""Spacing of the knots in samples of the finest grid."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refined:
    """The increment over the window in its samples, with what it was found by.

    `shared_grey` is how far the gradients of grey agreed at half the size.
    """

    warp: Warp
    pair: GridPair
    equations: Linearised
    shared_grey: float


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
    finest = beside(partial(Compared.of, raw))
    rows, cols = window.shape
    knots = min(_KNOT_SAMPLES, max(24.0, coarse.spacing_px / window.step_px))
    sheet = flat_sheet((-0.5, -0.5, cols - 0.5, rows - 0.5), knots)
    warp = Warp(
        sheet=sheet, grey_offset=(0.0, 0.0), ground=_ground(sheet, window, coarse)
    )
    local, pair = light_turned(
        Compared.of(sampled.halved()), warp.rescaled(1 / 2, -1 / 2), beside
    )
    refined = partial(refine, stiffness=stiffness, tether=tether, beside=beside)
    local, halved = refined(pair, local)
    warp = local.rescaled(2, 1 / 4)
    slopes = shading_slopes(raw, warp, beside)
    pair = finest().unshaded(slopes, sharp=True)
    warp, equations = refined(pair, warp)
    return Refined(
        warp=warp,
        pair=pair,
        equations=equations,
        shared_grey=halved.found.coherence[0],
    )


def _ground(sheet: SplineSheet, window: FineWindow, coarse: SplineSheet) -> _Array:
    """The coarse displacement as coefficients of the window's sheet, in samples.

    It is fitted on two knots beyond the window, as the outermost knots would otherwise
    be open.
    """
    reach = 2 * sheet.spacing_px
    xs, ys = (np.arange(-reach, size + reach, 8.0) for size in window.shape[::-1])
    left, top = window.origin_xy
    step = window.step_px
    before = coarse.on_grid(left + step * xs, top + step * ys) / step
    return sheet.fitted(xs, ys, before)

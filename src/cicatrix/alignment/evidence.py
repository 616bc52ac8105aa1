"""What two pictures on one grid say about the displacement between them."""

from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

from cicatrix.alignment.products import product_sums
from cicatrix.domain.begin import Begin, waiting
from cicatrix.photo.middle import median
from cicatrix.photo.value import FloatImage

__all__ = [
    "CELL",
    "Evidence",
    "GridPair",
    "Linearised",
    "cell_centres",
    "linearised",
    "warped",
]

_Array = npt.NDArray[np.float64]

CELL = 8
"""Side in samples of the cells over which the equations are summed: small against the
spacing of the knots, so that nothing is lost, and 64 times fewer than the samples."""

_CORRELATED = 6.0
"""Samples that say the same thing: noise and JPEG blocks of photographs are correlated
over two to three samples in each direction."""

_LEAST_SHARED = 0.2
"""Least share of the gradients that is taken for common: it is itself uncertain by nearly
as much over the cells around. On 139 phantom pairs (every fourth of tuning seeds 100 to
739) 0.05, 0.1 and 0.2 differ by under 0.1 px in the 90th percentile; 0.2 was best."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridPair:
    """Baseline and follow-up on one grid, nearly aligned.

    `base`, `follow`: normalised grey and one or two colours, planes (rows, cols)
    float32; `base_weight`, `follow_weight`: (rows, cols) float32, 0..1. `layers`
    (rows, cols, 4) are the follow-up's planes and its weight, as they are resampled.
    """

    base: tuple[FloatImage, ...]
    follow: tuple[FloatImage, ...]
    base_weight: FloatImage
    follow_weight: FloatImage
    layers: FloatImage

    @classmethod
    def of(
        cls,
        base: tuple[FloatImage, ...],
        base_weight: FloatImage,
        follow: tuple[FloatImage, ...],
        follow_weight: FloatImage,
    ) -> "GridPair":
        """The pair from its planes."""
        # Four layers, as OpenCV resamples four faster than three.
        layers = cv2.merge([*follow, *[follow_weight] * 3][:4])
        return cls(
            base=base,
            follow=follow,
            base_weight=base_weight,
            follow_weight=follow_weight,
            layers=cast(FloatImage, layers),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.base_weight.shape[0], self.base_weight.shape[1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What each cell says about its displacement: information and pull, (rows, cols).

    Per channel stacked first: `xx`, `xy`, `yy` are information (1/samples²), `px`,
    `py` information times displacement still to go. `coherence`, per channel, is how
    far the gradients of the two pictures agree, -1..1.
    """

    xx: _Array
    xy: _Array
    yy: _Array
    px: _Array
    py: _Array
    coherence: tuple[float, ...]

    def thinned(self, keep: npt.NDArray[np.bool_]) -> "Evidence":
        """The evidence of some cells (rows, cols) only."""
        return replace(
            self,
            xx=self.xx * keep,
            xy=self.xy * keep,
            yy=self.yy * keep,
            px=self.px * keep,
            py=self.py * keep,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linearised:
    """The evidence at one displacement, and what it takes to pull again near it.

    `pulling` holds, per channel, the weighted gradients (rows, cols) of the baseline along
    x and y, `trust` (cell rows, cell cols) how much a cell of the channel counts. As long
    as the pictures move by less than their marks are wide, the gradients stay as they are
    and only the residual is taken anew: a quarter of the work. They must not be the
    follow-up's: its noise would be held against itself, moved, and pull back to where the
    gradients were taken.
    """

    found: Evidence
    pulling: tuple[tuple[FloatImage, FloatImage], ...]
    trust: tuple[_Array, ...]

    def again(
        self,
        pair: GridPair,
        shift: FloatImage,
        grey_offset: tuple[float, float] = (0.0, 0.0),
    ) -> Evidence:
        """The evidence with the pull at another, near displacement."""
        follow, _ = warped(pair, shift, grey_offset)
        products = []
        for channel, plane in enumerate(follow):
            left = cv2.subtract(pair.base[channel], plane)
            products += [(side, left) for side in self.pulling[channel]]
        sums = product_sums(products, CELL).reshape(
            len(follow), 2, *self.trust[0].shape
        )
        sums *= np.stack(self.trust)[:, None]
        return replace(self.found, px=sums[:, 0], py=sums[:, 1])


def warped(
    pair: GridPair, shift: FloatImage, grey_offset: tuple[float, float] = (0.0, 0.0)
) -> tuple[tuple[FloatImage, ...], FloatImage]:
    """The follow-up and its weight taken at x + shift(x); grey further by the offset."""
    rows, cols = pair.shape
    x: FloatImage = np.add(
        shift[..., 0], np.arange(cols, dtype=np.float32), dtype=np.float32
    )
    y: FloatImage = np.add(
        shift[..., 1], np.arange(rows, dtype=np.float32)[:, None], dtype=np.float32
    )
    taken = _taken(pair.layers, x, y)
    # One by one, and none that is not asked for: splitting all takes twice as long.
    *colours, weight = (
        cast(FloatImage, cv2.extractChannel(taken, layer))
        for layer in range(1, len(pair.base) + 1)
    )
    if grey_offset == (0.0, 0.0):
        return (cast(FloatImage, cv2.extractChannel(taken, 0)), *colours), weight
    grey = _taken(
        pair.follow[0],
        np.add(x, grey_offset[0], dtype=np.float32),
        np.add(y, grey_offset[1], dtype=np.float32),
    )
    return (grey, *colours), weight


def _taken(layers: FloatImage, x: FloatImage, y: FloatImage) -> FloatImage:
    return cast(
        FloatImage,
        cv2.remap(
            layers,
            x,
            y,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=0,
        ),
    )


def linearised(
    pair: GridPair,
    shift: FloatImage,
    grey_offset: tuple[float, float] = (0.0, 0.0),
    *,
    beside: Begin = waiting,
) -> Linearised:
    """The normal equations of b(x) = f(x + shift + d), cell by cell.

    The gradient is the mean of both pictures' (the efficient second-order step of
    Benhimane & Malis 2004); each channel counts by the inverse variance of its
    residual times the share of its gradient that both pictures have in common, so
    that a channel that holds only noise, or shading that turned with the light, has no
    say. Single samples that do not fit (hairs, glints) are weighted down after Cauchy.
    `beside` begins a channel on another core.
    """
    follow, follow_weight = warped(pair, shift, grey_offset)
    _, shown = cv2.threshold(follow_weight, 0.98, 1.0, cv2.THRESH_BINARY)
    weight = cast(FloatImage, cv2.multiply(pair.base_weight, shown))
    told = [
        beside(partial(_of_plane, b, f, weight))
        for b, f in zip(pair.base, follow, strict=True)
    ]
    # From the last: the helper takes them from the first.
    parts = [one() for one in reversed(told)][::-1]
    sums = np.stack([part.sums for part in parts], axis=1)
    found = Evidence(
        xx=sums[0],
        xy=sums[1],
        yy=sums[2],
        px=sums[3],
        py=sums[4],
        coherence=tuple(part.coherence for part in parts),
    )
    return Linearised(
        found=found,
        pulling=tuple(part.pulling for part in parts),
        trust=tuple(part.trust for part in parts),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plane:
    """What one channel says; `sums` (5, cell rows, cell cols) as in `Evidence`."""

    sums: _Array
    pulling: tuple[FloatImage, FloatImage]
    trust: _Array
    coherence: float


def _of_plane(base: FloatImage, moved: FloatImage, weight: FloatImage) -> _Plane:
    left = cv2.subtract(base, moved)
    noise = _spread(cast(FloatImage, left), weight)
    misfit = cv2.multiply(left, left, scale=0.25 / noise**2)
    robust = cv2.divide(weight, np.add(misfit, np.float32(1), out=misfit))
    # Of the mean of both pictures, and of what they differ by: sums of squares of these
    # give the shared and the whole power of both gradients.
    gx, gy = _gradient(cv2.addWeighted(base, 0.5, moved, 0.5, 0.0))
    dx, dy = _gradient(left)
    rx, ry = cv2.multiply(robust, gx), cv2.multiply(robust, gy)
    sums = product_sums(
        (
            (weight, _squared(gx, gy)),
            (weight, _squared(dx, dy)),
            (rx, gx),
            (rx, gy),
            (ry, gy),
            (rx, left),
            (ry, left),
        ),
        CELL,
    )
    mean_power, apart_power = sums[0], sums[1] / 4
    common, power = mean_power - apart_power, 2 * (mean_power + apart_power)
    # The mean gradient is partly noise, by which the information seems larger and steps
    # fall short; the pull is weighted by the share that is not, the information twice.
    shared = _shared(common, mean_power)
    trust = shared / (noise**2 * _CORRELATED)
    weights = np.stack([shared * trust] * 3 + [trust] * 2)
    bx, by = cv2.scaleAdd(dx, 0.5, gx), cv2.scaleAdd(dy, 0.5, gy)  # the baseline's
    pulling = cv2.multiply(robust, bx), cv2.multiply(robust, by)
    return _Plane(
        sums=sums[2:] * weights,
        pulling=cast(tuple[FloatImage, FloatImage], pulling),
        trust=trust,
        coherence=float(2 * common.sum() / max(power.sum(), 1e-9)),
    )


def _squared(x: FloatImage, y: FloatImage) -> FloatImage:
    squares = cv2.multiply(x, x)
    return cast(FloatImage, cv2.add(squares, cv2.multiply(y, y), dst=squares))


def _shared(common: _Array, mean_power: _Array) -> _Array:
    """Share of the mean gradient that is in both pictures, over 5 x 5 cells."""
    near = cv2.blur(common, (5, 5)) / np.maximum(cv2.blur(mean_power, (5, 5)), 1e-9)
    return np.clip(np.nan_to_num(near), _LEAST_SHARED, 1.0)


def _gradient(values: MatLike) -> tuple[FloatImage, FloatImage]:
    """Central differences, slightly smoothed across (Scharr), per sample."""
    gx = cv2.Scharr(values, cv2.CV_32F, 1, 0, scale=1 / 32)
    gy = cv2.Scharr(values, cv2.CV_32F, 0, 1, scale=1 / 32)
    return cast(tuple[FloatImage, FloatImage], (gx, gy))


def _spread(left: FloatImage, weight: FloatImage) -> float:
    """Robust standard deviation of the residual where it counts."""
    stride = max(1, int(np.sqrt(left.size / 6000)))
    part = np.abs(left[::stride, ::stride][weight[::stride, ::stride] > 0.5])
    return max(1.4826 * median(part), 0.02) if part.size else 1.0


def cell_centres(rows: int, cols: int) -> tuple[_Array, _Array]:
    """Sample positions of the centres of cells along x (n,) and y (m,)."""
    half = (CELL - 1) / 2
    x = CELL * np.arange(cols // CELL, dtype=np.float64) + half
    return x, CELL * np.arange(rows // CELL, dtype=np.float64) + half

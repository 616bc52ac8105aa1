"""What bare skin would look like at each sample, and how it scatters about that."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.outline.value import Mask
from cicatrix.photo.value import FloatImage

__all__ = [
    "SkinModel",
    "fit_skin",
    "half_way",
    "levelled",
    "log_features",
    "robust_covariance",
]

_LOG_FLOOR = 0.003
"""Added to linear light before the logarithm: about the read noise of a dark phone shot."""
_LEAST_SKIN = 60
"""Samples without which nothing is said of skin."""
_LEAST_WEIGHT = 0.1
"""Share of skin nearby at which only half of its mean is taken off."""
_FIT_POINTS = 1000
"""A surface of six terms is no steadier from more points than these."""

_FIT_TURNS = 4
"""Of weighing outliers down; a lesion on a third of the skin is out by then."""

# Rows: lightness, red against green, yellow against blue. Of log RGB, so that exposure
# and shading move only the first.
_OPPONENT = np.array(
    [[1 / 3, 1 / 3, 1 / 3], [1.0, -1.0, 0.0], [0.5, 0.5, -1.0]], np.float32
)
_FLOOR = np.diag(np.full(3, 0.004**2))
"""Added to the covariance: no skin is so even that it would be without any scatter."""

_FROM_OPPONENT = np.linalg.inv(_OPPONENT.astype(np.float64))
_CODING = 2.2
"""Half-way is taken in code values, light to the power 1 / 2.2: there a camera smooths and
sharpens, which keeps the middle of an edge, and there people see equal steps."""


def log_features(light: FloatImage, *, smooth_samples: float = 0.0) -> FloatImage:
    """Lightness and two log-chromaticities (rows, cols, 3) of linear light."""
    # OpenCV's product, not BLAS, whose threads wait for each other on so small a one.
    logs = np.log(np.maximum(light, 0) + np.float32(_LOG_FLOOR))
    features = cv2.transform(logs, _OPPONENT)
    if smooth_samples <= 0:
        return np.asarray(features, np.float32)
    border = cv2.BORDER_REPLICATE
    smooth = cv2.GaussianBlur(features, (0, 0), smooth_samples, borderType=border)
    return np.asarray(smooth, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkinModel:
    """Features minus the local skin, (rows, cols, 3), and the skin's scatter (3, 3)."""

    residual: FloatImage
    covariance: npt.NDArray[np.float64]

    def level_of(self, region: Mask) -> npt.NDArray[np.float64]:
        """Upper median (3,) of the residual over a region (rows, cols)."""
        values = self.residual.reshape(-1, 3).take(np.flatnonzero(region), axis=0)
        return _medians(np.ascontiguousarray(values.T, np.float64))[:, 0]


def half_way(change: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Features (3,) of the light half-way from skin (0) to a lesion at `change` (3,)."""
    logs = _FROM_OPPONENT @ change
    light = _CODING * np.log((1 + np.exp(logs / _CODING)) / 2)
    return np.asarray(_OPPONENT @ light)


def fit_skin(features: FloatImage, skin: Mask, *, order: int = 2) -> SkinModel | None:
    """Robust low-order surface through the features of skin.

    Parameters
    ----------
    features : (rows, cols, 3) float32
        As from `log_features`.
    skin : (rows, cols) bool
        What counts as skin; up to a third of it may be lesion (Tukey's biweight
        takes the outliers out).
    order
        0, 1 or 2: order of the polynomial in row and column.

    Returns
    -------
    SkinModel, or None where there are too few samples of skin.
    """
    index = np.flatnonzero(skin)
    if index.size < _LEAST_SKIN:
        return None
    index = index[:: max(1, index.size // _FIT_POINTS)]
    rows, cols = skin.shape
    y, x = _axis(rows), _axis(cols)
    terms = {0: 1, 1: 3, 2: 6}[order]
    row_at, col_at = np.divmod(index, cols)
    design_and_samples = np.empty((terms + 3, index.size))
    design, samples = design_and_samples[:terms], design_and_samples[terms:]
    for row, term in zip(design, _terms(x.take(col_at), y.take(row_at)), strict=False):
        row[:] = term
    # Channel by channel in memory, where medians take half the time.
    samples[:] = features.reshape(-1, 3).take(index, axis=0).T
    coefficients = np.zeros((3, 6))
    coefficients[:, :terms] = _biweight_surface(design_and_samples)
    left = samples - coefficients[:, :terms] @ design
    c = coefficients.T.astype(np.float32)
    # A row at a time over its columns and channels, a parabola in y of what differs along
    # the row: a tenth of the cost of a full basis.
    level = (c[0] + x[:, None] * c[1] + (x * x)[:, None] * c[3]).ravel()
    slope = (c[2] + x[:, None] * c[5]).ravel()
    surface = np.multiply.outer(y, np.tile(c[4], cols))
    surface += slope
    surface *= y[:, None]
    surface += level
    residual = np.subtract(features.reshape(rows, -1), surface, out=surface)
    return SkinModel(
        residual=residual.reshape(rows, cols, 3), covariance=robust_covariance(left)
    )


def levelled(model: SkinModel, skin: Mask, *, reach_samples: float) -> SkinModel:
    """The model with the mean residual of the skin nearby taken off everywhere.

    Parameters
    ----------
    model
        As from `fit_skin`.
    skin : (rows, cols) bool
        What counts as skin: no lesion, which would be levelled away.
    reach_samples
        Standard deviation of the Gaussian weight of skin nearby, in samples. Far from all
        skin less is taken off.
    """
    rows, cols = skin.shape
    grain = max(1, int(reach_samples / 2))
    size = (max(1, round(cols / grain)), max(1, round(rows / grain)))
    weight = skin.view(np.uint8)
    known = cv2.copyTo(model.residual, weight)
    parts = known, weight.astype(np.float32)
    # Apart, as a picture of four is put together more slowly than both are blurred.
    sums, mass = (
        cv2.GaussianBlur(
            cv2.resize(part, size, interpolation=cv2.INTER_AREA),
            (0, 0),
            reach_samples / grain,
        )
        for part in parts
    )
    local = sums / (mass[..., None] + np.float32(_LEAST_WEIGHT))
    smooth = cv2.resize(local, (cols, rows), interpolation=cv2.INTER_LINEAR)
    residual = np.asarray(cv2.subtract(model.residual, smooth), np.float32)
    index = np.flatnonzero(skin)
    if index.size < _LEAST_SKIN:
        return model
    index = index[:: max(1, index.size // _FIT_POINTS)]
    left = residual.reshape(-1, 3).take(index, axis=0).T.astype(np.float64, order="C")
    return SkinModel(residual=residual, covariance=robust_covariance(left))


@lru_cache(maxsize=32)
def _axis(count: int) -> npt.NDArray[np.float32]:
    """-1 to 1 in even steps."""
    steps = np.linspace(-1, 1, count, dtype=np.float32)
    steps.flags.writeable = False  # it is shared by all who ask
    return steps


def _terms(
    x: npt.NDArray[np.float32], y: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float32], ...]:
    return np.ones_like(x), x, y, x * x, y * y, x * y


def _biweight_surface(both: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Coefficients (3, terms) of a surface; `both` (terms + 3, n) is design, then samples."""
    terms = len(both) - 3
    design, samples = both[:terms], both[terms:]
    ridge = 1e-6 * samples.shape[1] * np.eye(terms)
    weighted = design
    coefficients: npt.NDArray[np.float64] = np.zeros((3, terms))
    for turn in range(_FIT_TURNS):
        sums = weighted @ both.T
        sums[:, :terms] += ridge
        # OpenCV, as NumPy takes longer to look at six unknowns than to solve for them.
        _, solved = cv2.solve(sums[:, :terms], sums[:, terms:])
        coefficients = np.asarray(solved, np.float64).T
        if turn == _FIT_TURNS - 1:
            break
        left = np.abs(samples - coefficients @ design)
        left /= 1.4826 * _medians(left) + 1e-4
        left *= left
        weight = 1 - left.sum(axis=0) / 4.5**2
        np.maximum(weight, 0.0, out=weight)
        weight *= weight
        weight += 1e-3
        weighted = design * weight
    return coefficients


def robust_covariance(left: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Covariance (3, 3) of residuals (3, n) without their outlying fifth, rescaled."""
    centred = left - _medians(left)
    size = np.abs(centred)
    scale = 1.4826 * _medians(size) + 1e-4
    size /= scale
    size *= size
    # 80 % point of chi2 with 3 degrees of freedom.
    keep = size.sum(axis=0) < 4.64
    count = np.count_nonzero(keep)
    if count < 10:
        return np.asarray(np.diag(scale[:, 0] ** 2))
    # Nothing is cut out: products with 0 take a third of the time.
    kept = centred * keep
    total = kept.sum(axis=1)
    moments = kept @ centred.T - np.multiply.outer(total, total) / count
    # 1.49: what cutting a Gaussian at that radius takes from its variance.
    return np.asarray(1.49 / (count - 1) * moments + _FLOOR)


def _medians(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Upper medians (3, 1) of the rows: np.median costs three times as much here.

    In single precision, which is parted in half the time.
    """
    middle = values.shape[1] // 2
    ordered = values.astype(np.float32)
    ordered.partition(middle, axis=1)
    return ordered[:, middle, None].astype(np.float64)

"""How much a lesion stands out in colour from the skin beside it.

In the logarithm of linear light a gain of the camera or the lamp is a constant that
drops out of lesion minus skin, and a gradient of the light is a smooth surface that is
fitted on the skin beside the lesion and carried across it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.errors import PhotoUnusable
from cicatrix.measures.blocks import Blocks, block_means, block_side
from cicatrix.optics.cielab import ciede2000, ita_deg, linear_srgb_to_lab
from cicatrix.photo.value import FloatImage

__all__ = [
    "LabContrast",
    "LogContrast",
    "contrast_lab",
    "log_contrast",
    "paired_covariance",
]

_Mask = npt.NDArray[np.bool_]
_Array = npt.NDArray[np.float64]

_MIN_LESION_SAMPLES = 12
_MIN_RING_SAMPLES = 60
"""Fewer samples than these are no steadier than the skin's own grain."""
_DARK = 1e-4
"""Linear light below this is black level; its logarithm would be noise."""
_TRIM = 0.1
"""Share cut from either end: glints and stray hairs, not the lesion itself."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogContrast:
    """Lesion against adjacent skin in natural log of linear RGB.

    `difference` (3,) is lesion minus skin as it would be at the lesion's place, and
    `covariance` (3, 3) its sampling error if the spots had been drawn anew from the
    same lesion and skin (mottling, noise, light gradient). `lesion_log_rgb` and
    `ring_log_rgb` (3,) are the two levels. `gradient_per_window` (3,) is the change of
    log light over the ring's extent, the larger of across and down.
    `lesion_samples` and `ring_samples` were used.
    """

    difference: _Array
    covariance: _Array
    lesion_log_rgb: _Array
    ring_log_rgb: _Array
    gradient_per_window: _Array
    lesion_samples: int
    ring_samples: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabContrast:
    """Lesion minus skin in CIELAB (D65): each (…) float, angle in degrees."""

    de00: _Array
    dl: _Array
    da: _Array
    db: _Array
    dita_deg: _Array


def log_contrast(
    light: FloatImage, lesion: _Mask, ring: _Mask, *, gradient_order: int = 1
) -> LogContrast:
    """Contrast of a lesion with its ring, freed of the light's gradient.

    The surface log L(x, y) = b0 + b1 x + b2 y (+ second order) is fitted to block
    means of the ring by iterated weights (Tukey's biweight); the lesion's light is
    divided by it before its trimmed mean is taken.

    Parameters
    ----------
    light : (rows, cols, 3) float32
        Linear light.
    lesion, ring : (rows, cols) bool
        Best the core of an outline and its ring; they must not overlap.
    gradient_order
        0 none, 1 plane, 2 with curvature (for a ring that surrounds the lesion).

    Raises
    ------
    ValueError
        Shapes disagree or masks overlap.
    PhotoUnusable
        Too few samples, or either is black.
    """
    _check(light, lesion, ring)
    side = block_side(ring)
    skin = block_means(light, ring, side)
    spot = block_means(light, lesion, min(side, block_side(lesion, wanted=30)))
    if skin.values.min(axis=0).max() <= _DARK or spot.values.mean() <= _DARK:
        raise PhotoUnusable(
            "The lesion or the skin beside it is black in this photograph, so its "
            "colour is unknown. Take it again with more light."
        )
    centre, extent = _frame(skin)
    design = _terms(skin.centres_xy, centre, extent, gradient_order)
    logs = np.log(np.maximum(skin.values, _DARK))
    beta, normal_inverse, scatter = _robust_fit(design, logs, skin.counts)

    rows, cols = np.nonzero(lesion)
    at_lesion = _terms(np.stack([cols, rows], axis=1), centre, extent, gradient_order)
    surface = at_lesion @ beta
    level = np.log(np.maximum(_trimmed_mean(light[lesion] / np.exp(surface)), _DARK))
    ring_rows, ring_cols = np.nonzero(ring)
    at_ring = _terms(
        np.stack([ring_cols, ring_rows], axis=1), centre, extent, gradient_order
    )
    # The surface goes through blocks; this makes the ring's own trimmed mean zero, so
    # that trimming skews neither side.
    flat = light[ring] / np.exp(at_ring @ beta)
    difference = level - np.log(np.maximum(_trimmed_mean(flat), _DARK))

    lever = at_lesion.mean(axis=0)
    skin_error = float(lever @ normal_inverse @ lever) * scatter
    lesion_error = _mean_covariance(spot, centre, extent, gradient_order, beta)
    ring_level = lever @ beta
    return LogContrast(
        difference=difference,
        covariance=skin_error + lesion_error,
        lesion_log_rgb=ring_level + difference,
        ring_log_rgb=ring_level,
        gradient_per_window=_gradient(beta),
        lesion_samples=int(lesion.sum()),
        ring_samples=int(ring.sum()),
    )


def contrast_lab(
    skin_linear_rgb: npt.ArrayLike, log_difference: npt.ArrayLike
) -> LabContrast:
    """CIELAB contrast of a lesion from the skin's colour and its log difference.

    Parameters
    ----------
    skin_linear_rgb : (…, 3)
        Linear sRGB of the skin beside the lesion, 1 = white.
    log_difference : (…, 3)
        Natural log of lesion over skin per channel; broadcasts with the skin.

    Examples
    --------
    >>> float(contrast_lab([0.5, 0.3, 0.2], [0.0, 0.0, 0.0]).de00)
    0.0
    """
    skin = np.asarray(skin_linear_rgb, np.float64)
    lesion_lab = linear_srgb_to_lab(skin * np.exp(np.asarray(log_difference)))
    skin_lab = linear_srgb_to_lab(skin)
    step = lesion_lab - skin_lab
    return LabContrast(
        de00=ciede2000(skin_lab, lesion_lab),
        dl=step[..., 0],
        da=step[..., 1],
        db=step[..., 2],
        dita_deg=ita_deg(lesion_lab) - ita_deg(skin_lab),
    )


def paired_covariance(
    before: FloatImage, after: FloatImage, lesion: _Mask, ring: _Mask
) -> _Array:
    """Covariance (3, 3) of the change of log contrast between two aligned views.

    Mottling that both views share drops out: what is left is pixel noise, alignment
    and light that differs from block to block. This is the error of a change, where
    `LogContrast.covariance` is the error of one contrast.
    """
    floor = np.float32(_DARK)
    ratio = np.log(np.maximum(after, floor)) - np.log(np.maximum(before, floor))
    skin = block_means(ratio, ring, block_side(ring))
    spot = block_means(ratio, lesion, block_side(lesion, wanted=30))
    centre, extent = _frame(skin)
    design = _terms(skin.centres_xy, centre, extent, 1)
    beta, normal_inverse, scatter = _robust_fit(design, skin.values, skin.counts)
    lever = _terms(spot.centres_xy, centre, extent, 1).mean(axis=0)
    left = spot.values - _terms(spot.centres_xy, centre, extent, 1) @ beta
    return float(lever @ normal_inverse @ lever) * scatter + _weighted_error(
        left, spot.counts
    )


def _check(light: FloatImage, lesion: _Mask, ring: _Mask) -> None:
    if light.shape != (*lesion.shape, 3) or lesion.shape != ring.shape:
        raise ValueError(
            f"shapes disagree: light {light.shape}, lesion {lesion.shape}, "
            f"ring {ring.shape}"
        )
    if np.any(lesion & ring):
        raise ValueError("lesion and ring overlap")
    for name, mask, least in (
        ("lesion", lesion, _MIN_LESION_SAMPLES),
        ("skin beside it", ring, _MIN_RING_SAMPLES),
    ):
        if mask.sum() < least:
            raise PhotoUnusable(
                f"The {name} covers {int(mask.sum())} samples; {least} are needed for "
                "a steady colour. Photograph it closer, or outline a larger area."
            )


def _trimmed_mean(values: npt.NDArray[np.floating]) -> _Array:
    """Mean (3,) of (n, 3) without the darkest and lightest tenth of the rows."""
    cut = int(_TRIM * len(values))
    if cut == 0:
        return np.asarray(values.mean(axis=0, dtype=np.float64))
    # All channels are cut at the same rows: cutting each by itself skews the colour.
    order = np.argpartition(values.sum(axis=1), (cut, len(values) - cut - 1))
    kept = values[order[cut : len(values) - cut]]
    return np.asarray(kept.mean(axis=0, dtype=np.float64))


def _frame(blocks: Blocks) -> tuple[_Array, float]:
    centre = np.average(blocks.centres_xy, axis=0, weights=blocks.counts)
    extent = float(np.abs(blocks.centres_xy - centre).max())
    return centre, max(extent, 1.0)


def _terms(xy: _Array, centre: _Array, extent: float, order: int) -> _Array:
    u = (xy - centre) / extent
    columns = [np.ones(len(u))]
    if order >= 1:
        columns += [u[:, 0], u[:, 1]]
    if order >= 2:
        columns += [u[:, 0] ** 2, u[:, 1] ** 2, u[:, 0] * u[:, 1]]
    return np.stack(columns, axis=1)


def _robust_fit(
    design: _Array, values: _Array, counts: _Array
) -> tuple[_Array, _Array, _Array]:
    """Coefficients, inverse normal matrix and residual covariance of one block."""
    base = counts / counts.mean()
    weight = base.copy()
    ridge = 1e-9 * len(values) * np.eye(design.shape[1])
    beta = np.zeros((design.shape[1], values.shape[1]))
    normal_inverse = np.eye(design.shape[1])
    left = values
    for _ in range(8):
        weighted = design * weight[:, None]
        normal_inverse = np.linalg.inv(weighted.T @ design + ridge)
        beta = normal_inverse @ (weighted.T @ values)
        left = values - design @ beta
        scale = 1.4826 * np.median(np.abs(left), axis=0) + 1e-9
        reach = np.sqrt(((left / scale) ** 2).mean(axis=1)) / 4.7
        weight = base * np.where(reach < 1, (1 - reach**2) ** 2, 0.0) + 1e-9
    freedom = max(weight.sum() - design.shape[1], 1.0)
    scatter = (left * weight[:, None]).T @ left / freedom
    return beta, normal_inverse, scatter


def _mean_covariance(
    spot: Blocks, centre: _Array, extent: float, order: int, beta: _Array
) -> _Array:
    surface = _terms(spot.centres_xy, centre, extent, order) @ beta
    return _weighted_error(
        np.log(np.maximum(spot.values, _DARK)) - surface, spot.counts
    )


def _weighted_error(values: _Array, counts: _Array) -> _Array:
    """Covariance (3, 3) of the weighted mean of blocks."""
    share = counts / counts.sum()
    effective = 1.0 / float((share**2).sum())
    centred = values - share @ values
    if effective <= 1.5:
        # One block tells nothing about its own scatter; assume 5 % of light.
        return np.asarray(np.eye(values.shape[1]) * 0.05**2)
    spread = (centred * share[:, None]).T @ centred
    return np.asarray(spread / (effective - 1.0))


def _gradient(beta: _Array) -> _Array:
    if len(beta) < 3:
        return np.zeros(beta.shape[1])
    return np.asarray(2.0 * np.abs(beta[1:3]).max(axis=0))

"""Colour matrices that leave neutrals as they are and do not depend on exposure.

Each output channel is the input channel plus a weighted sum of differences between
terms, y_c = x_c + Σ_j w_cj (t_j - x_c), where all terms equal x for a neutral colour.
Terms: the other channels (3 x 3), and roots of products as well (root polynomial of
degree 2; Finlayson, Mackiewicz & Hurlbert 2015, doi 10.1109/TIP.2015.2405336).
"""

from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

__all__ = ["MatrixFit", "fit_matrix"]

_Array = npt.NDArray[np.float64]
_Light = TypeVar("_Light", npt.NDArray[np.float32], npt.NDArray[np.float64])

_LINEAR_TERMS = (((1, 1), (2, 2)), ((0, 0), (2, 2)), ((0, 0), (1, 1)))
_ROOT_TERMS = tuple((*terms, (0, 1), (0, 2), (1, 2)) for terms in _LINEAR_TERMS)
"""Per output channel, pairs (i, j) that stand for sqrt(x_i x_j)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatrixFit:
    """Weights w (3, terms) and, per channel, a root of their covariance."""

    weights: _Array
    roots: _Array
    rooted: bool

    def apply(self, light: _Light) -> _Light:
        """Light (..., 3) through the matrix, same shape and dtype."""
        weights = self.weights.astype(light.dtype)
        return cast(_Light, _through(light, weights, rooted=self.rooted))

    def draws(self, light: _Array, rng: np.random.Generator) -> _Array:
        """Light (n, k, 3), each of the n through another equally likely matrix."""
        n, count = len(light), self.weights.shape[1]
        z = rng.standard_normal((n, 3, count))
        weights = self.weights + np.einsum("cij,ncj->nci", self.roots, z)
        return _through(light, weights[:, None], rooted=self.rooted)


def _through(
    light: npt.NDArray[Any], weights: npt.NDArray[Any], *, rooted: bool
) -> npt.NDArray[Any]:
    """Weights are (..., 3, terms), broadcast against light (..., 3)."""
    out = np.array(light)
    for channel, terms in enumerate(_ROOT_TERMS if rooted else _LINEAR_TERMS):
        for index, (i, j) in enumerate(terms):
            term = _term(light, i, j) - light[..., channel]
            out[..., channel] += weights[..., channel, index] * term
    return out


def _term(light: npt.NDArray[Any], i: int, j: int) -> npt.NDArray[Any]:
    if i == j:
        return light[..., i]
    return np.asarray(np.sqrt(np.maximum(light[..., i] * light[..., j], 0)))


def fit_matrix(
    light: _Array, wanted: _Array, weight: _Array, *, rooted: bool, ridge: float
) -> MatrixFit:
    """Weighted ridge regression towards the identity.

    Parameters
    ----------
    light, wanted : (n, 3) float
        Patches after the tone curve, and their reference light.
    weight : (n,) float
        Importance of a patch, as one over the light error that matters there.
    rooted
        Whether root-product terms are used.
    ridge
        Weight of the pull to the identity, in squared light errors.
    """
    terms = _ROOT_TERMS if rooted else _LINEAR_TERMS
    rows, roots = [], []
    for channel in range(3):
        columns = [_term(light, i, j) - light[:, channel] for i, j in terms[channel]]
        design = np.stack(columns, axis=1) * weight[:, None]
        target = (wanted[:, channel] - light[:, channel]) * weight
        normal = design.T @ design + ridge * np.eye(design.shape[1])
        solution = np.linalg.solve(normal, design.T @ target)
        left = target - design @ solution
        free = max(1.0, len(target) - design.shape[1])
        rows.append(solution)
        roots.append(
            np.linalg.cholesky(np.linalg.inv(normal)) * np.sqrt(left @ left / free)
        )
    return MatrixFit(weights=np.array(rows), roots=np.array(roots), rooted=rooted)

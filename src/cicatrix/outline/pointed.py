"""Whether what was outlined stands out as what was pointed to does."""

from dataclasses import replace

import numpy as np

from cicatrix.outline.discriminant import likeness_of
from cicatrix.outline.pyramid import quick_view
from cicatrix.outline.ring import half_width
from cicatrix.outline.skinmodel import SkinModel, log_features
from cicatrix.outline.value import Outline
from cicatrix.photo.middle import median
from cicatrix.photo.value import Photo
from cicatrix.skin.parts import places

__all__ = ["with_click"]

_SMOOTH_SAMPLES = 2.0
_LEAST_RADIUS = 2.5
_LEAST_POINTED, _NEAREST = 8, 20
"""Samples at the click; where fewer lie inside the outline, so many nearest ones serve."""
_FLOOR = 1e-8
"""Added to the variances of log light: skin may be drawn without any scatter."""


def with_click(photo: Photo, outline: Outline, at_xy: tuple[float, float]) -> Outline:
    """The outline with how much it stands out, of how much it does at the click.

    That share is taken along the colour by which the skin within the lesion's half width of
    the click differs from the skin beside the lesion, as the median over the lesion: an
    outline that ran out into blotches of the skin holds mostly what differs less.

    Parameters
    ----------
    photo
        The photograph.
    outline
        What was found on it.
    at_xy
        The click (x, y), full-resolution pixels.
    """
    light = quick_view(photo, outline.window)
    features = log_features(light, smooth_samples=_SMOOTH_SAMPLES)
    ring = features[outline.ring].astype(np.float64)
    skin = SkinModel(
        residual=features - np.median(ring, axis=0).astype(np.float32),
        covariance=np.cov(ring.T) + _FLOOR * np.eye(ring.shape[1]),
    )
    rows, cols = places(outline.mask)
    x, y = outline.window.to_samples([at_xy])[0]
    away = np.hypot(cols - x, rows - y)
    pointed = away <= max(half_width(outline.mask), _LEAST_RADIUS)
    if np.count_nonzero(pointed) < _LEAST_POINTED:
        pointed = away <= np.sort(away)[:_NEAREST][-1]
    steps = skin.residual[outline.mask]
    likeness, _, _ = likeness_of(
        skin, np.median(steps[pointed], axis=0).astype(np.float64)
    )
    return replace(outline, as_pointed_to=median(likeness[outline.mask]))

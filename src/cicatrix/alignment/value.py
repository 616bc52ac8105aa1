"""An alignment as a value: where each point of the baseline lies on the follow-up."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cicatrix.alignment.spline import SplineSheet

__all__ = ["MEDIAN", "Alignment", "Points"]

Points = npt.NDArray[np.float64]

MEDIAN = 1.02
"""Median length of an error over its standard deviation an axis, of Student's t of six
degrees in the plane: sqrt(6 (2^(1/3) - 1)) / sqrt(6 / 4). The errors of phantoms have its
tails."""

_IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alignment:
    """How the follow-up lies on the baseline.

    Points are (n, 2) full-resolution pixels, x right, y down, (0, 0) the centre of the
    first pixel. A baseline point x goes through the sheets, last first,
    x <- x + u(x), then through `affine`.

    `error_px` is the own estimate of the median error at the lesion: as many errors are
    larger as are smaller, and one in ten is above twice of it. `scale` is the size
    of the follow-up over that of the baseline, `rotation_deg` its turn (positive from
    x to y, clockwise on the screen), `overlap_fraction` the part of the baseline's
    skin around the lesion that the follow-up shows. `agreement` in -1..1 is how well the skin
    agrees once aligned: `agreement_xy` (n, 2) and `agreement_each` (n,) say where.
    """

    affine: tuple[tuple[float, float, float], tuple[float, float, float]] = _IDENTITY
    sheets: tuple[SplineSheet, ...] = ()
    error_px: float = 0.0
    rotation_deg: float = 0.0
    scale: float = 1.0
    overlap_fraction: float = 1.0
    agreement: float = 1.0
    agreement_xy: Points = field(default_factory=lambda: np.empty((0, 2)))
    agreement_each: Points = field(default_factory=lambda: np.empty(0))

    @property
    def sd_px(self) -> float:
        """Standard deviation of the error an axis, baseline pixels."""
        return self.error_px / MEDIAN

    def to_followup(self, points_xy: npt.ArrayLike) -> Points:
        """Where points of the baseline (n, 2) lie on the follow-up, (n, 2)."""
        points = _checked(points_xy)
        for sheet in reversed(self.sheets):
            points = points + sheet.at(points)
        matrix = np.asarray(self.affine)
        return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])

    def to_baseline(self, points_xy: npt.ArrayLike) -> Points:
        """Where points of the follow-up (n, 2) lie on the baseline, (n, 2)."""
        points = _checked(points_xy)
        matrix = np.asarray(self.affine)
        back = np.linalg.inv(matrix[:, :2])
        points = (points - matrix[:, 2]) @ back.T
        for sheet in self.sheets:
            points = _undone(sheet, points)
        return points


def _undone(sheet: SplineSheet, target: Points) -> Points:
    """X with x + u(x) = target, by x <- target - u(x): u is a contraction."""
    points = target
    for _ in range(60):
        following = target - sheet.at(points)
        if np.abs(following - points).max(initial=0.0) < 1e-6:
            return following
        points = following
    return points


def _checked(points_xy: npt.ArrayLike) -> Points:
    points = np.array(points_xy, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"points must be (n, 2), got {points.shape}")
    return points

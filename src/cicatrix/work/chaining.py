"""Lay a photograph on an outline through another one that already lies on it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.alignment.aligning import align
from cicatrix.alignment.value import Alignment, Points
from cicatrix.errors import AlignmentRefused
from cicatrix.outline.value import Outline
from cicatrix.photo.value import Photo
from cicatrix.work.laying import Laid, lay

__all__ = ["MOST_STEPS", "Chained", "chained", "place_through"]

MOST_STEPS = 4
"""Photographs tried as a step: each try costs as much as an alignment."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chained(Alignment):
    """One alignment after another: baseline to step, step to follow-up."""

    first: Alignment
    second: Alignment

    def to_followup(self, points_xy: npt.ArrayLike) -> Points:
        """Where points of the baseline (n, 2) lie on the follow-up, (n, 2)."""
        return self.second.to_followup(self.first.to_followup(points_xy))

    def to_baseline(self, points_xy: npt.ArrayLike) -> Points:
        """Where points of the follow-up (n, 2) lie on the baseline, (n, 2)."""
        return self.first.to_baseline(self.second.to_baseline(points_xy))


def chained(first: Alignment, second: Alignment) -> Chained:
    """Baseline to step and step to follow-up as one alignment.

    Errors add in quadrature, each in baseline pixels, as they come from different
    photographs; turns add, sizes and shared parts multiply.
    """
    return Chained(
        first=first,
        second=second,
        error_px=float(np.hypot(first.error_px, second.error_px / first.scale)),
        rotation_deg=(first.rotation_deg + second.rotation_deg + 180) % 360 - 180,
        scale=first.scale * second.scale,
        overlap_fraction=first.overlap_fraction * second.overlap_fraction,
        agreement=min(first.agreement, second.agreement),
    )


def place_through(
    photo: Photo, outline: Outline, steps: Iterable[Laid]
) -> tuple[Laid, Laid] | None:
    """A photograph laid on the outline by way of the surest step that shows its skin.

    Parameters
    ----------
    photo
        One that could not be aligned to the outline's own photograph.
    outline
        Drawn on the first photograph of the case.
    steps
        Photographs that lie on it; the outline's own (without alignment) is left out.

    Returns
    -------
    (Laid, Laid) or None
        The photograph and the step it was laid through; `None` where none helps.
    """
    known = [(one.alignment, one) for one in steps if one.alignment is not None]
    known.sort(key=lambda pair: pair[0].error_px)
    for first, step in known[:MOST_STEPS]:
        place = first.to_followup(outline.polygon_xy)
        if not _within(place, step.photo):
            continue
        try:
            second = align(step.photo, photo, lesion=place)
        except AlignmentRefused:
            continue
        return lay(photo, outline, chained(first, second)), step
    return None


def _within(points: Points, photo: Photo) -> bool:
    """Whether the lesion lies on the photograph wholly, as alignment asks of it."""
    low, high = points.min(axis=0), points.max(axis=0)
    return bool(
        (low >= 0).all()
        and high[0] <= photo.width_px - 1
        and high[1] <= photo.height_px - 1
    )

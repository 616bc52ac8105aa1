"""A faint outline holds what happened to look strongest when it was drawn.

Blotches of blood that come and go, and shading, are part of what an outline follows where
a lesion is faint. At any other visit they are others, so that an unchanged lesion would
seem to fade: the outline's own photograph shows more contrast than there is.
"""

import numpy as np
import numpy.typing as npt

from cicatrix.change.fading import Source, normal_draws
from cicatrix.change.reading import SkinReading
from cicatrix.change.sources import Visits

__all__ = ["selection_source", "without_selection"]

_Floats = npt.NDArray[np.float64]

SELECTED_SDS = 1.8
"""Standard deviations of what changes between photographs by which the one that a faint
outline was drawn on shows more than there is. Of some 140 phantom pairs of contrast 4 with a
smallest detectable change below 45 % the fade was too large by 5.9 points without it and
by 0.1 with it on seeds 100 to 539, which chose it among three values, and by 6.9 and 0.8
on seeds 540 to 974."""

DOUBT_SDS = 1.0
"""How far that differs between lesions, one standard deviation, in the same unit: coverage
of the 95 % interval at contrast 4 goes from 94 and 87 % on the two halves to 96 and 88 %."""

STAYING_SHARE = 0.15
"""Of a faint contrast, one standard deviation of what belongs to blotches that stay, and not
to the lesion: it does not fade. At contrast 4 fades by 80 % of phantom pairs (seeds 100 to
739) were read too small by 11 points, their outlines half on the lesion. With 0.1 the 95 %
interval held the truth in 90 % of 84 pairs; with 0.3 four of five faint lesions would have
been too uncertain to tell from skin."""

MOST = 0.5
"""No more than this share of a contrast is taken for selection."""


def without_selection(
    differences: _Floats,
    reading: SkinReading,
    visits: Visits,
    drawn_on: list[bool],
    *,
    led: float,
) -> _Floats:
    """Log contrasts (2, 3) without what an outline's selection added to them.

    Parameters
    ----------
    differences : (2, 3)
        ln lesion over skin, before and after.
    reading
        Whose `noise` says what differs between the photographs.
    visits
        Which photographs belong to which visit.
    drawn_on
        Per photograph, whether the outline was drawn on it.
    led
        How far the outline follows what changes between photographs, 0 to 1.
    """
    more = SELECTED_SDS * led * _one_sd(differences, reading, visits, drawn_on)
    length = np.linalg.norm(differences, axis=1, keepdims=True)
    share = np.linalg.norm(more, axis=1, keepdims=True) / np.maximum(length, 1e-12)
    return differences - more * np.minimum(1, MOST / np.maximum(share, MOST))


def selection_source(
    differences: _Floats,
    reading: SkinReading,
    visits: Visits,
    drawn_on: list[bool],
    rng: np.random.Generator,
    *,
    led: float,
) -> Source:
    """How far a faint outline may have been led by more or less than on average."""
    one = led * _one_sd(differences, reading, visits, drawn_on)
    # Of the larger contrast, so that it is the same whichever visit comes first.
    larger = differences[np.linalg.norm(differences, axis=1).argmax()]
    stays = STAYING_SHARE * led * larger
    return Source(
        name="selection",
        explanation="a faint outline follows blotches and shading that only its own "
        "photograph shows, or that are not the lesion's",
        moves=normal_draws(np.stack([DOUBT_SDS * one, np.stack([stays, stays])]), rng),
    )


def _one_sd(
    differences: _Floats, reading: SkinReading, visits: Visits, drawn_on: list[bool]
) -> _Floats:
    """One standard deviation of the noise along the contrast, (2, 3)."""
    one = np.zeros((2, 3))
    for visit, shots in enumerate((visits.before, visits.after)):
        length = float(np.linalg.norm(differences[visit]))
        along = differences[visit] / max(length, 1e-12)
        for shot in shots:
            if drawn_on[shot]:
                sd = float(np.sqrt(along @ reading.noise[shot] @ along))
                one[visit] += sd / len(shots) * along
    return one

"""Pits and ridges that another light shades on another side.

An outline of a faint pit follows its shaded side. When the light of the next visit comes
from elsewhere, that side is lit, and the pit seems to have faded. The change between the
visits then runs downhill across the lesion, the same way in every pit.
"""

import numpy as np
import numpy.typing as npt

from cicatrix.change.fading import Source, normal_draws
from cicatrix.change.reading import SkinReading, mean_image, mean_over
from cicatrix.change.soft_limit import share_below
from cicatrix.change.sources import Visits
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab
from cicatrix.outline.ring import half_width

__all__ = ["FAINT_DE00", "faintness", "relief_source"]

_Mask = npt.NDArray[np.bool_]

FAINT_DE00 = 8.0
"""Contrast at which an outline is half led by shading. Above 10 ΔE00 the outlines of 54
phantom fields of pits (seeds 100 to 315 and 500 to 643) held the whole pits, and a turned
light cost 3 points; of 17 at 4 ΔE00, read as 4 to 7, half of the pits were held, and it
cost 10 to 48."""

FAINT_PITS_DE00 = 12.0
"""The same for pits that are hardly more than walls, whose shade reads as contrast: of 12
phantom fields of ice-pick scars (seeds 100 to 739) read as less than 14 ΔE00 fades were read
too large by 15 points, and the 95 % interval held 10. Of three values, 8, 12 and 16: of all
65, 62 and 59 of 87 that were told it held 93.8, 95.2 and 96.6 %."""

DRAWN_SHARE = 0.25
"""How far an outline follows shading and blotches that a person drew, against one that was
found there. Of 140 phantom pairs of contrast 4 (seeds 100 to 739) drawn with a wobble of a
fifth of their half width the 95 % interval held the truth in 99 % of 74 told with all of it,
in 96 % of 120 with this and in 94 % of 129 with nothing. A hand that knows nothing of the
shading was simulated; a person's eye is led a little."""
_MIXED_EDGE_SAMPLES = 2
"""What a core has lost of its outline on either side."""
_NEGLIGIBLE = 0.01


def relief_source(
    reading: SkinReading,
    visits: Visits,
    core: _Mask,
    rng: np.random.Generator,
    *,
    led: float,
) -> Source:
    """How far a turned light may have moved what a faint outline holds.

    The change between the visits is read with the core moved by its own half width
    either way, along each axis; half the difference is one standard deviation, as far
    as the outline is `led` by shading, which its `faintness` tells.
    """
    vectors = np.zeros((2, 2, 3))
    if led > _NEGLIGIBLE:
        before, after = (
            mean_image([reading.lifted[i] for i in shots])
            for shots in (visits.before, visits.after)
        )
        change = (after - before,)
        by = max(1, round(half_width(core)) + _MIXED_EDGE_SAMPLES)
        for axis in (0, 1):
            shift = np.zeros((1, 2), dtype=int)
            shift[0, axis] = by
            ahead, behind = (mean_over(change, core, way) for way in (shift, -shift))
            tilt = 0.5 * led * (ahead[0] - behind[0])
            # Half at either visit: which of them was shaded how is not known.
            vectors[axis] = np.stack([-0.5 * tilt, 0.5 * tilt])
    return Source(
        name="relief",
        explanation="pits and ridges shaded on another side; take the photographs in "
        "light from the same side",
        moves=normal_draws(vectors, rng),
    )


def faintness(
    reading: SkinReading, visits: Visits, *, narrow: float, drawn: bool
) -> float:
    """How far the outline follows shading and blotches, 0 to 1, from the contrast.

    `narrow` is the `pits.narrowness` of the core; `drawn` tells that a person drew it.
    """
    skin = np.exp(reading.skin_log.mean(axis=0))
    lesion = skin * np.exp(visits.means(reading.difference))
    contrast = ciede2000(linear_srgb_to_lab(lesion), linear_srgb_to_lab(skin))
    share = DRAWN_SHARE if drawn else 1.0
    limit = FAINT_DE00 + narrow * (FAINT_PITS_DE00 - FAINT_DE00)
    # The larger of both, so that it is the same whichever visit comes first.
    return share * share_below(float(contrast.max()), limit)

"""What may be wrong with two contrasts, source by source, as Monte-Carlo moves."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.change.fading import DRAWS, Source, normal_draws
from cicatrix.change.reading import SkinReading, mean_over
from cicatrix.change.signs import signs_of
from cicatrix.change.strength import BLOTCH_LN

__all__ = [
    "Regions",
    "Visits",
    "alignment_source",
    "gradient_source",
    "noise_source",
    "outline_source",
    "repeats_source",
    "ring_source",
    "sharpness_source",
    "slope_source",
]

_Floats = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]
_Rng = np.random.Generator


NOISE_SHARE = 0.45
"""Block means of the difference between photographs spread twice as far as their mean is
off: shading and blotches that go up and down within a lesion cancel over it. The
errors of the fade of 369 phantom pairs without a flash (seeds 100 to 739) were likeliest with
0.41, on the halves of the seeds with 0.43 and 0.40, fitted together with the other sources and
drawn towards 0.5, which fitted an earlier version. A faint lesion's outline follows
just what does not cancel, so there all of it counts."""

BEND_SHARE = 0.6
"""Of the step between a plane and a curved surface, one standard deviation. The same
likelihood gave 0.77, 0.76 and 0.66."""

OWN_BEND_ALIKE, OWN_BEND_UNLIKE = 0.3, 0.6
"""Of that, what each visit may be off by on its own, in like light and in other. With 0.6 in
any light the errors of 169 phantom pairs of one room (seeds 100 to 229) were 0.74 of what was
told; with this and the furrows' smaller doubt they are 0.78, and as many are held (165). Of
216 that chose nothing (seeds 230 to 419) 208 are held, their errors 0.90 of what is told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regions:
    """Lesion and adjacent skin on one grid, with the alternatives that were as likely.

    `cores` and `rings` are alternative masks; `sectors` are parts of the ring.
    `drawn` tells that a person drew the lesion.
    """

    core: _Mask
    ring: _Mask
    cores: tuple[_Mask, ...] = ()
    rings: tuple[_Mask, ...] = ()
    sectors: tuple[_Mask, ...] = ()
    drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visits:
    """Which pictures of a reading belong to the visit before and to the one after."""

    before: tuple[int, ...]
    after: tuple[int, ...]

    def means(self, values: _Floats) -> _Floats:
        """Mean over the shots of each visit: (n, …) to (2, …)."""
        return np.stack(
            [values[list(self.before)].mean(axis=0), values[list(self.after)].mean(0)]
        )


def noise_source(
    reading: SkinReading, visits: Visits, rng: _Rng, *, led: float = 0.0
) -> Source:
    """Pixel noise, and skin that looks different between the visits.

    `led` (0 to 1) is how far the outline follows such skin.
    """
    share = NOISE_SHARE + (1 - NOISE_SHARE) * led
    vectors = np.zeros((6, 2, 3))
    for v, shots in enumerate((visits.before, visits.after)):
        covariance = reading.noise[list(shots)].mean(axis=0) / len(shots)
        values, axes = np.linalg.eigh(covariance)
        vectors[3 * v : 3 * v + 3, v] = (
            share * np.sqrt(np.maximum(values, 0)) * axes
        ).T
    return Source(
        name="pixel noise and skin texture",
        explanation="camera noise, compression, and mottling that is not the same at "
        "both visits",
        moves=normal_draws(vectors, rng),
    )


def repeats_source(reading: SkinReading, visits: Visits, rng: _Rng) -> Source:
    """What repeated shots of one visit differ by, beyond their pixel noise."""
    vectors = np.zeros((6, 2, 3))
    for v, shots in enumerate((visits.before, visits.after)):
        if len(shots) < 2:
            continue
        spread = reading.difference[list(shots)].var(axis=0, ddof=1)
        told = np.diagonal(reading.noise[list(shots)].mean(axis=0))
        extra = np.maximum(spread - told, 0) / len(shots)
        vectors[3 * v : 3 * v + 3, v] = np.diag(np.sqrt(extra))
    return Source(
        name="repeated shots",
        explanation="photographs of one visit differ by more than their noise",
        moves=normal_draws(vectors, rng),
    )


def gradient_source(
    reading: SkinReading, visits: Visits, rng: _Rng, *, unlike: float
) -> Source:
    """Light that falls off across the lesion in a way the skin around it cannot show.

    `unlike` (0 to 1) is how far the captures look so: one light bends alike at both visits.
    """
    step = BEND_SHARE * visits.means(reading.gradient_step)
    vectors = np.zeros((3, 2, 3))
    vectors[0] = step  # both visits share the curvature of the site
    own = OWN_BEND_ALIKE + (OWN_BEND_UNLIKE - OWN_BEND_ALIKE) * unlike
    vectors[1, 0], vectors[2, 1] = own * step[0], own * step[1]
    return Source(
        name="light gradient",
        explanation="light and curvature between lesion and adjacent skin",
        moves=normal_draws(vectors, rng),
    )


def outline_source(
    reading: SkinReading, visits: Visits, regions: Regions, rng: _Rng
) -> Source:
    """Where exactly the lesion ends."""
    here = visits.means(mean_over(reading.lifted, regions.core))
    return Source(
        name="outline",
        explanation="other outlines of the lesion that are as likely",
        moves=_alternatives(reading, visits, here, regions.cores, 1.0, rng),
    )


def ring_source(
    reading: SkinReading, visits: Visits, regions: Regions, rng: _Rng
) -> Source:
    """Which skin the lesion is compared with."""
    here = visits.means(mean_over(reading.lifted, regions.ring))
    whole = _alternatives(reading, visits, here, regions.rings, -1.0, rng)
    # A mean over s sectors is off by their spread / √s.
    share = -1.0 / np.sqrt(max(1, len(regions.sectors)))
    parts = _alternatives(reading, visits, here, regions.sectors, share, rng)
    return Source(
        name="adjacent skin",
        explanation="nearer, farther or other sides of the skin it is compared with",
        moves=whole + parts,
    )


def _alternatives(
    reading: SkinReading,
    visits: Visits,
    here: _Floats,
    others: tuple[_Mask, ...],
    factor: float,
    rng: _Rng,
) -> _Floats:
    """Moves (draws, 2, 3) between the level `here` (2, 3) and those of other masks."""
    usable = [mask for mask in others if np.count_nonzero(mask) >= 20]
    if not usable:
        return np.zeros((DRAWS, 2, 3))
    moved = [visits.means(mean_over(reading.lifted, m)) - here for m in usable]
    return normal_draws(factor * np.stack(moved) / np.sqrt(len(moved)), rng)


def alignment_source(
    reading: SkinReading,
    visits: Visits,
    regions: Regions,
    error_samples: _Floats,
    rng: _Rng,
) -> Source:
    """The lesion's outline laid a little beside its place in a later photograph.

    `error_samples` (n,) is one standard deviation per axis, 0 for the photograph the
    outline was drawn on.
    """
    here = mean_over(reading.lifted, regions.core)
    vectors = []
    for axis in (0, 1):
        steps = np.maximum(1, np.round(error_samples)).astype(int)
        shifts = np.zeros((len(here), 2), dtype=int)
        shifts[:, axis] = steps
        ahead = mean_over(reading.lifted, regions.core, shifts)
        behind = mean_over(reading.lifted, regions.core, -shifts)
        # Either way loses contrast at the edge: the worse of the two counts.
        worst = np.where(np.abs(ahead - here) > np.abs(behind - here), ahead, behind)
        moved = (worst - here) * (error_samples / steps)[:, None]
        for visit, shots in enumerate((visits.before, visits.after)):
            for shot in shots:
                vector = np.zeros((2, 3))
                vector[visit] = moved[shot] / len(shots)
                vectors.append(vector)
    return Source(
        name="alignment",
        explanation="the follow-up lies a little beside the baseline",
        moves=normal_draws(np.stack(vectors), rng),
    )


def sharpness_source(
    reading: SkinReading,
    visits: Visits,
    regions: Regions,
    blur_samples: float,
    rng: _Rng,
) -> Source:
    """What is left of a difference in sharpness after matching it.

    `blur_samples` is one standard deviation of the leftover blur, in samples.
    """
    after = list(visits.after)
    sharp = tuple(reading.lifted[i] for i in after)
    sigma = max(0.6, blur_samples)
    soft = tuple(
        np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.float32)
        for image in sharp
    )
    lost = (mean_over(soft, regions.core) - mean_over(sharp, regions.core)).mean(axis=0)
    vectors = np.zeros((1, 2, 3))
    # Blur acts with the square of its width.
    vectors[0, 1] = lost * (blur_samples / sigma) ** 2
    return Source(
        name="sharpness difference",
        explanation="one photograph is softer than the other",
        moves=normal_draws(vectors, rng),
    )


def slope_source(
    differences: _Floats, skin: _Floats, sd: float, rng: np.random.Generator
) -> Source:
    """Tone curves that draw the same contrast with different strength.

    `skin` (2, 3) is the linear light of the adjacent skin, white-balanced as far as
    known: a steeper curve draws it farther from white, too.
    """
    half = rng.standard_normal(DRAWS // 2) * sd
    steeper = np.concatenate([half, -half])[:, None, None]

    def moved(steps: _Floats) -> _Floats:
        return np.asarray(steeper * np.stack([0.5 * steps[0], -0.5 * steps[1]]))

    blotch = np.array([BLOTCH_LN, BLOTCH_LN])
    return Source(
        name="tone curve",
        explanation="without a card, how steeply each camera renders skin is inferred "
        "from the skin both photographs share",
        moves=moved(differences),
        signs=signs_of(moved(blotch), moved(np.log(skin))),
    )

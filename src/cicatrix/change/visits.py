"""Compare two visits of one lesion, each of one or several photographs on one grid."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from cicatrix.change.around import (
    all_anchored,
    calibrated_light,
    log_of,
    strength_between,
)
from cicatrix.change.camera_colour import camera_colour_source
from cicatrix.change.card import calibration_source
from cicatrix.change.conditioning import Expected, Told, told_by_skin
from cicatrix.change.doubts import camera_colour_scale, skin_signs, tone_slope_sd
from cicatrix.change.fading import DRAWS, FadeReading, Source, fade_between, moves_of
from cicatrix.change.furrows import furrow_source, furrow_step_ln
from cicatrix.change.likeness import Likeness, likeness_of
from cicatrix.change.pits import narrowness, shines_as_skin, spared_sources
from cicatrix.change.reading import SkinReading, read_together
from cicatrix.change.relief import faintness, relief_source
from cicatrix.change.selection import selection_source, without_selection
from cicatrix.change.skin_level import at_told_level
from cicatrix.change.sources import (
    Regions,
    Visits,
    alignment_source,
    gradient_source,
    noise_source,
    outline_source,
    repeats_source,
    ring_source,
    sharpness_source,
    slope_source,
)
from cicatrix.change.strength import SharedStrength
from cicatrix.change.turned import turned_source
from cicatrix.change.veil import expected_of, gloss_guess, gloss_source
from cicatrix.change.view import SkinView

__all__ = ["Known", "VisitComparison", "calibrated_lights", "compare_visits"]

_Floats = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]
_Read = tuple[tuple[_Image, ...], SkinReading, Likeness, float | None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitComparison:
    """The fade between two visits and how it was anchored.

    `anchored` tells that every photograph carried a usable card; `strength` is how
    strongly the follow-up draws the skin that both show, `None` where they share no
    pattern. `narrow` is 1 for lesions hardly more than walls (`pits.narrowness`), 0 for
    wide ones. `skin_linear_rgb` (3,) is the skin that contrasts are told against,
    `seen_skin_linear_rgb` as the photographs show it. `differences` (2, 3) are ln lesion
    over skin, before and after, `covariance` (6, 6) their joint uncertainty. `calibrated`
    are the pictures they were read from, linear light on the grid, before + after.
    """

    reading: FadeReading
    anchored: bool
    strength: SharedStrength | None
    narrow: float
    skin_linear_rgb: _Floats
    seen_skin_linear_rgb: _Floats
    differences: _Floats
    covariance: _Floats
    calibrated: tuple[_Image, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """The `calibrated_lights` of all views, and what waits for `strength_between`.

    `skin_ita_deg` is the individual typology angle of the healthy skin where a person told
    it: contrasts are then those on skin so light.
    """

    calibrated: tuple[_Image, ...]
    strength: Callable[[], SharedStrength | None] | None = None
    skin_ita_deg: float | None = None


def compare_visits(
    before: list[SkinView],
    after: list[SkinView],
    regions: Regions,
    *,
    leftover_blur_samples: float,
    known: Known | None = None,
    seed: int = 0,
) -> VisitComparison:
    """The fade from the visit before to the visit after.

    Parameters
    ----------
    before, after
        The photographs of each visit, sharpness already matched.
    regions
        Masks on the common grid, usable in every photograph.
    leftover_blur_samples
        One standard deviation of the blur that matching left, in grid samples.
    known
        What was begun or told before.
    seed
        Of the Monte-Carlo draws: the same seed gives the same digits.
    """
    views = before + after
    visits = Visits(
        before=tuple(range(len(before))), after=tuple(range(len(before), len(views)))
    )
    anchored = all_anchored(views)
    known = known or Known(calibrated=calibrated_lights(views))
    raw_logs = tuple(log_of(view.light) for view in views)
    logs = tuple(log_of(light) for light in known.calibrated) if anchored else raw_logs
    reading = read_together(list(logs), core=regions.core, ring=regions.ring)
    photographed = visits.means(reading.difference)
    rng = np.random.default_rng(seed)
    strength = (known.strength or partial(strength_between, before, after))()
    likeness = likeness_of(views, visits, raw_logs, regions.ring)
    read = (raw_logs, reading, likeness, known.skin_ita_deg)
    told = _told(views, visits, regions, read, strength, rng)
    beside = np.array([view.alignment_sd_samples for view in views])
    drawn_on = [bool(sd == 0) for sd in beside]
    narrow = narrowness(regions.core)
    led = faintness(reading, visits, narrow=narrow, drawn=regions.drawn)
    shift = told.shift * shines_as_skin(likeness, narrow=narrow)
    differences = without_selection(
        photographed + shift - furrow_step_ln(reading.lifted, regions.ring),
        reading,
        visits,
        drawn_on,
        led=led,
    )
    sources = [
        noise_source(reading, visits, rng, led=led),
        repeats_source(reading, visits, rng),
        gradient_source(reading, visits, rng, unlike=likeness.unlike),
        furrow_source(rng),
        relief_source(reading, visits, regions.core, rng, led=led),
        turned_source(differences, likeness, rng, narrow=narrow),
        selection_source(differences, reading, visits, drawn_on, rng, led=led),
        outline_source(reading, visits, regions, rng),
        ring_source(reading, visits, regions, rng),
        alignment_source(reading, visits, regions, beside, rng),
        sharpness_source(reading, visits, regions, leftover_blur_samples, rng),
        *told.sources,
        *spared_sources(differences, likeness, rng, narrow=narrow),
    ]
    seen = np.exp(reading.skin_log.mean(axis=0))
    skin = at_told_level(seen, known.skin_ita_deg)
    moves = moves_of(sources).reshape(DRAWS, 6)
    return VisitComparison(
        reading=fade_between(differences, skin, tuple(sources)),
        differences=differences,
        covariance=moves.T @ moves / DRAWS,
        anchored=anchored,
        strength=strength,
        narrow=narrow,
        skin_linear_rgb=skin,
        seen_skin_linear_rgb=seen,
        calibrated=known.calibrated,
    )


def calibrated_lights(views: list[SkinView]) -> tuple[_Image, ...]:
    """The light of each view as its own reference has it, if all views have one."""
    anchored = all_anchored(views)
    return tuple(
        calibrated_light(view, view.light, anchored=anchored) for view in views
    )


def _told(
    views: list[SkinView],
    visits: Visits,
    regions: Regions,
    read: _Read,
    strength: SharedStrength | None,
    rng: np.random.Generator,
) -> Told:
    """The doubts of cameras, lamps and gloss, as far as the shared skin leaves them."""
    doubts, expected = _doubts(views, visits, regions, read, rng)
    return told_by_skin(
        doubts, skin_signs(read[2], strength), expected=expected, rng=rng
    )


def _doubts(
    views: list[SkinView],
    visits: Visits,
    regions: Regions,
    read: _Read,
    rng: np.random.Generator,
) -> tuple[list[Source], Expected]:
    """What cameras, lamps and gloss may have done to lesion and healthy skin alike."""
    raw_logs, reading, likeness, skin_ita_deg = read
    photographed = visits.means(reading.difference)
    anchored = all_anchored(views)
    skin = np.exp(visits.means(reading.skin_log))
    if likeness.balance_ln is not None and not anchored:
        skin *= np.exp(
            likeness.balance_ln
        )  # gloss is white in white-balanced light only
    gloss = gloss_guess(likeness, skin, skin_ita_deg=skin_ita_deg)
    doubts = [
        gloss_source(photographed, skin, gloss, rng),
        calibration_source(views, visits, regions, raw_logs, rng)
        if anchored
        else slope_source(photographed, skin, tone_slope_sd(likeness), rng),
        camera_colour_source(photographed, skin, camera_colour_scale(likeness), rng),
    ]
    return doubts, expected_of(photographed, skin, gloss.amount)

"""Compare two visits of one lesion, each of one or several photographs on one grid."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from cicatrix.change.around import (
    DARKEST,
    all_anchored,
    calibrated_light,
    log_of,
    strength_between,
)
from cicatrix.change.conditioning import told_by_strength
from cicatrix.change.fading import DRAWS, FadeReading, Source, fade_between
from cicatrix.change.reading import (
    MAX_SAMPLES_ASIDE,
    SkinReading,
    mean_over,
    read_together,
)
from cicatrix.change.relief import relief_source
from cicatrix.change.selection import selection_source, without_selection
from cicatrix.change.sources import (
    Regions,
    Visits,
    alignment_source,
    camera_colour_source,
    gradient_source,
    noise_source,
    outline_source,
    repeats_source,
    ring_source,
    sharpness_source,
    slope_source,
    texture_source,
)
from cicatrix.change.strength import (
    BLOTCH_LN,
    GREEN,
    SharedStrength,
    strength_moved,
)
from cicatrix.change.veil import gloss_sd, gloss_source
from cicatrix.colour.calibration import Calibration
from cicatrix.evidence.measuring import measuring_limits

__all__ = [
    "Known",
    "SkinView",
    "VisitComparison",
    "calibrated_lights",
    "compare_visits",
]

_Floats = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkinView:
    """One photograph's light on the common grid.

    `light` (rows, cols, 3) is linear as decoded, on the lesion's grid;
    `surroundings` the same on a wider, coarser grid, whose bare healthy skin is
    `healthy` (rows, cols); `calibration` what its own colour
    reference says, `None` without one; `alignment_sd_samples` one standard deviation
    of its place per axis, 0 where the outline was drawn; `camera` tells cameras apart
    and `flash` whether one fired, `None` where the file does not say.
    """

    light: _Image
    surroundings: _Image
    healthy: _Mask
    calibration: Calibration | None
    alignment_sd_samples: float
    camera: str | None
    flash: bool | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitComparison:
    """The fade between two visits and how it was anchored.

    `anchored` tells that every photograph carried a usable card; `strength` is how
    strongly the follow-up draws the skin that both show, `None` where they share no
    pattern. `differences` (2, 3) are ln lesion over skin,
    before and after, `covariance` (6, 6) their joint uncertainty. `calibrated` are the
    pictures they were read from, linear light on the grid, in the order before + after.
    """

    reading: FadeReading
    anchored: bool
    strength: SharedStrength | None
    skin_linear_rgb: _Floats
    differences: _Floats
    covariance: _Floats
    calibrated: tuple[_Image, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """The `calibrated_lights` of all views, and what waits for `strength_between`."""

    calibrated: tuple[_Image, ...]
    strength: Callable[[], SharedStrength | None] | None = None


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
        What was begun before.
    seed
        Of the Monte-Carlo draws: the same seed gives the same digits.
    """
    views = before + after
    visits = Visits(
        before=tuple(range(len(before))), after=tuple(range(len(before), len(views)))
    )
    anchored = all_anchored(views)
    known = known or Known(calibrated=calibrated_lights(views))
    calibrated = known.calibrated
    raw_logs = tuple(log_of(view.light) for view in views)
    logs = tuple(log_of(light) for light in calibrated) if anchored else raw_logs
    reading = read_together(list(logs), core=regions.core, ring=regions.ring)
    photographed = visits.means(reading.difference)
    rng = np.random.default_rng(seed)
    strength = (known.strength or partial(strength_between, before, after))()
    told = told_by_strength(
        _doubts(views, visits, regions, raw_logs, reading, rng),
        strength,
        response_sd=_response_sd(views),
        rng=rng,
    )
    beside = np.array([view.alignment_sd_samples for view in views])
    drawn_on = [bool(sd == 0) for sd in beside]
    differences = without_selection(
        photographed + told.shift, reading, visits, drawn_on
    )
    sources = [
        noise_source(reading, visits, rng),
        repeats_source(reading, visits, rng),
        gradient_source(reading, visits, rng),
        texture_source(rng),
        relief_source(reading, visits, regions.core, rng),
        selection_source(differences, reading, visits, drawn_on, rng),
        outline_source(reading, visits, regions, rng),
        ring_source(reading, visits, regions, rng),
        alignment_source(reading, visits, regions, beside, rng),
        sharpness_source(reading, visits, regions, leftover_blur_samples, rng),
        *told.sources,
    ]
    skin = np.exp(reading.skin_log.mean(axis=0))
    moves = np.sum([source.moves for source in sources], axis=0).reshape(DRAWS, 6)
    return VisitComparison(
        reading=fade_between(differences, skin, tuple(sources)),
        differences=differences,
        covariance=moves.T @ moves / DRAWS,
        anchored=anchored,
        strength=strength,
        skin_linear_rgb=skin,
        calibrated=calibrated,
    )


def calibrated_lights(views: list[SkinView]) -> tuple[_Image, ...]:
    """The light of each view as its own reference has it, if all views have one."""
    anchored = all_anchored(views)
    return tuple(
        calibrated_light(view, view.light, anchored=anchored) for view in views
    )


def _flashes_differ(views: list[SkinView]) -> bool:
    return len({view.flash for view in views} - {None}) > 1


def _response_sd(views: list[SkinView]) -> float:
    limits = measuring_limits()
    return (
        limits.pattern_response_sd_flash
        if _flashes_differ(views)
        else limits.pattern_response_sd
    )


def _doubts(
    views: list[SkinView],
    visits: Visits,
    regions: Regions,
    raw_logs: tuple[_Image, ...],
    reading: SkinReading,
    rng: np.random.Generator,
) -> list[Source]:
    """What cameras, lamps and gloss may have done to lesion and healthy skin alike."""
    photographed = visits.means(reading.difference)
    skin = np.exp(visits.means(reading.skin_log))
    prior = _prior(views, visits, regions.ring, raw_logs)
    gloss = gloss_sd(
        skin,
        balanced=all(view.calibration is not None for view in views),
        flashes_differ=_flashes_differ(views),
    )
    anchored = all_anchored(views)
    doubts = [
        gloss_source(photographed, skin, gloss, rng),
        _calibration_source(views, visits, regions, raw_logs, rng)
        if anchored
        else slope_source(photographed, prior.tone_slope_sd, rng),
    ]
    if not anchored or not all(_has_matrix(view) for view in views):
        doubts.append(camera_colour_source(photographed, prior.camera_colour_sd, rng))
    return doubts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prior:
    tone_slope_sd: float
    camera_colour_sd: float


def _prior(
    views: list[SkinView], visits: Visits, ring: _Mask, raw_logs: tuple[_Image, ...]
) -> _Prior:
    """How far tone and colour may differ, from how differently the skin came out.

    The same skin in another hue tells of another lamp, white balance or camera; in
    another lightness, of another part of the tone curve.
    """
    limits = measuring_limits()
    step = _skin_step(raw_logs, visits, ring)
    unlike = 1 - np.exp(-_hue(step) / limits.capture_hue_step_ln)
    cameras = {view.camera for view in views}
    alike = len(cameras) == 1 and None not in cameras
    return _Prior(
        tone_slope_sd=float(
            np.hypot(
                limits.tone_slope_sd_alike + limits.tone_slope_sd_unlike * unlike,
                limits.tone_slope_sd_per_ln_exposure * step.mean(),
            )
        ),
        camera_colour_sd=(
            limits.camera_colour_sd_alike
            if alike
            else limits.camera_colour_sd_other_camera
        )
        + _camera_colour_sd(views, visits, ring, step),
    )


def _camera_colour_sd(
    views: list[SkinView], visits: Visits, ring: _Mask, step: _Floats
) -> float:
    """What unlike hues of the same skin add to the mixing of channels.

    With a neutral reference what is left of the hue step is the camera's own doing;
    without one it may be white balance alone, which alters no contrast.
    """
    limits = measuring_limits()
    half = limits.capture_hue_step_balanced_ln
    if all(view.calibration is not None for view in views):
        # Only the ring is wanted: its samples are calibrated as a picture of their own.
        at = np.flatnonzero(ring)
        at = at[:: max(1, len(at) // MAX_SAMPLES_ASIDE)]
        skins = [view.light.reshape(-1, 3)[None, at] for view in views]
        logs = tuple(
            log_of(calibrated_light(view, skin, anchored=True))
            for view, skin in zip(views, skins, strict=True)
        )
        x = _hue(_skin_step(logs, visits, np.ones((1, len(at)), dtype=bool))) / half
        return float(limits.camera_colour_sd_unlike * x**2 / (1 + x**2))
    x = _hue(step) / half
    return float(limits.camera_colour_sd_unlike_unbalanced * x / (1 + x))


def _skin_step(logs: tuple[_Image, ...], visits: Visits, ring: _Mask) -> _Floats:
    """Ln of the skin after over the skin before, per channel."""
    before, after = visits.means(mean_over(logs, ring))
    return np.asarray(after - before)


def _hue(step: _Floats) -> float:
    return float(np.sqrt(((step - step.mean()) ** 2).sum() / 2))


def _has_matrix(view: SkinView) -> bool:
    return view.calibration is not None and view.calibration.has_matrix


def _calibration_source(
    views: list[SkinView],
    visits: Visits,
    regions: Regions,
    raw_logs: tuple[_Image, ...],
    rng: np.random.Generator,
) -> Source:
    moves, blotches = np.zeros((2, DRAWS, 2, 3))
    skin, lesion = (mean_over(raw_logs, part) for part in (regions.ring, regions.core))
    for visit, shots in enumerate((visits.before, visits.after)):
        for shot in shots:
            calibration = views[shot].calibration
            if calibration is None:
                continue
            colours = np.exp(
                np.stack([skin[shot], lesion[shot], skin[shot] + BLOTCH_LN])
            )
            drawn, told = (
                np.log(np.maximum(light, DARKEST))
                for light in (
                    calibration.sample(colours, DRAWS, rng),
                    calibration.apply(colours),
                )
            )
            away = (drawn[:, 1:] - drawn[:, :1]) - (told[1:] - told[:1])
            moves[:, visit] += away[:, 0] / len(shots)
            # Of a blotch as calibrated, not as photographed.
            size = (told[2, GREEN] - told[0, GREEN]) / BLOTCH_LN[GREEN]
            blotches[:, visit] += away[:, 1] / size / len(shots)
    return Source(
        name="colour calibration",
        explanation="the card's patches fix tone curve and colours only so well",
        moves=moves,
        strengths=strength_moved(blotches),
    )

"""Compare two visits of one lesion, each of one or several photographs on one grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.change.fading import DRAWS, FadeReading, Source, fade_between
from cicatrix.change.reading import mean_over, read_together
from cicatrix.change.slope import RelativeSlope, relative_slope
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
)
from cicatrix.colour.calibration import Calibration
from cicatrix.evidence.measuring import measuring_limits

__all__ = ["SkinView", "VisitComparison", "compare_visits"]

_Floats = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]

DARKEST = np.float32(1 / 4096)
"""Light below this is clipped before the logarithm: a quarter of an 8-bit sRGB step."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SkinView:
    """One photograph's light on the common grid.

    `light` (rows, cols, 3) is linear as decoded; `calibration` what its own colour
    reference says, `None` without one; `alignment_sd_samples` one standard deviation
    of its place per axis, 0 where the outline was drawn; `camera` tells cameras apart,
    `None` where the file does not say.
    """

    light: _Image
    calibration: Calibration | None
    alignment_sd_samples: float
    camera: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitComparison:
    """The fade between two visits and how it was anchored.

    `anchored` tells that every photograph carried a usable card; else `slope` is the
    tone slope inferred from shared skin. `calibrated` are the pictures it was read
    from, linear light on the grid, in the order before + after.
    """

    reading: FadeReading
    anchored: bool
    slope: RelativeSlope | None
    skin_linear_rgb: _Floats
    calibrated: tuple[_Image, ...]


def compare_visits(
    before: list[SkinView],
    after: list[SkinView],
    regions: Regions,
    *,
    leftover_blur_samples: float,
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
    seed
        Of the Monte-Carlo draws: the same seed gives the same digits.
    """
    views = before + after
    visits = Visits(
        before=tuple(range(len(before))), after=tuple(range(len(before), len(views)))
    )
    anchored = all(v.calibration is not None and v.calibration.has_tone for v in views)
    calibrated = tuple(_calibrated(view, anchored=anchored) for view in views)
    logs = [np.log(np.maximum(light, DARKEST)) for light in calibrated]
    reading = read_together(logs, core=regions.core, ring=regions.ring)
    differences = visits.means(reading.difference)
    rng = np.random.default_rng(seed)

    slope = None
    if not anchored:
        slope = _slope(logs, visits, regions, _prior(views).tone_slope_sd)
        tilt = np.array([0.5, -0.5]) * slope.log_ratio
        differences = differences * np.exp(tilt)[:, None]
    sources = [
        noise_source(reading, visits, rng),
        repeats_source(reading, visits, rng),
        gradient_source(reading, visits, rng),
        outline_source(reading, visits, regions, rng),
        ring_source(reading, visits, regions, rng),
        alignment_source(
            reading,
            visits,
            regions,
            np.array([view.alignment_sd_samples for view in views]),
            rng,
        ),
        sharpness_source(reading, visits, regions, leftover_blur_samples, rng),
        *_colour_sources(views, visits, regions, differences, slope, rng),
    ]
    skin = np.exp(reading.skin_log.mean(axis=0))
    return VisitComparison(
        reading=fade_between(differences, skin, tuple(sources)),
        anchored=anchored,
        slope=slope,
        skin_linear_rgb=skin,
        calibrated=calibrated,
    )


def _calibrated(view: SkinView, *, anchored: bool) -> _Image:
    if not anchored or view.calibration is None:
        return view.light
    return np.asarray(view.calibration.apply(view.light), dtype=np.float32)


def _slope(
    logs: list[_Image], visits: Visits, regions: Regions, prior_sd: float
) -> RelativeSlope:
    first, second = (
        np.asarray(np.mean([logs[i] for i in shots], axis=0), dtype=np.float32)
        for shots in (visits.before, visits.after)
    )
    return relative_slope(first, second, healthy=regions.ring, prior_sd=prior_sd)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prior:
    tone_slope_sd: float
    camera_colour_sd: float


def _prior(views: list[SkinView]) -> _Prior:
    limits = measuring_limits()
    cameras = {view.camera for view in views}
    if len(cameras) == 1 and None not in cameras:
        return _Prior(
            tone_slope_sd=limits.tone_slope_sd_same_camera,
            camera_colour_sd=limits.camera_colour_sd_same_camera,
        )
    return _Prior(
        tone_slope_sd=limits.tone_slope_sd_other_camera,
        camera_colour_sd=limits.camera_colour_sd_other_camera,
    )


def _colour_sources(
    views: list[SkinView],
    visits: Visits,
    regions: Regions,
    differences: _Floats,
    slope: RelativeSlope | None,
    rng: np.random.Generator,
) -> list[Source]:
    colour = camera_colour_source(differences, _prior(views).camera_colour_sd, rng)
    if slope is not None:
        return [slope_source(differences, slope.sd, rng), colour]
    calibration = _calibration_source(views, visits, regions, rng)
    if all(v.calibration is not None and v.calibration.has_matrix for v in views):
        return [calibration]
    return [calibration, colour]


def _calibration_source(
    views: list[SkinView],
    visits: Visits,
    regions: Regions,
    rng: np.random.Generator,
) -> Source:
    moves = np.zeros((DRAWS, 2, 3))
    for visit, shots in enumerate((visits.before, visits.after)):
        for shot in shots:
            view = views[shot]
            if view.calibration is None:
                continue
            raw = (np.log(np.maximum(view.light, DARKEST)),)
            colours = np.exp(
                np.concatenate(
                    [mean_over(raw, regions.ring), mean_over(raw, regions.core)]
                )
            )
            drawn = np.log(
                np.maximum(view.calibration.sample(colours, DRAWS, rng), DARKEST)
            )
            told = np.log(np.maximum(view.calibration.apply(colours), DARKEST))
            step = (drawn[:, 1] - drawn[:, 0]) - (told[1] - told[0])
            moves[:, visit] += step / len(shots)
    return Source(
        name="colour calibration",
        explanation="the card's patches fix tone curve and colours only so well",
        moves=moves,
    )

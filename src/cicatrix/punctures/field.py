"""A simulated treatment in numbers: density, distances, coverage, overlap, evenness."""

from dataclasses import dataclass, field, replace
from math import nan, sqrt

import numpy as np
import numpy.typing as npt

from cicatrix.errors import InputInvalid
from cicatrix.forms.quantities import check_quantity
from cicatrix.punctures.counting import Coverage, Patches, count, patches_at_once
from cicatrix.punctures.device import PER_CM2, Device, Handling
from cicatrix.punctures.entry import Entry, entry
from cicatrix.punctures.estimate import Estimate, estimate
from cicatrix.punctures.expected import random_nearest_mm, widest_wounded_fraction
from cicatrix.punctures.needles import measured
from cicatrix.punctures.neighbours import Distances, distances
from cicatrix.punctures.throwing import Tracks, throw, tracks_of

__all__ = [
    "PunctureField",
    "PunctureMap",
    "Sampling",
    "expected_density_per_cm2",
    "puncture_field",
    "puncture_map",
]

MOST_PUNCTURES = 2e9
"""A run of some minutes on one core: more is a slip in an option."""


LEAST_PUNCTURES = 30
"""Where fewer are expected, many patches hold none and intervals become too short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How much skin is simulated, and what is asked of it.

    Attributes
    ----------
    patch_cm2, patches
        Square patches inside the treated area, each with its own accidents.
    within_mm
        Distances for the share of skin near a puncture.
    channel_um
        Diameter of a channel; that which was measured, if not given.
    seed
        Everything accidental follows from it.

    Raises
    ------
    InputInvalid
        A number is out of its possible range.
    """

    patch_cm2: float = 1.0
    patches: int = 50
    within_mm: tuple[float, ...] = (0.1, 0.25, 0.5)
    channel_um: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse impossible numbers."""
        check_quantity("patch_cm2", self.patch_cm2, at="patch")
        check_quantity("patches_count", self.patches, at="patches")
        for each in self.within_mm:
            check_quantity("within_mm", each, at="within")
            # A wider mesh of test points than the patch could miss it.
            if 2 * each > 10 * sqrt(self.patch_cm2):
                raise InputInvalid(
                    f"within: a patch of {self.patch_cm2:g} cm² is too small to tell "
                    f"the share within {each:g} mm. Take patches of "
                    f"{(each / 5) ** 2:.2g} cm² or more, or a smaller distance."
                )
        if self.channel_um is not None:
            check_quantity("channel_um", self.channel_um, at="channel")
        if isinstance(self.seed, bool) or self.seed < 0:
            raise InputInvalid(
                f"seed: must be 0 or more, found {self.seed}. Change it."
            )

    def channel_mm(self) -> float:
        """Diameter of a channel."""
        told = self.channel_um
        found = measured("channel-diameter").fields["value"] if told is None else told
        return float(found) / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PunctureField:
    """What a treatment leaves in the skin, as means over patches.

    Attributes
    ----------
    expected_per_cm2
        Punctures per cm² that the geometry gives.
    per_cm2
        The same as counted, with the spread between patches.
    distances
        Nearest neighbours, overlap, distance from the skin to a puncture.
    within
        For each distance asked, the share of skin that near to a puncture.
    wounded
        Share of the skin inside a channel, if channels are round.
    wounded_at_most
        The same if every channel were a slit and none met another.
    evenness
        Mean nearest distance over that of random punctures (Clark & Evans, Ecology
        1954): 1 is random, 2.149 a honeycomb, less than 1 clumped.
    variance_to_mean
        Of punctures in squares of `quadrat_mm`: 1 is random, 0 perfectly even.
    entry
        Angle and slit of one needle.
    track_step_mm, track_spacing_mm
        From stroke to stroke, and from track to track.
    counted
        Punctures that were counted.
    assumed
        Names of the assumptions that were used.
    """

    device: Device
    handling: Handling
    sampling: Sampling
    expected_per_cm2: float
    per_cm2: Estimate
    distances: Distances
    within: tuple[Estimate, ...]
    wounded: Estimate
    wounded_at_most: float
    evenness: Estimate
    variance_to_mean: float
    quadrat_mm: float
    entry: Entry
    track_step_mm: float
    track_spacing_mm: float
    counted: int
    assumed: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PunctureMap:
    """Every puncture of one square patch, in mm from its lower left corner.

    `x_mm`, `y_mm`, `direction_deg` (of the track) are (punctures,); those of a border
    around the patch, as wide as the largest distance asked, are with them.
    """

    side_mm: float
    channel_mm: float
    slit_mm: float
    within_mm: tuple[float, ...]
    direction_deg: npt.NDArray[np.float32]
    x_mm: npt.NDArray[np.float32]
    y_mm: npt.NDArray[np.float32]


def expected_density_per_cm2(device: Device, handling: Handling) -> float:
    """Punctures per cm² that the geometry gives, coinciding ones included.

    Needles over step times spacing, times passes. For a pen it is needles times rate
    times the time spent, over the area.

    Examples
    --------
    >>> from cicatrix.punctures.device import Pen
    >>> pen = Pen(needles=6, rate_hz=120, field_mm=4)
    >>> round(expected_density_per_cm2(pen, Handling(speed_cm_s=5)), 6)
    360.0
    """
    return PER_CM2 * tracks_of(device, handling).density_per_mm2()


def puncture_field(
    device: Device,
    *,
    handling: Handling | None = None,
    sampling: Sampling | None = None,
) -> PunctureField:
    """Simulate a treatment and count what it leaves.

    Parameters
    ----------
    device
        `Pen`, `Roller` or `Stamp`.
    handling
        How the hand leads it.
    sampling
        How much skin is simulated, and from which seed.

    Raises
    ------
    InputInvalid
        The treatment would leave more punctures than can be simulated, or too few for
        an interval to be trusted.

    Examples
    --------
    >>> from cicatrix.punctures.device import Pen
    >>> found = puncture_field(Pen(needles=12, rate_hz=100), handling=Handling(passes=1))
    >>> abs(found.per_cm2.mean - found.expected_per_cm2) < 20
    True
    """
    handling = handling or Handling()
    sampling = sampling or Sampling()
    tracks = tracks_of(device, handling)
    channel_mm = sampling.channel_mm()
    radii = (channel_mm / 2, *sampling.within_mm)
    patches = Patches(
        count=sampling.patches,
        half_mm=5 * sqrt(sampling.patch_cm2),
        guard_mm=1.05 * max(radii),
    )
    _check_size(tracks, patches)
    _check_enough(tracks, patches)
    of_counting, of_distances = np.random.default_rng(sampling.seed).spawn(2)
    coverage = _count_all(tracks, patches, radii, of_counting)
    far = distances(tracks, channel_mm=channel_mm, rng=of_distances)
    numbers = coverage.quadrats.sum(axis=(1, 2))
    area_cm2 = patches.area_mm2() / PER_CM2
    per_cm2 = estimate(numbers, np.full(len(numbers), area_cm2))
    shares = [
        estimate(hit, points, ceiling=1.0)
        for hit, points in zip(coverage.hit, coverage.points, strict=True)
    ]
    way = entry(device, handling)
    return PunctureField(
        device=device,
        handling=handling,
        sampling=sampling,
        expected_per_cm2=PER_CM2 * tracks.density_per_mm2(),
        per_cm2=per_cm2,
        distances=far,
        within=tuple(shares[1:]),
        wounded=shares[0],
        wounded_at_most=widest_wounded_fraction(
            per_cm2.mean / PER_CM2, channel_mm=channel_mm, slit_mm=way.slit_mm
        ),
        evenness=_evenness(far.nearest_mm, tracks.density_per_mm2()),
        variance_to_mean=_variance_to_mean(coverage),
        quadrat_mm=coverage.quadrat_mm,
        entry=way,
        track_step_mm=tracks.step_mm,
        track_spacing_mm=tracks.spacing_mm,
        counted=int(numbers.sum()),
        assumed=_assumptions(device, handling),
    )


def puncture_map(
    device: Device,
    *,
    handling: Handling | None = None,
    sampling: Sampling | None = None,
) -> PunctureMap:
    """The punctures of one patch, to be drawn.

    Raises
    ------
    InputInvalid
        The patch would hold more punctures than can be drawn.
    """
    handling = handling or Handling()
    sampling = sampling or Sampling()
    tracks = tracks_of(device, handling)
    half = 5 * sqrt(sampling.patch_cm2)
    border = max(sampling.channel_mm(), *sampling.within_mm)
    patches = Patches(count=1, half_mm=half, guard_mm=border)
    _check_size(tracks, patches, most=MOST_PUNCTURES / 1000)
    rng = np.random.default_rng(sampling.seed)
    found = [
        (block.x_mm, block.y_mm, np.full(len(block.x_mm), direction, np.float32))
        for direction in tracks.directions_deg
        for block in throw(
            replace(tracks, directions_deg=(direction,)),
            patches=1,
            half_mm=patches.outer_mm(),
            rng=rng,
        )
    ]
    x_mm, y_mm, direction_deg = (
        np.concatenate(parts) for parts in zip(*found, strict=True)
    )
    return PunctureMap(
        side_mm=2 * half,
        channel_mm=sampling.channel_mm(),
        slit_mm=entry(device, handling).slit_mm,
        within_mm=sampling.within_mm,
        x_mm=x_mm + np.float32(half),
        y_mm=y_mm + np.float32(half),
        direction_deg=direction_deg,
    )


def _check_size(
    tracks: Tracks, patches: Patches, *, most: float = MOST_PUNCTURES
) -> None:
    area = patches.count * (2 * (patches.outer_mm() + tracks.reach_mm())) ** 2
    expected = tracks.density_per_mm2() * area
    if expected > most:
        raise InputInvalid(
            f"these options would leave about {expected:.1e} punctures, more than the "
            f"{most:.0e} that are simulated. Check rate, speed and passes, or "
            "take fewer or smaller patches."
        )


def _check_enough(tracks: Tracks, patches: Patches) -> None:
    expected = tracks.density_per_mm2() * patches.area_mm2() * patches.count
    if expected < LEAST_PUNCTURES:
        raise InputInvalid(
            f"these options would leave about {expected:.2g} punctures on "
            f"{patches.count} patches, too few for numbers. Take more or larger "
            "patches, or more passes."
        )


def _count_all(
    tracks: Tracks,
    patches: Patches,
    radii_mm: tuple[float, ...],
    rng: np.random.Generator,
) -> Coverage:
    """Patches in groups, so that memory does not grow with their number."""
    size = patches_at_once(patches, finest_mm=min(radii_mm))
    found = []
    for first in range(0, patches.count, size):
        some = Patches(
            count=min(size, patches.count - first),
            half_mm=patches.half_mm,
            guard_mm=patches.guard_mm,
        )
        blocks = throw(tracks, patches=some.count, half_mm=some.outer_mm(), rng=rng)
        found.append(count(blocks, patches=some, radii_mm=radii_mm, rng=rng))
    return Coverage(
        quadrats=np.concatenate([each.quadrats for each in found]),
        quadrat_mm=found[0].quadrat_mm,
        hit=np.concatenate([each.hit for each in found], axis=1),
        points=np.concatenate([each.points for each in found], axis=1),
    )


def _evenness(nearest_mm: Estimate, density_per_mm2: float) -> Estimate:
    if density_per_mm2 <= 0:
        return Estimate(mean=nan, low=nan, high=nan, patch_sd=nan)
    scale = random_nearest_mm(density_per_mm2)
    return Estimate(
        mean=nearest_mm.mean / scale,
        low=nearest_mm.low / scale,
        high=nearest_mm.high / scale,
        patch_sd=nearest_mm.patch_sd / scale,
    )


def _variance_to_mean(coverage: Coverage) -> float:
    mean = float(coverage.quadrats.mean())
    return float(coverage.quadrats.var(ddof=1)) / mean if mean else nan


def _assumptions(device: Device, handling: Handling) -> tuple[str, ...]:
    names = (*device.assumed(), *handling.assumed())
    if device.kind == "pen":
        names = (*names, "contact_fraction")
    if device.kind == "roller":
        names = tuple(name for name in names if name != "rotation_deg")
    return names

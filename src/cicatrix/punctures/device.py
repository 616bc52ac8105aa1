"""Pen, roller and stamp: where their needles stand and how they move over the skin."""

from dataclasses import dataclass
from math import ceil, pi

import numpy as np
import numpy.typing as npt

from cicatrix.errors import InputInvalid
from cicatrix.forms.quantities import check_quantity
from cicatrix.punctures.needles import assumed

__all__ = ["Device", "Handling", "Pen", "Roller", "Stamp"]

Array = npt.NDArray[np.float64]

PER_CM2 = 100.0
"""Square millimetres in a square centimetre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How the hand leads a device: each pass covers the skin once, track beside track.

    Sizes that are not given are taken from `evidence/needles/assumed.toml`.

    Attributes
    ----------
    passes
        How often the skin is covered.
    directions_deg
        Direction of the tracks, pass by pass, and again from the start when they run
        out. 0 is along x.
    speed_cm_s
        Of the hand along a track. A pen's step follows from it.
    overlap_fraction
        Share of a track's width that the next track covers again.
    jitter_mm
        Standard deviation of the place of each stroke of the needles, along and across.
    placing_mm
        Standard deviation of the place of a track beside the last one.
    rotation_deg
        Standard deviation of the turning of a pen or stamp in the hand.

    Raises
    ------
    InputInvalid
        A number is out of its possible range; the message names the likely unit.
    """

    passes: int = 1
    directions_deg: tuple[float, ...] = (0.0, 90.0)
    speed_cm_s: float = 2.0
    overlap_fraction: float = 0.0
    jitter_mm: float | None = None
    placing_mm: float | None = None
    rotation_deg: float | None = None

    def __post_init__(self) -> None:
        """Refuse impossible numbers."""
        _whole("passes_count", self.passes, at="passes")
        if not self.directions_deg:
            raise InputInvalid("directions: none is given. Give one angle in degrees.")
        for angle in self.directions_deg:
            check_quantity("direction_deg", angle, at="directions")
        check_quantity("speed_cm_s", self.speed_cm_s, at="speed")
        check_quantity("overlap_fraction", self.overlap_fraction, at="overlap")
        for name, value in (
            ("jitter_mm", self.jitter_mm),
            ("jitter_mm", self.placing_mm),
            ("rotation_deg", self.rotation_deg),
        ):
            if value is not None:
                check_quantity(name, value, at=name)

    def pass_directions_deg(self) -> tuple[float, ...]:
        """The direction of every pass."""
        known = self.directions_deg
        return tuple(known[turn % len(known)] for turn in range(self.passes))

    def assumed(self) -> tuple[str, ...]:
        """Names of the sizes that were not given."""
        return _not_given(self, ("jitter_mm", "placing_mm", "rotation_deg"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """A pen: all needles go in together, `rate_hz` times a second, as it glides.

    The needles stand on rings, more of them on the wider ones; `field_mm` is the
    diameter of the widest. Raises `InputInvalid` for impossible numbers.

    Examples
    --------
    >>> Pen(needles=12, rate_hz=100).step_mm(Handling(speed_cm_s=2))
    0.2
    """

    needles: int
    rate_hz: float
    field_mm: float | None = None
    rings: int | None = None
    model: str = ""

    def __post_init__(self) -> None:
        """Refuse impossible numbers."""
        _whole("needles_count", self.needles, at="needles")
        check_quantity("rate_hz", self.rate_hz, at="rate")
        if self.field_mm is not None:
            check_quantity("field_mm", self.field_mm, at="field")
        if self.rings is not None:
            _whole("rows_count", self.rings, at="rings")
            if self.rings > self.needles:
                raise InputInvalid(
                    f"rings: {self.needles} needles cannot stand on {self.rings} rings. "
                    "Give fewer rings."
                )

    @property
    def kind(self) -> str:
        """Pen."""
        return "pen"

    @property
    def width_mm(self) -> float:
        """Width of the track: of the needle field."""
        return assumed("field_mm") if self.field_mm is None else self.field_mm

    def step_mm(self, handling: Handling) -> float:
        """Way of the hand between two strokes."""
        return 10.0 * handling.speed_cm_s / self.rate_hz

    def needles_mm(self, handling: Handling) -> Array:
        """Where the needles stand."""
        del handling
        rings = self.rings or _rings(self.needles)
        return _on_rings(self.needles, rings=rings, radius_mm=self.width_mm / 2)

    def assumed(self) -> tuple[str, ...]:
        """Names of the sizes that were not given."""
        return _not_given(self, ("field_mm",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Roller:
    """A roller: rows of needles on a drum that rolls without slipping.

    Attributes
    ----------
    needles, rows
        On the whole drum; every row holds as many.
    drum_diameter_mm
        Of the drum without its needles.
    field_mm
        Width that the rows cover: rows times the distance from row to row.
    needle_mm, penetrated_mm
        Length of a needle, and how much of it goes into the skin (all of it, if not
        given). What stays outside lifts the drum, so that it rolls farther each turn.

    Raises
    ------
    InputInvalid
        A number is impossible, the rows hold unequal numbers, or more goes in than
        the needle is long.

    Examples
    --------
    >>> roller = Roller(needles=192, rows=8, drum_diameter_mm=20, field_mm=20)
    >>> round(roller.step_mm(Handling()), 3)
    2.618
    """

    needles: int
    rows: int
    drum_diameter_mm: float | None = None
    field_mm: float | None = None
    needle_mm: float = 1.5
    penetrated_mm: float | None = None
    model: str = ""

    def __post_init__(self) -> None:
        """Refuse impossible numbers."""
        _whole("needles_count", self.needles, at="needles")
        _whole("rows_count", self.rows, at="rows")
        if self.needles % self.rows:
            raise InputInvalid(
                f"rows: {self.needles} needles do not fill {self.rows} equal rows. "
                "Give the needles of the whole drum and its rows."
            )
        check_quantity("depth_mm", self.needle_mm, at="needle length")
        for name, value in (
            ("drum_diameter_mm", self.drum_diameter_mm),
            ("field_mm", self.field_mm),
            ("penetrated_mm", self.penetrated_mm),
        ):
            if value is not None:
                check_quantity(name, value, at=name)
        if self.depth_mm > self.needle_mm:
            raise InputInvalid(
                f"penetrated depth: {self.depth_mm:g} mm is more than the needle's "
                f"{self.needle_mm:g} mm. Give a smaller one."
            )

    @property
    def kind(self) -> str:
        """Roller."""
        return "roller"

    @property
    def width_mm(self) -> float:
        """Width of the track."""
        return assumed("width_mm") if self.field_mm is None else self.field_mm

    @property
    def depth_mm(self) -> float:
        """How far a needle goes in."""
        return self.needle_mm if self.penetrated_mm is None else self.penetrated_mm

    @property
    def tip_radius_mm(self) -> float:
        """From the axle to the tips."""
        known = self.drum_diameter_mm
        drum = assumed("drum_diameter_mm") if known is None else known
        return drum / 2 + self.needle_mm

    @property
    def rolling_radius_mm(self) -> float:
        """From the axle to the skin: the radius that rolls without slipping."""
        return self.tip_radius_mm - self.depth_mm

    def step_mm(self, handling: Handling) -> float:
        """Way rolled from one needle of a row to the next."""
        del handling
        return 2 * pi * self.rolling_radius_mm * self.rows / self.needles

    def needles_mm(self, handling: Handling) -> Array:
        """One needle a row; every second row stands between those of the first."""
        row = np.arange(self.rows)
        along = (row % 2) * assumed("stagger_fraction") * self.step_mm(handling)
        across = ((row + 0.5) / self.rows - 0.5) * self.width_mm
        return np.stack([along, across], axis=1)

    def assumed(self) -> tuple[str, ...]:
        """Names of the sizes that were not given."""
        missing = _not_given(self, ("drum_diameter_mm",))
        width = ("width_mm",) if self.field_mm is None else ()
        return (*missing, *width, "stagger_fraction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A stamp: a square of needles pressed straight down, place beside place.

    Raises `InputInvalid` for impossible numbers.

    Examples
    --------
    >>> Stamp(needles=36, field_mm=9).step_mm(Handling())
    9.0
    """

    needles: int
    field_mm: float | None = None
    model: str = ""

    def __post_init__(self) -> None:
        """Refuse impossible numbers."""
        _whole("needles_count", self.needles, at="needles")
        if self.field_mm is not None:
            check_quantity("field_mm", self.field_mm, at="field")

    @property
    def kind(self) -> str:
        """Stamp."""
        return "stamp"

    @property
    def width_mm(self) -> float:
        """Width of the needle field."""
        return assumed("stamp_field_mm") if self.field_mm is None else self.field_mm

    def step_mm(self, handling: Handling) -> float:
        """Way from one press to the next."""
        return self.width_mm * (1 - handling.overlap_fraction)

    def needles_mm(self, handling: Handling) -> Array:
        """Rows of a square, the last of them perhaps not full."""
        del handling
        side = ceil(self.needles**0.5)
        place = np.arange(self.needles)
        grid = np.stack([place // side, place % side], axis=1)
        return ((grid + 0.5) / side - 0.5) * self.width_mm

    def assumed(self) -> tuple[str, ...]:
        """Names of the sizes that were not given."""
        return ("stamp_field_mm",) if self.field_mm is None else ()


Device = Pen | Roller | Stamp
"""Each has `kind`, `model`, `needles`, `width_mm` (of a track), `step_mm` and
`needles_mm` under a `Handling`, and names what is `assumed`."""


def _whole(name: str, value: int, *, at: str) -> None:
    number = check_quantity(name, value, at=at)
    if number != int(number):
        raise InputInvalid(
            f"{at}: must be a whole number, found {value!r}. Correct it."
        )


def _not_given(told: object, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(told, name) is None)


def _rings(needles: int) -> int:
    """Rings on which needles stand about as far from each other along as between."""
    return max(1, round((needles / 3) ** 0.5)) if needles > 1 else 1


def _on_rings(needles: int, *, rings: int, radius_mm: float) -> Array:
    """Needles shared among rings in proportion to the rings' length."""
    if needles == 1:
        return np.zeros((1, 2))
    ring = np.arange(1, rings + 1)
    ends = np.round(needles * np.cumsum(ring) / ring.sum()).astype(int)
    counts = np.diff(ends, prepend=0)
    places = []
    for number, count in zip(ring, counts, strict=True):
        # Half a step from ring to ring, so that needles do not stand in spokes.
        angle = 2 * np.pi * (np.arange(count) + 0.5 * (number % 2)) / max(count, 1)
        radius = radius_mm * number / rings
        places.append(radius * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    return np.concatenate(places)

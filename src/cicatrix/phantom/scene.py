"""What is in front of the camera: skin, one lesion, things lying on the skin."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from cicatrix.optics.skin import DARKEST_ITA_DEG, LIGHTEST_ITA_DEG

__all__ = [
    "HELD_OUT_LESIONS",
    "LESION_KINDS",
    "LESION_SIZE_MM",
    "LesionKind",
    "Scene",
    "SceneObject",
    "SceneObjectKind",
]

LesionKind = Literal[
    "ice-pick",
    "boxcar",
    "rolling",
    "red-scar",
    "dark-scar",
    "pale-scar",
    "hypertrophic",
    "stria-rubra",
    "stria-alba",
    "surgical-line",
    "patchy-scar",
]
HELD_OUT_LESIONS: Final[tuple[LesionKind, ...]] = ("surgical-line", "patchy-scar")
"""Kinds for judging only: nothing was chosen on them (benchmarks/pairs.py)."""

LESION_KINDS: Final[tuple[LesionKind, ...]] = tuple(
    kind for kind in get_args(LesionKind) if kind not in HELD_OUT_LESIONS
)
"""Kinds that tests, tuning and made-up cases draw from."""

SceneObjectKind = Literal["cicatrix-card", "colorchecker", "ruler", "grey-patch"]

LESION_SIZE_MM: Final[dict[LesionKind, float]] = {
    "ice-pick": 22.0,
    "boxcar": 26.0,
    "rolling": 30.0,
    "red-scar": 18.0,
    "dark-scar": 16.0,
    "pale-scar": 20.0,
    "hypertrophic": 22.0,
    "stria-rubra": 42.0,
    "stria-alba": 42.0,
    "surgical-line": 48.0,
    "patchy-scar": 24.0,
}
"""Longest side of the lesion, or of the field of small scars or striae, by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneObject:
    """A flat thing on the skin.

    `centre_mm` and `rotation_deg` are on the skin plane (x right, y down, the lesion at
    (0, 0)) at visit 0; `moves_mm` and `turns_deg` are the standard deviations of how it
    lies elsewhere at each later visit. `print_spread` is how far the printed card's greys
    are off nominal: 0 is exact, 1 an office printer of unknown make (tone ±8 %, paper
    ±3 %, tint ±1 %; standard deviations). The same card is used at all visits.
    """

    kind: SceneObjectKind
    centre_mm: tuple[float, float]
    rotation_deg: float = 0.0
    moves_mm: float = 2.0
    turns_deg: float = 4.0
    print_spread: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(SceneObjectKind):
            raise ValueError(
                f"kind must be one of {get_args(SceneObjectKind)}, got {self.kind!r}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Skin with one lesion at the origin of a plane in millimetres.

    Parameters
    ----------
    seed
        Everything accidental follows from it. 0-999 are for tests and tuning; 10000 and
        up are kept for judging.
    skin_ita_deg
        Individual typology angle of the skin, -45 (dark) to 60 (light).
    lesion
        One of `LESION_KINDS` or `HELD_OUT_LESIONS`. Acne kinds are several small scars, striae several lines.
    contrast_de00
        Wanted ΔE00 of lesion against adjacent skin at baseline for a perfect observer.
        Where pigments cannot make it, the largest possible is made and the truth says so.
    lesion_size_mm
        Longest side of the lesion or its field; `None` takes `LESION_SIZE_MM`.
    curvature_per_mm, curvature_axis_deg
        One over the radius of the limb (0 is flat), and where its axis points.
    hairs_per_cm2, moles_per_dm2
        Visible hairs (other ones at each visit) and persistent moles.
    mottling, relief, vascular_change
        Strength of pigment mottle and of furrows and pores (1 is usual), and which share
        (0..1) of the variance of blood mottle is new at each visit.
    lesion_furrows
        0..2, how much of the furrows and pores is left inside the lesion; scars have lost
        some. It moves neither colour nor outline, so a visit's own value is a known
        change of texture.
    objects
        Cards, rulers and patches on the skin.
    drape_mm
        From this distance off the lesion on, a cloth covers the skin on one side.
    """

    seed: int
    skin_ita_deg: float = 35.0
    lesion: LesionKind = "red-scar"
    contrast_de00: float = 15.0
    lesion_size_mm: float | None = None
    curvature_per_mm: float = 0.0
    curvature_axis_deg: float = 0.0
    hairs_per_cm2: float = 0.6
    moles_per_dm2: float = 4.0
    mottling: float = 1.0
    relief: float = 1.0
    vascular_change: float = 0.35
    lesion_furrows: float = 0.4
    objects: tuple[SceneObject, ...] = ()
    drape_mm: float | None = None

    def __post_init__(self) -> None:
        if self.lesion not in get_args(LesionKind):
            raise ValueError(
                f"lesion must be one of {get_args(LesionKind)}, got {self.lesion!r}"
            )
        if not DARKEST_ITA_DEG <= self.skin_ita_deg <= LIGHTEST_ITA_DEG:
            raise ValueError(
                f"skin_ita_deg must be in {DARKEST_ITA_DEG:g}..{LIGHTEST_ITA_DEG:g}, "
                f"got {self.skin_ita_deg!r}"
            )
        if not 0 < self.contrast_de00 <= 60:
            raise ValueError(
                f"contrast_de00 must be in (0, 60], got {self.contrast_de00!r}"
            )
        if self.lesion_size_mm is not None and not 2 <= self.lesion_size_mm <= 200:
            raise ValueError(
                f"lesion_size_mm must be in 2..200, got {self.lesion_size_mm!r}"
            )
        if not -0.05 <= self.curvature_per_mm <= 0.05:
            raise ValueError(
                f"curvature_per_mm must be in -0.05..0.05, got {self.curvature_per_mm!r}"
            )
        if not 0 <= self.lesion_furrows <= 2:
            raise ValueError(
                f"lesion_furrows must be in [0, 2], got {self.lesion_furrows!r}"
            )
        if not 0 <= self.vascular_change <= 1:
            raise ValueError(
                f"vascular_change must be in [0, 1], got {self.vascular_change!r}"
            )

    @property
    def size_mm(self) -> float:
        """Longest side of the lesion or its field."""
        return self.lesion_size_mm or LESION_SIZE_MM[self.lesion]

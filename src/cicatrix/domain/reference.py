"""The colour reference seen in a photograph, patch by patch."""

from dataclasses import dataclass
from enum import StrEnum


class ReferenceKind(StrEnum):
    """What colour is anchored to, best first."""

    CICATRIX_CARD = "Cicatrix card"
    COLORCHECKER = "ColorChecker Classic 24"
    GREY_PATCH = "grey patch"
    NONE = "none (healthy skin shared by both photographs)"


class PatchState(StrEnum):
    """Whether a patch may be used for the colour fit."""

    USED = "used"
    CLIPPED = "clipped"
    GLARE = "glare"
    COVERED = "covered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchReading:
    """One patch: where it is, what was read, what it should be.

    `centre_xy` in full-resolution pixels; `linear_rgb` the trimmed mean and
    `linear_rgb_sd` the spread inside the patch, 0..1 after undoing the file's own
    encoding; `reference_lab_d65` CIELAB under D65 (2° observer), `None` where only
    neutrality is known.
    """

    name: str
    centre_xy: tuple[float, float]
    linear_rgb: tuple[float, float, float]
    linear_rgb_sd: tuple[float, float, float]
    state: PatchState
    reference_lab_d65: tuple[float, float, float] | None
    neutral: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourReference:
    """A card or grey patch found in a photograph.

    `corners_xy` are its outer corners, full-resolution pixels, clockwise from the
    card's own top left. `notes` say what was refused or used in part, and why.
    """

    kind: ReferenceKind
    patches: tuple[PatchReading, ...]
    corners_xy: tuple[tuple[float, float], ...] = ()
    notes: tuple[str, ...] = ()

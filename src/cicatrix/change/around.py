"""The skin around a lesion as each photograph shows it, and how strongly it is drawn."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cicatrix.change.reading import mean_image
from cicatrix.change.strength import GREEN, SharedStrength, shared_strength
from cicatrix.colour.calibration import Calibration

__all__ = [
    "DARKEST",
    "SkinAround",
    "all_anchored",
    "calibrated_light",
    "log_of",
    "strength_between",
]

_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]

DARKEST = np.float32(1 / 4096)
"""Light below this is clipped before the logarithm: a quarter of an 8-bit sRGB step."""


class SkinAround(Protocol):
    """The skin around a lesion in one photograph: see `SkinView`."""

    @property
    def surroundings(self) -> _Image:
        """Linear light as decoded, on a wide grid."""

    @property
    def healthy(self) -> _Mask:
        """Where it is bare healthy skin."""

    @property
    def calibration(self) -> Calibration | None:
        """What the photograph's own colour reference says."""


def log_of(light: _Image) -> _Image:
    """Natural logarithm of linear light, clipped at `DARKEST`."""
    return np.asarray(np.log(np.maximum(light, DARKEST)), dtype=np.float32)


def calibrated_light(view: SkinAround, light: _Image, *, anchored: bool) -> _Image:
    """A photograph's light as its own reference has it, if all are `anchored`."""
    if not anchored or view.calibration is None:
        return light
    return np.asarray(view.calibration.apply(light), dtype=np.float32)


def _green(view: SkinAround, *, anchored: bool) -> _Image:
    """The surroundings' `calibrated_light`, green alone."""
    if not anchored or view.calibration is None:
        return view.surroundings[..., GREEN]
    return view.calibration.apply_to(GREEN, view.surroundings)


def all_anchored(views: Sequence[SkinAround]) -> bool:
    """Whether every photograph shows a reference that fixes the tone curve."""
    return all(v.calibration is not None and v.calibration.has_tone for v in views)


def strength_between(
    before: Sequence[SkinAround], after: Sequence[SkinAround]
) -> SharedStrength | None:
    """How strongly the follow-up draws the skin around that all photographs show."""
    known = all_anchored([*before, *after])
    first, second = (
        mean_image([log_of(_green(view, anchored=known)) for view in views])
        for views in (before, after)
    )
    healthy = np.logical_and.reduce([view.healthy for view in (*before, *after)])
    return shared_strength(first, second, healthy=healthy)

"""How alike the captures of two visits look.

The same skin in another hue tells of another lamp, white balance or camera; in another
lightness, of another part of the tone curve; paler, of gloss.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.change.around import calibrated_light, log_of
from cicatrix.change.reading import MAX_SAMPLES_ASIDE, mean_over
from cicatrix.change.sources import Visits
from cicatrix.change.view import SkinView
from cicatrix.evidence.measuring import measuring_limits

__all__ = ["FlashUse", "Likeness", "hue_spread", "likeness_of"]

_Floats = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlashUse:
    """Whether a flash fired in some photographs only (`differs`), or in every one.

    Where it fired in some and others do not say, it is taken not to have fired there: a
    camera's file beside one that a messenger stripped is the usual case, and the wider
    doubt the safer one. `unknown` tells that some file does not say while no other tells
    of a flash: one may have fired there alone. `step` is the share of the follow-up's
    photographs in which one fired less that of the baseline's.
    """

    differs: bool
    always: bool
    unknown: bool = False
    step: float = 0.0

    @property
    def any(self) -> bool:
        """Whether one is known to have fired at all where it matters."""
        return self.differs or self.always


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likeness:
    """What adjacent skin and files tell of two visits' captures.

    `hue_step_ln` is the spread between channels of ln skin after over skin before, as
    decoded, `exposure_step_ln` its mean. `balance_ln` (2, 3) is by how much every
    photograph's own reference corrects the skin before and after, and `balanced_step_ln`
    (3,) the step that it leaves; both `None` without references.
    `same_camera` is false where a file does not name its camera.
    """

    hue_step_ln: float
    exposure_step_ln: float
    balance_ln: _Floats | None
    balanced_step_ln: _Floats | None
    same_camera: bool
    flash: FlashUse

    @property
    def unlike(self) -> float:
        """0 for captures of one hue, towards 1 for hues far apart."""
        step = measuring_limits().capture_hue_step_ln
        return float(1 - np.exp(-self.hue_step_ln / step))


def likeness_of(
    views: list[SkinView], visits: Visits, logs: tuple[_Image, ...], ring: _Mask
) -> Likeness:
    """Compare the captures of two visits.

    Parameters
    ----------
    views
        The photographs of both.
    visits
        Which belong to which.
    logs : tuple of (rows, cols, 3) float32
        Natural logarithm of their light as decoded.
    ring : (rows, cols) bool
        Adjacent skin.
    """
    decoded = visits.means(mean_over(logs, ring))
    balanced = _balanced(views, visits, ring)
    step = decoded[1] - decoded[0]
    cameras = {view.camera for view in views}
    fired = {view.flash for view in views}
    return Likeness(
        hue_step_ln=hue_spread(step),
        exposure_step_ln=float(step.mean()),
        balance_ln=None if balanced is None else balanced - decoded,
        balanced_step_ln=None if balanced is None else balanced[1] - balanced[0],
        same_camera=len(cameras) == 1 and None not in cameras,
        flash=FlashUse(
            differs=True in fired and len(fired) > 1,
            always=fired == {True},
            unknown=None in fired and True not in fired,
            step=_fired_share(views, visits.after) - _fired_share(views, visits.before),
        ),
    )


def _fired_share(views: list[SkinView], shots: tuple[int, ...]) -> float:
    return sum(views[shot].flash is True for shot in shots) / len(shots)


def _balanced(views: list[SkinView], visits: Visits, ring: _Mask) -> _Floats | None:
    """Log skin (2, 3) before and after as each photograph's own reference has it."""
    if any(view.calibration is None for view in views):
        return None
    # Only the ring is wanted: its samples are calibrated as a picture of their own.
    at = np.flatnonzero(ring)
    at = at[:: max(1, len(at) // MAX_SAMPLES_ASIDE)]
    skins = [view.light.reshape(-1, 3)[None, at] for view in views]
    logs = tuple(
        log_of(calibrated_light(view, skin, anchored=True))
        for view, skin in zip(views, skins, strict=True)
    )
    return visits.means(mean_over(logs, np.ones((1, len(at)), dtype=bool)))


def hue_spread(step: _Floats) -> float:
    """Standard deviation between the channels of a log step (3,)."""
    return float(np.sqrt(((step - step.mean()) ** 2).sum() / 2))

"""Gloss that lies over skin and lesion alike and takes contrast from both.

Light reflected at the surface adds the colour of the lamp to the light that comes out of
the skin. A flash near the lens does it most. The card, which is matt and flat, does not
show it; the skin does, when it comes out paler than at the other visit.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.change.conditioning import Expected
from cicatrix.change.fading import DRAWS, Source
from cicatrix.change.likeness import Likeness
from cicatrix.change.signs import signs_of
from cicatrix.change.skin_level import told_luminance
from cicatrix.change.strength import BLOTCH_LN
from cicatrix.evidence.measuring import measuring_limits

__all__ = [
    "Gloss",
    "added_gloss",
    "expected_of",
    "gloss_guess",
    "gloss_source",
    "without_gloss",
]

_Floats = npt.NDArray[np.float64]

MOST = 0.8
"""Gloss is never more than this share of the darkest light it lies over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gloss:
    """Linear light that the follow-up's surface adds beyond the baseline's; its doubt."""

    amount: float
    sd: float


def added_gloss(skin: _Floats) -> float:
    """Gloss of the follow-up beyond the baseline, in linear light; negative if less.

    Parameters
    ----------
    skin : (2, 3)
        Adjacent skin before and after, white-balanced linear light.

    Notes
    -----
    The paler visit is taken for a·skin + v of the other, with the same v in each
    channel, because white balance makes the lamp's colour grey; least squares of the
    relative residuals in a and v. It is taken both ways and averaged, so that swapping
    the visits only changes the sign.
    """
    ahead, behind = _intercept(skin[0], skin[1]), _intercept(skin[1], skin[0])
    return 0.5 * (ahead - behind)


def _intercept(plain: _Floats, glossy: _Floats) -> float:
    terms = np.stack([plain, np.ones(3)], axis=1) / glossy[:, None]
    solved, *_ = np.linalg.lstsq(terms, np.ones(3), rcond=None)
    return float(solved[1])


def without_gloss(differences: _Floats, skin: _Floats, gloss: npt.ArrayLike) -> _Floats:
    """Log contrasts (…, 2, 3) with `gloss` (…) taken off the visit that has more."""
    lesion = skin * np.exp(differences)
    taken = _taken(gloss, np.minimum(lesion, skin))
    return np.log(lesion - taken) - np.log(skin - taken)


def _taken(gloss: npt.ArrayLike, darkest: _Floats) -> _Floats:
    """What `gloss` (…) takes off either visit (…, 2, 1), given the light it lies over."""
    amount = np.asarray(gloss, dtype=np.float64)[..., None]
    both = np.stack([np.maximum(-amount, 0), np.maximum(amount, 0)], axis=-2)
    return np.minimum(both, MOST * darkest.min(axis=-1, keepdims=True))


def _signs(skin: _Floats, gloss: npt.ArrayLike) -> _Floats:
    """Signs (…, 3) that `gloss` (…) has left on the skin."""
    blotch = np.array([BLOTCH_LN, BLOTCH_LN])
    paler = np.log(skin - _taken(gloss, skin)) - np.log(skin)
    return signs_of(without_gloss(blotch, skin, gloss) - blotch, paler)


def gloss_source(
    differences: _Floats, skin: _Floats, gloss: Gloss, rng: np.random.Generator
) -> Source:
    """Draws of the follow-up's gloss beyond the baseline's, around what was guessed.

    Moves lead away from what `expected_of` the guess leaves: the more gloss there is, the
    more does a little of it matter.
    """
    half = rng.standard_normal(DRAWS // 2) * gloss.sd
    drawn = gloss.amount + np.concatenate([half, -half])
    return Source(
        name="gloss",
        explanation="light reflected at the skin's surface, most of all by a flash",
        moves=without_gloss(differences, skin, drawn)
        - without_gloss(differences, skin, gloss.amount),
        signs=_signs(skin, drawn) - _signs(skin, gloss.amount),
    )


def gloss_guess(
    likeness: Likeness, skin: _Floats, *, skin_ita_deg: float | None = None
) -> Gloss:
    """The follow-up's gloss beyond the baseline's, as far as the skin's paleness tells it.

    Parameters
    ----------
    likeness
        How alike the captures look. Unlike ones may differ in gloss, flash and no flash do.
    skin : (2, 3)
        Adjacent skin before and after, linear light; white-balanced where the likeness
        knows of a balance.
    skin_ita_deg
        Individual typology angle of that skin where a person told it. Gloss never entered
        the skin, so its share of dark skin's light is larger.

    Notes
    -----
    With a flash, the mean and spread of two normals: what may be assumed before looking,
    and what paleness tells, off by what a camera's colours can make paler too. Without a
    white balance the lamp's colour can, and paleness tells nothing. Where a flash fired at
    one visit, gloss is expected there: before looking, and beyond what paleness tells.
    Without a flash the hue of the skin is weighed with every other cause at once
    (`conditioning`).
    """
    limits = measuring_limits()
    level = float(skin.mean())
    shine = level * _of_dark_skin(skin_ita_deg)
    if likeness.flash.differs:
        assumed = limits.gloss_sd_of_skin_flash * shine
    elif likeness.flash.always:
        assumed = limits.gloss_sd_of_skin_flash_always * shine
    else:
        more = (
            limits.gloss_sd_of_skin_unlike_flash_unknown
            if likeness.flash.unknown
            else limits.gloss_sd_of_skin_unlike
        )
        # What other cameras and lamps add to that goes with the skin's own light.
        assumed = limits.gloss_sd_of_skin_alike * shine + more * likeness.unlike * level
    lit = likeness.flash.step * shine
    expected = limits.gloss_mean_of_skin_flash * lit
    if likeness.balanced_step_ln is None or not likeness.flash.any:
        return Gloss(amount=expected, sd=assumed)
    doubt = limits.gloss_seen_sd_of_skin * level
    # Around the mean of both, so that swapping the visits only changes the sign.
    half = 0.5 * likeness.balanced_step_ln
    middle = np.exp(np.log(skin).mean(axis=0))
    seen = added_gloss(np.stack([middle * np.exp(-half), middle * np.exp(half)]))
    told = seen + limits.gloss_unseen_of_skin_flash * lit
    trust = assumed**2 / (assumed**2 + doubt**2)
    amount = expected + trust * (told - expected)
    return Gloss(amount=amount, sd=float(np.sqrt(trust)) * doubt)


def _of_dark_skin(skin_ita_deg: float | None) -> float:
    """How much more of its light gloss is than of the skin that shares are known of."""
    if skin_ita_deg is None:
        return 1.0
    known = measuring_limits().gloss_shares_skin_reflectance
    return known / told_luminance(skin_ita_deg)


def expected_of(differences: _Floats, skin: _Floats, amount: float) -> Expected:
    """What `amount` of gloss did to log contrasts (2, 3) and to the skin beside."""
    return Expected(
        shift=without_gloss(differences, skin, amount) - differences,
        signs=_signs(skin, amount),
    )

"""Made-up patients of the fitted model: who responds how far to a full course."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.evidence.words_of_the_field import lineage
from cicatrix.outcomes.draws import Draws
from cicatrix.outcomes.latent import full_effect
from cicatrix.outcomes.words import treatments

__all__ = ["PATIENTS_PER_DRAW", "Patients", "draw_patients"]

Array = npt.NDArray[np.float64]

PATIENTS_PER_DRAW = 24
"""With 800 draws some 19 000 patients: a chance is then known within half a point."""

_SEED = 20261122
_STUDY_TAILS = 4
"""Degrees of freedom of the spread between studies, as in the fit."""
_STUDY_SPREAD_LN = 0.25
"""How much the spread between patients differs between studies, as in the fit."""
_LINK_LN_SD = 0.5
"""Spread of the factor from rated improvement to measured fade, as a logarithm.

Nobody has published both of the same scars. The factor is taken to be about one, half to
twice for two patients in three more or less: a judgement, wide on purpose.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patients:
    """Patients that could be this one; arrays of one length, in points of percent.

    `full` is the improvement after a full course as a blinded rater would see it on
    average, `rating` the error of one rating, `bias` what open studies without a
    control add, `link` the factor to measured fade; `shape` is the course's.
    """

    full: Array
    rating: Array
    bias: Array
    link: Array
    shape: tuple[Array, Array, Array]

    @property
    def count(self) -> int:
        """How many patients there are."""
        return len(self.full)


def draw_patients(
    draws: Draws, *, indication: str, treatment: str, widen: Sequence[float] = ()
) -> Patients:
    """Patients of an unseen clinic with this indication and treatment.

    Parameters
    ----------
    draws
        The fitted model.
    indication, treatment
        Ids of the vocabulary and of `evidence/outcomes/treatments.toml`.
    widen
        Standard deviations, in points of percent, of what the trials cannot tell.

    Returns
    -------
    Patients
        The same for the same question: the seed is fixed.
    """
    rng = np.random.default_rng(_SEED)
    value = {
        k: np.repeat(v, PATIENTS_PER_DRAW, axis=0) for k, v in draws.values.items()
    }
    size = len(value["mu_all"])
    normal = rng.standard_normal((7, size))
    level = np.repeat(_level(draws, indication, treatment, rng), PATIENTS_PER_DRAW)
    level = level + value["study_sd"] * rng.standard_t(_STUDY_TAILS, size)
    level = level + value["arm_sd"] * normal[0]
    level = level + float(np.sqrt(sum(sd * sd for sd in widen))) * normal[1]
    spread = value["patient_sd"] * np.exp(_STUDY_SPREAD_LN * normal[2])
    responding = spread * np.sqrt(value["stable"])
    rating = spread * np.sqrt(1 - value["stable"])
    return Patients(
        full=np.asarray(full_effect(level + responding * normal[3])),
        rating=rating * normal[4],
        bias=value["bias_single"] + value["bias_open"],
        link=np.exp(_LINK_LN_SD * normal[5] - _LINK_LN_SD**2 / 2),
        shape=(value["k0"], value["at_once"], value["settling"]),
    )


def _level(
    draws: Draws, indication: str, treatment: str, rng: np.random.Generator
) -> Array:
    """The mean level of a study of this indication and treatment, one per draw."""
    values, wide = draws.values, lineage(indication)[-1]
    wide = "hypertrophic-scar" if wide == "keloid" else wide
    unseen = values["mu_all"] + values["mu_sd"] * rng.standard_normal(draws.count)
    known = draws.of("mu", wide)
    level = unseen if known is None else known
    for part in treatments()[treatment].parts:
        effect = draws.of("part", part)
        level = level if effect is None else level + effect
    if wide != "acne-scar":
        pair = draws.of("pair", f"{wide}/{treatment}")
        other = values["pair_sd"] * rng.standard_normal(draws.count)
        level = level + (other if pair is None else pair)
    kind = draws.of("kind", indication.removeprefix("acne-scar-"))
    # CROSS is meant for ice-pick scars: what hinders needling there does not hinder it.
    return level if kind is None or treatment == "tca-cross" else level + kind

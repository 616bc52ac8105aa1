"""What a card's patches leave open of a lesion's contrast."""

import numpy as np
import numpy.typing as npt

from cicatrix.change.around import DARKEST
from cicatrix.change.fading import DRAWS, Source
from cicatrix.change.reading import mean_over
from cicatrix.change.signs import signs_of
from cicatrix.change.sources import Regions, Visits
from cicatrix.change.strength import BLOTCH_LN, GREEN
from cicatrix.change.view import SkinView
from cicatrix.evidence.measuring import measuring_limits

__all__ = ["calibration_source"]

_Image = npt.NDArray[np.float32]


def calibration_source(
    views: list[SkinView],
    visits: Visits,
    regions: Regions,
    logs: tuple[_Image, ...],
    rng: np.random.Generator,
) -> Source:
    """Draws of the fits that the patches of each photograph's card allow.

    `logs` are natural logarithms of light as decoded, (rows, cols, 3) each. The same
    card under like light is misread alike, so that of what a fit leaves open only a part
    differs between visits.
    """
    apart = measuring_limits().card_doubt_apart
    moves, blotches, skins = np.zeros((3, DRAWS, 2, 3))
    skin, lesion = (mean_over(logs, part) for part in (regions.ring, regions.core))
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
            away = apart * (drawn - told)
            skins[:, visit] += away[:, 0] / len(shots)
            away = away[:, 1:] - away[:, :1]
            moves[:, visit] += away[:, 0] / len(shots)
            # Of a blotch as calibrated, not as photographed.
            size = (told[2, GREEN] - told[0, GREEN]) / BLOTCH_LN[GREEN]
            blotches[:, visit] += away[:, 1] / size / len(shots)
    return Source(
        name="colour calibration",
        explanation="the card's patches fix tone curve and colours only so well",
        moves=moves,
        signs=signs_of(blotches, skins),
    )

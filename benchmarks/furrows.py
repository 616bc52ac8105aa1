"""How far a fifth more or fewer furrows change the fine pattern that a photograph shows.

Each made-up lesion is photographed twice from one place in one light with the same
noise, its furrows changed by a fifth and its colour not: all else being equal, what is
printed is the most that any index of the pattern could see. Seeds below 1000.
"""

import argparse
from dataclasses import replace

import cv2
import numpy as np

from cicatrix.measures.texture import pattern_index
from cicatrix.phantom import Rendering, render
from cicatrix.phantom.capture import Capture, Pose
from pairs import Pair, pair_of

FIRST_SEED = 740
TEXTURE_PLACE = 13
"""Of every 24 pairs (`pairs.role_of`) the one whose furrows change."""
DENSITIES_PX_PER_MM = (9.0, 20.0, 40.0)
RING_PX = 40


def main() -> None:
    """Print one line a lesion and the median by pixels per millimetre."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lesions", type=int, default=14)
    wanted = parser.parse_args().lesions
    print("seed  lesion         furrows  ln change of the pattern at px/mm " + " ".join(f"{one:6.0f}" for one in DENSITIES_PX_PER_MM))  # fmt: skip
    table = []
    for place in range(wanted):
        number = TEXTURE_PLACE + 24 * place
        pair = pair_of(number, first_seed=FIRST_SEED + place - number)
        table.append([_seen(pair, one) for one in DENSITIES_PX_PER_MM])
        furrows = pair.scenes[1].lesion_furrows / pair.scenes[0].lesion_furrows
        cells = " ".join(f"{one:+6.3f}" for one in table[-1])
        print(
            f"{pair.seed:4d}  {pair.scenes[0].lesion:14s} {furrows:7.1f}  {cells:>54s}"
        )
    middle = np.nanmedian(np.abs(table), axis=0)
    print("median of the size:", " ".join(f"{one:.3f}" for one in middle))


def _seen(pair: Pair, px_per_mm: float) -> float:
    """Ln of the pattern index with the changed furrows over that without."""
    capture = Capture(
        width_px=1600, height_px=1200, px_per_mm=px_per_mm, jpeg_quality=None,
        noise=0.003, blur_px=0.8, light_direction_deg=225.0,
    )  # fmt: skip
    scenes = [replace(one, objects=()) for one in pair.scenes]
    ratios = [_index(render(scene, capture, Pose())) for scene in scenes]
    return float(np.log(ratios[1] / ratios[0]))


def _index(rendering: Rendering) -> float:
    lesion = rendering.truth.lesion_mask
    away = cv2.distanceTransform((~lesion).astype(np.uint8), cv2.DIST_L2, 5)
    light = (rendering.encoded / np.float32(65535)).astype(np.float32)
    return pattern_index(light, lesion, (away > 8) & (away < 8 + RING_PX)).ratio


if __name__ == "__main__":
    main()

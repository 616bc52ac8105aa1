"""What a skin that tanned between two visits does to a fade that leans on its hue.

    python benchmarks/tanned.py [--pairs 16]

Tuning pairs (seeds from 100) of one camera in one room, with a card or a grey patch, of a
contrast of 10 ΔE00 and more: the follow-up's skin is made darker by some degrees of ITA,
scar and all. The true fade, at equal skin, stays what it was.
"""

import argparse
from dataclasses import replace

import numpy as np

from judged import measured_pair
from pairs import Pair, tuning_pairs

DARKER_DEG = (0.0, 3.0, 6.0, 10.0)


def tanned(pair: Pair, darker_deg: float) -> Pair:
    """The pair with a follow-up on darker skin."""
    before, after = pair.scenes
    ita = after.skin_ita_deg - darker_deg
    return replace(pair, scenes=(before, replace(after, skin_ita_deg=ita)))


def fits(pair: Pair) -> bool:
    """Whether nothing but the skin would turn its hue, and hue can be read."""
    return (
        pair.role == "fade"
        and pair.reference != "none"
        and pair.style == "controlled"
        and pair.same_camera
        and pair.wanted_de00 >= 10
        and 10 < pair.scenes[0].skin_ita_deg < 50
    )


def main() -> None:
    """Print the error of the fade by how much the skin tanned."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pairs", type=int, default=16)
    chosen = tuning_pairs(fits, parser.parse_args().pairs)
    print("darker by   pairs   moved: median, most   in the interval   half width")
    plain: dict[int, float] = {}
    for darker in DARKER_DEG:
        rows = [measured_pair(tanned(pair, darker)) for pair in chosen]
        told = [r for r in rows if np.isfinite(r["estimate"])]
        if darker == 0:
            plain = {r["seed"]: r["estimate"] for r in told}
        moved = 100 * np.abs(
            [r["estimate"] - plain[r["seed"]] for r in told if r["seed"] in plain]
        )
        held = sum(r["low"] <= r["true_fade"] <= r["high"] for r in told)
        half = 50 * np.median([r["high"] - r["low"] for r in told])
        print(
            f"{darker:6.0f} deg  {len(told):6d}   {np.median(moved):6.1f}, {moved.max():4.1f} points"
            f"   {held:6d} of {len(told)}   {half:8.1f} points"
        )


if __name__ == "__main__":
    main()

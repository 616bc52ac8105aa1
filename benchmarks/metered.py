"""What a camera's meter does to the fade of a scar on dark or light skin.

    python benchmarks/metered.py [--pairs 48]

A meter brings dark skin up and light skin down towards middle grey. CIEDE2000 is not
linear: the same two scars on skin that looks lighter have another ratio of contrasts.
Tuning pairs (seeds from 100; no flash, not taken freely, contrast from 10 ΔE00, no
ice-pick scars), all faded by a half, are exposed by the meter, once with the class of skin
tone told and once without, and as light as skin is.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np

from causes import Change, all_of, captured
from judged import measured_pair
from pairs import Pair, tuning_pairs

FADE = 0.5
TONES = ("light", "tan", "dark")


def as_light_as_it_is(pair: Pair) -> Pair:
    """White is a reflectance of 1 in both photographs."""
    return captured(pair, exposure_ev=0.0)


def fits(pair: Pair, tone: str) -> bool:
    """Whether only light and skin decide its fade."""
    return (
        pair.role == "fade"
        and pair.tone == tone
        and pair.style != "wild"
        and pair.wanted_de00 >= 10
        and pair.scenes[0].lesion != "ice-pick"
        and not any(one.flash for one in pair.captures)
    )


def main() -> None:
    """Print the bias of a fade by half, by skin and by who exposed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pairs", type=int, default=48)
    count = parser.parse_args().pairs
    exposed: dict[str, tuple[tuple[Change, ...], bool]] = {
        "metered": ((), False),
        "metered, skin told": ((), True),
        "as it is": ((as_light_as_it_is,), False),
    }
    print(
        "skin    exposed              told   bias, points   paler scars   darker scars"
    )
    with ProcessPoolExecutor() as pool:
        for tone in TONES:
            chosen = tuning_pairs(lambda pair, tone=tone: fits(pair, tone), count)
            for name, (changes, skin_told) in exposed.items():
                pairs = [all_of(changes, replace(pair, fade=FADE)) for pair in chosen]
                measured = partial(measured_pair, skin_told=skin_told)
                rows = list(pool.map(measured, pairs))
                print(f"{tone:7s} {name:20s} {_line(rows)}", flush=True)


def _line(rows: list[dict]) -> str:
    told = [r for r in rows if r["verdict"] != "not measurable"]
    error = 100 * np.array([r["estimate"] - r["true_fade"] for r in told])
    # The sign of the true step in L*: lighter than the skin beside it, or darker.
    paler = np.array([r["true_signed_lab"][0][0] > 0 for r in told])
    return (
        f"{len(told):4d}   {error.mean():+.1f} ± {error.std() / np.sqrt(len(told)):.1f}   "
        + "   ".join(
            f"{error[m].mean():+.1f} ({m.sum()})" if m.any() else "none"
            for m in (paler, ~paler)
        )
    )


if __name__ == "__main__":
    main()

"""What it costs when nobody says whether a flash fired.

    python benchmarks/untold_flash.py [--pairs 120]

Linear files hold no note of a flash. Tuning pairs (seeds from 100) of such files, contrast
from 10 ΔE00, are measured with the user's word for it and without.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from judged import Row, measured_pair
from pairs import Pair, tuning_pairs


def fits(pair: Pair) -> bool:
    """Whether its files are linear and its lesion plain to see."""
    return pair.role == "fade" and pair.capture == "linear" and pair.wanted_de00 >= 10


def main() -> None:
    """Print what intervals are worth with and without the user's word."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pairs", type=int, default=120)
    pairs = tuning_pairs(fits, parser.parse_args().pairs)
    lit = [any(one.flash for one in pair.captures) for pair in pairs]
    print(
        "flash   user   told   held   error rms   told ±   SDC   unchanged called changed"
    )
    with ProcessPoolExecutor() as pool:
        for told in (False, True):
            rows = list(pool.map(partial(measured_pair, flash_told=told), pairs))
            for flash in (True, False):
                chosen = [r for r, f in zip(rows, lit, strict=True) if f == flash]
                words = ("yes" if flash else "no", "says" if told else "silent")
                print(f"{words[0]:7s} {words[1]:6s} {_line(chosen)}")


def _line(rows: list[Row]) -> str:
    told = [r for r in rows if r["verdict"] != "not measurable"]
    error = 100 * np.array([r["estimate"] - r["true_fade"] for r in told])
    half = 100 * np.array([(r["high"] - r["low"]) / 2 for r in told])
    held = sum(r["low"] <= r["true_fade"] <= r["high"] for r in told)
    still = [r for r in told if r["wanted_fade"] == 0]
    changed = sum(r["verdict"] != "no detectable change" for r in still)
    widest = 100 * np.median([r["sdc"] for r in told])
    return (
        f"{len(told):4d} {held:6d} {np.sqrt(np.mean(error**2)):10.1f} {np.median(half):8.1f}"
        f" {widest:6.1f}   {changed} of {len(still)}"
    )


if __name__ == "__main__":
    main()

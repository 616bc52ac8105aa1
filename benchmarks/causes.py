"""Which cause leaves how much of the error of a fade.

    python benchmarks/causes.py [--pairs 40]

Tuning pairs (seeds from 100) of a clinic's kind, without a flash, with a card or a grey
patch, of a contrast of 10 ΔE00 and more, are made as they are and again without one or
several of the things that differ between their photographs.
"""

import argparse
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np

from judged import measured_pair
from pairs import Pair, tuning_pairs

ROBUST = 1.4826
"""Of a median of absolute errors: the standard deviation of a normal law."""

Change = Callable[[Pair], Pair]


def one_camera(pair: Pair) -> Pair:
    """The follow-up by the baseline's camera, colour matrix and lamp."""
    first, second = pair.captures
    same = replace(
        second,
        camera=first.camera,
        matrix_error=first.matrix_error,
        illuminant=first.illuminant,
        cct_k=first.cct_k,
    )
    return replace(pair, captures=(first, same))


def one_direction(pair: Pair) -> Pair:
    """The follow-up lit from the same side."""
    first, second = pair.captures
    same = replace(second, light_direction_deg=first.light_direction_deg)
    return replace(pair, captures=(first, same))


def captured(pair: Pair, **changed: float) -> Pair:
    """Both photographs of a pair taken otherwise."""
    captures = [replace(one, **changed) for one in pair.captures]
    return replace(pair, captures=(captures[0], captures[1]))


def _seen(pair: Pair, **changed: float) -> Pair:
    scenes = [replace(one, **changed) for one in pair.scenes]
    return replace(pair, scenes=(scenes[0], scenes[1]))


def all_of(changes: tuple[Change, ...], pair: Pair) -> Pair:
    """A pair after several changes."""
    for change in changes:
        pair = change(pair)
    return pair


no_gloss = partial(captured, gloss=0.0)
no_tone_curve = partial(captured, s_curve=0.0, base_compression=0.0)
even_light = partial(captured, shadow_gradient=0.0)
smooth_skin = partial(_seen, relief=0.02)
no_new_blood = partial(_seen, vascular_change=0.0)

WITHOUT: dict[str, tuple[Change, ...]] = {
    "nothing": (),
    "another camera and lamp": (one_camera,),
    "gloss": (no_gloss,),
    "light from another side": (one_direction,),
    "furrows and pores": (smooth_skin,),
    "blood that comes and goes": (no_new_blood,),
    "tone curves": (no_tone_curve,),
    "uneven light": (even_light,),
    "camera, lamp and gloss": (one_camera, no_gloss),
    "all of these": (
        one_camera,
        no_gloss,
        one_direction,
        smooth_skin,
        no_new_blood,
        no_tone_curve,
        even_light,
    ),
}


def fits(pair: Pair) -> bool:
    """Whether it is a clinic's pair in which a card would be thought to be enough."""
    return (
        pair.role == "fade"
        and pair.style == "clinic"
        and pair.reference != "none"
        and pair.wanted_de00 >= 10
        and pair.fade < 0.6
        and pair.scenes[0].lesion != "ice-pick"
        and not any(one.flash for one in pair.captures)
    )


def main() -> None:
    """Print the error of the fade by what was left out."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pairs", type=int, default=40)
    chosen = tuning_pairs(fits, parser.parse_args().pairs)
    print("without                      told   error: rms, robust   told ±   alignment")
    with ProcessPoolExecutor() as pool:
        for name, changes in WITHOUT.items():
            pairs = [all_of(changes, pair) for pair in chosen]
            print(f"{name:28s} {_line(list(pool.map(measured_pair, pairs)))}")


def _line(rows: list[dict]) -> str:
    told = [r for r in rows if r["verdict"] != "not measurable"]
    error = 100 * np.array([r["estimate"] - r["true_fade"] for r in told])
    said = 100 * np.median([(r["high"] - r["low"]) / 3.92 for r in told])
    aside = np.array([r["alignment_px_12mp"] for r in told])
    return (
        f"{len(told):3d}   {np.sqrt(np.mean(error**2)):9.1f}, {ROBUST * np.median(np.abs(error)):5.1f}"
        f"   {said:6.1f}   {np.median(aside):.2f}, 90 % {np.quantile(aside, 0.9):.1f} px at 12 MP"
    )


if __name__ == "__main__":
    main()

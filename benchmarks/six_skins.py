"""The same scenes on skin of six tones: fairness without what else differs by chance.

Tones of the strata are given other lesions, cameras and lights, and their medians differ by
chance alone. Here skin is all that differs: seed, kind of lesion, contrast, furrows, lamp,
camera and pose are those of the scene. Pigments make the same contrast on all six skins up
to some 10 ΔE00 only, so this is what can be compared so.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from judgement import Judgement, Row, groups, line
from pairs import (
    CAPTURES,
    CONTRASTS_DE00,
    ITA_CLASSES,
    REFERENCES,
    Pair,
    Stratum,
    pair_in,
)
from size_targets import BLOBS, STRIAE

__all__ = ["ROLE", "SCENES", "six_of", "six_skins_lines"]

ROLE: Final = "six skins"
SCENES: Final = 72
"""Of a full run: a third at a contrast of 4, the others at 10."""
LEAST_SCENES: Final = 8


def six_of(scene: int, *, first_seed: int) -> tuple[Pair, ...]:
    """Scene number `scene` on skin of each ITA class; the meter looks at the skin there."""
    stratum = Stratum(
        tone="",
        reference=REFERENCES[scene % 3],
        wanted_de00=CONTRASTS_DE00[0 if scene // 12 % 3 == 0 else 1],
        capture=CAPTURES[scene // 3 % 4],
    )
    return tuple(
        replace(
            pair_in(
                first_seed + scene,
                "fade",
                replace(stratum, tone=tone),
                alike_on=tuple(ITA_CLASSES),
            ),
            role=ROLE,
        )
        for tone in ITA_CLASSES
    )


def six_skins_lines(rows: list[Row]) -> list[Judgement]:
    """Bias, smallest detectable change and Dice of tones, at either contrast."""
    own = [r for r in rows if r["role"] == ROLE]
    lines = []
    for contrast in CONTRASTS_DE00[:2]:
        scenes = [
            {r["tone"]: r for r in members}
            for members in groups(
                [r for r in own if r["wanted_de00"] == contrast], lambda r: r["seed"]
            ).values()
        ]
        scenes = [one for one in scenes if len(one) == len(ITA_CLASSES)]
        if len(scenes) >= LEAST_SCENES:
            lines += _fade_lines(scenes, contrast) + _dice_lines(scenes, contrast)
    return lines


def _fade_lines(scenes: list[dict[object, Row]], contrast: float) -> list[Judgement]:
    """Of scenes that are told on every skin, drawn by hand where it was asked for."""
    ended = [
        {tone: row | row.get("drawn", {}) for tone, row in one.items()}
        for one in scenes
    ]
    told = [
        one
        for one in ended
        if all(r["verdict"] != "not measurable" for r in one.values())
    ]
    if len(told) < LEAST_SCENES:
        return []
    of = f"the same scenes on six skins, contrast {contrast:g}"
    many = f"{len(told)} of {len(scenes)} scenes told on all"
    off = 100 * _table(told, lambda r: r["estimate"] - r["true_fade"])
    low, high = _ends(off.mean(axis=0))
    gap = off[:, high] - off[:, low]
    chance = gap.std() / np.sqrt(len(gap))
    sdc = np.log(_table(told, lambda r: r["sdc"]))
    least, most = _ends(sdc.mean(axis=0))
    ratio = float(np.exp(np.mean(sdc[:, most] - sdc[:, least])))
    return [
        line(
            6, f"bias, {of}, worst against best", "≤ 1 point",
            f"{gap.mean():.2f} ± {chance:.2f} points ({_tone(low)} {off[:, low].mean():+.2f}, "
            f"{_tone(high)} {off[:, high].mean():+.2f}; {many})",
            gap.mean() <= 1,
        ),
        line(
            6, f"smallest detectable change, {of}, worst against best", "≤ 1.25×",
            f"{ratio:.2f}× ({_tone(most)} against {_tone(least)}, mean of each scene's; {many})",
            ratio <= 1.25,
        ),
    ]  # fmt: skip


def _dice_lines(scenes: list[dict[object, Row]], contrast: float) -> list[Judgement]:
    lines = []
    for what, kinds in (("blob scars", BLOBS), ("striae", STRIAE)):
        own = [one for one in scenes if next(iter(one.values()))["lesion"] in kinds]
        if len(own) < LEAST_SCENES:
            continue
        mean = _table(own, lambda r: r.get("dice", 0.0)).mean(axis=0)
        low, high = _ends(mean)
        gap = mean[high] - mean[low]
        lines.append(
            line(
                11,
                f"outline Dice, {what}, the same scenes on six skins, contrast "
                f"{contrast:g}: best tone against worst",
                "≤ 0.03",
                f"{gap:.3f} ({_tone(high)} {mean[high]:.3f}, {_tone(low)} {mean[low]:.3f}; "
                f"{len(own)} scenes)",
                gap <= 0.03,
            )
        )
    return lines


def _table(
    scenes: list[dict[object, Row]], value: Callable[[Row], float]
) -> np.ndarray:
    """(scenes, tones)."""
    return np.array([[value(one[tone]) for tone in ITA_CLASSES] for one in scenes])


def _ends(mean: np.ndarray) -> tuple[int, int]:
    return int(mean.argmin()), int(mean.argmax())


def _tone(place: int) -> str:
    return tuple(ITA_CLASSES)[place]

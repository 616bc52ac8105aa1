"""Targets of outlines and sizes: how well they are found, and what is told of them."""

from collections.abc import Callable

import numpy as np

from judgement import Judgement, Row, groups, line

BLOBS = ("red-scar", "dark-scar", "pale-scar", "hypertrophic", "patchy-scar")
STRIAE = ("stria-rubra", "stria-alba")
CURVED_PER_MM = 0.004
"""A limb of 25 cm radius or less: the card and the skin part by a millimetre at 22 mm."""


def outline_lines(main: list[Row]) -> list[Judgement]:
    """Dice of all outlines that were found, and the width of striae."""
    lines = []
    for what, kinds, least in (("blob scars", BLOBS, 0.90), ("striae", STRIAE, 0.82)):
        own = [r for r in main if r["lesion"] in kinds]
        if not own:
            continue
        # A lesion that was not found has overlapped nothing.
        mean = float(np.mean([r.get("dice", 0.0) for r in own]))
        by_tone = {
            tone: float(np.mean([r.get("dice", 0.0) for r in members]))
            for tone, members in groups(own, lambda r: r["tone"]).items()
        }
        gap = max(by_tone.values()) - min(by_tone.values())
        fair = gap_like_for_like(own)
        lost = sum("dice" not in r for r in own)
        lines += [
            line(11, f"outline Dice, {what}", f"≥ {least:.2f}", f"{mean:.3f} ({len(own)} pairs, {lost} not found)", mean >= least),
            line(11, f"outline Dice, {what}: best tone against worst", "≤ 0.03", f"{gap:.3f} ({max(by_tone, key=by_tone.get)} {max(by_tone.values()):.3f}, {min(by_tone, key=by_tone.get)} {min(by_tone.values()):.3f}; of like kind and contrast {fair:.3f})", gap <= 0.03),
        ]  # fmt: skip
    wide = [r for r in main if r["lesion"] in STRIAE and "width_ratio" in r]
    if wide:
        # Whoever is refused a size does not read a wrong one: what is told is judged.
        told = [r["width_ratio"] - 1 for r in wide if _tells_size(r)]
        error = float(np.mean(np.abs(told))) if told else np.nan
        bias = f"{np.mean(told):+.1%}" if told else "–"
        lines.append(line(11, "width of striae, mean error where told", "≤ 10 %", f"{error:.1%} (bias {bias}, {len(told)}; {_all_found(wide, 'width', np.mean)})", error <= 0.10 if told else None))  # fmt: skip
    return lines


def gap_like_for_like(rows: list[Row]) -> float:
    """Best tone against worst in Dice once kind and contrast are taken off.

    Pale lesions cannot stand out on light skin, nor dark ones on dark: tones differ in the
    lesions that they are given. Least squares of a mean for each kind and contrast and
    one for each tone.
    """
    lesions = [(r["lesion"], r.get("wanted_de00")) for r in rows]
    cells = list(dict.fromkeys(lesions))
    tones = list(dict.fromkeys(r["tone"] for r in rows))
    design = np.zeros((len(rows), len(cells) + len(tones)))
    for place, (row, lesion) in enumerate(zip(rows, lesions, strict=True)):
        design[place, cells.index(lesion)] = 1
        design[place, len(cells) + tones.index(row["tone"])] = 1
    dice = [row.get("dice", 0.0) for row in rows]
    fitted = np.linalg.lstsq(design, np.array(dice), rcond=None)[0][len(cells) :]
    return float(np.ptp(fitted))


def _tells_size(row: Row) -> bool:
    """Whether the comparison tells how large the lesion was at the baseline."""
    return any(np.isfinite(_before(row, f"area_{unit}2")) for unit in ("mm", "px"))


def _all_found(
    rows: list[Row], name: str, middle: Callable[[list[float]], float]
) -> str:
    """The error of every outline that was found, of those too whose size is withheld."""
    off = [abs(r[f"{name}_ratio"] - 1) for r in rows if f"{name}_ratio" in r]
    drawn = [abs(r["drawn"][f"{name}_ratio"] - 1) for r in rows if f"{name}_ratio" in r.get("drawn", {})]  # fmt: skip
    by_hand = (
        f"; drawn by hand instead {middle(drawn):.1%} ({len(drawn)})" if drawn else ""
    )
    return (
        f"of all found {middle(off):.1%} ({len(off)}){by_hand}" if off else "none found"
    )


def size_lines(main: list[Row]) -> list[Judgement]:
    """Size in mm against the phantom's own, from the card in the picture."""
    scaled = [r for r in main if np.isfinite(_before(r, "area_mm2"))]
    area = {id(r): abs(_before(r, "area_mm2") / r["true_area_mm2"] - 1) for r in scaled}
    blobs = [r for r in scaled if r["lesion"] in BLOBS]
    flat = [area[id(r)] for r in blobs if r["curvature_per_mm"] < CURVED_PER_MM]
    bent = [r for r in blobs if r["curvature_per_mm"] >= CURVED_PER_MM]
    lines = []
    if flat:
        error = float(np.median(flat))
        found = [r for r in main if r["lesion"] in BLOBS and r["curvature_per_mm"] < CURVED_PER_MM and "dice" in r]  # fmt: skip
        lines.append(line(12, "area, nearly flat, blob scars: median error where told", "≤ 3 %", f"{error:.1%} (mean {np.mean(flat):.1%}, {len(flat)}; against the true outline, with and without a card {_all_found(found, 'area', np.median)})", error <= 0.03))  # fmt: skip
    if bent:
        error = float(np.median([area[id(r)] for r in bent]))
        said = float(np.mean([_says_curved(r) for r in bent]))
        lines.append(line(12, "area, curved limb: median error, warned", "≤ 8 %, warned", f"{error:.1%}; warned {said:.0%} ({len(bent)})", error <= 0.08 and said > 0.9))  # fmt: skip
    for name, most in (("length", 0.05), ("width", 0.10)):
        own = [r for r in main if r["lesion"] in STRIAE]
        seen = [r for r in own if f"{name}_ratio" in r]
        told = [abs(r[f"{name}_ratio"] - 1) for r in seen if _tells_size(r)]
        true = [
            abs(_before(r, f"{name}_mm") / r[f"true_{name}_mm"] - 1)
            for r in own
            if np.isfinite(_before(r, f"{name}_mm"))
        ]
        if told:
            error = float(np.median(told))
            against = f"{np.median(true):.1%} ({len(true)})" if true else "–"
            lines.append(line(12, f"{name} of striae: median error where told", f"≤ {most:.0%}", f"{error:.1%} against the true outline ({len(told)}; {_all_found(seen, name, np.median)}); in mm against the line as drawn {against}", error <= most))  # fmt: skip
    return lines


def _before(row: Row, name: str) -> float:
    found = row.get("measures", {}).get(name)
    return (
        np.nan if found is None or found["before"] is None else float(found["before"])
    )


def _says_curved(row: Row) -> bool:
    area = row.get("measures", {}).get("area_mm2") or {}
    words = " ".join([*row.get("notes", []), str(area.get("note", ""))]).lower()
    return any(word in words for word in ("curve", "limb", "bent"))

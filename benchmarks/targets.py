"""What the accuracy benchmark is judged by: each target with its figure, met or missed."""

from collections.abc import Callable, Iterable

import numpy as np

from cicatrix.alignment.value import MEDIAN
from judgement import Judgement, Row, groups, line, nothing
from six_skins import ROLE as SIX_SKINS
from six_skins import six_skins_lines
from size_targets import outline_lines, size_lines

NOT_MEASURABLE = "not measurable"
NO_CHANGE = "no detectable change"
MOVED = ("faded", "more visible")
STRONG_DE00 = 9.0
"""The band "about 10" counts as contrast of 10: what pigments make of it varies."""
LARGE_STRATUM = 100
STEADY = ("controlled", "clinic")
WRONG_MM = 1.0
"""An alignment further off than this shows other skin."""
LOST = 0.10
"""More of a lesion than this clipped or out of the picture: nobody could measure it."""


def judged(rows: list[Row]) -> list[Judgement]:
    """Every target that phantom pairs can judge; 7 and 10 have programs of their own."""
    rows = [r for r in rows if "failed" not in r]
    main = [r for r in rows if r["role"] == "fade"]
    told = measured_rows(main)
    return [
        *_zero_change(told),
        *_detectable(told),
        *_coverage(told),
        *_dose(told),
        *_abstention(rows, main),
        *_fairness(told),
        *_fairness(measured_rows(_as_drawn(main)), ", outline drawn where it asked"),
        *_fairness(measured_rows(_skin_untold(main)), ", skin tone not told"),
        *six_skins_lines(rows),
        *_pigments(told),
        *_alignment(rows, main),
        *outline_lines(main),
        *size_lines(main),
        *_textures(rows),
    ]


def measured_rows(rows: Iterable[Row]) -> list[Row]:
    """Those with a fade."""
    return [r for r in rows if r["verdict"] != NOT_MEASURABLE]


def still_rows(rows: Iterable[Row]) -> list[Row]:
    """Those whose lesion did not change."""
    return [r for r in rows if r["wanted_fade"] == 0]


def errors(rows: Iterable[Row]) -> np.ndarray:
    """Told minus true fade."""
    return np.array([r["estimate"] - r["true_fade"] for r in rows], dtype=float)


def held(rows: Iterable[Row]) -> np.ndarray:
    """Whether the interval holds the truth."""
    return np.array([r["low"] <= r["true_fade"] <= r["high"] for r in rows], dtype=bool)


def could_be_measured(row: Row) -> bool:
    """Whether an ideal observer had the lesion before them in both photographs."""
    return max(row["clipped"]) < LOST and row["shown"] > 1 - LOST


STRATA: tuple[tuple[str, Callable[[Row], object]], ...] = (
    ("skin", lambda r: r["tone"]),
    ("contrast ΔE00", lambda r: band(r["true_contrast_de00"])),
    ("colour reference", lambda r: r["reference"]),
    ("capture", lambda r: r["capture"]),
    ("how much varies", lambda r: r["style"]),
    ("lesion", lambda r: r["lesion"]),
    ("camera", lambda r: "same" if r["same_camera"] else "another"),
    ("flash", lambda r: "in one or both" if any(r["flash"]) else "never"),
    ("contrast ≥ 10, card", lambda r: r["capture"] if _strong_card(r) else None),
    ("the same, varying", lambda r: r["style"] if _strong_card(r) else None),
)
"""Every table of the page; whatever is printed there is judged, too."""


def _strong_card(row: Row) -> bool:
    return row["true_contrast_de00"] >= STRONG_DE00 and row["reference"] == "card"


def band(contrast: float) -> str:
    """The contrast band by what was made, not by what was wanted."""
    for top, name in ((6, "about 4"), (13.5, "about 10"), (23, "about 18")):
        if contrast < top:
            return name
    return "about 29"


def false_changed(rows: Iterable[Row]) -> float:
    """Share of unchanged, measured pairs that were called changed."""
    return float(np.mean([r["verdict"] != NO_CHANGE for r in rows]))


def _worst(
    rows: list[Row], of: Callable[[list[Row]], float], least: int
) -> tuple[float, str]:
    """The worst stratum of at least so many pairs."""
    found = [(-np.inf, "")]
    for title, key in STRATA:
        for name, members in groups(rows, key).items():
            if len(members) >= least:
                found.append((of(members), f"{title} {name}, {len(members)} pairs"))
    return max(found)


def _zero_change(told: list[Row]) -> list[Judgement]:
    still = still_rows(told)
    if not still:
        return [nothing(1, "zero change", "")]
    bias = 100 * float(errors(still).mean())
    error = 196 * float(errors(still).std()) / np.sqrt(len(still))
    overall, (worst, where) = false_changed(still), _worst(still, false_changed, 20)
    if not where:
        worst, where = overall, "all; no stratum has 20 pairs"
    return [
        line(
            1, "zero change: bias", "≤ 1 point",
            f"{bias:+.2f} ± {error:.2f} points, {len(still)} pairs", abs(bias) <= 1,
        ),
        line(
            1, "zero change: false “changed”", "≤ 5 % in every stratum",
            f"{overall:.1%}; worst {worst:.1%} ({where})", worst <= 0.05,
        ),
    ]  # fmt: skip


def _detectable(told: list[Row]) -> list[Judgement]:
    strong = [r for r in told if r["true_contrast_de00"] >= STRONG_DE00]
    steady = [r for r in strong if r["style"] in STEADY]
    lines = [
        _sdc_line(f"with a card, {name}", 0.06, members)
        for name, members in groups(
            [r for r in steady if r["reference"] == "card"], lambda r: r["capture"]
        ).items()
    ]
    bare = [r for r in steady if r["reference"] != "card"]
    same = [r for r in bare if r["style"] == "controlled" and r["same_camera"]]
    other = [
        r for r in bare if r["style"] == "clinic" and r["capture"].startswith("phone")
    ]
    lines.append(_sdc_line("no card, same camera, same room", 0.05, same))
    lines.append(_sdc_line("no card, phone JPEG, other light", 0.10, other))
    wild = [r for r in strong if r["style"] == "wild"]
    if wild:
        share = float(held(wild).mean())
        sdc = float(np.median([r["sdc"] for r in wild]))
        lines.append(
            line(
                2, "wild captures: wider, covered, said", "covered 91–99 %",
                f"own median {sdc:.1%}; {share:.1%} covered of {len(wild)}",
                0.91 <= share <= 0.99,
            )
        )  # fmt: skip
    return lines


def _sdc_line(what: str, most: float, members: list[Row]) -> Judgement:
    """Its own median, and what zero-change pairs of the group really do."""
    what = f"smallest detectable change, contrast ≥ 10: {what}"
    target = f"≤ {most:.0%} of contrast"
    if not members:
        return nothing(2, what, target)
    own = float(np.median([r["sdc"] for r in members]))
    still = errors(still_rows(members))
    real = float(np.quantile(np.abs(still), 0.95)) if len(still) >= 8 else np.nan
    unchanged = f"95 % of {len(still)} unchanged within {real:.1%}"
    if np.isnan(real):
        unchanged = f"{len(still)} unchanged, too few to say"
    figure = f"own median {own:.1%} of {len(members)}; {unchanged}"
    return line(2, what, target, figure, own <= most and not real > most)


def _coverage(told: list[Row]) -> list[Judgement]:
    if not told:
        return [nothing(3, "coverage", "")]
    share = float(held(told).mean())
    large = [
        (float(held(members).mean()), f"{title} {name}, {len(members)} pairs")
        for title, key in STRATA
        for name, members in groups(told, key).items()
        if len(members) >= LARGE_STRATUM
    ]
    lines = [
        line(
            3, "coverage of the 95 % interval, all", "93–97 %",
            f"{share:.1%} of {len(told)}", 0.93 <= share <= 0.97,
        )
    ]  # fmt: skip
    if large:
        low, high = min(large), max(large)
        lines.append(
            line(
                3, f"coverage in each of {len(large)} strata of ≥ {LARGE_STRATUM} pairs",
                "91–99 %", f"{low[0]:.1%} ({low[1]}) to {high[0]:.1%} ({high[1]})",
                low[0] >= 0.91 and high[0] <= 0.99,
            )
        )  # fmt: skip
    return lines


def _dose(told: list[Row]) -> list[Judgement]:
    lines = []
    if len({r["wanted_fade"] for r in told}) > 1:
        true = np.array([r["true_fade"] for r in told])
        slope = float(np.polyfit(true, true + errors(told), 1)[0])
        lines.append(
            line(
                4, "slope of measured on true fade", "1 ± 0.03",
                f"{slope:.3f}, {len(told)} pairs", abs(slope - 1) <= 0.03,
            )
        )  # fmt: skip
    carded = [
        r
        for r in told
        if r["wanted_fade"] == 0.2
        and r["reference"] == "card"
        and r["true_contrast_de00"] >= STRONG_DE00
    ]
    if carded:
        power = float(np.mean([r["verdict"] == "faded" for r in carded]))
        lines.append(
            line(
                4, "power to call a 20 % fade, contrast ≥ 10, card", "≥ 95 %",
                f"{power:.1%} of {len(carded)}", power >= 0.95,
            )
        )  # fmt: skip
    return lines


def _abstention(rows: list[Row], main: list[Row]) -> list[Judgement]:
    fair = [r for r in main if could_be_measured(r)]
    lines = []
    if fair:
        refused = [r["verdict"] == NOT_MEASURABLE for r in fair]
        share = float(np.mean(refused))
        by_style = ", ".join(
            f"{name} {np.mean([r['verdict'] == NOT_MEASURABLE for r in members]):.1%}"
            for key in (lambda r: r["style"], lambda r: band(r["true_contrast_de00"]))
            for name, members in groups(fair, key).items()
        )
        lines.append(
            line(
                5, "“not measurable” though the lesion was there to be measured",
                "≤ 5 %", f"{share:.1%} of {len(fair)} ({by_style})", share <= 0.05,
            )
        )  # fmt: skip
        lines += _drawn(fair)
    spoilt = [r for r in rows if r["role"] not in ("fade", "texture", SIX_SKINS)]
    if spoilt:
        through = [r["verdict"] != NOT_MEASURABLE for r in spoilt]
        unseen = [r for r in spoilt if "drawn" in r]
        drawn = len(measured_rows(_as_drawn(unseen)))
        by_role = ", ".join(
            f"{name} {sum(r['verdict'] != NOT_MEASURABLE for r in members)}/{len(members)}"
            for name, members in groups(spoilt, lambda r: r["role"]).items()
        )
        share = float(np.mean(through))
        lines.append(
            line(
                5, "not refused though it cannot be measured", "≤ 1 %",
                f"{share:.1%} ({by_role}; drawn though nobody sees it: {drawn}/{len(unseen)})",
                share <= 0.01,
            )
        )  # fmt: skip
    return lines


def _as_drawn(rows: Iterable[Row]) -> list[Row]:
    """What a user has in the end: told at the click, or of the outline drawn then."""
    return [r | r["drawn"] if "drawn" in r else r for r in rows]


def _skin_untold(rows: Iterable[Row]) -> list[Row]:
    """What a user has who does not say how light the skin is."""
    return [r | r.get("skin_untold", {}) for r in rows]


def _drawn(fair: list[Row]) -> list[Judgement]:
    """Abstaining where a person draws the outline that a refusal asked for."""
    drawn = _as_drawn(r for r in fair if "drawn" in r)
    told = measured_rows(drawn)
    if not told:
        return []
    before = sum(r["verdict"] == NOT_MEASURABLE for r in fair)
    share = (before - len(told)) / len(fair)
    still = still_rows(told)
    changed = sum(r["verdict"] in MOVED for r in still)
    return [
        line(
            5, "the same, with the outline drawn by hand where it asked for that",
            "≤ 5 %",
            f"{share:.1%} ({len(drawn)} drawn, {len(told)} told; of these "
            f"{held(told).mean():.1%} covered, {changed} of {len(still)} unchanged "
            "called changed)",
            share <= 0.05,
        )
    ]  # fmt: skip


def _fairness(told: list[Row], how: str = "") -> list[Judgement]:
    tones = groups(told, lambda r: r["tone"])
    if len(tones) < 6 or min(map(len, tones.values())) < 8:
        return [nothing(6, f"fairness over six ITA classes{how}", "")]
    # Every skin counts each contrast alike: pigments reach them unevenly.
    bands = ("about 4", "about 10", "about 18", "about 29")
    bias: dict[object, list[tuple[float, float]]] = {}
    ratios = []
    for name in bands:
        own = groups([r for r in told if band(r["true_contrast_de00"]) == name], lambda r: r["tone"])  # fmt: skip
        own = {tone: members for tone, members in own.items() if len(members) >= 8}
        for tone, members in own.items():
            off = 100 * errors(members)
            bias.setdefault(tone, []).append((off.mean(), off.var() / len(off)))
        sdc = [
            float(np.median([r["sdc"] for r in members])) for members in own.values()
        ]
        if len(sdc) > 1:
            ratios.append(max(sdc) / min(sdc))
    mean = {tone: float(np.mean(values, axis=0)[0]) for tone, values in bias.items()}
    low, high = min(mean, key=mean.get), max(mean, key=mean.get)
    gap = mean[high] - mean[low]
    chance = np.sqrt(
        sum(
            np.sum(bias[tone], axis=0)[1] / len(bias[tone]) ** 2 for tone in (low, high)
        )
    )
    ratio = float(np.exp(np.mean(np.log(ratios))))
    return [
        line(
            6, f"bias, worst ITA class against best{how}", "≤ 1 point",
            f"{gap:.2f} ± {chance:.2f} points ({low} {mean[low]:+.2f}, {high} {mean[high]:+.2f})",
            gap <= 1,
        ),
        line(
            6, f"smallest detectable change at equal contrast, worst against best{how}",
            "≤ 1.25×", f"{ratio:.2f}× (mean of the bands, worst {max(ratios):.2f}×)",
            ratio <= 1.25,
        ),
    ]  # fmt: skip


def change_of(row: Row, name: str) -> list[float] | None:
    """(estimate, low, high) of a measure's change; None where there is none."""
    found = row.get("measures", {}).get(name)
    if found is None or not np.isfinite(found["change"][0]):
        return None
    return found["change"]


def _pigments(told: list[Row]) -> list[Judgement]:
    names = ("melanin_contrast_ln", "haemoglobin_contrast_ln")
    seen = []
    for row in told:
        found = [row["measures"].get(name) for name in names]
        for visit, at in (("before", 0), ("after", 1)):
            pair = [np.nan if one is None else one[visit] for one in found]
            if np.isfinite(pair).all():
                seen.append([*pair, *row["true_ln"][at]])
    what = "melanin and haemoglobin contrast against truth"
    if len(seen) < 20:
        return [nothing(8, what, "r ≥ 0.95")]
    table = np.array(seen)
    share = len(seen) / (2 * len(told))
    r = [float(np.corrcoef(table[:, k], table[:, 2 + k])[0, 1]) for k in (0, 1)]
    # Least squares on all three true changes: what one pigment adds to the other's answer.
    design = np.c_[table[:, 2:], np.ones(len(table))]
    fit = np.linalg.lstsq(design, table[:, :2], rcond=None)[0]
    cross = [abs(fit[1, 0] / fit[0, 0]), abs(fit[0, 1] / fit[1, 1])]
    return [
        line(
            8, what, "r ≥ 0.95",
            f"r = {r[0]:.3f} and {r[1]:.3f} where resolved ({share:.0%} of visits)",
            min(r) >= 0.95,
        ),
        line(
            8, "cross-talk: blood in melanin, melanin in blood", "≤ 5 %",
            f"{cross[0]:.1%} and {cross[1]:.1%}", max(cross) <= 0.05,
        ),
    ]  # fmt: skip


def _alignment(rows: list[Row], main: list[Row]) -> list[Judgement]:
    seen = [r for r in main if "alignment_px_12mp" in r]
    if not seen:
        return [nothing(9, "alignment", "")]
    error = np.array([r["alignment_px_12mp"] for r in seen])
    told = np.array([r["alignment_told_px_12mp"] for r in seen])
    middle, tail = float(np.median(error)) / 50, float(np.quantile(error, 0.95)) / 50
    off = [r for r in seen if r["alignment_mm"] > WRONG_MM]
    wrong, with_fade = len(off), len(measured_rows(off))
    other = sum("alignment_px_12mp" in r for r in rows if r["role"] == "wrong skin")
    ratio = error / np.maximum(told, 1e-9)
    within = float(np.mean((ratio < 1.5) & (ratio > 1 / 1.5)))
    beyond = float(np.mean(ratio > 2))
    tenths = _told_apart(error, told)
    return [
        line(9, "alignment at the lesion, median of the diagonal", "≤ 0.015 %", f"{middle:.4f} % ({middle * 50:.2f} px at 12 MP)", middle <= 0.015),
        line(9, "the same, 95th percentile", "≤ 0.04 %", f"{tail:.4f} % ({tail * 50:.2f} px)", tail <= 0.04),
        line(9, f"wrong by over {WRONG_MM:g} mm, or other skin, and not refused", "0", f"{wrong} of {len(seen)}, a fade told of {with_fade}; other skin {other}", wrong + other == 0),
        line(9, "its own estimate within ×1.5 of the error", "90 %", f"{within:.0%}; error beyond twice its own estimate {beyond:.1%}", within >= 0.9),
        line(9, "its own estimate in tenths of the pairs: RMS of the error over the told one within ×1.5", "all", f"{sum(1 / 1.5 < r < 1.5 for r in tenths)} of {len(tenths)} ({min(tenths):.2f} to {max(tenths):.2f})", all(1 / 1.5 < r < 1.5 for r in tenths)),
    ]  # fmt: skip


def _told_apart(error: np.ndarray, told: np.ndarray) -> list[float]:
    """RMS of the errors over that told, in tenths of the pairs by what was told."""
    parts = np.array_split(np.argsort(told), min(10, len(told)))
    expected = told * np.sqrt(2) / MEDIAN
    return [
        float(
            np.sqrt(np.mean(error[one] ** 2) / max(np.mean(expected[one] ** 2), 1e-9))
        )
        for one in parts
    ]


def _textures(rows: list[Row]) -> list[Judgement]:
    still = [r for r in rows if r["role"] == "fade" and r["wanted_fade"] == 0]
    moved = [r for r in rows if r["role"] == "texture"]
    faded = [r for r in rows if r["role"] == "fade" and r["wanted_fade"] == 0.2]
    return [
        *_texture_lines("fine_pattern_ratio", "texture (fine pattern)", still, []),
        _relief_line(moved),
        *_texture_lines("evenness_ratio", "evenness", still, [(r, 0.2) for r in faded]),
    ]  # fmt: skip


def _relief_line(moved: list[Row]) -> Judgement:
    """Texture and wrinkles: a fifth more or fewer furrows in the lesion."""
    what, target = "relief and wrinkles, changed by 20 %: right sign", "≥ 95 %"
    if not moved:
        return nothing(13, what, target)
    told = [r for r in moved if change_of(r, "relief_ratio")]
    if not told:
        return line(13, what, target, f"told of none of {len(moved)}: said to be not measurable", met=False)  # fmt: skip
    right = float(
        np.mean(
            [
                np.sign(change_of(r, "relief_ratio")[0])
                == np.sign(r["true_furrows"] - 1)
                for r in told
            ]
        )
    )
    return line(13, what, target, f"{right:.1%} of {len(told)}", right >= 0.95)


def _texture_lines(
    name: str, what: str, still: list[Row], changed: list[tuple[Row, float]]
) -> list[Judgement]:
    quiet = [r for r in still if change_of(r, name)]
    lines = []
    if quiet:
        # The index is a ratio, 1 like the skin around: a point is a hundredth of it.
        shift = [change_of(r, name)[0] for r in quiet]
        bias = 100 * float(np.mean(shift))
        false = float(np.mean([r["measures"][name]["verdict"] in MOVED for r in quiet]))
        lines.append(line(13, f"{what}, zero change: bias, false “changed”", "≤ 2 points, ≤ 5 %", f"{bias:+.1f} points (SD {100 * np.std(shift):.1f}), {false:.1%} of {len(quiet)}", abs(bias) <= 2 and false <= 0.05))  # fmt: skip
    signs = [
        np.sign(change_of(r, name)[0]) == np.sign(true)
        for r, true in changed
        if change_of(r, name)
    ]
    if signs:
        right = float(np.mean(signs))
        lines.append(line(13, f"{what}, changed by 20 %: right sign", "≥ 95 %", f"{right:.1%} of {len(signs)}", right >= 0.95))  # fmt: skip
    return lines

"""The judge's arithmetic on rows whose answer is known."""

import numpy as np
import pytest

import size_targets
import targets

TONES = ("very light", "light", "intermediate", "tan", "brown", "dark")


def row(number, *, fade=0.0, error=0.0, half=0.05, verdict=None, **changes):
    told = fade + error
    said = verdict or ("faded" if told > half else "no detectable change")
    made = {
        "seed": number,
        "role": "fade",
        "tone": TONES[number % 6],
        "reference": "card",
        "capture": "phone",
        "style": "clinic",
        "lesion": "red-scar",
        "same_camera": True,
        "flash": [False, False],
        "wanted_fade": fade,
        "true_fade": fade,
        "true_contrast_de00": 12.0,
        "true_furrows": 1.0,
        "true_ln": [[0.1, 0.5, 0.0], [0.1, 0.5, 0.0]],
        "true_area_mm2": 100.0,
        "curvature_per_mm": 0.0,
        "clipped": [0.0, 0.0],
        "shown": 1.0,
        "estimate": told,
        "low": told - half,
        "high": told + half,
        "sdc": half,
        "verdict": said,
        "dice": 0.95,
        "alignment_px_12mp": 0.5,
        "alignment_told_px_12mp": 0.5,
        "alignment_mm": 0.02,
        "measures": {},
    }
    return made | changes


def lines(rows, number):
    return [one for one in targets.judged(rows) if one.number == number]


@pytest.fixture
def good():
    rng = np.random.default_rng(4)
    fades = (0.0, 0.0, 0.1, 0.2, 0.3, 0.5, 0.8)
    return [
        row(n, fade=fades[n % 7], error=float(rng.normal(0, 0.0255)))
        for n in range(420)
    ]


def test_a_good_run_meets_what_it_can(good):
    met = {one.number: one.met for one in targets.judged(good)}

    assert met[3] is True
    assert met[4] is True
    assert met[9] is True
    assert met[11] is True


def test_a_bias_is_seen_and_missed(good):
    for one in good:
        one["estimate"] += 0.03

    bias = lines(good, 1)[0]

    assert bias.met is False
    assert float(bias.figure.split()[0]) == pytest.approx(3, abs=0.5)


def test_false_changes_in_one_stratum_are_not_averaged_away(good):
    for one in good:
        if one["wanted_fade"] == 0:
            one["verdict"] = "no detectable change"
    dark = [one for one in good if one["tone"] == "dark" and one["wanted_fade"] == 0]
    for one in dark[:4]:
        one["verdict"] = "faded"

    false = lines(good, 1)[1]

    assert len(dark) == 20
    assert false.met is False
    assert "skin dark" in false.figure


def test_too_narrow_intervals_are_not_covered(good):
    for one in good:
        one["low"], one["high"] = one["estimate"] - 0.01, one["estimate"] + 0.01

    assert all(one.met is False for one in lines(good, 3))


def test_a_slope_that_is_not_one_is_missed(good):
    for one in good:
        one["estimate"] *= 0.9

    assert lines(good, 4)[0].met is False
    assert float(lines(good, 4)[0].figure.split(",")[0]) == pytest.approx(0.9, abs=0.02)


def test_abstaining_counts_only_where_there_was_something_to_measure(good):
    for one in good[:100]:
        one["verdict"] = targets.NOT_MEASURABLE
        one["clipped"] = [0.0, 0.6]
    spoilt = [row(1000 + n, role="faint", verdict="faded") for n in range(3)]

    told, through = lines(good + spoilt, 5)

    assert told.met is True
    assert told.figure.startswith("0.0% of 320")
    assert through.met is False
    assert "faint 3/3" in through.figure
    assert "nobody sees it: 0/0" in through.figure


def test_an_outline_drawn_where_it_was_asked_for_counts_on_a_line_of_its_own(good):
    for one in good[:42]:
        measured = {key: one[key] for key in ("estimate", "low", "high", "verdict")}
        one |= {"verdict": "not measurable", "drawn": measured}
    good[0]["drawn"] = {"verdict": "not measurable"}

    clicked, drawn = lines(good, 5)[:2]

    assert clicked.figure.startswith("10.0%")
    assert clicked.met is False
    assert drawn.figure.startswith("0.2% (42 drawn, 41 told")
    assert drawn.met is True


def test_fairness_compares_skins_at_equal_contrast(good):
    for one in good:
        if one["tone"] == "dark":
            one["estimate"] += 0.04
            one["sdc"] *= 1.5

    bias, sdc, *_ = lines(good, 6)

    assert bias.met is False
    assert "dark" in bias.figure
    assert sdc.figure.startswith("1.50")


def test_fairness_counts_an_outline_drawn_where_it_was_asked_for(good):
    dark = [one for one in good if one["tone"] == "dark"]
    for one in dark:
        shifted = one["estimate"] + 0.04
        one |= {"drawn": one | {"estimate": shifted}, "verdict": "not measurable"}

    clicked, drawn, _ = (
        one for one in lines(good, 6) if one.what[:4] in ("bias", "fair")
    )

    assert clicked.met is None
    assert drawn.met is False
    assert "dark +" in drawn.figure


def test_fairness_is_told_too_for_skin_whose_tone_nobody_told(good):
    for one in good:
        if one["tone"] == "dark":
            one["skin_untold"] = {"estimate": one["estimate"] - 0.1}

    told, _, untold = (one for one in lines(good, 6) if one.what.startswith("bias"))

    assert "dark -" not in told.figure
    assert "skin tone not told" in untold.what
    assert "dark -" in untold.figure


def test_cross_talk_is_what_one_pigment_adds_to_the_other():
    rng = np.random.default_rng(2)
    rows = []
    for n in range(200):
        melanin, blood = rng.normal(0, 0.5, 2)
        told = (melanin, blood + 0.1 * melanin)
        measures = {
            name: {"before": value, "after": value, "change": [0.0, -1.0, 1.0]}
            for name, value in zip(
                ("melanin_contrast_ln", "haemoglobin_contrast_ln"), told, strict=True
            )
        }
        truth = [[melanin, blood, 0.0]] * 2
        rows.append(row(n, true_ln=truth, measures=measures))

    right, cross = lines(rows, 8)

    assert right.met is True
    assert cross.figure.endswith("and 10.0%")
    assert cross.met is False


def test_other_skin_that_was_aligned_is_wrong(good):
    assert lines(good, 9)[2].met is True
    far = row(4999, alignment_mm=1.2, verdict="not measurable")
    assert "1 of 421, a fade told of 0" in lines([*good, far], 9)[2].figure
    other = row(5000, role="wrong skin", verdict="faded")

    assert lines([*good, other], 9)[2].met is False


def test_a_pair_the_program_fell_over_is_no_measurement(good):
    fallen = {"seed": 1, "role": "fade", "failed": "ValueError()"}

    assert targets.judged([*good, fallen]) == targets.judged(good)


def furrowed(number, true, change):
    measure = {"change": [change, change - 0.1, change + 0.1], "verdict": "faded"}
    return row(
        number, role="texture", true_furrows=true, measures={"relief_ratio": measure}
    )


def test_relief_that_is_never_told_is_missed_and_said_to_be():
    rows = [furrowed(n, 1.2, np.nan) for n in range(20)]

    (line,) = [one for one in lines(rows, 13) if "relief" in one.what]

    assert line.met is False
    assert "none of 20" in line.figure


@pytest.mark.parametrize(("change", "met"), [(0.1, True), (-0.1, False)])
def test_relief_that_is_told_is_judged_by_its_sign(change, met):
    rows = [furrowed(n, 1.2, change) for n in range(20)]

    (line,) = [one for one in lines(rows, 13) if "relief" in one.what]

    assert line.met is met


def striae(number, ratio, *, told=True, **changes):
    size = 5.0 if told else None
    measures = {name: {"before": size} for name in ("area_px2", "width_px")}
    ratios = {"width_ratio": ratio, "length_ratio": ratio}
    return row(number, lesion="stria-alba", measures=measures, **ratios, **changes)


def test_sizes_are_judged_by_what_is_told_beside_all_that_was_found():
    rows = [striae(n, 1.08) for n in range(30)]
    withheld = {"told": False, "drawn": {"width_ratio": 0.95}}
    rows += [striae(100 + n, 1.5, **withheld) for n in range(10)]

    (mean,) = [one for one in lines(rows, 11) if "width" in one.what]
    length, width = lines(rows, 12)

    assert mean.met is width.met is True
    assert mean.figure.startswith("8.0% (bias +8.0%, 30; of all found 18.5% (40)")
    assert "drawn by hand instead 5.0% (10)" in mean.figure
    assert "(30; of all found 8.0% (40)" in width.figure
    assert length.met is False


def test_the_overlap_counts_outlines_whose_size_is_withheld():
    rows = [striae(n, 1.0, told=False, dice=0.5) for n in range(12)]

    dice = lines(rows, 11)[0]

    assert "0.500 (12 pairs" in dice.figure
    assert [one.met for one in lines(rows, 11) if "width" in one.what] == [None]


def test_the_area_is_judged_by_what_is_told_beside_all_that_was_found():
    def scar(number, area, ratio):
        measures = {"area_mm2": {"before": area}}
        return row(number, area_ratio=ratio, measures=measures)

    rows = [scar(n, 102.0, 1.02) for n in range(3)]
    rows += [scar(9 + n, None, 1.8) for n in range(5)]

    (area,) = lines(rows, 12)

    assert area.figure.startswith("2.0% (mean 2.0%, 3;")
    assert "of all found 80.0% (8)" in area.figure
    assert area.met is True


def test_tones_are_compared_on_like_lesions():
    # Each tone is given kinds that are found with other ease; one is worse by 0.1.
    ease = {"pale-scar": 0.95, "red-scar": 0.75}
    rows = [
        row(n, lesion=kind, wanted_de00=10, dice=ease[kind] - 0.1 * (n % 6 == 2))
        for n in range(6)
        for kind in ["pale-scar"] * (1 + n) + ["red-scar"] * (6 - n)
    ]

    assert size_targets.gap_like_for_like(rows) == pytest.approx(0.1, abs=1e-9)


def test_what_a_table_shows_is_judged_as_a_stratum():
    rows = [
        row(n, verdict="faded" if n < 4 else None, style="wild" if n < 30 else "clinic")
        for n in range(60)
    ] + [row(n, reference="none", style="wild") for n in range(60, 120)]

    (worst,) = [
        one.figure for one in targets.judged(rows) if "false “changed”" in one.what
    ][:1]

    # 4 of 30 with a card; among all wild ones it is 4 of 90.
    assert "worst 13.3% (the same, varying wild, 30 pairs)" in worst

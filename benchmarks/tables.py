"""Tables of the accuracy benchmark: targets first, then error and coverage by stratum."""

from collections.abc import Callable, Iterable

import numpy as np

from judgement import Row, groups
from targets import (
    STRATA,
    errors,
    false_changed,
    held,
    judged,
    measured_rows,
    still_rows,
)

COLUMNS = (
    ("pairs", lambda rows: str(len(rows))),
    ("measured", lambda rows: f"{len(measured_rows(rows)) / len(rows):.0%}"),
    ("bias, points", lambda rows: _points(np.mean, rows)),
    ("SD, points", lambda rows: _points(np.std, rows)),
    ("95th pct of error", lambda rows: _points(_p95, rows)),
    ("coverage of 95 %", lambda rows: _coverage(rows)),
    ("median SDC", lambda rows: _median(_values(measured_rows(rows), "sdc"), "{:.1%}")),
    ("false changed", lambda rows: _false(rows)),
    (
        "alignment px @12 MP",
        lambda rows: _median(_values(rows, "alignment_px_12mp"), "{:.2f}"),
    ),
    ("Dice", lambda rows: _median(_values(rows, "dice"), "{:.2f}")),
    (
        "colour held out, ΔE00",
        lambda rows: _median(_of_baseline(rows, "held_out_de00"), "{:.1f}"),
    ),
    ("contrast off by, ΔE00", lambda rows: _median(_contrast_errors(rows), "{:.2f}")),
)


def summary(rows: list[Row]) -> str:
    """Everything as Markdown tables, which read well in a terminal too."""
    failed = [r for r in rows if "failed" in r]
    rows = [r for r in rows if "failed" not in r]
    main = [r for r in rows if r["role"] == "fade"]
    parts = [targets_table(rows)]
    if failed:
        parts.append(
            f"The program failed on {len(failed)} pairs: {failed[0]['failed']}"
        )
    parts.append(_table("all", main, lambda r: "all"))
    parts += [_table(title, main, key) for title, key in STRATA]
    parts += [_budget(main), _reasons(main), _cost(rows)]
    return "\n\n".join(part for part in parts if part)


def targets_table(rows: list[Row]) -> str:
    """Each target, its figure, met or missed."""
    head = ["#", "what", "target", "figure", ""]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(one.cells()) + " |" for one in judged(rows)]
    return "\n".join(lines)


def report_text(rows: list[Row], *, how: str, plots: Iterable[tuple[str, str]]) -> str:
    """Markdown for the docs: how it was made, plots (file, caption), tables."""
    shown = "\n\n".join(f"![{words}](../_static/{name})" for name, words in plots)
    return (
        "# Accuracy on phantoms\n\n"
        "Written by a command; do not edit. Phantom pairs with known truth, end to end "
        "from the files a camera would write, from one click on the lesion. Where a refusal "
        "asks for a drawn outline, one that wobbles (`benchmarks/by_hand.py`) is given; "
        "only the lines that say so count it. Whether a flash fired is told by the files "
        "or, as linear ones hold no such note, by the user; so is the class of skin tone "
        "(six, by ITA), but where a line says that it is not. What the "
        "phantoms do not model stands in [phantoms](../explanation/phantoms.md).\n\n"
        "- command: `python benchmarks/accuracy.py --full --rows rows.jsonl`, then "
        f"`--read rows.jsonl --write docs/reference/accuracy.md`\n{how}\n"
        "Strata go round in turn: six ITA classes, four contrast bands, three colour "
        "references, four kinds of capture; 35 % controlled (same light, ±0.15 EV), 40 % "
        "clinic (other light, ±0.6 EV, sometimes flash), 25 % wild (±1 EV, 3000–7000 K, "
        "flash, ±20 % distance, 15° tilt, white balance ±20 %). Scenes on six skins stand "
        "apart: each is drawn once for every class of tone, and skin is all that differs; "
        "only the lines that say so count them. Targets 7 and 10 have "
        "programs of their own, `benchmarks/cards.py` and `benchmarks/alignment.py`.\n\n"
        "Bias, SD and the 95th percentile are of the error of the fade in percentage "
        "points, over measured pairs. SDC is the smallest detectable change as a share "
        "of the contrast. “False changed” is the share of unchanged, measured pairs "
        "that were not called “no detectable change”. Colour held out is the error of "
        "patches left out of a card's fit; contrast is off from that under a perfect "
        "camera, which nothing but a card brings near. Alignment, Dice and colour are "
        "medians.\n\n" + shown + "\n\n"
        + summary(rows) + "\n"
    )  # fmt: skip


def _table(title: str, rows: list[Row], key: Callable[[Row], object]) -> str:
    head = [title, *(name for name, _ in COLUMNS)]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name, members in sorted(groups(rows, key).items(), key=lambda i: str(i[0])):
        cells = [str(column(members)) for _, column in COLUMNS]
        lines.append("| " + " | ".join([str(name), *cells]) + " |")
    return "\n".join(lines)


def _values(rows: Iterable[Row], name: str) -> np.ndarray:
    found = [r.get(name) for r in rows]
    return np.array([np.nan if v is None else v for v in found], dtype=float)


def _contrast_errors(rows: list[Row]) -> np.ndarray:
    """How far the told contrast at baseline is from that under a perfect camera."""
    told = measured_rows(rows)
    return np.abs(
        _of_baseline(told, "contrast_de00") - _values(told, "true_contrast_de00")
    )


def _of_baseline(rows: Iterable[Row], name: str) -> np.ndarray:
    """What is told of both photographs, of the first."""
    found = [r.get(name) or [np.nan] for r in rows]
    return np.array([np.nan if v[0] is None else v[0] for v in found], dtype=float)


def _p95(values: np.ndarray) -> float:
    return float(np.quantile(np.abs(values), 0.95))


def _points(of: Callable[[np.ndarray], float], rows: list[Row]) -> str:
    found = errors(measured_rows(rows))
    return f"{100 * of(found):.1f}" if len(found) else "–"


def _coverage(rows: list[Row]) -> str:
    told = measured_rows(rows)
    return f"{held(told).mean():.0%}" if told else "–"


def _median(values: np.ndarray, form: str) -> str:
    values = values[np.isfinite(values)]
    return form.format(np.median(values)) if len(values) else "–"


def _false(rows: list[Row]) -> str:
    still = still_rows(measured_rows(rows))
    if not still:
        return "–"
    return f"{round(false_changed(still) * len(still))}/{len(still)}"


def _budget(rows: list[Row]) -> str:
    """What the measured pairs say it costs them, root mean square."""
    told = [r for r in measured_rows(rows) if r["budget"]]
    if not told:
        return ""
    names = {name for r in told for name in r["budget"]}
    mean = {
        name: float(np.sqrt(np.mean([r["budget"].get(name, 0.0) ** 2 for r in told])))
        for name in names
    }
    lines = [
        f"- {name}: {100 * value:.1f} points"
        for name, value in sorted(mean.items(), key=lambda item: -item[1])
    ]
    return "Own budget, one standard deviation (root mean square)\n\n" + "\n".join(
        lines
    )


def _reasons(rows: list[Row]) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        if row["reason"]:
            words = (
                "#" if any(c.isdigit() for c in word) else word
                for word in str(row["reason"]).split()[:10]
            )
            start = " ".join(words)
            counts[start] = counts.get(start, 0) + 1
    lines = [
        f"- {n}: {text} …" for text, n in sorted(counts.items(), key=lambda i: -i[1])
    ]
    return "Not measurable, because\n\n" + ("\n".join(lines[:15]) or "- none")


def _cost(rows: list[Row]) -> str:
    spent = _values(rows, "seconds")
    drawn = _values(rows, "render_seconds")
    return (
        f"Processor time a pair: measuring {np.nanmean(spent):.2f} s, making the two "
        f"photographs {np.nanmean(drawn):.2f} s."
    )

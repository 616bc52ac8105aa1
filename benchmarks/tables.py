"""Tables of the accuracy benchmark: error, coverage, false alarms, by stratum."""

import subprocess
from collections.abc import Callable, Iterable

import numpy as np

Row = dict[str, object]
NOT_MEASURABLE = "not measurable"
NO_CHANGE = "no detectable change"

COLUMNS = (
    ("pairs", lambda rows: len(rows)),
    ("measured", lambda rows: _share([r["verdict"] != NOT_MEASURABLE for r in rows])),
    ("bias, points", lambda rows: _points(np.mean, rows)),
    ("SD, points", lambda rows: _points(np.std, rows)),
    ("95th pct of error", lambda rows: _points(_p95, rows)),
    ("coverage of 95 %", lambda rows: _share(_held(_told(rows)))),
    ("median SDC", lambda rows: _median(100 * _values(_told(rows), "sdc"), "%")),
    ("false changed", lambda rows: _false_changed(rows)),
    ("alignment px @12 MP", lambda rows: _median(_values(rows, "alignment_px_12mp"))),
    ("Dice", lambda rows: _median(_values(rows, "dice"))),
)

STRATA: tuple[tuple[str, Callable[[Row], object]], ...] = (
    ("all", lambda r: "all"),
    ("skin tone", lambda r: r["tone"]),
    ("contrast ΔE00", lambda r: _band(r["true_contrast_de00"])),
    ("colour reference", lambda r: r["reference"]),
    ("capture", lambda r: r["style"]),
    ("lesion", lambda r: r["lesion"]),
    ("camera", lambda r: "same" if r["same_camera"] else "another"),
)


def summary(rows: list[Row]) -> str:
    """Plain text for the terminal."""
    parts = []
    for title, key in STRATA:
        parts.append(_table(title, rows, key))
    strong = [
        r for r in rows if r["true_contrast_de00"] >= 9 and r["reference"] == "card"
    ]
    parts.append(_table("contrast >= 9 with a card", strong, lambda r: "all"))
    parts.append(_table("the same, by capture", strong, lambda r: r["style"]))
    parts.append(_alignment_words(rows))
    parts.append(_reasons(rows))
    return "\n\n".join(parts)


def report_text(rows: list[Row], *, command: str) -> str:
    """Markdown for the docs, with the commit and the seeds."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    seeds = [int(r["seed"]) for r in rows]
    return (
        "# Accuracy on phantoms\n\n"
        "Written by a command; do not edit. Phantom pairs with known truth, end to end "
        "from the files a camera would write, from one click on the lesion. What the "
        "phantoms do not model stands in [phantoms](../explanation/phantoms.md).\n\n"
        f"- command: `python {command}`\n- commit: `{commit or 'unknown'}`\n"
        f"- seeds: {min(seeds)} to {max(seeds)} (tuning used only seeds below 1000)\n\n"
        "Bias, SD and the 95th percentile are of the error of the fade in percentage "
        "points, over measured pairs. SDC is the smallest detectable change in percent "
        "of the contrast. “False changed” is the share of unchanged, measured pairs "
        "that were not called “no detectable change”.\n\n" + summary(rows) + "\n"
    )


def _table(title: str, rows: list[Row], key: Callable[[Row], object]) -> str:
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    head = [title, *(name for name, _ in COLUMNS)]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name, members in groups.items():
        cells = [str(column(members)) for _, column in COLUMNS]
        lines.append("| " + " | ".join([str(name), *cells]) + " |")
    return "\n".join(lines)


def _told(rows: Iterable[Row]) -> list[Row]:
    return [r for r in rows if r["verdict"] != NOT_MEASURABLE]


def _values(rows: Iterable[Row], name: str) -> np.ndarray:
    found = [r.get(name) for r in rows]
    return np.array([np.nan if v is None else v for v in found], dtype=float)


def _errors(rows: Iterable[Row]) -> np.ndarray:
    told = _told(rows)
    return _values(told, "estimate") - _values(told, "true_fade")


def _held(rows: Iterable[Row]) -> list[bool]:
    return [bool(r["low"] <= r["true_fade"] <= r["high"]) for r in rows]


def _p95(errors: np.ndarray) -> float:
    return float(np.quantile(np.abs(errors), 0.95))


def _points(of: Callable[[np.ndarray], float], rows: list[Row]) -> str:
    errors = _errors(rows)
    return f"{100 * of(errors):.1f}" if len(errors) else "–"


def _share(flags: list[bool]) -> str:
    return f"{100 * np.mean(flags):.0f} %" if flags else "–"


def _median(values: np.ndarray, unit: str = "") -> str:
    values = values[np.isfinite(values)]
    return (
        f"{np.median(values):.2g}{' ' + unit if unit else ''}" if len(values) else "–"
    )


def _false_changed(rows: list[Row]) -> str:
    still = [r for r in _told(rows) if abs(r["true_fade"]) < 1e-3]
    changed = [r["verdict"] != NO_CHANGE for r in still]
    return f"{sum(changed)}/{len(still)}" if still else "–"


def _band(contrast: float) -> str:
    for top, name in ((6, "about 4"), (13.5, "about 10"), (23, "about 18")):
        if contrast < top:
            return name
    return "about 29"


def _alignment_words(rows: list[Row]) -> str:
    error = _values(rows, "alignment_px_12mp")
    told = _values(rows, "alignment_told_px_12mp")
    seen = np.isfinite(error)
    if not seen.any():
        return "No pair was aligned."
    error, told = error[seen], told[seen]
    ratio = error / np.maximum(told, 1e-9)
    return (
        f"Alignment at the lesion, px at 12 MP: median {np.median(error):.2f}, 95th "
        f"percentile {np.quantile(error, 0.95):.2f}, worst {error.max():.1f}; worse than "
        f"twice its own estimate: {np.mean(ratio > 2):.1%}; within a factor 1.5 of it: "
        f"{np.mean((ratio < 1.5) & (ratio > 1 / 1.5)):.0%}; refused {np.mean(~seen):.1%}."
    )


def _reasons(rows: list[Row]) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        if row["reason"]:
            start = " ".join(str(row["reason"]).split()[:9])
            counts[start] = counts.get(start, 0) + 1
    lines = [
        f"- {n}: {text} …" for text, n in sorted(counts.items(), key=lambda i: -i[1])
    ]
    return "Not measurable, because\n\n" + ("\n".join(lines[:15]) or "- none")

"""What becomes of real photographs: wound pairs, colour cards, two series of a wound.

    python benchmarks/real_photos.py [--data FOLDER] [--negatives N] [--write PAGE]
        [--reports FOLDER]

The folder of photographs is `CICATRIX_TEST_DATA`, or ../shared/data. Wounds stand in for
scars: the same skin photographed again on another day, with another light, framing and
pose. They heal and are not contrast-fading scars, so no true fade is known: what is read
here is whether photographs are laid on each other, refused or measured, and how surely.
"""

import argparse
import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np

import alignment
import cards
from cicatrix.alignment.aligning import align
from cicatrix.casebook import Casebook, LesionEntry, VisitEntry
from cicatrix.domain.result import CaseResult, VisitResult
from cicatrix.photo.value import Photo
from cicatrix.report.page import render_report
from cicatrix.report.words import interval_text, percent_text
from cicatrix.work.measuring import measure_with_pictures
from cicatrix.work.opening import open_photo

WOUND = "wound"
MADE_UP_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One wound over several visits; `first` stands in front of its visit."""

    sequence: str
    title: str
    first: str | None = None


SERIES = (
    Series(sequence="S01", title="S01, the photograph listed first is the baseline"),
    Series(
        sequence="S01",
        title="S01, another photograph of the first day is the baseline",
        first="t0602",
    ),
    Series(sequence="S08", title="S08, undated: made-up days in the order listed"),
)


def main() -> None:
    """Run everything and print, or write, one page."""
    words = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("CICATRIX_TEST_DATA", "../shared/data")
    words.add_argument("--data", type=Path, default=Path(default))
    words.add_argument("--negatives", type=int, default=100)
    words.add_argument("--write", type=Path)
    words.add_argument("--reports", type=Path, help="keep each series' report here")
    asked = words.parse_args()
    if not asked.data.is_dir():
        raise SystemExit(
            f"No photographs at {asked.data}, so nothing was measured. Set "
            "CICATRIX_TEST_DATA to their folder."
        )
    parts = []
    for part in sections(asked.data, asked.negatives, asked.reports):
        print(part, flush=True)
        parts.append(part)
    if asked.write is not None:
        asked.write.write_text(_page(parts, asked.negatives), encoding="utf-8")


def sections(data: Path, negatives: int, reports: Path | None) -> Iterator[str]:
    """Markdown, one part after the other as it is known."""
    yield alignment_section(data, negatives)
    yield cards_section(data)
    for series in SERIES:
        yield series_section(data, series, reports)


def alignment_section(data: Path, negatives: int) -> str:
    """The verified pairs, and pairs of different wounds that must be refused."""
    pairs = alignment.run_pairs(data)
    counts = alignment.shares(pairs)
    own = [p for p in pairs if not p.refused]
    error = np.array([p.true_px for p in own if p.true_px <= alignment.LIMIT_PX])
    lines = [
        f"## Alignment of {len(pairs)} wound pairs\n",
        f"Right is within {alignment.LIMIT_PX:g} px of 512 of a verified similarity, "
        "median over the wound and its surroundings; the similarity itself is good to a "
        "few pixels, as the skin deforms. Pairs of different wounds must be refused.\n",
        "| pairs | right | refused | wrong |",
        "|---|---|---|---|",
        _share_row("same wound", counts),
    ]
    if negatives:
        others = alignment.run_negatives(data, negatives)
        lines.append(_share_row("different wounds", alignment.shares(others)))
    lines.append(
        f"\nError of the right ones: median {np.median(error):.1f} px, 95th percentile "
        f"{np.quantile(error, 0.95):.1f} px; own estimate, median "
        f"{np.median([p.own_px for p in own]):.1f} px."
    )
    wrong = [p for p in own if p.true_px > alignment.LIMIT_PX]
    refused = [p.name for p in pairs if p.refused]
    lines.append(f"Refused: {', '.join(refused) or 'none'}.")
    if wrong:
        lines.append(_second_opinion(data / "wound-series", wrong))
    return "\n".join(lines) + "\n"


def _second_opinion(folder: Path, wrong: list[alignment.PairOutcome]) -> str:
    """How the skin around the wound agrees under either map, where the two differ.

    A foot bends between two photographs and a similarity does not, so the pair's own
    pixels are asked: the correlation of fine detail in a ring about the wound.
    """
    with (folder / "pairs.csv").open(newline="") as text:
        rows = {f"{row['a']}-{row['b']}": row for row in csv.DictReader(text)}
    lines = [
        "\nWhere the two differ, the skin is asked: correlation of fine detail in a "
        "ring about the wound, under either map.\n",
        "| pair | apart, px | own estimate, px | as aligned here | by the similarity |",
        "|---|---|---|---|---|",
    ]
    for pair in wrong:
        aligned, similar = _ring_correlations(folder, rows[pair.name])
        lines.append(
            f"| {pair.name} | {pair.true_px:.0f} | {pair.own_px:.1f} | {aligned:.2f} | "
            f"{similar:.2f} |"
        )
    return "\n".join(lines)


def _ring_correlations(folder: Path, row: dict[str, str]) -> tuple[float, float]:
    wound = cv2.imread(str(folder / "labels" / f"{row['a']}.png"), 0) > 127
    first, second = (
        open_photo(folder / "images" / f"{row[side]}.png") for side in ("a", "b")
    )
    near, far = (
        cv2.dilate(wound.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
        for side in (9, 61)
    )
    y, x = np.mgrid[: first.height_px, : first.width_px]
    points = np.c_[x.ravel(), y.ravel()].astype(float)
    matrix = np.array([[float(row[f"m{i}{j}"]) for j in range(3)] for i in range(2)])
    aligned = align(first, second, wound).to_followup(points)
    return (
        _correlation(first, second, aligned, far & ~near),
        _correlation(
            first, second, points @ matrix[:, :2].T + matrix[:, 2], far & ~near
        ),
    )


def _correlation(
    first: Photo, second: Photo, places: np.ndarray, ring: np.ndarray
) -> float:
    shape = (first.height_px, first.width_px)
    at = places.astype(np.float32).reshape(*shape, 2)
    warped = cv2.remap(second.encoded, at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    # Pixels of three steps and less are the black border.
    seen = ring & (warped.min(axis=2) > 3) & (first.encoded.min(axis=2) > 3)
    return float(np.corrcoef(_detail(first.encoded)[seen], _detail(warped)[seen])[0, 1])


def _detail(encoded: np.ndarray) -> np.ndarray:
    green = np.log1p(encoded[..., 1].astype(np.float32))
    return green - cv2.GaussianBlur(green, (0, 0), 8)


def _share_row(name: str, counts: dict[str, int]) -> str:
    total = sum(counts.values())
    cells = [
        f"{counts[kind]} ({counts[kind] / total:.0%})"
        for kind in ("aligned", "refused", "wrong")
    ]
    return f"| {name}, {total} | {' | '.join(cells)} |"


def cards_section(data: Path) -> str:
    """The seven photographs of a 24-patch card."""
    rows = cards.run(data)
    lines = [
        f"## {len(rows)} photographs with a colour card\n",
        "Held out: mean ΔE00 of patches left out of the fit. As sRGB: the same patches "
        "when the file is believed as it is.\n",
        "| file | found | patches used | held out | as sRGB | said |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        plain = cards.plain_srgb_de00(data / "colour-cards" / row.file)
        lines.append(
            f"| {row.file} | {row.kind} | {row.used} | {row.held_out_de00:.1f} | "
            f"{plain:.1f} | {' '.join(row.notes)} |"
        )
    return "\n".join(lines) + "\n"


def series_section(data: Path, series: Series, reports: Path | None) -> str:
    """One wound as a casebook, end to end."""
    with tempfile.TemporaryDirectory() as folder:
        case = casebook(data / "wound-series", series, Path(folder))
        result, pictures = measure_with_pictures(case)
        if reports is not None:
            reports.mkdir(parents=True, exist_ok=True)
            name = f"{series.sequence}-{series.first or 'first'}.html"
            (reports / name).write_text(render_report(result, pictures), "utf-8")
    return f"## {series.title}\n\n{_visits_table(case, result)}"


def casebook(folder: Path, series: Series, target: Path) -> Casebook:
    """The series copied into a folder; photographs of uncertain date are left out."""
    with (folder / "sequences.csv").open(newline="") as lines:
        rows = [
            row
            for row in csv.DictReader(lines)
            if row["sequence"].startswith(series.sequence + "_")
        ]
    rows.sort(key=lambda row: int(row["order_listed"]))
    days: dict[date, list[str]] = {}
    undated = not any(row["date_stamp_read_by_eye"] for row in rows)
    for number, row in enumerate(rows):
        stamp = row["date_stamp_read_by_eye"]
        if undated:
            days[MADE_UP_DAY + timedelta(days=number)] = [row["id"]]
        elif stamp and not stamp.endswith("?"):
            days.setdefault(date.fromisoformat(stamp), []).append(row["id"])
    first_day = min(days)
    if series.first is not None:
        days[first_day].sort(key=lambda name: name != series.first)
    for name in [name for names in days.values() for name in names]:
        shutil.copy(folder / "images" / f"{name}.png", target / f"{name}.png")
    mask = target / "mask.png"
    shutil.copy(folder / "labels" / f"{days[first_day][0]}.png", mask)
    return Casebook(
        title=series.title,
        folder=target,
        lesions=(LesionEntry(name=WOUND, mask=mask),),
        visits=tuple(
            VisitEntry(
                visited_on=day,
                photos=tuple(target / f"{name}.png" for name in days[day]),
            )
            for day in sorted(days)
        ),
    )


def _visits_table(case: Casebook, result: CaseResult) -> str:
    lines = [
        "| visit | photographs used | contrast ΔE00 | fade | 95 % interval | verdict |",
        "|---|---|---|---|---|---|",
    ]
    reasons: list[str] = []
    for entry, visit in zip(case.visits, result.lesions[0].visits, strict=True):
        lines.append(_visit_row(len(entry.photos), visit))
        told = visit.since_baseline
        day = visit.visited_on.isoformat()
        if told is not None and told.reason:
            reasons.append(f"- {day}, not measured: {told.reason}")
        reasons += [f"- {day}: {note}" for note in visit.notes]
    return "\n".join([*lines, "", *reasons]) + "\n"


def _visit_row(taken: int, visit: VisitResult) -> str:
    told = visit.since_baseline
    cells = [
        visit.visited_on.isoformat(),
        f"{len(visit.photos)} of {taken}",
        interval_text(visit.contrast_de00, "de00"),
    ]
    if told is None:
        cells += ["", "", "baseline"]
    else:
        fade = told.fade
        cells += [
            percent_text(fade.estimate),
            f"{percent_text(fade.low)} to {percent_text(fade.high)}",
            fade.verdict.value,
        ]
    return f"| {' | '.join(cells)} |"


def _page(parts: list[str], negatives: int) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    head = (
        "# Real photographs\n\n"
        "Written by a command; do not edit. Other people's photographs, read where they "
        "lie and not part of this project. Wounds stand in for scars: the same skin on "
        "another day, in another light, framing and pose. They heal rather than fade, "
        "so there is no true fade to compare with; what counts is what is laid on what, "
        "what is refused, and how sure a number says it is.\n\n"
        f"- command: `python benchmarks/real_photos.py --negatives {negatives} --write "
        f"docs/reference/real-photos.md`\n- commit: `{commit or 'unknown'}`\n"
        "- wounds: Foot Ulcer Segmentation Challenge (train and validation); cards: how a "
        "held-out error is made stands in [colour](../explanation/colour.md)\n\n"
    )
    return head + "\n".join(parts)


if __name__ == "__main__":
    main()

"""How right the fade is: phantom pairs with known truth, end to end, in strata.

    python benchmarks/accuracy.py                 240 pairs (about 15 min on 2 cores)
    python benchmarks/accuracy.py --short         24 pairs, and fails when they are bad
    python benchmarks/accuracy.py --full          2160 pairs
    python benchmarks/accuracy.py --tune          tuning seeds (below 1000) instead
    python benchmarks/accuracy.py --write docs/reference/accuracy.md

Each pair is rendered, written as the file a camera would write, opened, outlined from
one click at the lesion's middle, aligned and compared: nothing is handed over but the
click (and, with a grey patch, a click on it).
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

# One thread a process: two pairs at a time are faster than one pair on two cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2

from cicatrix.domain.fade import Verdict
from cicatrix.errors import PhotoUnusable
from cicatrix.phantom import Rendering, render, truth_displacement
from cicatrix.photo.value import Photo
from cicatrix.work.comparing import compare_laid, find_outline, place, refused
from cicatrix.work.laying import lay
from cicatrix.work.opening import open_photo
from pairs import JUDGING_SEED, Pair, pair_of
from tables import report_text, summary

COUNTS = {"short": 24, "usual": 240, "full": 2160}


def measured(number: int, first_seed: int) -> dict[str, object]:
    """Everything there is to say of one pair, as plain values."""
    cv2.setNumThreads(1)
    pair = pair_of(number, first_seed=first_seed)
    before, after = (
        render(pair.scene, capture, pose, fade=fade, visit=visit)
        for visit, (capture, pose, fade) in enumerate(
            zip(pair.captures, pair.poses, (0.0, pair.fade), strict=True)
        )
    )
    row: dict[str, object] = {
        "seed": pair.seed,
        "tone": pair.tone,
        "reference": pair.reference,
        "style": pair.style,
        "lesion": pair.scene.lesion,
        "same_camera": pair.same_camera,
        "wanted_de00": pair.scene.contrast_de00,
        "true_contrast_de00": before.truth.contrast_de00,
        "true_fade": 1 - after.truth.contrast_de00 / before.truth.contrast_de00,
    }
    started = time.perf_counter()
    row |= _told(pair, before, after)
    row["seconds"] = time.perf_counter() - started
    return row


def _told(pair: Pair, before: Rendering, after: Rendering) -> dict[str, object]:
    photos = [_opened(pair, rendering) for rendering in (before, after)]
    row: dict[str, object] = {}
    click = np.asarray(before.truth.lesion_point_px)
    try:
        outline = find_outline(photos[0], click)
        row |= _outline_row(before, outline)
        first = lay(photos[0], outline, None)
        second = place(photos[0], photos[1], outline)
    except PhotoUnusable as trouble:
        told = refused("lesion", None, None, trouble.reason)
    else:
        row |= _alignment_row(before, after, outline, second)
        told, _ = compare_laid([first], [second], outline, name="lesion")
        row["held_out_de00"] = (
            None if first.calibration is None else first.calibration.held_out_de00
        )
    return row | {
        "anchor": told.colour_anchor.name,
        "estimate": told.fade.estimate,
        "low": told.fade.low,
        "high": told.fade.high,
        "sdc": told.fade.smallest_detectable_change,
        "verdict": told.fade.verdict.value,
        "contrast_de00": told.contrast_before_de00.estimate,
        "reason": told.reason,
        "budget": {line.source: line.fade_sd_fraction for line in told.fade.budget},
    }


def _opened(pair: Pair, rendering: Rendering) -> Photo:
    grey = None
    if pair.reference == "grey":
        x, y = np.mean(rendering.truth.objects[0].corners_px, axis=0)
        grey = (float(x), float(y))
    return open_photo(rendering.file_bytes, grey_xy=grey)


def _outline_row(before: Rendering, outline) -> dict[str, object]:
    at = np.round(outline.window.samples_xy()).astype(int)
    rows, cols = before.truth.lesion_mask.shape
    x = np.clip(at[..., 0], 0, cols - 1)
    y = np.clip(at[..., 1], 0, rows - 1)
    truth = before.truth.lesion_mask[y, x]
    whole = before.truth.lesion_mask.sum() / outline.window.step_px**2
    both = (truth & outline.mask).sum()
    return {
        "dice": float(2 * both / (whole + outline.mask.sum())),
        "kind": outline.kind,
    }


def _alignment_row(
    before: Rendering, after: Rendering, outline, second
) -> dict[str, object]:
    spots = np.argwhere(outline.mask)[:: max(1, int(outline.mask.sum()) // 200), ::-1]
    points = outline.window.to_pixels(spots)
    true = truth_displacement(before.truth, after.truth, points)
    told = second.alignment.to_followup(points)
    error = float(np.median(np.linalg.norm(true - told, axis=1)))
    diagonal = float(np.hypot(*before.truth.lesion_mask.shape))
    return {
        "alignment_px_12mp": error / diagonal * 5000,
        "alignment_told_px_12mp": second.alignment.error_px / diagonal * 5000,
    }


def all_measured(
    count: int, first_seed: int, workers: int, keep: Path | None
) -> list[dict[str, object]]:
    """Rows of the first `count` pairs, in order; kept as they come where asked."""
    rows = []
    if keep:
        keep.write_text("")
    with ProcessPoolExecutor(workers) as pool:
        jobs = [pool.submit(measured, n, first_seed) for n in range(count)]
        for done, job in enumerate(jobs, 1):
            rows.append(job.result())
            if keep:
                with keep.open("a") as lines:
                    lines.write(json.dumps(rows[-1]) + "\n")
            if done % 24 == 0:
                print(f"{done} of {count} pairs", file=sys.stderr, flush=True)
    return rows


def bad(rows: Iterable[dict[str, object]]) -> list[str]:
    """What is so wrong in a short run that nothing should land on top of it."""
    told = [r for r in rows if r["verdict"] != Verdict.NOT_MEASURABLE.value]
    faults = []
    if len(told) < 10:
        faults.append(f"only {len(told)} pairs of the short run were measured")
    missed = [r for r in told if not r["low"] <= r["true_fade"] <= r["high"]]
    if len(missed) > max(2, 0.25 * len(told)):
        faults.append(f"{len(missed)} of {len(told)} intervals miss the truth")
    still = [r for r in told if r["true_fade"] == 0]
    changed = [r for r in still if r["verdict"] != Verdict.NO_DETECTABLE_CHANGE.value]
    if len(changed) > max(1, 0.25 * len(still)):
        faults.append(f"{len(changed)} of {len(still)} unchanged pairs called changed")
    return faults


def main() -> int:
    """Run, print, and write what was asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--count", type=int)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--rows", type=Path, help="keep every row as JSON lines")
    parser.add_argument("--read", type=Path, help="take rows from such a file")
    parser.add_argument("--write", type=Path, help="write the tables as Markdown")
    args = parser.parse_args()
    size = "short" if args.short else "full" if args.full else "usual"
    count = args.count or COUNTS[size]
    first_seed = 100 if args.tune else JUDGING_SEED
    if args.read:
        rows = [json.loads(line) for line in args.read.read_text().splitlines()]
    else:
        rows = all_measured(count, first_seed, args.workers, args.rows)
    print(summary(rows))
    if args.write:
        args.write.write_text(report_text(rows, command=" ".join(sys.argv)))
    faults = bad(rows) if args.short else []
    for fault in faults:
        print(f"BAD: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

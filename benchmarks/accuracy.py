"""How right the fade is: phantom pairs with known truth, end to end, in strata.

    python benchmarks/accuracy.py                 240 pairs
    python benchmarks/accuracy.py --short         24 pairs, and fails when they are bad
    python benchmarks/accuracy.py --full          2304 pairs: 2016 in 288 strata, the rest
                                                  unmeasurable or with a change of texture;
                                                  and 72 scenes on six skins each
    python benchmarks/accuracy.py --tune          tuning seeds (below 1000) instead
    python benchmarks/accuracy.py --full --rows rows.jsonl
                                                  keeps every row; goes on where it ended
    python benchmarks/accuracy.py --read rows.jsonl --write docs/reference/accuracy.md
                                                  tables and plots, from a clean tree only

Each pair is rendered, written as the file a camera would write, opened, outlined from
one click at the lesion's middle, aligned and compared: nothing is handed over but the
click (and, with a grey patch, a click on it). `--short` runs on tuning seeds.
"""

import argparse
import ctypes
import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

# One thread a process: two pairs at a time are faster than one pair on two cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from cicatrix.domain.fade import Verdict
from judged import Row, measured_pair
from pairs import JUDGING_SEED, Pair, pair_of, pools
from plots import write_plots
from six_skins import SCENES, six_of
from tables import report_text, summary

COUNTS = {"short": 24, "usual": 240, "full": 2304}
TUNING_SEED = 100
CODE = ("src", "benchmarks")
"""What a row depends on; a changed page does not change a measurement."""


def code_version() -> str:
    """The commit, and a check sum of what differs from it in the code."""
    commit = _git("rev-parse", "--short=10", "HEAD") or "unknown"
    changed = _git("diff", "HEAD", "--", *CODE) + _git(
        "ls-files", "--others", "--exclude-standard", "--", *CODE
    )
    return f"{commit}+{zlib.crc32(changed.encode()):08x}" if changed else commit


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def all_pairs(count: int, scenes: int, first_seed: int) -> list[Pair]:
    """The first `count` pairs of the strata, then `scenes` on six skins each."""
    strata = [pair_of(number, first_seed=first_seed) for number in range(count)]
    on_six = [six_of(scene, first_seed=first_seed + count) for scene in range(scenes)]
    return [*strata, *(pair for six in on_six for pair in six)]


def all_measured(pairs: list[Pair], workers: int, keep: Path | None) -> list[Row]:
    """Rows of pairs; kept as they come where asked, and taken up."""
    code = code_version()
    rows = _kept(keep, code, min(pair.seed for pair in pairs)) if keep else []
    done = {(row["seed"], row["tone"]) for row in rows}
    todo = [pair for pair in pairs if (pair.seed, pair.tone) not in done]
    started = time.monotonic()
    with ProcessPoolExecutor(workers, initializer=keep_memory) as pool:
        jobs = {pool.submit(measured_pair, pair): pair for pair in todo}
        for finished, job in enumerate(as_completed(jobs), 1):
            trouble = job.exception()
            row = job.result() if trouble is None else _failed(jobs[job], trouble)
            row["code"] = code
            rows.append(row)
            if keep:
                with keep.open("a") as lines:
                    lines.write(json.dumps(row) + "\n")
            if finished % 24 == 0:
                left = (time.monotonic() - started) / finished * (len(todo) - finished)
                print(
                    f"{finished} of {len(todo)} pairs, {left / 60:.0f} min left",
                    file=sys.stderr,
                    flush=True,
                )
    if code_version() != code:
        print("The code changed while it ran: run again to publish.", file=sys.stderr)
    return sorted(rows, key=_place)


def _place(row: Row) -> tuple[int, str]:
    return int(row["seed"]), str(row["tone"])


def keep_memory() -> None:
    """Pictures are made and dropped all the time: a tenth faster when memory is kept.

    mallopt(M_MMAP_THRESHOLD, 1 GiB) and mallopt(M_TRIM_THRESHOLD, 2 GiB) of glibc.
    """
    mallopt = (
        getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    )
    if mallopt is not None:
        mallopt(-3, 1 << 30)
        mallopt(-1, 2**31 - 1)


def _failed(pair: Pair, trouble: BaseException) -> Row:
    """A pair on which the program fell over: counted, never dropped."""
    print(f"pair {pair.seed} failed: {trouble!r}", file=sys.stderr)
    return {
        "seed": pair.seed,
        "tone": pair.tone,
        "role": pair.role,
        "failed": repr(trouble),
    }


def _kept(path: Path, code: str, first_seed: int) -> list[Row]:
    """Rows of an earlier run of the same code; a torn last line is measured again."""
    if not path.exists():
        return []
    rows = []
    for line in path.read_text().splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue
        rows.append(row)
    others = {row["code"] for row in rows} - {code}
    if others:
        raise SystemExit(
            f"{path} holds rows of {', '.join(sorted(others))}, this is {code}. Choose "
            "another file, or go back to that code."
        )
    if any(row["seed"] < first_seed for row in rows):
        raise SystemExit(f"{path} holds rows of other seeds. Choose another file.")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return rows


def bad(rows: Iterable[Row]) -> list[str]:
    """What is so wrong in a short run that nothing should land on top of it."""
    rows = list(rows)
    faults = [f"pair {r['seed']} failed: {r['failed']}" for r in rows if "failed" in r]
    rows = [r for r in rows if "failed" not in r]
    main = [r for r in rows if r["role"] == "fade"]
    told = [r for r in main if r["verdict"] != Verdict.NOT_MEASURABLE.value]
    if len(told) < 10:
        faults.append(f"only {len(told)} pairs of the short run were measured")
    missed = [r for r in told if not r["low"] <= r["true_fade"] <= r["high"]]
    if len(missed) > max(2, 0.25 * len(told)):
        faults.append(f"{len(missed)} of {len(told)} intervals miss the truth")
    still = [r for r in told if r["wanted_fade"] == 0]
    changed = [r for r in still if r["verdict"] != Verdict.NO_DETECTABLE_CHANGE.value]
    if len(changed) > max(1, 0.25 * len(still)):
        faults.append(f"{len(changed)} of {len(still)} unchanged pairs called changed")
    return faults


def write_page(rows: list[Row], target: Path) -> None:
    """The tables as a page and the plots beside it.

    Raises
    ------
    SystemExit
        The tree is not clean, or the rows are of code that was never committed.
    """
    versions = {str(row["code"]) for row in rows}
    if len(versions) != 1 or "+" in versions.copy().pop():
        raise SystemExit(f"rows of {sorted(versions)}: publish one committed version")
    code = versions.pop()
    if _git("status", "--porcelain", "--", *CODE):
        raise SystemExit("the code differs from its commit; commit it first")
    seeds = [int(row["seed"]) for row in rows]
    folder = target.resolve().parent.parent / "_static"
    names = write_plots([r for r in rows if "failed" not in r], folder)
    target.write_text(
        report_text(
            rows,
            how=(
                f"- commit: `{code}`\n- seeds: {min(seeds)} to {max(seeds)}, "
                f"{len(rows)} pairs\n- {held_out(min(seeds))}\n"
            ),
            plots=names,
        )
    )


def held_out(first_seed: int) -> str:
    """What the pairs were drawn from, and what of it tuning had seen."""
    drawn = pools(judging=first_seed >= 1000)
    return (
        f"{len(drawn.cameras)} cameras, {len(drawn.lamps)} lights, "
        f"{len(set(drawn.kinds))} lesion kinds; not held out: {'; '.join(drawn.notes)}"
    )


def main() -> int:
    """Run, print, and write what was asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--count", type=int)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--rows", type=Path, help="keep every row, take up a file")
    parser.add_argument("--read", type=Path, help="take rows from such a file")
    parser.add_argument("--write", type=Path, help="write page and plots")
    args = parser.parse_args()
    size = "short" if args.short else "full" if args.full else "usual"
    count = args.count or COUNTS[size]
    first_seed = TUNING_SEED if args.tune or args.short else JUDGING_SEED
    if first_seed < 1000:
        count = min(count, 1000 - first_seed)
    if args.read:
        rows = [json.loads(line) for line in args.read.read_text().splitlines()]
        rows.sort(key=_place)
    else:
        pools(judging=first_seed >= 1000)  # once, before the workers copy it
        scenes = SCENES if args.full and not (args.count or args.tune) else 0
        pairs = all_pairs(count, scenes, first_seed)
        rows = all_measured(pairs, args.workers, args.rows)
    print(summary(rows))
    if args.write:
        write_page(rows, args.write)
    faults = bad(rows) if args.short else []
    for fault in faults:
        print(f"BAD: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

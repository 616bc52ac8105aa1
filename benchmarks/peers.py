"""Alignment and colour maps beside the libraries that one would else take.

    python benchmarks/peers.py [--pairs 6] [--first-seed 150000] [--limit-s 75]
        [--only NAME ...] [--write]

Phantom pairs of 1600 x 1200 px, clinic-like and wild by turns, every second two of them
turned by any angle. Each library runs in a process of its own, over the same files, and
is stopped at the limit; its time is that of aligning two pictures already in memory.
Judging seeds begin at 150000; settings were chosen on 100 to 107. Install the group
"peers" first (`make peers`); what is not installed is said.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from cicatrix.errors import CicatrixError
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab
from cicatrix.phantom import LESION_KINDS, Scene, render, truth_displacement
from cicatrix.phantom.capture import Capture, Pose, capture_preset, pose_preset
from cicatrix.photo.reading import read_photo
from cicatrix.photo.transfer import srgb_to_linear
from peer_methods import METHODS, Method, NotAligned

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "peers.md"
BASE = Capture(width_px=1600, height_px=1200, px_per_mm=1600 / 150)
DIAGONAL_PX = 2000.0
WRONG_PX = 10.0
"""Farther off than this at the lesion is not an alignment."""

Row = dict[str, object]


def draw_pairs(folder: Path, count: int, first_seed: int) -> list[str]:
    """Write before, after and the truth of each pair; what each one is."""
    notes = []
    for number in range(count):
        seed = first_seed + number
        rng = np.random.default_rng([seed, 11])
        style = ("clinic", "wild")[number % 2]
        turned = number % 4 >= 2
        scene = Scene(
            seed=seed,
            lesion=LESION_KINDS[seed % len(LESION_KINDS)],
            skin_ita_deg=float(rng.uniform(-45, 60)),
            contrast_de00=float(rng.choice([10, 18])),
            curvature_per_mm=float(rng.uniform(0, 0.004)),
        )
        first = capture_preset(style, rng, base=BASE)
        second = capture_preset(style, rng, base=BASE, like=first)
        pose = pose_preset(style, rng)
        if turned:
            pose = replace(pose, rotation_deg=float(rng.uniform(20, 340)))
        before = render(scene, first, Pose())
        after = render(scene, second, pose, fade=float(rng.uniform(0, 0.6)), visit=1)
        before.write(folder / f"{number}a.jpg")
        after.write(folder / f"{number}b.jpg")
        y, x = np.nonzero(before.truth.lesion_mask)
        points = np.c_[x, y][:: max(1, len(x) // 400)].astype(float)
        truth = truth_displacement(before.truth, after.truth, points)
        there = np.isfinite(truth).all(axis=1)
        np.savez(
            folder / f"{number}.npz",
            points=points[there],
            truth=truth[there],
            lesion=before.truth.lesion_mask,
        )
        notes.append(f"{style}{', turned' if turned else ''}, {scene.lesion}")
    return notes


def work(name: str, folder: Path) -> None:
    """Inside a process of its own: one JSON line a pair, or a table row of colours."""
    if name in COLOURS:
        print(json.dumps(time_colours(name, folder)), flush=True)
        return
    (method,) = [m for m in METHODS if m.name == name]
    numbers = sorted(int(path.stem) for path in folder.glob("*.npz"))
    run_pair(method, folder, numbers[0], thin=2)  # its imports, its caches
    for number in numbers:
        print(json.dumps(run_pair(method, folder, number)), flush=True)


def run_pair(method: Method, folder: Path, number: int, *, thin: int = 1) -> Row:
    """The error at the lesion, px of the follow-up, and the time.

    `thin` takes every so many pixels only, for a first run that is not counted.
    """
    before, after = (
        replace(photo, encoded=photo.encoded[::thin, ::thin].copy())
        for photo in (read_photo(folder / f"{number}{side}.jpg") for side in "ab")
    )
    with np.load(folder / f"{number}.npz") as file:
        points, truth = file["points"], file["truth"]
        lesion = file["lesion"][::thin, ::thin].copy()
    wall, processor, said = time.perf_counter(), time.process_time(), ""
    try:
        found = method.run(before, after, lesion)
    except (NotAligned, CicatrixError, RuntimeError) as why:  # ITK raises the last
        found, said = None, str(why)[:70]
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    error = None
    if found is not None:
        off = np.linalg.norm(found(points) - truth, axis=1)
        error = float(np.median(np.where(np.isfinite(off), off, 1e4)))
    return {"pair": number, "px": error, "s": wall, "cpu_s": processor, "said": said}


def _ours(linear: np.ndarray, _: np.ndarray) -> np.ndarray:
    return linear_srgb_to_lab(linear)


def _colour_science(linear: np.ndarray, _: np.ndarray) -> np.ndarray:
    import colour

    xyz = colour.RGB_to_XYZ(linear, "sRGB", apply_cctf_decoding=False)
    return colour.XYZ_to_Lab(xyz, np.array([0.3127, 0.3290]))


def _scikit_image(_: np.ndarray, coded: np.ndarray) -> np.ndarray:
    from skimage.color import rgb2lab

    return rgb2lab(coded)


def _de00(name: str) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    if name == "colour-science":
        import colour

        return colour.difference.delta_E_CIE2000
    if name == "scikit-image":
        from skimage.color import deltaE_ciede2000

        return deltaE_ciede2000
    return ciede2000


COLOURS = {
    "cicatrix": _ours,
    "colour-science": _colour_science,
    "scikit-image": _scikit_image,
}


def time_colours(name: str, folder: Path) -> Row:
    """Lab and ΔE00 maps of the first pair, float64; how far from the printed formulae."""
    coded = [
        read_photo(folder / f"0{side}.jpg").encoded.astype(float) / 255 for side in "ab"
    ]
    linear = [srgb_to_linear(image) for image in coded]
    lab_of, difference = COLOURS[name], _de00(name)
    lab_of(linear[0][:8, :8], coded[0][:8, :8])
    start = time.perf_counter()
    labs = [lab_of(*pair) for pair in zip(linear, coded, strict=True)]
    middle = time.perf_counter()
    apart = difference(*labs)
    end = time.perf_counter()
    rows = np.s_[::40, ::40]
    return {
        "lab_s": (middle - start) / 2,
        "de00_s": end - middle,
        "lab": labs[0][rows].round(6).tolist(),
        "de00": np.asarray(apart)[rows].round(6).tolist(),
    }


def in_its_own_process(
    name: str, folder: Path, limit_s: float
) -> tuple[list[Row], str]:
    """What a library answered before the limit, and why it ended, if not well."""
    here = str(Path(__file__).resolve())
    command = [sys.executable, here, "--worker", name, "--folder", str(folder)]
    try:
        told = subprocess.run(
            command,
            cwd=folder,  # elastix leaves files where it runs
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        text = late.stdout or b""
        lines = text.decode() if isinstance(text, bytes) else text
        return _parsed(lines), f"stopped at {limit_s:.0f} s"
    ended = told.stderr.strip().splitlines()
    return _parsed(told.stdout), "" if told.returncode == 0 else ended[-1][:90]


def _parsed(text: str) -> list[Row]:
    # Some libraries write to standard output; the last line may be cut.
    lines = [line for line in text.splitlines() if line.startswith("{")]
    return [json.loads(line) for line in lines if line.endswith("}")]


def installed(package: str) -> str | None:
    """The version of a package, if it is there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "this tree" if package == "cicatrix" else None


def alignment_table(results: dict[str, tuple[list[Row], str]], count: int) -> str:
    """Markdown: error and time of each."""
    ours = [float(row["s"]) for row in results.get("Cicatrix", ([], ""))[0]]
    lines = [
        "| | version | setting | pairs within 10 px | median error, px | worst, px | "
        "median s a pair | of processor | times ours | |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for method in METHODS:
        if method.name not in results:
            continue
        rows, note = results[method.name]
        head = (
            f"| {method.name} | {installed(method.package) or '–'} | {method.setting}"
        )
        if not rows:
            lines.append(f"{head} | – | – | – | – | – | – | {note} |")
            continue
        errors = [float(row["px"]) for row in rows if row["px"] is not None]
        seconds = statistics.median(float(row["s"]) for row in rows)
        busy = statistics.median(float(row["cpu_s"]) for row in rows)
        refused = sum(row["px"] is None for row in rows)
        words = [f"gave no answer for {refused}"] if refused else []
        words += [note] if note else []
        lines.append(
            f"{head} | {sum(e <= WRONG_PX for e in errors)} of {count} "
            f"| {_number(statistics.median, errors)} | {_number(max, errors)} "
            f"| {seconds:.2f} | {busy:.2f} | {_ratio(seconds, ours)} | {'; '.join(words)} |"
        )
    return "\n".join(lines)


def pair_table(results: dict[str, tuple[list[Row], str]], notes: list[str]) -> str:
    """Markdown: the error of each on each pair."""
    named = [name for name, (rows, _) in results.items() if rows]
    lines = [
        "| pair | " + " | ".join(named) + " |",
        "| --- |" + " --- |" * len(named),
    ]
    for number, note in enumerate(notes):
        cells = []
        for name in named:
            found = [row["px"] for row in results[name][0] if row["pair"] == number]
            cells.append(
                "not run"
                if not found
                else "no answer"
                if found[0] is None
                else f"{found[0]:.2f}"
            )
        lines.append(f"| {note} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def colour_table(results: dict[str, tuple[list[Row], str]]) -> str:
    """Markdown: time of the maps and how far they are from colour-science's."""
    lines = [
        "| | version | Lab map, s | ΔE00 map, s | largest difference from "
        "colour-science, ΔE*ab of Lab | of ΔE00 | |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    reference = results.get("colour-science", ([], ""))[0]
    for name, (rows, note) in results.items():
        head = f"| {name} | {installed(name) or '–'}"
        if not rows:
            lines.append(f"{head} | – | – | – | – | {note} |")
            continue
        row, apart = rows[0], ("–", "–")
        if reference:
            lab, de00 = (
                np.subtract(row[key], reference[0][key]) for key in ("lab", "de00")
            )
            apart = (
                f"{np.linalg.norm(lab, axis=-1).max():.4f}",
                f"{np.abs(de00).max():.4f}",
            )
        lines.append(
            f"{head} | {row['lab_s']:.2f} | {row['de00_s']:.2f} | {apart[0]} "
            f"| {apart[1]} | {note} |"
        )
    return "\n".join(lines)


def _number(of: Callable[[list[float]], float], errors: list[float]) -> str:
    return f"{of(errors):.2f}" if errors else "–"


def _ratio(seconds: float, ours: list[float]) -> str:
    return f"{seconds / statistics.median(ours):.1f}" if ours else "–"


def page(tables: list[str], asked: argparse.Namespace) -> str:
    """The whole page, with the machine and the seeds."""
    last = asked.first_seed + asked.pairs - 1
    return f"""# Beside other libraries

Written by `python benchmarks/peers.py --write`; do not edit. The same {asked.pairs}
phantom pairs of 1600 x 1200 px for all (seeds {asked.first_seed} to {last}; settings were
chosen on seeds 100 to 107), in one run. Machine: {platform.machine()},
{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; Python {platform.python_version()}.
None of these libraries is in the product.

## Alignment

The error is the median over the lesion of how far a point of the first photograph is
put from where it truly went in the second, in px of the second; a picture's diagonal is
{DIAGONAL_PX:.0f} px. Times are of two pictures in memory, after one run to warm up. Every
library but OpenCV SIFT and Cicatrix starts from the SIFT homography, whose time is in
its own, on pictures evened out against other light; ECC, elastix, SimpleITK and ANTs
leave the lesion out by a mask, as Cicatrix does. Only Cicatrix says how surely it
aligned and refuses where it is not sure.

{tables[0]}

Each pair, error in px:

{tables[1]}

## Colour maps

CIELAB of both photographs of the first pair (s for one) and the ΔE00 map between them,
float64, differences on every 40th pixel of every 40th row.

{tables[2]}
"""


def run_all(
    folder: Path, only: list[str] | None, limit_s: float
) -> dict[str, tuple[list[Row], str]]:
    """Every library that is wanted, one after the other."""
    packages = {m.name: m.package for m in METHODS} | {c: c for c in COLOURS}
    results: dict[str, tuple[list[Row], str]] = {}
    for name, package in packages.items():
        if only is not None and name not in only:
            continue
        results[name] = ([], "not installed")
        if installed(package) is not None:
            results[name] = in_its_own_process(name, folder, limit_s)
        print(name, results[name][1] or "done", file=sys.stderr, flush=True)
    return results


def main() -> int:
    """Draw, run everything, print the page and write it if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--first-seed", type=int, default=150_000)
    parser.add_argument("--limit-s", type=float, default=75.0)
    parser.add_argument("--only", nargs="*", default=None)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker is not None:
        work(asked.worker, asked.folder)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        notes = draw_pairs(Path(folder), asked.pairs, asked.first_seed)
        results = run_all(Path(folder), asked.only, asked.limit_s)
    aligned = {n: r for n, r in results.items() if n not in COLOURS}
    coloured = {n: r for n, r in results.items() if n in COLOURS}
    tables = [
        alignment_table(aligned, asked.pairs),
        pair_table(aligned, notes),
        colour_table(coloured),
    ]
    text = page(tables, asked)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

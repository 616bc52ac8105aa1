"""How long a pair takes from file names to numbers, against decoding the same files.

The headline is wall time without a report over decoding both files one after the other.

    python benchmarks/speed.py                       3, 12, 24 and 48 megapixels
    python benchmarks/speed.py --sizes 12 --rounds 9
    python benchmarks/speed.py --write docs/reference/speed.md

Decoding and measuring alternate in one process, so that both see the same machine, with
one thread for small matrices (OPENBLAS_NUM_THREADS=1), as the command line has it. The
pair is a phantom with a card, drawn at 12 megapixels; other sizes are resampled from it
and hold no more detail. Run it on an idle machine: the load is printed.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

# As the command line does, before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import simplejpeg

import cicatrix
from cicatrix.domain.fade import Verdict
from cicatrix.phantom import render
from cicatrix.phantom.capture import Capture, Pose
from cicatrix.phantom.scene import Scene, SceneObject
from cicatrix.report.page import render_comparison_report
from cicatrix.report.provenance import Provenance
from cicatrix.work.comparing import compare_with_pictures

AIM_RATIO = 5.0
WIDTH_12MP_PX = 4000
FIELD_MM = 160.0
JPEG_QUALITY = 92
STAGED_ROUNDS = 3
SEED = 42
"""Below 1000: the picture is looked at while the program is made faster."""

STAGES = (
    ("cicatrix.work.opening", "read_photo", "open: read and decode"),
    ("cicatrix.work.opening", "find_reference", "open: colour reference"),
    ("cicatrix.work.opening", "scale_from_reference", "open: scale"),
    ("cicatrix.work.comparing", "find_outline", "outline"),
    ("cicatrix.work.comparing", "reduced", "align"),
    ("cicatrix.work.comparing", "align_with", "align"),
    ("cicatrix.work.comparing", "calibration_of", "colour calibration"),
    ("cicatrix.work.comparing", "lay", "sample on one grid"),
    ("cicatrix.work.comparing", "surroundings_of", "sample on one grid"),
    ("cicatrix.work.comparing", "regions_for", "sample on one grid"),
    ("cicatrix.work.comparing", "views_of", "sample on one grid"),
    ("cicatrix.work.comparing", "compare_visits", "change and uncertainty"),
    ("cicatrix.work.comparing", "strength_of", "change and uncertainty"),
    ("cicatrix.work.comparing", "details", "other measures"),
    ("cicatrix.work.comparing", "textures_of", "other measures"),
    ("cicatrix.work.comparing", "size_changes", "size, with the follow-up's outline"),
    ("cicatrix.work.recording", "assess", "quality at the lesion"),
)
"""Where a stage begins; time inside a stage within a stage counts for the inner one.
Stages run side by side, so together they may take longer than the pair."""


@dataclass
class Clock:
    """Time spent in each stage itself, without the stages inside it."""

    spent_s: dict[str, float] = field(default_factory=dict)
    inner: threading.local = field(default_factory=threading.local)

    def timed(
        self, stage: str, function: Callable[..., object]
    ) -> Callable[..., object]:
        """`function`, whose own time counts for `stage`."""

        def wrapped(*args: object, **kwargs: object) -> object:
            inner_s = self.inner.__dict__.setdefault("s", [])
            inner_s.append(0.0)
            start = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                took = time.perf_counter() - start
                own = took - inner_s.pop()
                self.spent_s[stage] = self.spent_s.get(stage, 0.0) + own
                if inner_s:
                    inner_s[-1] += took

        return wrapped


@contextmanager
def stage_clock() -> Iterator[Clock]:
    """Time the stages while it lasts; the program's own functions are put back after."""
    clock = Clock()
    before = []
    for module_name, name, stage in STAGES:
        module = import_module(module_name)
        before.append((module, name, getattr(module, name)))
        setattr(module, name, clock.timed(stage, getattr(module, name)))
    try:
        yield clock
    finally:
        for module, name, function in before:
            setattr(module, name, function)


def pictures(folder: Path, megapixels: float) -> tuple[Path, Path, tuple[float, float]]:
    """Two files of that size and a click on the lesion; made once."""
    whole = folder / "pair-12mp.json"
    if not whole.is_file():
        _draw(folder)
    click = json.loads(whole.read_text("utf-8"))["click_xy"]
    factor = (megapixels / 12) ** 0.5
    files = []
    for name in ("before", "after"):
        source = folder / f"{name}-12mp.jpg"
        target = folder / f"{name}-{megapixels:g}mp.jpg"
        if not target.is_file():
            _resample(source, target, factor)
        files.append(target)
    return files[0], files[1], (click[0] * factor, click[1] * factor)


def _draw(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    scene = Scene(
        seed=SEED,
        skin_ita_deg=-20.0,
        lesion="red-scar",
        contrast_de00=15.0,
        objects=(SceneObject(kind="cicatrix-card", centre_mm=(0.0, 60.0)),),
    )
    size = {
        "width_px": WIDTH_12MP_PX,
        "height_px": WIDTH_12MP_PX * 3 // 4,
        "px_per_mm": WIDTH_12MP_PX / FIELD_MM,
        "blur_px": 0.8,
        "noise": 0.012,
        "jpeg_quality": JPEG_QUALITY,
    }
    shots = (
        (Capture(**size), Pose(shift_mm=(0.0, -38.0)), 0.0),
        (
            Capture(**size, exposure_ev=-0.2, white_balance_error=(0.03, -0.02)),
            Pose(
                shift_mm=(2.0, -38.0),
                rotation_deg=4.0,
                tilt_x_deg=5.0,
                distance_factor=1.05,
                deformation_mm=0.5,
            ),
            0.35,
        ),
    )
    click = None
    for visit, (name, (capture, pose, fade)) in enumerate(
        zip(("before", "after"), shots, strict=True)
    ):
        rendering = render(scene, capture, pose, fade=fade, visit=visit)
        (folder / f"{name}-12mp.jpg").write_bytes(rendering.file_bytes)
        click = click or [float(v) for v in rendering.truth.lesion_point_px]
    (folder / "pair-12mp.json").write_text(json.dumps({"click_xy": click}), "utf-8")


def _resample(source: Path, target: Path, factor: float) -> None:
    pixels = simplejpeg.decode_jpeg(source.read_bytes())
    size = [round(side * factor / 2) * 2 for side in pixels.shape[1::-1]]
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(pixels, size, interpolation=how)
    target.write_bytes(
        simplejpeg.encode_jpeg(scaled, quality=JPEG_QUALITY, colorsubsampling="420")
    )


def decode(files: tuple[Path, Path]) -> None:
    """The reference: both files to 8 bit RGB, one after the other."""
    for file in files:
        simplejpeg.decode_jpeg(file.read_bytes())


def decode_together(files: tuple[Path, Path]) -> None:
    """Both files at once, in two threads."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda file: simplejpeg.decode_jpeg(file.read_bytes()), files))


def measure(
    files: tuple[Path, Path], click: tuple[float, float]
) -> cicatrix.Comparison:
    """What is measured: from file names to numbers, without a report."""
    before, after = cicatrix.open_pair(*files)
    return cicatrix.compare(before, after, lesion=click)


def report(files: tuple[Path, Path], click: tuple[float, float]) -> str:
    """The same, and the page of its report."""
    before, after = cicatrix.open_pair(*files)
    comparison, pictures = compare_with_pictures(before, after, lesion=click)
    return render_comparison_report(
        comparison, pictures, Provenance(versions={}, parameters={})
    )


def seconds(action: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def one_size(folder: Path, megapixels: float, rounds: int) -> dict[str, object]:
    """Everything there is to say of one size."""
    first, second, click = pictures(folder, megapixels)
    files = (first, second)
    told = measure(files, click)
    if told.fade.verdict is Verdict.NOT_MEASURABLE:
        raise SystemExit(f"{megapixels:g} MP: not measurable: {told.reason}")
    times: dict[str, list[float]] = {
        "decode": [],
        "together": [],
        "pair": [],
        "report": [],
    }
    report(files, click)
    busy: dict[str, list[float]] = {"decode": [], "pair": []}
    for _ in range(rounds):
        for name, action in (
            ("decode", lambda: decode(files)),
            ("pair", lambda: measure(files, click)),
        ):
            start = time.process_time()
            times[name].append(seconds(action))
            busy[name].append(time.process_time() - start)
        times["together"].append(seconds(lambda: decode_together(files)))
        times["report"].append(seconds(lambda: report(files, click)))
    with stage_clock() as clock:
        for _ in range(STAGED_ROUNDS):
            measure(files, click)
    stages = {name: spent / STAGED_ROUNDS for name, spent in clock.spent_s.items()}
    memory = _in_fresh_process("memory", files, click)
    median = {name: statistics.median(values) for name, values in times.items()}
    bits = 8 * sum(file.stat().st_size for file in files) / (2e6 * megapixels)
    return {
        "megapixels": megapixels,
        "bits_per_px": bits,
        "decode_s": median["decode"],
        "decode_together_s": median["together"],
        "pair_s": median["pair"],
        "pair_spread_s": (min(times["pair"]), max(times["pair"])),
        "ratio": median["pair"] / median["decode"],
        "ratio_cpu": statistics.median(busy["pair"])
        / statistics.median(busy["decode"]),
        "ratio_together": median["pair"] / median["together"],
        "ratio_report": median["report"] / median["decode"],
        "stages_s": stages,
        "peak_mb": memory["peak_mb"],
        "imports_mb": memory["imports_mb"],
        "first_pair_s": memory["pair_s"],
        "fade": told.fade.estimate,
    }


def _in_fresh_process(
    what: str, files: tuple[Path, Path], click: tuple[float, float]
) -> dict[str, float]:
    answer = subprocess.run(
        [
            sys.executable,
            __file__,
            "--inside",
            what,
            *map(str, files),
            *map(str, click),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(answer.stdout)


def _inside(files: tuple[Path, Path], click: tuple[float, float]) -> None:
    """In a fresh process: memory after the imports and at the peak, the first time."""
    imports_mb = peak_memory_mb()
    took = seconds(lambda: measure(files, click))
    print(
        json.dumps(
            {"imports_mb": imports_mb, "peak_mb": peak_memory_mb(), "pair_s": took}
        )
    )


def peak_memory_mb() -> float:
    """The most memory this process has held.

    Linux counts the parent's memory in `ru_maxrss` of a child, so its own account of
    the running program is asked first.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cold(folder: Path, rounds: int) -> dict[str, float]:
    """Median wall time of commands in fresh processes, files in the page cache."""
    first, second, click = pictures(folder, 12)
    command = str(Path(sys.executable).with_name("cicatrix"))
    # As an installed program starts: with its bytecode at hand, not compiled anew.
    surroundings = os.environ | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import cicatrix": [sys.executable, "-c", "import cicatrix"],
        "cicatrix --version": [command, "--version"],
        "cicatrix compare a b --json - --no-report": [
            *(command, "compare", str(first), str(second)),
            *("--lesion", f"{click[0]:.0f},{click[1]:.0f}"),
            *("--json", "-", "--no-report"),
        ],
    }

    def once(call: list[str]) -> None:
        subprocess.run(call, check=True, capture_output=True, env=surroundings)

    once(commands["cicatrix compare a b --json - --no-report"])
    return {
        name: statistics.median(seconds(partial(once, call)) for _ in range(rounds))
        for name, call in commands.items()
    }


def as_markdown(rows: list[dict[str, object]], starts: dict[str, float]) -> str:
    """The tables, with what they were measured on."""
    lines = [
        "# Speed",
        "",
        "Written by `benchmarks/speed.py`. One JPEG pair from file names to numbers, as a",
        "ratio to decoding the same two files with simplejpeg in the same run (alternating,",
        f"medians). Aim: at most {AIM_RATIO:g}. Sizes other than 12 MP are resampled.",
        "",
        f"Machine: {platform.machine()}, {os.cpu_count()} cores, load "
        f"{os.getloadavg()[0]:.1f}; Python {platform.python_version()}, "
        + ", ".join(
            f"{name} {version(name)}"
            for name in ("numpy", "opencv-python-headless", "simplejpeg")
        )
        + ".",
        "",
        "| MP | bits/px | decode both, ms | pair, ms (least to most) | ratio without report | with report | ratio of processor time | ratio to decoding in two threads | first pair in a fresh process, ms | peak memory, MB (of it imports) |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        low, high = row["pair_spread_s"]
        lines.append(
            f"| {row['megapixels']:g} | {row['bits_per_px']:.2f} "
            f"| {1e3 * row['decode_s']:.0f} "
            f"| {1e3 * row['pair_s']:.0f} ({1e3 * low:.0f} to {1e3 * high:.0f}) "
            f"| {row['ratio']:.1f} | {row['ratio_report']:.1f} "
            f"| {row['ratio_cpu']:.1f} | {row['ratio_together']:.1f} "
            f"| {1e3 * row['first_pair_s']:.0f} "
            f"| {row['peak_mb']:.0f} ({row['imports_mb']:.0f}) |"
        )
    lines += ["", *_headline(rows), "", "## Share of each stage", ""]
    names = list(dict.fromkeys(name for row in rows for name in row["stages_s"]))
    lines.append(
        "| stage | " + " | ".join(f"{r['megapixels']:g} MP" for r in rows) + " |"
    )
    lines.append("| --- |" + " --- |" * len(rows))
    for name in names:
        cells = []
        for row in rows:
            spent = row["stages_s"].get(name, 0.0)
            share = spent / sum(row["stages_s"].values())
            cells.append(f"{1e3 * spent:.0f} ms ({share:.0%})")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    if starts:
        lines += ["", "## From a cold start", "", "| command | ms |", "| --- | --- |"]
        lines += [f"| `{name}` | {1e3 * took:.0f} |" for name, took in starts.items()]
    return "\n".join(lines) + "\n"


def _headline(rows: list[dict[str, object]]) -> list[str]:
    """The ratio without report at 12 MP, and how time grows to 48 MP."""
    by_size = {row["megapixels"]: row for row in rows}
    lines = []
    if 12 in by_size:
        ratio = by_size[12]["ratio"]
        lines.append(f"Without report, 12 MP take {ratio:.1f} times decoding both.")
    if 12 in by_size and 48 in by_size:
        growth = by_size[48]["pair_s"] / by_size[12]["pair_s"]
        lines.append(f"48 MP take {growth:.1f} times as long as 12 MP.")
    return lines


def main() -> int:
    """Measure, print, and write what was asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=float, nargs="+", default=[3, 12, 24, 48])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pictures", type=Path, help="where the pair is kept")
    parser.add_argument("--no-cold", action="store_true", help="skip the cold starts")
    parser.add_argument("--write", type=Path, help="write the tables as Markdown")
    parser.add_argument("--inside", nargs=5, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        _, first, second, x, y = args.inside
        _inside((Path(first), Path(second)), (float(x), float(y)))
        return 0
    folder = args.pictures or Path(tempfile.gettempdir()) / "cicatrix-speed"
    rows = [one_size(folder, size, args.rounds) for size in args.sizes]
    starts = {} if args.no_cold else cold(folder, min(args.rounds, 5))
    text = as_markdown(rows, starts)
    print(text)
    if args.write:
        args.write.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

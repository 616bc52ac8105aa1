"""How well photographs of the same skin are aligned, and whether others are refused.

    python benchmarks/alignment.py [--data FOLDER] [--negatives N] [--phantoms N]
        [--megapixels 2 12] [--first-seed 0]

Wound pairs: a verified similarity, itself good to a few pixels of 512, is the truth.
Different wounds: every alignment that is not refused is wrong. Phantoms: exact truth.
"""

import argparse
import csv
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from cicatrix.alignment.aligning import align
from cicatrix.alignment.channels import log_channels, normalised
from cicatrix.domain.capture import Capture as Exif
from cicatrix.errors import AlignmentRefused
from cicatrix.phantom import (
    LESION_KINDS,
    Capture,
    Pose,
    Scene,
    SceneObject,
    capture_preset,
    pose_preset,
    render,
    truth_displacement,
)
from cicatrix.photo.reading import read_photo
from cicatrix.photo.value import Decoding, Photo
from cicatrix.skin.masks import skin_mask

LIMIT_PX = 10.0
"""A wound pair counts as aligned within this, of 512 px."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOutcome:
    """One pair: its true and own error in pixels, NaN where refused."""

    name: str
    true_px: float
    own_px: float
    turn_deg: float
    seconds: float
    agreement: float
    note: str = ""

    @property
    def refused(self) -> bool:
        """Whether `align` abstained."""
        return bool(np.isnan(self.own_px))


def run_pairs(data_folder: Path) -> list[PairOutcome]:
    """The 32 verified wound pairs; error is the median over wound and surroundings."""
    folder = data_folder / "wound-series"
    rows = list(csv.DictReader((folder / "pairs.csv").open()))
    outcomes = []
    for row in rows:
        matrix = np.array(
            [[float(row[f"m{i}{j}"]) for j in range(3)] for i in range(2)]
        )
        mask = _wound(folder, row["a"])
        wide = cv2.dilate(mask.astype(np.uint8), np.ones((41, 41), np.uint8))
        y, x = np.nonzero(wide)
        points = np.c_[x, y][::23].astype(float)
        truth = points @ matrix[:, :2].T + matrix[:, 2]
        pair = (_wound_photo(folder, row["a"]), _wound_photo(folder, row["b"]))
        outcome = _outcome(f"{row['a']}-{row['b']}", pair, mask, points, truth)
        if outcome.true_px > LIMIT_PX:
            note = _which_is_right(pair, mask, wide > 0, matrix)
            outcome = replace(outcome, note=note)
        outcomes.append(outcome)
    return outcomes


def _which_is_right(
    pair: tuple[Photo, Photo], mask: np.ndarray, wide: np.ndarray, matrix: np.ndarray
) -> str:
    """How well the skin beside the wound agrees under our map and under the truth."""
    alignment = align(pair[0], pair[1], mask)
    rows, cols = mask.shape
    grid = np.stack(np.meshgrid(np.arange(cols), np.arange(rows)), -1).reshape(-1, 2)
    ring = cv2.dilate(wide.astype(np.uint8), np.ones((21, 21))) > 0
    weight = (ring & ~mask & skin_mask(pair[0].linear())).astype(np.float32)
    base = normalised(log_channels(pair[0].encoded, pair[0].decoding), weight, 12)
    found = []
    for places in (
        alignment.to_followup(grid),
        grid @ matrix[:, :2].T + matrix[:, 2],
    ):
        x, y = places.astype(np.float32).T.reshape(2, rows, cols)
        moved = cv2.remap(pair[1].encoded, x, y, cv2.INTER_LINEAR)
        follow = normalised(log_channels(moved, pair[1].decoding), weight, 12)
        shared = sum(float((a * b).sum()) for a, b in zip(base, follow, strict=True))
        found.append(shared / sum(float((a**2).sum()) for a in base))
    return (
        f"skin beside the wound agrees {found[0]:.2f} here, {found[1]:.2f} under truth"
    )


def run_negatives(data_folder: Path, count: int, seed: int = 0) -> list[PairOutcome]:
    """Pairs of photographs of different wounds; none may be aligned."""
    folder = data_folder / "wound-series"
    where = {
        row["id"]: row["sequence"]
        for row in csv.DictReader((folder / "sequences.csv").open())
    }
    names = sorted(where)
    pairs = [(a, b) for a in names for b in names if where[a] != where[b]]
    rng = np.random.default_rng(seed)
    outcomes = []
    for index in rng.permutation(len(pairs))[:count]:
        a, b = pairs[index]
        pair = (_wound_photo(folder, a), _wound_photo(folder, b))
        nowhere = np.full((1, 2), np.inf)
        outcomes.append(
            _outcome(f"{a}-{b}", pair, _wound(folder, a), np.zeros((1, 2)), nowhere)
        )
    return outcomes


def run_phantoms(
    count: int, megapixels: float, first_seed: int = 0
) -> list[PairOutcome]:
    """Phantom pairs of all lesion kinds, tones and capture styles; exact truth."""
    return [
        outcome
        for seed in range(first_seed, first_seed + count)
        for outcome in _phantom_pair(seed, megapixels)
    ]


def run_landmarks(data_folder: Path) -> list[PairOutcome]:
    """Histology pairs with landmarks: not skin, for information only."""
    folder = data_folder / "registration-landmarks"
    outcomes = []
    for table in sorted(folder.glob("pairs-imgs-lnds_*.csv")):
        for row in csv.DictReader(table.open()):
            images = [folder / row["Target image"], folder / row["Source image"]]
            marks = [folder / row["Target landmarks"], folder / row["Source landmarks"]]
            if not all(path.is_file() for path in images + marks):
                continue
            points, truth = (_landmarks(path) for path in marks)
            shared = min(len(points), len(truth))
            pair = (_opened(images[0]), _opened(images[1]))
            outcomes.append(
                _outcome(images[0].name, pair, None, points[:shared], truth[:shared])
            )
    return outcomes


def phantom_photos(
    seed: int, megapixels: float
) -> tuple[tuple[Photo, Photo], tuple[object, object], str]:
    """Both photographs of a phantom pair, their truths and what they are."""
    rng = np.random.default_rng([seed, 4])
    style = ("controlled", "clinic", "wild")[seed % 3]
    lesion = LESION_KINDS[seed % len(LESION_KINDS)]
    width = int(np.sqrt(megapixels * 1e6 * 4 / 3))
    size = (width - width % 4, int(width * 0.75) // 4 * 4)
    base = Capture(width_px=size[0], height_px=size[1], px_per_mm=size[0] / 150)
    card = SceneObject(kind="cicatrix-card", centre_mm=(10.0, 66.0))
    scene = Scene(
        seed=seed,
        lesion=lesion,
        skin_ita_deg=float(rng.uniform(-45, 60)),
        contrast_de00=float(rng.choice([4, 10, 18])),
        curvature_per_mm=float(rng.uniform(0, 0.01)),
        objects=(card,) if seed % 2 else (),
    )
    first = capture_preset(style, rng, base=base)
    second = capture_preset(style, rng, base=base, like=first)
    before = render(scene, first, Pose())
    after = render(
        scene, second, pose_preset(style, rng), fade=float(rng.uniform(0, 0.8)), visit=1
    )
    photos = (_rendered(before, f"{seed}a"), _rendered(after, f"{seed}b"))
    note = f"{style} {lesion} ITA {scene.skin_ita_deg:.0f}"
    return photos, (before.truth, after.truth), note


def _phantom_pair(seed: int, megapixels: float) -> Iterator[PairOutcome]:
    photos, (before, after), note = phantom_photos(seed, megapixels)
    y, x = np.nonzero(before.lesion_mask)
    points = np.c_[x, y][:: max(1, len(x) // 400)].astype(float)
    truth = truth_displacement(before, after, points)
    yield _outcome(f"seed {seed}", photos, before.lesion_mask, points, truth, note)


def _outcome(
    name: str,
    pair: tuple[Photo, Photo],
    lesion: np.ndarray | None,
    points: np.ndarray,
    truth: np.ndarray,
    note: str = "",
) -> PairOutcome:
    start = time.perf_counter()
    try:
        alignment = align(pair[0], pair[1], lesion)
    except AlignmentRefused as why:
        seconds = time.perf_counter() - start
        return PairOutcome(
            name=name,
            true_px=np.nan,
            own_px=np.nan,
            turn_deg=np.nan,
            seconds=seconds,
            agreement=np.nan,
            note=note or str(why)[:60],
        )
    seconds = time.perf_counter() - start
    errors = np.linalg.norm(alignment.to_followup(points) - truth, axis=1)
    # Errors are told in baseline pixels, as `error_px` is.
    return PairOutcome(
        name=name,
        true_px=float(np.nanmedian(errors)) / alignment.scale,
        own_px=alignment.error_px,
        turn_deg=alignment.rotation_deg,
        seconds=seconds,
        agreement=alignment.agreement,
        note=note,
    )


def _wound_photo(folder: Path, name: str) -> Photo:
    return _opened(folder / "images" / f"{name}.png")


def _opened(path: Path) -> Photo:
    return read_photo(path)


def _wound(folder: Path, name: str) -> np.ndarray:
    return cv2.imread(str(folder / "labels" / f"{name}.png"), 0) > 127


def _landmarks(path: Path) -> np.ndarray:
    rows = list(csv.DictReader(path.open()))
    return np.array([[float(row["X"]), float(row["Y"])] for row in rows])


def _rendered(rendering: object, name: str) -> Photo:
    encoded = rendering.encoded
    levels = np.arange(256) / 255
    linear = np.where(
        levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4
    )
    return Photo(
        name=name,
        sha256=name,
        file_format="JPEG",
        encoded=encoded,
        decoding=Decoding(
            tables=np.repeat(linear[:, None], 3, axis=1).astype(np.float32),
            matrix=None,
            profile="sRGB",
        ),
        capture=Exif(),
    )


def shares(outcomes: list[PairOutcome], limit_px: float = LIMIT_PX) -> Counter:
    """How many were aligned within the limit, refused, wrong."""
    return Counter(
        "refused" if o.refused else "aligned" if o.true_px <= limit_px else "wrong"
        for o in outcomes
    )


def print_each(outcomes: list[PairOutcome]) -> None:
    """One line a pair."""
    for o in outcomes:
        print(
            f"  {o.name:14s} true {o.true_px:7.2f}  own {o.own_px:6.2f}  "
            f"turn {o.turn_deg:+6.1f}  agree {o.agreement:.2f}  {o.seconds:.2f} s  {o.note}"
        )


def print_errors(outcomes: list[PairOutcome]) -> None:
    """Quantiles of the true error and of own over true."""
    kept = [o for o in outcomes if not o.refused]
    if not kept:
        return
    true = np.array([o.true_px for o in kept])
    ratio = np.array([o.own_px for o in kept]) / np.maximum(true, 1e-9)
    within = np.mean((ratio > 1 / 1.5) & (ratio < 1.5))
    print(
        f"  true error px: median {np.median(true):.2f}, 95th percentile "
        f"{np.percentile(true, 95):.2f}, worst {true.max():.2f}\n"
        f"  own/true: median {np.median(ratio):.2f}, 5th {np.percentile(ratio, 5):.2f}, "
        f"95th {np.percentile(ratio, 95):.2f}; within x1.5 {100 * within:.0f} %, "
        f"own under half {100 * np.mean(ratio < 0.5):.0f} %\n"
        f"  seconds: median {np.median([o.seconds for o in outcomes]):.2f}"
    )


def main() -> None:
    """Run what was asked for and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--negatives", type=int, default=100)
    parser.add_argument("--phantoms", type=int, default=18)
    parser.add_argument("--megapixels", type=float, nargs="*", default=[1.92])
    parser.add_argument("--first-seed", type=int, default=0)
    asked = parser.parse_args()
    if asked.data.is_dir():
        pairs = run_pairs(asked.data)
        print("Wound pairs", dict(shares(pairs)))
        print("  tuned on even rows:", dict(shares(pairs[::2])))
        print("  odd rows:          ", dict(shares(pairs[1::2])))
        print_each(pairs)
        others = run_negatives(asked.data, asked.negatives)
        print(f"Different wounds, {len(others)} pairs:", dict(shares(others)))
        print_each([o for o in others if not o.refused])
        print("Histology (not skin)")
        print_each(run_landmarks(asked.data))
    for size in asked.megapixels if asked.phantoms else []:
        made = run_phantoms(asked.phantoms, size, asked.first_seed)
        refused = sum(o.refused for o in made)
        print(f"Phantoms at {size:g} MP: {len(made)}, refused {refused}")
        print_each(made)
        print_errors(made)


if __name__ == "__main__":
    main()

"""How well one click outlines a lesion: Dice, width and time on made-up photographs.

    python benchmarks/outlines.py [--seeds 4] [--first-seed 0] [--megapixels 2]

Seeds below 1000 are for tuning, 10000 and up for judging.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from cicatrix.domain.capture import Capture as Metadata
from cicatrix.errors import LesionNotFound
from cicatrix.measures.size import size_of
from cicatrix.outline.assemble import outline_mask
from cicatrix.outline.finding import outline_from_mask, outline_lesion
from cicatrix.phantom import (
    LESION_KINDS,
    Capture,
    Rendering,
    Scene,
    capture_preset,
    pose_preset,
    render,
)
from cicatrix.photo.transfer import linear_decoding, srgb_decoding
from cicatrix.photo.value import Photo

SKIN_ITA_DEG = (48.0, 34.0, 19.0, -5.0, -25.0, -42.0)
CONTRASTS_DE00 = (4.0, 10.0, 18.0, 29.0)
LINES = ("stria-rubra", "stria-alba")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlined:
    """One click on one made-up photograph; `dice` is 0 where nothing was found."""

    kind: str
    skin_ita_deg: float
    contrast_de00: float
    seed: int
    found: bool
    dice: float
    width_error: float
    area_error: float
    seconds: float


def photo_of(rendering: Rendering) -> Photo:
    """The photograph as it would be after opening its file."""
    eight_bit = rendering.encoded.dtype == np.uint8
    return Photo(
        name="made-up",
        sha256="",
        file_format="JPEG" if eight_bit else "PNG",
        encoded=np.ascontiguousarray(rendering.encoded),
        decoding=srgb_decoding(256) if eight_bit else linear_decoding(65536, "linear"),
        capture=Metadata(),
    )


def outlined(
    kind: str, ita: float, contrast: float, seed: int, *, megapixels: float = 2.0
) -> Outlined:
    """Render, click once in the lesion, compare with the truth."""
    rng = np.random.default_rng([seed, 4242])
    side = float(np.sqrt(megapixels / 12.0))
    base = Capture(
        width_px=int(4000 * side), height_px=int(3000 * side), px_per_mm=30.0 * side
    )
    style = ("controlled", "clinic")[seed % 2]
    rendering = render(
        Scene(seed=seed, skin_ita_deg=ita, lesion=kind, contrast_de00=contrast),
        capture_preset(style, rng, base=base),
        pose_preset(style, rng),
    )
    photo, truth = photo_of(rendering), rendering.truth
    start = perf_counter()
    try:
        outline = outline_lesion(photo, truth.lesion_point_px)
    except LesionNotFound:
        outline = None
    seconds = perf_counter() - start
    told = {
        "kind": kind,
        "skin_ita_deg": ita,
        "contrast_de00": truth.contrast_de00,
        "seed": seed,
        "seconds": seconds,
    }
    if outline is None:
        return Outlined(
            **told, found=False, dice=0.0, width_error=np.nan, area_error=np.nan
        )
    mask = outline_mask(outline, photo)
    dice = 2 * (mask & truth.lesion_mask).sum() / (mask.sum() + truth.lesion_mask.sum())
    size = size_of(outline.mask, outline.window, kind=outline.kind)
    drawn = outline_from_mask(photo, truth.lesion_mask)
    true_size = size_of(
        drawn.mask, drawn.window, kind="line" if kind in LINES else "blob"
    )
    return Outlined(
        **told,
        found=True,
        dice=float(dice),
        width_error=size.width_px / true_size.width_px - 1,
        area_error=float(mask.sum() / truth.lesion_mask.sum() - 1),
    )


def table(results: Iterable[Outlined]) -> str:
    """Dice by kind and contrast, by skin, and width error of striae, as text."""
    rows = list(results)
    lines = [
        f"{'kind':14}"
        + "".join(f"  dE {c:<5.0f}" for c in CONTRASTS_DE00)
        + "  worst  missed  |width|"
    ]
    wanted = sorted({r.kind for r in rows}, key=LESION_KINDS.index)
    for kind in wanted:
        own = [r for r in rows if r.kind == kind]
        cells = "".join(
            f"  {_mean(r.dice for r in own if abs(r.contrast_de00 - c) < 2.5):7.3f}"
            for c in CONTRASTS_DE00
        )
        width = _mean(abs(r.width_error) for r in own if r.found)
        missed = sum(not r.found for r in own) / len(own)
        worst = min(r.dice for r in own)
        lines.append(f"{kind:14}{cells}  {worst:5.2f}  {missed:6.1%}  {width:7.1%}")
    for name, kinds in (
        ("blob", [k for k in wanted if k.endswith("scar") or k == "hypertrophic"]),
        ("striae", [k for k in wanted if k in LINES]),
        ("acne", [k for k in wanted if k in ("ice-pick", "boxcar", "rolling")]),
    ):
        if not kinds:
            continue
        by_skin = [
            _mean(r.dice for r in rows if r.kind in kinds and r.skin_ita_deg == ita)
            for ita in SKIN_ITA_DEG
        ]
        told = "  ".join(
            f"{ita:+.0f}°: {d:.3f}"
            for ita, d in zip(SKIN_ITA_DEG, by_skin, strict=True)
        )
        lines.append(f"{name:7} by skin ITA  {told}  gap {np.ptp(by_skin):.3f}")
    seconds = [r.seconds for r in rows]
    lines.append(f"time  median {np.median(seconds) * 1e3:.0f} ms")
    return "\n".join(lines)


def _mean(values: Iterable[float]) -> float:
    kept = list(values)
    return float(np.mean(kept)) if kept else float("nan")


def main() -> None:
    """Read the options, run the grid, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--megapixels", type=float, default=2.0)
    parser.add_argument("--kinds", default=",".join(LESION_KINDS))
    parser.add_argument("--failures", action="store_true", help="list Dice below 0.8")
    options = parser.parse_args()
    results = []
    for kind in options.kinds.split(","):
        for number in range(options.seeds):
            for place, contrast in enumerate(CONTRASTS_DE00):
                # Skin turns through the tones, so that each meets each contrast.
                for turn in range(2):
                    step = (number * 4 + place + 3 * turn) % len(SKIN_ITA_DEG)
                    results.append(
                        outlined(
                            kind,
                            SKIN_ITA_DEG[step],
                            contrast,
                            options.first_seed + 10 * number + 2 * place + turn,
                            megapixels=options.megapixels,
                        )
                    )
    print(table(results))
    if options.failures:
        for r in sorted(results, key=lambda r: r.dice):
            if r.dice < 0.8:
                print(
                    f"{r.kind} ITA {r.skin_ita_deg:+.0f} dE {r.contrast_de00:.1f} seed {r.seed} Dice {r.dice:.2f} area {r.area_error:+.0%}"
                )


if __name__ == "__main__":
    main()

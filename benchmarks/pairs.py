"""Phantom pairs for judging: what is drawn for pair number n, from n alone."""

from dataclasses import dataclass, replace

import numpy as np

from cicatrix.phantom.capture import Capture, Pose, capture_preset, pose_preset
from cicatrix.phantom.scene import LESION_KINDS, Scene, SceneObject

ITA_CLASSES = {
    "very light": (55.0, 60.0),
    "light": (41.0, 55.0),
    "intermediate": (28.0, 41.0),
    "tan": (10.0, 28.0),
    "brown": (-30.0, 10.0),
    "dark": (-45.0, -30.0),
}
CONTRASTS_DE00 = (4.0, 10.0, 18.0, 29.0)
REFERENCES = ("card", "grey", "none")
STYLES = ("controlled", "clinic", "wild", "linear")
FADES = (0.0, 0.0, 0.1, 0.2, 0.0, 0.3, 0.5, 0.8)
JUDGING_SEED = 10_000
"""Seeds from here on are for judging only; tuning uses those below 1000."""

BASE = Capture(width_px=1600, height_px=1200, px_per_mm=9.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Everything that makes one pair of phantom photographs."""

    seed: int
    tone: str
    reference: str
    style: str
    same_camera: bool
    fade: float
    scene: Scene
    captures: tuple[Capture, Capture]
    poses: tuple[Pose, Pose]


def pair_of(number: int, *, first_seed: int = JUDGING_SEED) -> Pair:
    """Pair `number`: strata go round in turn, everything else is drawn from its seed."""
    seed = first_seed + number
    rng = np.random.default_rng(seed)
    # 133 shares no factor with the 288 cells: any run of pairs is spread over all.
    cell = number * 133 % 288
    tone = tuple(ITA_CLASSES)[cell % 6]
    reference = REFERENCES[cell // 6 % 3]
    contrast = CONTRASTS_DE00[cell // 18 % 4]
    style = STYLES[cell // 72 % 4]
    fade = FADES[int(rng.integers(len(FADES)))]
    scene = Scene(
        seed=seed,
        skin_ita_deg=float(rng.uniform(*ITA_CLASSES[tone])),
        lesion=str(rng.choice(LESION_KINDS)),
        contrast_de00=contrast,
        objects=_objects(reference, rng),
        curvature_per_mm=float(rng.uniform(0, 0.004)),
    )
    same_camera = bool(rng.random() < 0.6)
    first = capture_preset(style, rng, base=BASE)
    second = capture_preset(style, rng, base=BASE, like=first if same_camera else None)
    # A steady hand at baseline; the follow-up is where frames differ.
    poses = (
        Pose(shift_mm=_place(reference)),
        _shifted(pose_preset(style, rng), reference),
    )
    return Pair(
        seed=seed,
        tone=tone,
        reference=reference,
        style=style,
        same_camera=same_camera,
        fade=fade,
        scene=scene,
        captures=(first, second),
        poses=poses,
    )


def _place(reference: str) -> tuple[float, float]:
    """Where the lesion goes in the frame so that the card fits beside it."""
    return (0.0, -38.0) if reference == "card" else (0.0, 0.0)


def _shifted(pose: Pose, reference: str) -> Pose:
    x, y = _place(reference)
    factor = max(pose.distance_factor, 1.0)
    return replace(
        pose, shift_mm=(pose.shift_mm[0] * 0.5 + x * factor, pose.shift_mm[1] * 0.5 + y)
    )


def _objects(reference: str, rng: np.random.Generator) -> tuple[SceneObject, ...]:
    if reference == "card":
        kind = "cicatrix-card" if rng.random() < 0.6 else "colorchecker"
        return (SceneObject(kind=kind, centre_mm=(0.0, 60.0), print_spread=1.0),)
    if reference == "grey":
        return (SceneObject(kind="grey-patch", centre_mm=(38.0, 30.0)),)
    return ()

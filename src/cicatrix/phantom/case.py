"""A made-up case as a folder: photographs of several visits, casebook and truth."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from cicatrix.errors import OutputUnwritable
from cicatrix.phantom.capture import (
    Capture,
    CaptureStyle,
    Pose,
    capture_preset,
    pose_preset,
)
from cicatrix.phantom.rendering import Rendering, render
from cicatrix.phantom.scene import LesionKind, Scene, SceneObject

__all__ = ["WrittenPhoto", "case_scene", "write_case"]

_FIRST_VISIT: Final = date(2025, 1, 10)
_BETWEEN_VISITS: Final = timedelta(days=42)
"""Six weeks: a usual interval between sessions of needling."""

_FRAME: Final = Capture(width_px=2000, height_px=1500, px_per_mm=11.0)
"""182 x 136 mm of skin: lesion above, card below."""

_LESION_UP_MM: Final = 38.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPhoto:
    """One photograph of a written case, by its path below the case's folder."""

    path: str
    visited_on: date
    visit: int
    rendering: Rendering


def case_scene(lesion: LesionKind, *, skin_ita_deg: float, seed: int) -> Scene:
    """A scene as a case shows it: the lesion, and the Cicatrix card below it."""
    rng = np.random.default_rng([seed, 201])
    scene = Scene(
        seed=seed,
        lesion=lesion,
        skin_ita_deg=skin_ita_deg,
        curvature_per_mm=float(rng.uniform(0, 0.003)),
        curvature_axis_deg=float(rng.uniform(0, 180)),
    )
    below = scene.size_mm / 2 + 8 + 35  # half a card, and air between
    card = SceneObject(
        kind="cicatrix-card",
        centre_mm=(float(rng.normal(0, 4)), below),
        rotation_deg=float(rng.normal(0, 2)),
        print_spread=1.0,
    )
    return replace(scene, objects=(card,))


def write_case(
    folder: Path,
    scene: Scene,
    *,
    visits: int = 4,
    fade: float = 0.35,
    style: CaptureStyle = "clinic",
    on_photo: Callable[[int, int], None] | None = None,
) -> tuple[WrittenPhoto, ...]:
    """Write photos/, case.toml and truth.json.

    Parameters
    ----------
    folder
        Made where it does not exist; files of the same names are replaced.
    scene
        What is photographed at each visit; see `case_scene`.
    visits
        At least 1, six weeks apart.
    fade
        Reached at the last visit, in equal steps on the way.
    style
        Of all captures and poses. The camera stays the same.
    on_photo
        Called with (photographs written, photographs in all) after each.

    Raises
    ------
    ValueError
        `visits` is below 1 or `fade` outside -1..2.
    OutputUnwritable
        The folder cannot be made or written to.
    """
    if visits < 1:
        raise ValueError(f"visits must be at least 1, got {visits!r}")
    photos: list[WrittenPhoto] = []
    try:
        (folder / "photos").mkdir(parents=True, exist_ok=True)
        for visit in range(visits):
            share = visit / (visits - 1) if visits > 1 else 1.0
            photo = _photo(scene, style, visit, fade * share)
            photo.rendering.write(folder / photo.path)
            photos.append(photo)
            if on_photo is not None:
                on_photo(len(photos), visits)
        casebook = _casebook(scene, photos)
        (folder / "case.toml").write_text(casebook, encoding="utf-8")
        truth = json.dumps(_truths(scene, photos), indent=2) + "\n"
        (folder / "truth.json").write_text(truth, encoding="utf-8")
    except OSError as wrong:
        raise OutputUnwritable(
            f"The made-up case could not be written ({wrong.strerror}), so it is "
            "incomplete. Choose a folder that may be written to."
        ) from wrong
    return tuple(photos)


def _photo(scene: Scene, style: CaptureStyle, visit: int, fade: float) -> WrittenPhoto:
    visited_on = _FIRST_VISIT + visit * _BETWEEN_VISITS
    first = capture_preset(
        style, np.random.default_rng([scene.seed, 202, 0]), base=_FRAME
    )
    rng = np.random.default_rng([scene.seed, 202, visit])
    drawn = capture_preset(style, rng, like=first, base=_FRAME)
    capture = replace(
        drawn, taken_at=datetime.combine(visited_on, time(10, 30 + visit % 30))
    )
    pose = pose_preset(style, rng) if visit else Pose()
    x, y = pose.shift_mm
    # The frame leaves room for the card at the baseline's distance and further off.
    pose = replace(
        pose,
        shift_mm=(x / 2, y / 2 - _LESION_UP_MM),
        distance_factor=max(0.97, pose.distance_factor),
        rotation_deg=pose.rotation_deg / 2,
    )
    rendering = render(scene, capture, pose, fade=fade, visit=visit)
    return WrittenPhoto(
        path=f"photos/{visited_on.isoformat()}-1{rendering.suffix}",
        visited_on=visited_on,
        visit=visit,
        rendering=rendering,
    )


def _casebook(scene: Scene, photos: list[WrittenPhoto]) -> str:
    x, y = photos[0].rendering.truth.lesion_point_px
    lines = [
        "[case]",
        f'title = "Made-up {scene.lesion}, skin ITA {scene.skin_ita_deg:g}, '
        f'seed {scene.seed}"',
        f"skin_tone = {float(scene.skin_ita_deg)!r}",
        "",
        "[[lesion]]",
        f'name = "{scene.lesion}"',
        f"point_xy = [{x:.1f}, {y:.1f}]",
    ]
    for photo in photos:
        lines += ["", "[[visit]]", f"date = {photo.visited_on.isoformat()}"]
        lines.append(f'photos = ["{photo.path}"]')
        if photo is not photos[-1]:
            lines.append("session = true")
    return "\n".join(lines) + "\n"


def _truths(scene: Scene, photos: list[WrittenPhoto]) -> dict[str, object]:
    return {
        "seed": scene.seed,
        "lesion": scene.lesion,
        "skin_ita_deg": scene.skin_ita_deg,
        "photos": [_truth(photo) for photo in photos],
    }


def _truth(photo: WrittenPhoto) -> dict[str, object]:
    truth = photo.rendering.truth
    signed = zip("Lab", truth.signed_lab, strict=True)
    return {
        "photo": photo.path,
        "date": photo.visited_on.isoformat(),
        "fade_fraction": round(truth.fade, 5),
        "contrast_de00": round(truth.contrast_de00, 4),
        **{f"contrast_d{axis}": round(value, 4) for axis, value in signed},
        "melanin_log_change": round(truth.melanin_log_change, 5),
        "blood_log_change": round(truth.blood_log_change, 5),
        "scattering_log_change": round(truth.scattering_log_change, 5),
        "area_mm2": round(truth.area_mm2, 3),
        "length_mm": round(truth.length_mm, 3),
        "width_mm": round(truth.width_mm, 3),
        "px_per_mm": round(truth.px_per_mm, 4),
        "lesion_point_xy": [round(value, 2) for value in truth.lesion_point_px],
    }

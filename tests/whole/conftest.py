"""A few made-up photographs, drawn once, that every story here is told with."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

import cicatrix as cx
from cicatrix.cli.main import main
from cicatrix.phantom import Rendering

_FRAME = cx.phantom.Capture(width_px=1000, height_px=750, px_per_mm=5.5)
_SMALL = cx.phantom.Capture(width_px=640, height_px=480, px_per_mm=8.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Photographs of one scar with a card, in `folder`, and of another person's skin."""

    folder: Path
    before: Rendering
    faded: Rendering
    still: Rendering

    @property
    def click(self) -> str:
        """A point on the scar, as the command line takes it."""
        x, y = self.before.truth.lesion_point_px
        return f"{x:.0f},{y:.0f}"

    def open(self, name: str) -> "cx.Photo":
        """A photograph by its name."""
        return cx.open_photo(self.folder / name)


def _photo(scene, *, month, fade=0.0, visit=0, **pose):
    capture = replace(_FRAME, taken_at=datetime(2025, month, 10, 10, 30))
    pose = cx.phantom.Pose(**{"shift_mm": (0.0, -25.0), **pose})
    return cx.phantom.render(scene, capture, pose, fade=fade, visit=visit)


@pytest.fixture(scope="session")
def story(tmp_path_factory) -> Story:
    """before.jpg, faded.jpg, still.jpg (nothing changed) and other.jpg (other skin)."""
    folder = tmp_path_factory.mktemp("story")
    scene = replace(
        cx.phantom.case_scene("red-scar", skin_ita_deg=30, seed=5),
        contrast_de00=14.0,
    )
    told = Story(
        folder=folder,
        before=_photo(scene, month=1),
        faded=_photo(
            scene, month=3, fade=0.5, visit=2, rotation_deg=3, shift_mm=(1, -24)
        ),
        still=_photo(scene, month=2, visit=1, rotation_deg=-3, tilt_y_deg=2),
    )
    for name in ("before", "faded", "still"):
        getattr(told, name).write(folder / f"{name}.jpg")
    stranger = cx.phantom.Scene(seed=40, lesion="red-scar", skin_ita_deg=0)
    cx.phantom.render(stranger, _SMALL).write(folder / "other.jpg")
    return told


@pytest.fixture(scope="session")
def faded_result(story) -> "cx.Comparison":
    """What comparing before with faded answers, from one click."""
    return cx.compare(
        story.open("before.jpg"),
        story.open("faded.jpg"),
        lesion=story.before.truth.lesion_point_px,
    )


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `cicatrix` with arguments in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        return CliRunner().invoke(main, [str(a) for a in arguments])

    return call

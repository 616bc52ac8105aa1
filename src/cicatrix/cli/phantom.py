"""`cicatrix phantom`: a made-up case whose truth is known."""

from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack, get_args

import click

from cicatrix.cli.progress import progress_bar
from cicatrix.cli.table import writer
from cicatrix.errors import OutputUnwritable
from cicatrix.phantom.capture import CaptureStyle
from cicatrix.phantom.case import case_scene, write_case
from cicatrix.phantom.scene import LESION_KINDS, LesionKind, Scene

__all__ = ["command"]


class _Options(TypedDict):
    """The argument and options as click hands them over."""

    folder: Path
    lesion: LesionKind
    skin_ita: float
    visits: int
    fade: float
    seed: int
    card: str
    style: CaptureStyle


@click.command("phantom")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--lesion",
    type=click.Choice(LESION_KINDS),
    default="red-scar",
    show_default=True,
    help="What is on the skin.",
)
@click.option(
    "--skin-ita",
    type=click.FloatRange(-45, 60),
    default=35.0,
    show_default=True,
    help="Skin tone as typology angle in degrees: 60 very light, -45 dark.",
)
@click.option(
    "--visits",
    type=click.IntRange(2, 50),
    default=4,
    show_default=True,
    help="How many visits, six weeks apart.",
)
@click.option(
    "--fade",
    type=click.FloatRange(-1, 1),
    default=0.35,
    show_default=True,
    help="True fade at the last visit: 0.35 is 35 % less contrast.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Everything accidental follows from it; from 10000 up kept for judging.",
)
@click.option(
    "--card",
    type=click.Choice(["cicatrix", "colorchecker", "none"]),
    default="cicatrix",
    show_default=True,
    help="Which card lies beside it.",
)
@click.option(
    "--style",
    type=click.Choice(get_args(CaptureStyle)),
    default="clinic",
    show_default=True,
    help="How carefully the photographs are taken.",
)
def command(**given: Unpack[_Options]) -> None:
    """Write a made-up case into FOLDER: photographs, case.toml and truth.json.

    Everything in it is computed; no person is shown.
    """
    folder = given["folder"]
    if folder.is_dir() and any(folder.iterdir()):
        raise OutputUnwritable(
            f"“{folder.name}” is not empty, and a made-up case must not mix with other "
            "photographs. Choose a new folder."
        )
    scene = case_scene(
        given["lesion"], skin_ita_deg=given["skin_ita"], seed=given["seed"]
    )
    with progress_bar() as show:
        written = write_case(
            folder,
            _with_card(scene, given["card"]),
            visits=given["visits"],
            fade=given["fade"],
            style=given["style"],
            on_photo=lambda done, of: show(done / of, "taking photographs"),
        )
    console = writer(on_error_stream=False)
    console.print(f"{len(written)} photographs written to {folder}")
    console.print(f"Measure them: cicatrix measure {folder}")


def _with_card(scene: Scene, card: str) -> Scene:
    """The scene with another card at the same place, or with none."""
    if card == "none":
        return replace(scene, objects=())
    if card == "colorchecker":
        (lying,) = scene.objects
        return replace(scene, objects=(replace(lying, kind="colorchecker"),))
    return scene

"""`cicatrix punctures`: where the needles go, as numbers and as a map."""

from importlib.metadata import version
from pathlib import Path
from typing import TypedDict, Unpack

import click

from cicatrix.cli.output import STDOUT, check_outputs, write_whole
from cicatrix.cli.sheet import show_sheet
from cicatrix.cli.table import writer
from cicatrix.errors import InputInvalid
from cicatrix.punctures.asking import device_asked
from cicatrix.punctures.device import Device, Handling
from cicatrix.punctures.duration import Duration, duration_of
from cicatrix.punctures.field import (
    PunctureField,
    Sampling,
    puncture_field,
    puncture_map,
)
from cicatrix.punctures.sheet import counted, puncture_sheet
from cicatrix.report.as_json import json_text
from cicatrix.report.provenance import Provenance
from cicatrix.report.puncture_map import map_png, map_svg
from cicatrix.report.punctures_json import punctures_to_json
from cicatrix.report.sheet_page import render_sheets, sheet_view

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_SIZES = (
    *("needles", "rate_hz", "field_mm", "rings", "rows"),
    *("drum_diameter_mm", "needle_mm", "penetrated_mm"),
)
_DRAWN_MM2 = 100.0
"""The map shows at most a square of this area, in which single channels can be seen."""


class _Options(TypedDict):
    """The options as click hands them over."""

    device: str
    needles: int | None
    rate_hz: float | None
    field_mm: float | None
    rings: int | None
    rows: int | None
    drum_diameter_mm: float | None
    needle_mm: float | None
    penetrated_mm: float | None
    speed_cm_s: float
    passes: int
    directions: tuple[float, ...]
    overlap: float
    jitter_mm: float | None
    placing_mm: float | None
    rotation_deg: float | None
    within: tuple[float, ...]
    channel_um: float | None
    patch_cm2: float
    patches: int
    area_cm2: float | None
    seed: int
    picture: Path | None
    html_path: Path | None
    json_path: Path | None


def _numbers(
    _: click.Context, option: click.Parameter, given: str
) -> tuple[float, ...]:
    """Numbers between commas."""
    try:
        return tuple(float(part) for part in given.split(","))
    except ValueError as error:
        raise click.BadParameter(
            f"“{given}” must be numbers between commas, such as 0,90.", param=option
        ) from error


@click.command("punctures")
@click.option(
    "--device",
    required=True,
    metavar="NAME",
    help="pen, roller, stamp, or a device that a source describes, such as "
    "dermaroller-mf8.",
)
@click.option("--needles", type=int, help="All needles of the cartridge or drum.")
@click.option("--rate-hz", type=float, help="Strokes of a pen a second.")
@click.option("--field-mm", type=float, help="Width of the needle field or the rows.")
@click.option("--rings", type=int, help="Rings on which a pen's needles stand.")
@click.option("--rows", type=int, help="Rows of a roller.")
@click.option("--drum-diameter-mm", type=float, help="Drum without its needles.")
@click.option("--needle-mm", type=float, help="Length of a roller's needles.")
@click.option("--penetrated-mm", type=float, help="How much of it goes in.  [all]")
@click.option(
    "--speed-cm-s", type=float, default=2.0, show_default=True, help="Of the hand."
)
@click.option(
    "--passes",
    type=int,
    default=1,
    show_default=True,
    help="How often the skin is covered.",
)
@click.option(
    "--directions",
    callback=_numbers,
    default="0,90",
    show_default=True,
    metavar="DEG,…",
    help="Direction of the tracks, pass by pass.",
)
@click.option(
    "--overlap",
    type=float,
    default=0.0,
    show_default=True,
    help="Share of a track that the next one covers again.",
)
@click.option("--jitter-mm", type=float, help="Unsteadiness from stroke to stroke.")
@click.option("--placing-mm", type=float, help="Error in placing a track.")
@click.option("--rotation-deg", type=float, help="Turning in the hand.")
@click.option(
    "--within",
    callback=_numbers,
    default="0.1,0.25,0.5",
    show_default=True,
    metavar="MM,…",
    help="Distances for the share of skin near a puncture.",
)
@click.option("--channel-um", type=float, help="Diameter of a channel.  [measured]")
@click.option(
    "--patch-cm2",
    type=float,
    default=1.0,
    show_default=True,
    help="Area of a simulated patch.",
)
@click.option(
    "--patches", type=int, default=50, show_default=True, help="How many of them."
)
@click.option("--area-cm2", type=float, help="Area to be treated: tells the time.")
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Everything accidental follows from it.",
)
@click.option("--picture", type=_FILE, help="Draw a map of a patch: .svg or .png.")
@click.option("--html", "html_path", type=_FILE, help="Write a page with the map.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write everything as JSON; - for standard output.",
)
def command(**given: Unpack[_Options]) -> None:
    """Simulate where the needles of a pen, roller or stamp go, and count it.

    It shows geometry: how many punctures, how even, how near to any place of the skin.
    """
    to_stdout = given["json_path"] == STDOUT
    written = None if to_stdout else given["json_path"]
    check_outputs([given["picture"], given["html_path"], written], inputs=[])
    _check_suffix(given["picture"])
    device = device_asked(given["device"], {name: given[name] for name in _SIZES})  # type: ignore[literal-required]  # names of the options above
    handling, sampling = _handling(given), _sampling(given)
    field = puncture_field(device, handling=handling, sampling=sampling)
    duration = None
    if given["area_cm2"] is not None:
        duration = duration_of(field, area_cm2=given["area_cm2"])
    console = writer(on_error_stream=to_stdout)
    document = json_text(punctures_to_json(field, duration=duration))
    # Files first: whoever reads only the head of the words must not lose them.
    if written is not None:
        write_whole(written, document.encode())
    if given["picture"] is not None:
        write_whole(given["picture"], _picture(field, given["picture"]))
    if given["html_path"] is not None:
        write_whole(given["html_path"], _page(field, duration).encode())
    show_sheet(console, puncture_sheet(field, duration=duration))
    if to_stdout:
        click.echo(document, nl=False)
    for name, path in (("Map", given["picture"]), ("Page", given["html_path"])):
        if path is not None:
            console.print(f"{name}: {path}")


def _check_suffix(picture: Path | None) -> None:
    if picture is not None and picture.suffix.lower() not in (".svg", ".png"):
        raise click.UsageError(
            f"--picture: “{picture.name}” must end in .svg or .png, which tells what "
            "to draw."
        )


def _handling(given: _Options) -> Handling:
    return Handling(
        passes=given["passes"],
        directions_deg=given["directions"],
        speed_cm_s=given["speed_cm_s"],
        overlap_fraction=given["overlap"],
        jitter_mm=given["jitter_mm"],
        placing_mm=given["placing_mm"],
        rotation_deg=given["rotation_deg"],
    )


def _sampling(given: _Options) -> Sampling:
    return Sampling(
        patch_cm2=given["patch_cm2"],
        patches=given["patches"],
        within_mm=given["within"],
        channel_um=given["channel_um"],
        seed=given["seed"],
    )


def _picture(field: PunctureField, path: Path) -> bytes:
    drawn = puncture_map(
        field.device, handling=field.handling, sampling=_to_draw(field.sampling)
    )
    if path.suffix.lower() == ".png":
        return map_png(drawn)
    return map_svg(drawn, title=_title(field.device, field.handling)).encode()


def _to_draw(sampling: Sampling) -> Sampling:
    return Sampling(
        patch_cm2=min(sampling.patch_cm2, _DRAWN_MM2 / 100),
        within_mm=sampling.within_mm,
        channel_um=sampling.channel_um,
        seed=sampling.seed,
    )


def _title(device: Device, handling: Handling) -> str:
    name = device.model or device.kind
    needles, passes = device.needles, handling.passes
    return f"{name}, {counted(needles, 'needle')}, {counted(passes, 'pass')}"


def _page(field: PunctureField, duration: Duration | None) -> str:
    pictures = []
    try:
        pictures.append(_picture(field, Path("map.svg")).decode())
    except InputInvalid:
        # A page without its map is still the answer; the map itself can be asked for.
        pictures.clear()
    provenance = Provenance(
        versions=(("cicatrix", version("cicatrix")),),
        parameters=(
            ("device", _title(field.device, field.handling)),
            ("seed", str(field.sampling.seed)),
        ),
    )
    view = sheet_view(puncture_sheet(field, duration=duration), pictures=pictures)
    return render_sheets([view], title="Punctures, simulated", provenance=provenance)

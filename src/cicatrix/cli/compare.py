"""`cicatrix compare`: two photographs and a click."""

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict, Unpack

import click

from cicatrix.cli.output import EXIT_NOT_MEASURABLE, STDOUT, check_outputs, write_whole
from cicatrix.cli.places import (
    BOX,
    CORNERS,
    POINT,
    STROKE,
    as_point,
    as_points,
    check_lesion_fits,
    lesion_from_options,
)
from cicatrix.cli.progress import progress_bar
from cicatrix.cli.skin_tone import SKIN_TONE
from cicatrix.cli.table import show_comparison, writer
from cicatrix.domain.fade import Verdict
from cicatrix.domain.result import Comparison
from cicatrix.outline.value import Lesion
from cicatrix.photo.value import Photo
from cicatrix.report.as_json import comparison_to_json, json_text
from cicatrix.report.page import render_comparison_report
from cicatrix.report.provenance import Provenance
from cicatrix.work.comparing import compare_with_drawing
from cicatrix.work.measuring import versions
from cicatrix.work.opening import open_photo
from cicatrix.work.together import together

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_SIZE = click.FloatRange(min=0, min_open=True)
_Place = tuple[float, ...] | None
_SAID: dict[bool | None, str] = {True: "yes", False: "no"}
_OPEN_SHARE = 0.15
_DRAW_SHARE = 0.1
"""Shares of the bar for opening the photographs and for drawing the report."""


class _Options(TypedDict):
    """The arguments and options as click hands them over."""

    before: Path
    after: Path
    lesion: _Place
    box: _Place
    scribble: _Place
    polygon: Path | None
    mask: Path | None
    name: str
    report: Path
    no_report: bool
    json_path: Path | None
    mm_per_px: float | None
    mm_per_px_after: float | None
    grey: _Place
    grey_after: _Place
    card_corners: _Place
    card_corners_after: _Place
    flash: bool | None
    flash_after: bool | None
    skin_tone: float | None


@click.command("compare")
@click.argument("before", type=_FILE)
@click.argument("after", type=_FILE)
@click.option("--lesion", type=POINT, help="A point on the scar in BEFORE.")
@click.option("--box", type=BOX, help="A box around the scar in BEFORE.")
@click.option("--scribble", type=STROKE, help="A rough stroke along it in BEFORE.")
@click.option("--polygon", type=_FILE, help="File with the scar's corners in BEFORE.")
@click.option("--mask", type=_FILE, help="PNG of BEFORE's size, white on the scar.")
@click.option("--name", default="lesion", show_default=True, help="What to call it.")
@click.option(
    "--report",
    type=_FILE,
    default=Path("report.html"),
    show_default=True,
    help="Where the report goes.",
)
@click.option("--no-report", is_flag=True, help="Write no report.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the whole result as JSON; - for standard output.",
)
@click.option("--mm-per-px", type=_SIZE, help="Size of a pixel of BEFORE on the skin.")
@click.option("--mm-per-px-after", type=_SIZE, help="The same of AFTER.")
@click.option("--grey", type=POINT, help="A point on a neutral grey patch in BEFORE.")
@click.option("--grey-after", type=POINT, help="The same in AFTER.")
@click.option("--card-corners", type=CORNERS, help="A colour card's corners in BEFORE.")
@click.option("--card-corners-after", type=CORNERS, help="The same in AFTER.")
@click.option(
    "--flash/--no-flash",
    default=None,
    help="Whether a flash fired for BEFORE, where its file does not say.",
)
@click.option("--flash-after/--no-flash-after", default=None, help="The same of AFTER.")
@click.option(
    "--skin-tone",
    type=SKIN_TONE,
    help="How light the healthy skin is: very light, light, intermediate, tan, brown, "
    "dark, or its ITA in degrees; not a phototype.",
)
def command(**given: Unpack[_Options]) -> None:
    """How far one scar faded from the photograph BEFORE to the photograph AFTER.

    Point to the scar in BEFORE with --lesion, --box, --scribble, --polygon or
    --mask.
    """
    report = None if given["no_report"] else given["report"]
    json_path = None if given["json_path"] == STDOUT else given["json_path"]
    files = [given["before"], given["after"], given["polygon"], given["mask"]]
    check_outputs([report, json_path], inputs=[f for f in files if f is not None])
    lesion = lesion_from_options(
        point=given["lesion"],
        box=given["box"],
        scribble=given["scribble"],
        polygon=given["polygon"],
        mask=given["mask"],
    )
    provenance = Provenance(versions=versions(), parameters=_asked(given))
    with progress_bar() as show:
        baseline, followup = _opened(given, lesion, show)
        comparison, drawing = compare_with_drawing(
            baseline,
            followup,
            lesion=lesion,
            name=given["name"],
            skin_ita_deg=given["skin_tone"],
            progress=lambda done, words: show(
                _OPEN_SHARE + done * (1 - _OPEN_SHARE - _DRAW_SHARE), words
            ),
        )
        page = None
        if report is not None:
            show(1 - _DRAW_SHARE, "drawing the report")
            pictures = None if drawing is None else drawing()
            page = render_comparison_report(comparison, pictures, provenance)
    _deliver(comparison, provenance, page, given)
    if comparison.fade.verdict is Verdict.NOT_MEASURABLE:
        click.get_current_context().exit(EXIT_NOT_MEASURABLE)


def _opened(
    given: _Options, lesion: Lesion, show: Callable[[float, str], None]
) -> tuple[Photo, Photo]:
    """Both photographs, the lesion's mask fitting the first."""
    show(0.0, f"opening {given['before'].name} and {given['after'].name}")
    baseline, followup = together(
        lambda: open_photo(
            given["before"],
            mm_per_px=given["mm_per_px"],
            grey_xy=as_point(given["grey"]),
            card_corners_xy=as_points(given["card_corners"]),
            flash_fired=given["flash"],
        ),
        lambda: open_photo(
            given["after"],
            mm_per_px=given["mm_per_px_after"],
            grey_xy=as_point(given["grey_after"]),
            card_corners_xy=as_points(given["card_corners_after"]),
            flash_fired=given["flash_after"],
        ),
    )
    check_lesion_fits(lesion, baseline)
    return baseline, followup


def _deliver(
    comparison: Comparison, provenance: Provenance, page: str | None, given: _Options
) -> None:
    """The table, the JSON and the report's page, each where it was asked."""
    to_stdout = given["json_path"] == STDOUT
    console = writer(on_error_stream=to_stdout)
    show_comparison(console, comparison)
    if given["json_path"] is not None:
        text = json_text(
            comparison_to_json(
                comparison,
                versions=provenance.versions,
                parameters=provenance.parameters,
            )
        )
        if to_stdout:
            click.echo(text, nl=False)
        else:
            write_whole(given["json_path"], text.encode())
    if page is not None:
        write_whole(given["report"], page.encode())
        console.print(f"Report: {given['report']}")


def _asked(given: _Options) -> tuple[tuple[str, str], ...]:
    """What was asked that bears on the numbers, named with its unit."""
    named = {
        "lesion_xy_px": given["lesion"],
        "box_xyxy_px": given["box"],
        "scribble_xy_px": given["scribble"],
        "polygon_file": given["polygon"] and given["polygon"].name,
        "mask_file": given["mask"] and given["mask"].name,
        "baseline_mm_per_px": given["mm_per_px"],
        "followup_mm_per_px": given["mm_per_px_after"],
        "baseline_grey_xy_px": given["grey"],
        "followup_grey_xy_px": given["grey_after"],
        "baseline_card_corners_xy_px": given["card_corners"],
        "followup_card_corners_xy_px": given["card_corners_after"],
        "baseline_flash_fired": _SAID.get(given["flash"]),
        "followup_flash_fired": _SAID.get(given["flash_after"]),
        "skin_ita_deg": None
        if given["skin_tone"] is None
        else f"{given['skin_tone']:g}",
    }
    return tuple(
        (
            name,
            ", ".join(f"{v:g}" for v in value)
            if isinstance(value, tuple)
            else str(value),
        )
        for name, value in named.items()
        if value is not None
    )

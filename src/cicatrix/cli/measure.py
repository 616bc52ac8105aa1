"""`cicatrix measure`: a case with any number of visits and lesions."""

from pathlib import Path

import click

from cicatrix.casebook import CASE_FILE, Casebook, read_casebook
from cicatrix.casebook.dating import taken_on
from cicatrix.casebook.loose import casebook_from_photos
from cicatrix.cli.output import EXIT_NOT_MEASURABLE, STDOUT, check_outputs, write_whole
from cicatrix.cli.places import POINT
from cicatrix.cli.progress import progress_bar
from cicatrix.cli.table import show_case, writer
from cicatrix.domain.result import CaseResult
from cicatrix.report.as_json import json_text, to_json
from cicatrix.report.page import render_report
from cicatrix.work.course import course_sheets, forecast_sheets
from cicatrix.work.measuring import measure_with_pictures

__all__ = ["command"]

_RENDER_SHARE = 0.1
"""Share of the bar for drawing the report."""


@click.command("measure")
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--lesion",
    type=POINT,
    help="A point on the scar in the first photograph, for a folder without case.toml; "
    "visits are then taken from the photographs' own dates.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the report goes.  [default: report.html in CASE]",
)
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the whole result as JSON; - for standard output.",
)
def command(
    *,
    case: Path,
    lesion: tuple[float, ...] | None,
    report: Path | None,
    json_path: Path | None,
) -> None:
    """How every scar of the casebook CASE fades from visit to visit.

    CASE is a folder with case.toml and photographs.
    """
    casebook = _casebook(case, lesion)
    report = report or case / "report.html"
    to_stdout = json_path == STDOUT
    check_outputs([report, None if to_stdout else json_path], inputs=_files(casebook))

    course = course_sheets(casebook)
    with progress_bar() as show:
        result, pictures = measure_with_pictures(
            casebook,
            progress=lambda done, words: show(done * (1 - _RENDER_SHARE), words),
        )
        show(1 - _RENDER_SHARE, "drawing the report")
        course += forecast_sheets(casebook, result)
        page = render_report(result, pictures, course)
    # Files first: whoever reads only the head of the words must not lose them.
    if json_path is not None and not to_stdout:
        write_whole(json_path, json_text(to_json(result)).encode())
    write_whole(report, page.encode())
    console = writer(on_error_stream=to_stdout)
    show_case(console, result)
    if to_stdout:
        click.echo(json_text(to_json(result)), nl=False)
    console.print(f"Report: {report}")
    if not _any_measured(result):
        click.get_current_context().exit(EXIT_NOT_MEASURABLE)


def _any_measured(result: CaseResult) -> bool:
    """Whether there is a fade of any lesion at any visit."""
    return any(
        visit.since_baseline is not None and visit.since_baseline.reason is None
        for series in result.lesions
        for visit in series.visits
    )


def _casebook(folder: Path, lesion: tuple[float, ...] | None) -> Casebook:
    """The folder's own casebook, or one made from its photographs and a point."""
    if lesion is None:
        return read_casebook(folder, taken_on=taken_on)
    if (folder / CASE_FILE).exists():
        raise click.UsageError(
            f"The folder has {CASE_FILE}, which says where the lesions are; leave out "
            "--lesion or remove the file."
        )
    return casebook_from_photos(
        folder, point_xy=(lesion[0], lesion[1]), taken_on=taken_on
    )


def _files(casebook: Casebook) -> list[Path]:
    """Every file that the case consists of."""
    photos = [photo for visit in casebook.visits for photo in visit.photos]
    masks = [mask for visit in casebook.visits for mask in visit.masks.values()]
    drawn = [lesion.mask for lesion in casebook.lesions if lesion.mask is not None]
    asked = [path for path in (casebook.intake, casebook.plan) if path is not None]
    return [casebook.folder / CASE_FILE, *photos, *masks, *drawn, *asked]

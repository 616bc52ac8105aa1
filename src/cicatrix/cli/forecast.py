"""`cicatrix forecast`: what to expect of a planned course, and whether to go on."""

from importlib.metadata import version
from pathlib import Path

import click

from cicatrix.cli.output import STDOUT, check_outputs, write_whole
from cicatrix.cli.sheet import show_sheet
from cicatrix.cli.table import writer
from cicatrix.outcomes.forecast_sheet import forecast_sheet
from cicatrix.outcomes.forecasting import Forecast, forecast
from cicatrix.outcomes.measured import read_measured
from cicatrix.planning.expecting import forecast_requests, of_the_measured
from cicatrix.planning.request import read_plan
from cicatrix.report.as_json import json_text
from cicatrix.report.forecast_chart import forecast_chart
from cicatrix.report.forecast_json import forecasts_to_json
from cicatrix.report.provenance import Provenance
from cicatrix.report.sheet_page import render_sheets, sheet_view

__all__ = ["command"]


@click.command("forecast")
@click.argument("plan", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--measured",
    "measured_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Fades of this patient so far: JSON of cicatrix measure or compare.",
)
@click.option("--lesion", help="Which lesion of the measured result.")
@click.option(
    "--indication",
    help="Which indication of the plan the measured lesion is, where it has several.",
)
@click.option(
    "--treatment",
    help="A treatment of the trials instead of the plan's device, e.g. needling-prp.",
)
@click.option(
    "--html",
    "html_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page with the course drawn.",
)
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write everything as JSON; - for standard output.",
)
def command(
    *,
    plan: Path,
    measured_path: Path | None,
    treatment: str | None,
    html_path: Path | None,
    json_path: Path | None,
    **which: str | None,
) -> None:
    """What to expect of the course in PLAN (plan.toml), session by session.

    With the patient's own measured fades it says whether going on is worth it.
    """
    to_stdout = json_path == STDOUT
    inputs = [plan, *([] if measured_path is None else [measured_path])]
    check_outputs([html_path, None if to_stdout else json_path], inputs=inputs)
    asked = forecast_requests(read_plan(plan), treatment=treatment)
    if measured_path is not None:
        measured = read_measured(measured_path, lesion=which["lesion"])
        concerned = of_the_measured(asked, which["indication"])
    else:
        measured, concerned = None, None
    found = [
        forecast(request, measured=measured if request is concerned else None)
        for request in asked
    ]
    # Files first: whoever reads only the head of the words must not lose them.
    if json_path is not None and not to_stdout:
        write_whole(json_path, json_text(forecasts_to_json(found)).encode())
    if html_path is not None:
        write_whole(html_path, _page(found).encode())
    console = writer(on_error_stream=to_stdout)
    for number, each in enumerate(found):
        if number:
            console.print()
        show_sheet(console, forecast_sheet(each))
    if to_stdout:
        click.echo(json_text(forecasts_to_json(found)), nl=False)
    if html_path is not None:
        console.print(f"Page: {html_path}")


def _page(found: list[Forecast]) -> str:
    provenance = Provenance(
        versions=(("cicatrix", version("cicatrix")),),
        parameters=(("data", found[0].data_sha256[:12]),),
    )
    views = [
        sheet_view(
            forecast_sheet(each),
            anchor=f"forecast-{n}",
            pictures=[forecast_chart(each)],
        )
        for n, each in enumerate(found)
    ]
    return render_sheets(views, title="Forecast", provenance=provenance)

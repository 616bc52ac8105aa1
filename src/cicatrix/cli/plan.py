"""`cicatrix plan`: depth, device, dates and after-care for what a file asks."""

from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TypedDict, Unpack

import click

from cicatrix.cli.output import EXIT_NOT_MEASURABLE, STDOUT, check_outputs, write_whole
from cicatrix.cli.sheet import show_sheet
from cicatrix.cli.table import writer
from cicatrix.planning.planning import Plan, plan
from cicatrix.planning.request import read_plan
from cicatrix.planning.telling import plan_sheet
from cicatrix.report.as_json import json_text
from cicatrix.report.leaflet import render_leaflet
from cicatrix.report.plan_json import plan_to_json
from cicatrix.report.plan_page import plan_view
from cicatrix.report.provenance import Provenance
from cicatrix.report.sheet_page import render_sheets
from cicatrix.screening.value import Verdict

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_FREE = (Verdict.PROCEED, Verdict.PRECAUTIONS)
"""Verdicts of a screening with which a plan may be followed."""


class _Options(TypedDict):
    """The argument and options as click hands them over."""

    plan: Path | None
    html: Path | None
    leaflet: Path | None
    json_path: Path | None
    full: bool
    example: bool


@click.command("plan")
@click.argument("plan", type=_FILE, required=False)
@click.option("--html", type=_FILE, help="Write the whole plan as a page.")
@click.option("--leaflet", type=_FILE, help="Write the patient's page, to be printed.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the plan as JSON; - for standard output.",
)
@click.option("--full", is_flag=True, help="Show everything, not the main lines alone.")
@click.option("--example", is_flag=True, help="Print a commented plan.toml and stop.")
def command(**given: Unpack[_Options]) -> None:
    """Depth, device, passes, dates and after-care for PLAN, a plan.toml.

    It informs a professional. It is no prescription and promises nothing. The exit
    code is 3 where the intake in PLAN is not cleared; no leaflet is written where its
    verdict is “do not treat”.
    """
    if given["example"]:
        click.echo(_example(), nl=False)
        return
    if given["plan"] is None:
        raise click.UsageError("Name a plan.toml, or ask for one with --example.")
    to_stdout = given["json_path"] == STDOUT
    json_path = None if to_stdout else given["json_path"]
    check_outputs([given["html"], given["leaflet"], json_path], inputs=[given["plan"]])
    answer = plan(
        read_plan(given["plan"], today=datetime.now(tz=UTC).astimezone().date())
    )
    # Files first: whoever reads only the head of the words must not lose them.
    if given["leaflet"] is not None and not answer.halted:
        write_whole(given["leaflet"], render_leaflet(answer).encode())
    _write(answer, html=given["html"], json_path=json_path)
    show_sheet(
        writer(on_error_stream=to_stdout), plan_sheet(answer, brief=not given["full"])
    )
    if to_stdout:
        click.echo(json_text(plan_to_json(answer)), nl=False)
    if answer.screening is not None and answer.screening.verdict not in _FREE:
        click.get_current_context().exit(EXIT_NOT_MEASURABLE)


def _example() -> str:
    return files("cicatrix.planning").joinpath("example.toml").read_text("utf-8")


def _write(answer: Plan, *, html: Path | None, json_path: Path | None) -> None:
    if html is not None:
        provenance = Provenance(
            versions=(("cicatrix", version("cicatrix")),), parameters=()
        )
        page = render_sheets(
            [plan_view(answer)],
            title="Plan",
            provenance=provenance,
        )
        write_whole(html, page.encode())
    if json_path is not None:
        write_whole(json_path, json_text(plan_to_json(answer)).encode())

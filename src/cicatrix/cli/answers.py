"""`cicatrix answers`: what people ask at a first visit."""

from pathlib import Path

import click

from cicatrix.cli.output import STDOUT, check_outputs, write_whole
from cicatrix.cli.sheet import show_sheet
from cicatrix.cli.table import writer
from cicatrix.planning.answers import ABOUT, answers_sheet, first_visit
from cicatrix.report.answers_json import answers_to_json
from cicatrix.report.as_json import json_text
from cicatrix.report.leaflet import render_answers

__all__ = ["command"]


@click.command("answers")
@click.option(
    "--about", type=click.Choice(ABOUT), help="What it is about.  [default: both]"
)
@click.option(
    "--html",
    "html_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the answers as a page to be read or printed.",
)
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the answers as JSON; - for standard output.",
)
def command(
    *, about: str | None, html_path: Path | None, json_path: Path | None
) -> None:
    """What people ask before microneedling, answered in plain words with sources."""
    to_stdout = json_path == STDOUT
    file = None if to_stdout else json_path
    check_outputs([html_path, file], inputs=[])
    answers = first_visit(about)
    show_sheet(writer(on_error_stream=to_stdout), answers_sheet(answers))
    text = json_text(answers_to_json(answers, about=about))
    if html_path is not None:
        write_whole(html_path, render_answers(answers, about=about).encode())
    if file is not None:
        write_whole(file, text.encode())
    if to_stdout:
        click.echo(text, nl=False)

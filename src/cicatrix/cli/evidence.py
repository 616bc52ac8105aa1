"""`cicatrix evidence`: what trials show of an indication, and which facts are due."""

from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import click

from cicatrix.cli.output import STDOUT, check_outputs, write_whole
from cicatrix.cli.sheet import show_sheet
from cicatrix.cli.table import writer
from cicatrix.evidence.words_of_the_field import indications
from cicatrix.outcomes.asking import Evidence, evidence_for, known_indication
from cicatrix.outcomes.due import Reviewed, review_state
from cicatrix.outcomes.evidence_sheet import evidence_sheet
from cicatrix.report.as_json import json_text
from cicatrix.report.evidence_json import evidence_to_json
from cicatrix.report.forest import forest_plot
from cicatrix.report.provenance import Provenance
from cicatrix.report.sheet_page import render_sheets, sheet_view

__all__ = ["EXIT_OVERDUE", "command"]

EXIT_OVERDUE = 3
"""Answered, but a fact is past its review date: a script must notice."""


class _ByIndication(click.Group):
    """`check`, and one command for each indication of the vocabulary."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """`check` first, then the indications."""
        return [*super().list_commands(ctx), *indications()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of an indication; an unknown one is named with its nearest."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        return _command_of(known_indication(cmd_name).id)


@click.group("evidence", cls=_ByIndication)
def command() -> None:
    """What trials and reviews show of an indication, each number with its source.

    Treatments are compared within trials only. `check` lists facts past their review
    date.
    """


@command.command("check")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day to judge by.  [default: today]",
)
def check(*, on: datetime | None) -> None:
    """List facts past their review date; exit code 3 if there are any."""
    day = (on or datetime.now(tz=UTC)).date()
    state = review_state(day)
    console = writer(on_error_stream=False)
    console.print(_state_words(state))
    for due in state.overdue:
        console.print(
            f"{due.review_by.isoformat()}  {due.where}  ({', '.join(due.sources)})"
        )
    if state.overdue:
        click.get_current_context().exit(EXIT_OVERDUE)


def _state_words(state: Reviewed) -> str:
    return (
        f"{state.entries} facts in {state.files} files; {len(state.overdue)} past their "
        f"review date on {_day(state.on)}, the next due on {_day(state.next_due)}; "
        f"{state.unreviewed} not reviewed by any clinician."
    )


def _day(day: date) -> str:
    return day.isoformat()


def _command_of(indication: str) -> click.Command:
    @click.command(indication, help=f"Evidence on {indications()[indication].title}.")
    @click.option(
        "--html",
        "html_path",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write a page with the forest plot.",
    )
    @click.option(
        "--json",
        "json_path",
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        help="Write everything as JSON; - for standard output.",
    )
    def show(*, html_path: Path | None, json_path: Path | None) -> None:
        _show(indication, html_path=html_path, json_path=json_path)

    return show


def _show(indication: str, *, html_path: Path | None, json_path: Path | None) -> None:
    to_stdout = json_path == STDOUT
    check_outputs([html_path, None if to_stdout else json_path], inputs=[])
    found = evidence_for(indication)
    console = writer(on_error_stream=to_stdout)
    # Files first: whoever reads only the head of the words must not lose them.
    if json_path is not None and not to_stdout:
        write_whole(json_path, json_text(evidence_to_json(found)).encode())
    if html_path is not None:
        write_whole(html_path, _page(found).encode())
    show_sheet(console, evidence_sheet(found))
    if to_stdout:
        click.echo(json_text(evidence_to_json(found)), nl=False)
    if html_path is not None:
        console.print(f"Page: {html_path}")


def _page(found: Evidence) -> str:
    plot = forest_plot(found)
    provenance = Provenance(
        versions=(("cicatrix", version("cicatrix")),),
        parameters=(
            ("indication", found.indication.id),
            ("data", found.data_hash[:12]),
        ),
    )
    view = sheet_view(evidence_sheet(found), pictures=[plot] if plot else [])
    title = f"Evidence: {found.indication.title}"
    return render_sheets([view], title=title, provenance=provenance)

"""`cicatrix screen`: is needling safe for this person, and what must be asked."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict, Unpack

import click

from cicatrix.cli.output import EXIT_NOT_MEASURABLE, STDOUT, check_outputs, write_whole
from cicatrix.cli.sheet import show_sheet
from cicatrix.cli.table import writer
from cicatrix.domain.sheet import Sheet
from cicatrix.report.as_json import Json, json_text
from cicatrix.report.provenance import Provenance
from cicatrix.report.screening_json import questionnaire_to_json, screening_to_json
from cicatrix.report.sheet_page import render_sheets, sheet_view
from cicatrix.screening.asking import blank_intake
from cicatrix.screening.intake import read_intake
from cicatrix.screening.judging import screen
from cicatrix.screening.policies import read_policies
from cicatrix.screening.sheet import questionnaire_sheet, screening_sheet
from cicatrix.screening.value import Verdict

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_FREE = (Verdict.PROCEED, Verdict.PRECAUTIONS)


class _Options(TypedDict):
    """The arguments and options as click hands them over."""

    intake: Path | None
    questions: bool
    policy: Path | None
    html: Path | None
    json_path: Path | None
    toml: Path | None


@click.command("screen")
@click.argument("intake", type=_FILE, required=False)
@click.option("--questions", is_flag=True, help="Show the questionnaire instead.")
@click.option(
    "--toml", type=_FILE, help="With --questions: write an intake to fill in."
)
@click.option("--policy", type=_FILE, help="The clinic's choices, a [policy] table.")
@click.option("--html", type=_FILE, help="Write the answer as a page to print.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the answer as JSON; - for standard output.",
)
def command(**given: Unpack[_Options]) -> None:
    """Whether the person of INTAKE may be needled on the planned day, and why.

    The verdict is: proceed, proceed with precautions, cannot be cleared yet, defer
    until a date or an event, or do not treat. The exit code is 3 for the last three.
    """
    _check(given)
    outputs = [given["html"], given["toml"], _as_file(given["json_path"])]
    inputs = [path for path in (given["intake"], given["policy"]) if path is not None]
    check_outputs(outputs, inputs=inputs)
    if given["intake"] is None:
        if given["toml"] is not None:
            write_whole(given["toml"], blank_intake().encode("utf-8"))
        _deliver(questionnaire_sheet(), questionnaire_to_json, given)
        return
    screening = screen(
        read_intake(
            given["intake"],
            today=datetime.now(tz=UTC).astimezone().date(),
            clinic=None if given["policy"] is None else read_policies(given["policy"]),
        )
    )
    _deliver(screening_sheet(screening), lambda: screening_to_json(screening), given)
    if screening.verdict not in _FREE:
        click.get_current_context().exit(EXIT_NOT_MEASURABLE)


def _check(given: _Options) -> None:
    """Refuse options that do not go together."""
    if given["questions"] == (given["intake"] is not None):
        raise click.UsageError("Name an INTAKE file, or ask for --questions.")
    if given["toml"] is not None and not given["questions"]:
        raise click.UsageError("--toml goes with --questions only.")
    if given["policy"] is not None and given["questions"]:
        raise click.UsageError("--policy goes with an INTAKE only.")


def _as_file(path: Path | None) -> Path | None:
    return None if path == STDOUT else path


def _deliver(sheet: Sheet, document: Callable[[], Json], given: _Options) -> None:
    """The sheet on the terminal, unless that carries JSON, and the files asked for."""
    if given["html"] is not None:
        write_whole(given["html"], _page(sheet).encode("utf-8"))
    if given["json_path"] is not None:
        text = json_text(document())
        if given["json_path"] == STDOUT:
            click.echo(text, nl=False)
            return
        write_whole(given["json_path"], text.encode("utf-8"))
    if given["toml"] is not None:
        click.echo(
            f"{given['toml']}: fill it in, then: cicatrix screen {given['toml']}"
        )
        return
    show_sheet(writer(on_error_stream=False), sheet)


def _page(sheet: Sheet) -> str:
    provenance = Provenance(
        versions=(("cicatrix", version("cicatrix")),), parameters=()
    )
    return render_sheets([sheet_view(sheet)], title=sheet.title, provenance=provenance)

"""`cicatrix scale`: the total of a scale from its items."""

from pathlib import Path

import click

from cicatrix.cli.output import EXIT_NOT_MEASURABLE, STDOUT, check_outputs, write_whole
from cicatrix.cli.sheet import show_sheet
from cicatrix.cli.table import writer
from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import read_form
from cicatrix.report.as_json import json_text
from cicatrix.report.scale_json import scale_to_json
from cicatrix.scales.scoring import scale
from cicatrix.scales.sheet import list_sheet, scale_sheet
from cicatrix.scales.value import LeftOut

__all__ = ["command"]


@click.command("scale")
@click.argument("name", required=False)
@click.argument("answers", nargs=-1, metavar="[ITEM=SCORE]...")
@click.option(
    "--items",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file with the scores by item.",
)
@click.option(
    "--unverified",
    is_flag=True,
    help="Compute a scale whose points nobody could verify; the answer says so.",
)
@click.option("--list", "list_scales", is_flag=True, help="Every scale and its items.")
@click.option(
    "--json",
    "json_path",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write the answer as JSON; - for standard output.",
)
def command(
    *,
    name: str | None,
    answers: tuple[str, ...],
    items: Path | None,
    unverified: bool,
    list_scales: bool,
    json_path: Path | None,
) -> None:
    """The total of the scale NAME from its items, or the range in which it may lie.

    Exit code 3 where an item is missing, or where the scale is left out here.
    """
    if list_scales:
        if json_path is not None:
            raise click.UsageError("--list shows words only: leave out --json.")
        show_sheet(writer(on_error_stream=False), list_sheet())
        return
    if name is None:
        raise click.UsageError("Name a scale, or ask for --list.")
    to_stdout = json_path == STDOUT
    check_outputs(
        [None if to_stdout else json_path], inputs=[] if items is None else [items]
    )
    answer = scale(name, _scores(items, answers), unverified=unverified)
    show_sheet(writer(on_error_stream=to_stdout), scale_sheet(answer))
    if to_stdout:
        click.echo(json_text(scale_to_json(answer)), nl=False)
    elif json_path is not None:
        write_whole(json_path, json_text(scale_to_json(answer)).encode())
    if isinstance(answer, LeftOut) or answer.total is None:
        click.get_current_context().exit(EXIT_NOT_MEASURABLE)


def _scores(items: Path | None, answers: tuple[str, ...]) -> dict[str, float]:
    """The scores of the file and of the command line, which may not contradict."""
    scores = (
        {} if items is None else dict(read_form(items, what="list of scores").fields)
    )
    for text in answers:
        name, equals, value = text.partition("=")
        try:
            score = float(value)
        except ValueError:
            score = None
        if score is None or not equals or not name:
            raise InputInvalid(
                f"“{text}” is not an item, an equals sign and its score, so it cannot "
                "be counted. Write it like height=2."
            )
        if name in scores and scores[name] != score:
            raise InputInvalid(
                f"{name} is given twice, as {scores[name]} and as {score:g}, so nobody "
                "can tell which holds. Remove one."
            )
        scores[name] = score
    return scores

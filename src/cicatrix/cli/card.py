"""`cicatrix card`: the printable colour and scale card."""

from pathlib import Path

import click

from cicatrix.cli.output import check_outputs, write_whole
from cicatrix.report.card_sheet import PAPER_SIZES_MM, card_pdf

__all__ = ["command"]


@click.command("card")
@click.argument("pdf", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--paper",
    type=click.Choice(list(PAPER_SIZES_MM)),
    default="a4",
    show_default=True,
    help="The paper it is printed on.",
)
def command(*, pdf: Path, paper: str) -> None:
    """Write the card as PDF: print it at 100 %, cut it out, lay it beside the scar."""
    check_outputs([pdf], inputs=[])
    write_whole(pdf, card_pdf(paper))
    click.echo(f"{pdf}: print at 100 %, check that the scales are 90 mm long.")

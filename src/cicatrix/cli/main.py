"""The `cicatrix` command: finds a command's module only when it is called.

`cicatrix --help` and a wrong option so answer at once, without loading any number
crunching. Every error of ours ends here as one line on the error stream.
"""

import os
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version

import click

from cicatrix.errors import CicatrixError

__all__ = ["COMMANDS", "EXIT_FAULT", "main"]

# Many small matrices: threads that wait for each other double the processor time. It
# holds as NumPy is loaded later, and does not overrule the user.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

EXIT_FAULT = 1
"""A photograph, casebook or folder is at fault. (0: measured; 2: wrong usage.)"""

EXIT_INTERRUPTED = 130
"""As shells tell of Ctrl-C: 128 and the number of the signal."""

GROUPS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Before the needle": {
        "screen": (
            "cicatrix.cli.screen",
            "Whether a person may be needled, and what must be asked.",
        ),
        "plan": (
            "cicatrix.cli.plan",
            "Depth, device, dates and after-care of a course.",
        ),
        "anaesthetic": (
            "cicatrix.cli.anaesthetic",
            "How much of a topical anaesthetic its label allows.",
        ),
        "punctures": (
            "cicatrix.cli.punctures",
            "Where needles go: density, evenness and coverage, simulated.",
        ),
        "answers": (
            "cicatrix.cli.answers",
            "What people ask at a first visit, answered.",
        ),
    },
    "What to expect": {
        "evidence": (
            "cicatrix.cli.evidence",
            "What trials show of an indication; which facts are due.",
        ),
        "forecast": (
            "cicatrix.cli.forecast",
            "What to expect of a planned course, and whether to go on.",
        ),
    },
    "Whether it faded": {
        "compare": (
            "cicatrix.cli.compare",
            "How far one scar faded between two photos.",
        ),
        "measure": (
            "cicatrix.cli.measure",
            "How all scars of a case fade over its visits.",
        ),
        "outline": (
            "cicatrix.cli.outline",
            "See and keep the outline that would be used.",
        ),
        "card": ("cicatrix.cli.card", "Write the printable colour and scale card."),
        "scale": ("cicatrix.cli.scale", "The total of a scar scale from its items."),
        "phantom": (
            "cicatrix.cli.phantom",
            "Write a made-up case whose truth is known.",
        ),
    },
}
"""Each command under its question, with its module and its line in the help."""

COMMANDS: Mapping[str, tuple[str, str]] = {
    name: told for group in GROUPS.values() for name, told in group.items()
}
"""Every command, in the order of a course."""


class _LateGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which a person meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself; its module is imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The list of commands without importing any."""
        width = max(map(len, COMMANDS))
        for question, group in GROUPS.items():
            with formatter.section(question):
                formatter.write_dl(
                    [(name.ljust(width), line) for name, (_, line) in group.items()]
                )

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error of ours becomes one message and exit code 1."""
        try:
            return super().invoke(ctx)
        except CicatrixError as error:
            click.echo(f"Error [{error.code}]: {error}", err=True)
            ctx.exit(EXIT_FAULT)
        except KeyboardInterrupt:
            click.echo("Interrupted: nothing more is written.", err=True)
            ctx.exit(EXIT_INTERRUPTED)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: object) -> None:
    """Print the version and stop."""
    if wanted and not ctx.resilient_parsing:
        click.echo(f"cicatrix {version('cicatrix')}")
        ctx.exit()


@click.group(cls=_LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and stop.",
)
def main() -> None:
    """For those who treat scars and stretch marks by microneedling.

    Is it safe, with what and how deep, what to expect, and did it fade? It informs a
    professional: it does not diagnose, and it does not decide.
    """

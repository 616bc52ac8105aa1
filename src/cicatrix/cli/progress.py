"""A progress bar on the error stream, only for work of more than a second."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

__all__ = ["progress_bar"]

_PATIENCE_S = 1.0
"""What is over within a second needs no bar."""


@contextmanager
def progress_bar() -> Iterator[Callable[[float, str], None]]:
    """A function to call with the done fraction (0..1) and what is being done."""
    # Not drawn on a file or pipe, where it would leave one line per step.
    if not sys.stderr.isatty():
        yield lambda fraction, words: None
        return
    # Imported here: where nobody looks on, a start without them is sooner over.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = progress.add_task("", total=1.0)

    def show(fraction: float, words: str) -> None:
        progress.update(task, completed=fraction, description=words)

    # By a clock of its own: a single step may last longer than a second.
    patience = Timer(_PATIENCE_S, progress.start)
    patience.daemon = True
    patience.start()
    try:
        yield show
    finally:
        patience.cancel()
        patience.join()
        # Stopping what was never started would leave an empty line.
        if progress.live.is_started:
            progress.stop()

"""Writing results: asked for before measuring, whole or not at all, never over input."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from cicatrix.errors import OutputUnwritable

__all__ = [
    "EXIT_NOT_MEASURABLE",
    "STDOUT",
    "check_ending",
    "check_outputs",
    "write_whole",
]

STDOUT = Path("-")
"""What a user writes for standard output where a file is asked."""

EXIT_NOT_MEASURABLE = 3
"""Answered and written, but there is no number: a script must notice."""


def check_ending(output: Path, endings: tuple[str, ...]) -> None:
    """Refuse a name whose ending tells of another format than will be written.

    Raises
    ------
    OutputUnwritable
        The name ends in none of `endings`, such as “.png”, in any case of letters.
    """
    if output.suffix.lower() not in endings:
        raise OutputUnwritable(
            f"“{output.name}” does not end in {' or '.join(endings)}, which is what will "
            "be written, so other programs would take it for another format. Choose a "
            "name that does."
        )


def check_outputs(outputs: Iterable[Path | None], *, inputs: Iterable[Path]) -> None:
    """Refuse, before any work is done, what could not or must not be written.

    Raises
    ------
    OutputUnwritable
        An output is one of the inputs or another output, is a folder, or lies in a
        folder that is not there or cannot be written.
    """
    taken = {_real(path) for path in inputs}
    for output in outputs:
        if output is None:
            continue
        if _real(output) in taken:
            raise OutputUnwritable(
                f"“{output.name}” is already in use here as a photograph, a mask or "
                "another result, which would be lost. Choose another name."
            )
        taken.add(_real(output))
        if output.is_dir():
            raise OutputUnwritable(
                f"“{output.name}” is a folder, so no file can be written in its place. "
                "Choose another name."
            )
        _try_folder(output)


def _real(path: Path) -> str:
    """One name for one file, however it is written."""
    return os.path.normcase(path.resolve())


def _try_folder(output: Path) -> None:
    """Make and remove a file beside the output, as `write_whole` will."""
    try:
        with tempfile.NamedTemporaryFile(dir=output.resolve().parent, prefix=".part-"):
            pass
    except OSError as error:
        raise _unwritable(output, error) from error


def _unwritable(output: Path, error: OSError) -> OutputUnwritable:
    return OutputUnwritable(
        f"“{output.name}” cannot be written in its folder ({error.strerror}), so the "
        "result would be lost. Choose a folder that exists and that you may write to."
    )


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or as it was before.

    Raises
    ------
    OutputUnwritable
        The folder or the file cannot be written, or the disk is full.
    """
    half: Path | None = None
    target = path.resolve()
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=".part-", delete=False
        ) as file:
            half = Path(file.name)
            file.write(content)
        half.chmod(_mode(target))
        half.replace(target)
        half = None
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:  # also where the user interrupts
        if half is not None:
            half.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """The rights of the file that is replaced, or those of any new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

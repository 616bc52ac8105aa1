"""The bar is seen by a person who waits, and by nothing else."""

import os
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

WORK = """
import time
from cicatrix.cli import progress
progress._PATIENCE_S = {patience_s}
with progress.progress_bar() as show:
    show(0.25, "finding [the] skin")
    time.sleep(0.6)
print("answer")
"""


def seen_on_a_terminal(patience_s):
    """Both streams of a program whose error stream is a terminal."""
    ours, its = pty.openpty()
    told = subprocess.run(
        [sys.executable, "-c", WORK.format(patience_s=patience_s)],
        stdout=subprocess.PIPE,
        stderr=its,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        check=True,
        timeout=60,
    )
    os.write(its, b"<end>")
    os.close(its)
    drawn = b""
    while not drawn.endswith(b"<end>"):
        drawn += os.read(ours, 65536)
    os.close(ours)
    return told.stdout.decode(), drawn.decode()


def test_one_long_step_is_shown_on_a_terminal_only():
    answer, drawn = seen_on_a_terminal(0.1)

    assert answer == "answer\n"
    assert "finding [the] skin" in drawn


def test_what_is_soon_over_shows_nothing():
    answer, drawn = seen_on_a_terminal(30)

    assert answer == "answer\n"
    assert drawn == "<end>"


def test_nothing_is_drawn_into_a_pipe():
    told = subprocess.run(
        [sys.executable, "-c", WORK.format(patience_s=0.1)],
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert told.stdout == b"answer\n"
    assert told.stderr == b""

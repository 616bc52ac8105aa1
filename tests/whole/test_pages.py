"""What the README and the tutorial show is what the commands print."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def examples():
    spec = importlib.util.spec_from_file_location(
        "make_examples", ROOT / "docs" / "make_examples.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def printed(examples):
    return examples.sessions()


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial/first-case.md"])
def test_sessions_are_what_the_commands_print_now(page, examples, printed):
    text = (ROOT / page).read_text("utf-8")

    assert examples.SESSION.search(text)
    # make examples brings them up to date.
    assert examples.with_sessions(text, printed) == text


def test_a_session_of_yesterday_is_noticed(examples, printed):
    text = (ROOT / "README.md").read_text("utf-8")
    shown = examples.SESSION.search(text)["shown"]
    old = text.replace(shown, shown.replace(" %", "0 %", 1))

    assert old != text
    assert examples.with_sessions(old, printed) == text

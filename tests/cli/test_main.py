"""The door of the command line: fast help, one message per fault, known exit codes."""

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from cicatrix import errors
from cicatrix.cli.main import COMMANDS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def in_a_process(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "cicatrix.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd,
        check=False,
    )


def test_help_loads_no_number_crunching():
    code = (
        "import sys\nfrom click.testing import CliRunner\n"
        "from cicatrix.cli.main import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "print([m for m in ('numpy', 'cv2', 'scipy', 'rich', 'jinja2')"
        " if m in sys.modules])"
    )

    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "[]"


def test_help_names_every_command(run):
    told = run("--help").output

    for name, (_, line) in COMMANDS.items():
        assert re.search(rf"^  {name}\s+{re.escape(line)}", told, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(run, name):
    told = run(name, "--help")

    assert told.exit_code == 0
    assert told.output.startswith(f"Usage: main {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help_and_stands_in_the_reference(name):
    text = REFERENCE.read_text(encoding="utf-8")
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    (own,) = [part for part in section if part.startswith(f"`cicatrix {name}")]
    command = import_module(COMMANDS[name][0]).command

    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert parameter.help, parameter.name
            for spelling in parameter.opts:
                assert f"`{spelling}" in own, spelling
        else:
            assert parameter.human_readable_name in own


def test_an_unknown_command_is_wrong_usage(run):
    told = run("compute")

    assert told.exit_code == 2
    assert "No such command" in told.output


def test_the_version_is_told_from_a_fresh_process():
    told = in_a_process("--version")

    assert re.fullmatch(r"cicatrix \d+\.\d+\.\d+\n", told.stdout)


def test_a_fault_is_one_message_without_a_traceback(tmp_path):
    told = in_a_process("measure", str(tmp_path / "nowhere"))

    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.startswith("Error [casebook-invalid]: “nowhere” is not a folder")
    assert "Traceback" not in told.stderr
    assert str(tmp_path) not in told.stderr


def test_every_code_of_an_error_has_its_line_in_the_docs():
    docs = REFERENCE.parents[1]
    text = (docs / "how-to" / "errors.md").read_text(encoding="utf-8")

    codes = {
        error.code
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, errors.CicatrixError)
    }
    assert len(codes) >= 11
    for code in codes:
        assert re.search(rf"^\| `{code}` \| \S.* \| \S.* \|$", text, re.MULTILINE), code


@pytest.mark.parametrize(
    "command",
    [
        ("screen", "text.jpg"),
        ("screen", "ok.toml", "--policy", "text.jpg"),
        ("plan", "text.jpg"),
        ("scale", "gais", "--items", "text.jpg"),
        ("anaesthetic", "--product", "EMLA", "--area-cm2", "9", "--intake", "text.jpg"),
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_what_is_no_form_is_refused_in_one_clean_sentence(
    run, tmp_path, command, there
):
    (tmp_path / "ok.toml").write_text("")
    if there:
        (tmp_path / "text.jpg").write_text("no form at all")

    told = run(*command)

    assert told.exit_code == 1
    assert "“text.jpg”" in told.stderr
    assert not re.search(r"\b(the|a|an|any|no) (the|a|an|any|no)\b", told.stderr)


def test_python_m_cicatrix_is_the_command():
    told = subprocess.run(
        [sys.executable, "-m", "cicatrix", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("cicatrix ")

"""The direction of every import between rooms is checked by a machine, and it bites."""

import os
import shutil
import subprocess
import sys

import pytest


@pytest.fixture
def copy(root, tmp_path):
    """The package and its contracts in a folder of their own."""
    pytest.importorskip("importlinter")
    shutil.copytree(root / "src" / "cicatrix", tmp_path / "cicatrix")
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder):
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as l; l()",
            "--no-cache",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_import_goes_down(copy):
    answer = lint(copy)

    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("optics/upward.py", "import cicatrix.report"),
        ("alignment/sideways.py", "import cicatrix.outline"),
        ("domain/heavy.py", "import numpy"),
        ("work/shouting.py", "import rich"),
        ("measures/decoding.py", "import PIL"),
        ("skin/late.py", "def late() -> None:\n    import cicatrix.work"),
    ],
)
def test_an_import_in_the_wrong_direction_is_caught(copy, module, line):
    (copy / "cicatrix" / module).write_text(f'"""Wrong on purpose."""\n\n{line}\n')

    answer = lint(copy)

    assert answer.returncode != 0
    assert "BROKEN" in answer.stdout


def test_a_new_room_must_declare_its_place(copy):
    (copy / "cicatrix" / "attic").mkdir()
    (copy / "cicatrix" / "attic" / "__init__.py").write_text('"""New."""\n')

    assert lint(copy).returncode != 0

"""Where the house stands, and what belongs to it."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the sources; skips where only the package is installed."""
    if not (ROOT / "pyproject.toml").is_file():
        pytest.skip("the sources are not here")
    return ROOT


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Every file under version control, as absolute paths."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False
    )
    if listing.returncode:
        pytest.skip("not under version control here")
    paths = [root / name for name in listing.stdout.split("\0") if name]
    assert len(paths) > 50
    return [path for path in paths if path.is_file()]


@pytest.fixture(scope="session")
def modules(root: Path) -> dict[Path, ast.Module]:
    """The package's modules, parsed, by path relative to the package."""
    package = root / "src" / "cicatrix"
    found = {
        path.relative_to(package): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.py"))
    }
    assert len(found) > 20
    return found

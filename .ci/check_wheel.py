"""Prove that a built wheel holds every data file and works without the sources."""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROOF = """
import pathlib, sys
import cicatrix
from cicatrix.evidence.judging import judge_after_days
from cicatrix.evidence.skin_tone import skin_tone_class
home = pathlib.Path(cicatrix.__file__).resolve()
assert home.is_relative_to(pathlib.Path(sys.argv[1]).resolve()), home
assert judge_after_days() > 0
assert skin_tone_class(20.0) == "tan"
"""


def main() -> int:
    """Compare names, then import the wheel's own files from outside the sources."""
    wheel = Path(sys.argv[1]).resolve()
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        held = set(archive.namelist())
        wanted = {
            path.relative_to(ROOT / "src").as_posix()
            for path in (ROOT / "src" / "cicatrix").rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        missing = sorted(wanted - held)
        foreign = sorted(
            name
            for name in held
            if not name.startswith(("cicatrix/", "cicatrix-")) or name.endswith(".pyc")
        )
        if missing or foreign:
            print(f"the wheel lacks {missing} and holds {foreign}")
            return 1
        archive.extractall(folder)
        subprocess.run(
            [sys.executable, "-P", "-c", PROOF, folder],
            check=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": folder},
        )
    data = sum(not name.endswith(".py") for name in wanted)
    print(f"{wheel.name}: {len(wanted)} files, {data} of them data; it runs on its own")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What every room's tests share."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import settings

# Machines are shared: no test fails because another program was busy.
settings.register_profile("cicatrix", deadline=None)
settings.load_profile("cicatrix")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real test data; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("CICATRIX_TEST_DATA", "../shared/data"))
    if not folder.is_dir():
        pytest.skip(
            f"real test data not found at {folder}; set CICATRIX_TEST_DATA to its folder"
        )
    return folder


@pytest.fixture(scope="session")
def unsourced():
    """Places of numbers, and of words with numbers, that nobody stands behind.

    Only what the user asked, and what names or versions the document, is exempt.
    """

    def walk(value, *, backed=False, at=""):
        if isinstance(value, dict):
            backed = backed or bool(value.get("sources") or value.get("computed_from"))
            for name, inner in value.items():
                if name not in ("asked", "bibliography", "schema", "versions"):
                    yield from walk(inner, backed=backed, at=f"{at}.{name}")
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner, backed=backed, at=at)
        elif not (backed or isinstance(value, bool)) and re.search(r"\d", str(value)):
            yield at

    return walk

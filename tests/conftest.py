"""What every room's tests share."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real test data; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("CICATRIX_TEST_DATA", "../shared/data"))
    if not folder.is_dir():
        pytest.skip(
            f"real test data not found at {folder}; set CICATRIX_TEST_DATA to its folder"
        )
    return folder

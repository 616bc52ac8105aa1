"""The public door is complete, sorted, documented, and light to open."""

import re
import subprocess
import sys

import cicatrix

HEAVY = {"scipy", "cv2", "PIL", "reportlab", "jinja2", "rich", "click", "numpy"}


def test_the_public_names_are_those_of_the_reference_page(root):
    page = (root / "docs" / "reference" / "python.md").read_text("utf-8")
    documented = set(re.findall(r"^## `cicatrix\.(\w+)", page, re.MULTILINE))

    assert set(cicatrix.__all__) == documented


def test_every_public_name_can_be_reached_and_explains_itself():
    for name in cicatrix.__all__:
        assert getattr(cicatrix, name).__doc__, name


def test_the_list_of_public_names_is_sorted_and_seen_by_dir():
    assert list(cicatrix.__all__) == sorted(cicatrix.__all__)
    assert set(cicatrix.__all__) <= set(dir(cicatrix))


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(cicatrix, "no_such_name")


def test_opening_the_door_loads_nothing_heavy():
    answer = subprocess.run(
        [sys.executable, "-c", "import sys, cicatrix; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = {name.split(".")[0] for name in answer.stdout.split()}
    assert loaded & HEAVY == set()

"""Installed versions are named exactly, with hashes, and from nowhere in particular."""

import re
import tomllib

import pytest

GROUPS = ["runtime", "test", "check", "build", "peers", "evidence"]


def required(text):
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return {line for line in lines if line and not line.startswith("-")}


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def folder(root):
    return root / "requirements"


@pytest.mark.parametrize("group", GROUPS)
def test_every_locked_package_has_an_exact_version_and_hashes(folder, group):
    text = (folder / f"{group}.txt").read_text("utf-8").replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line and not line.startswith("#")]

    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==[\w.]+( +--hash=sha256:[0-9a-f]{64})+$", entry), (
            entry
        )


@pytest.mark.parametrize("group", GROUPS)
def test_no_lock_file_names_an_address_or_a_path(folder, group):
    text = (folder / f"{group}.txt").read_text("utf-8")

    assert re.findall(r"://|--(?!hash=)\w|\s/\w|@ ", text) == []


@pytest.mark.parametrize("group", GROUPS)
def test_every_wanted_package_is_locked(folder, group):
    wanted = required((folder / f"{group}.in").read_text("utf-8"))
    locked = (folder / f"{group}.txt").read_text("utf-8")

    names = {re.split(r"[<>=\[]", line)[0].lower() for line in wanted}
    assert {name for name in names if f"\n{name}==" not in locked} == set()


def test_a_package_has_the_same_version_in_every_group(folder):
    seen = {}
    for group in GROUPS:
        for name, version in re.findall(
            r"^([a-z0-9-]+)==(\S+)", (folder / f"{group}.txt").read_text("utf-8"), re.M
        ):
            seen.setdefault(name, set()).add(version)

    assert {name: found for name, found in seen.items() if len(found) > 1} == {}


def test_the_wanted_packages_are_those_of_the_project_file(folder, project):
    extras = project["project"]["optional-dependencies"]
    groups = project["dependency-groups"]

    def wanted(group):
        return required((folder / f"{group}.in").read_text("utf-8"))

    assert wanted("runtime") == set(project["project"]["dependencies"])
    assert wanted("test") == set(groups["test"]) | {
        line for extra in extras.values() for line in extra
    }
    assert wanted("check") == set(groups["check"])
    assert wanted("peers") == set(groups["peers"])
    assert wanted("evidence") == set(groups["evidence"])
    assert set(project["build-system"]["requires"]) <= wanted("build")

"""Every fact can be traced, none is left unread, and a review is not forgotten."""

import re
from datetime import date

import pytest

from cicatrix.evidence.reading import load_facts, load_sources

NOT_FACTS = {"sources.toml", "sources-clinical.toml", "sources-trials.toml"}


@pytest.fixture(scope="module")
def fact_files(root):
    folder = root / "src" / "cicatrix" / "evidence"
    names = sorted(
        path.name for path in folder.glob("*.toml") if path.name not in NOT_FACTS
    )
    assert names
    return names


def test_every_cited_source_is_known(fact_files):
    unknown = {
        f"{name}, {fact.name}: {key}"
        for name in fact_files
        for fact in load_facts(name).values()
        for key in fact.sources
        if key not in load_sources()
    }

    assert unknown == set()


def test_every_source_is_used_by_a_fact_or_its_file(root, fact_files):
    folder = root / "src" / "cicatrix" / "evidence"
    text = "".join(
        path.read_text("utf-8")
        for path in (*folder.rglob("*.toml"), *folder.rglob("*.csv"))
        if path.name not in NOT_FACTS
    )
    idle = [key for key in load_sources() if not re.search(rf"\b{key}\b", text)]

    assert idle == []


def test_every_fact_file_is_read_by_the_package(root, modules, fact_files):
    package = root / "src" / "cicatrix"
    code = "".join((package / path).read_text("utf-8") for path in modules)
    cited_by_pages = "".join(
        path.read_text("utf-8") for path in (root / "docs").rglob("*.md")
    )
    unread = [name for name in fact_files if name not in code + cited_by_pages]

    assert unread == []


@pytest.mark.calendar
def test_no_review_is_overdue(fact_files):
    overdue = {
        f"{name}, {fact.name}": str(fact.review_by)
        for name in fact_files
        for fact in load_facts(name).values()
        if fact.review_by < date.today()
    }

    assert overdue == {}

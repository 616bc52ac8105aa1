"""The words lead somewhere: links resolve, commands exist, terms are explained."""

import re

import pytest

from cicatrix.cli.main import COMMANDS
from cicatrix.domain.fade import Verdict
from cicatrix.domain.quality import Heading

LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
TERM = re.compile(r"^\*\*(?P<term>[^*]+)\*\*", re.MULTILINE)
PAGES_AT_THE_TOP = [
    "README.md",
    "GLOSSARY.md",
    "CONTRIBUTING.md",
    "SAFETY.md",
    "SECURITY.md",
    "MAINTAINING.md",
    "CHANGELOG.md",
]
NEEDED_TERMS = [
    *("adjacent skin", "alignment error", "box-car scar", "budget", "casebook"),
    *("contrast", "coverage", "fade", "guard band", "hypertrophic scar"),
    *("ice-pick scar", "interval", "ITA", "lesion", "outline", "phantom", "ring"),
    *("rolling scar", "smallest detectable change", "striae albae"),
    *("striae rubrae", "verdict", "visit"),
]


@pytest.fixture(scope="module")
def pages(root):
    found = [root / name for name in PAGES_AT_THE_TOP]
    found += sorted((root / "docs").rglob("*.md")) + sorted(
        (root / "changes").glob("*.md")
    )
    return {path: path.read_text(encoding="utf-8") for path in found}


@pytest.fixture(scope="module")
def terms(root):
    return TERM.findall((root / "GLOSSARY.md").read_text(encoding="utf-8"))


def test_every_relative_link_resolves(root, pages):
    broken = [
        f"{path.relative_to(root)}: {target}"
        for path, text in pages.items()
        for target in LINK.findall(text)
        if not target.startswith(("http://", "https://", "mailto:", "#"))
        and not (path.parent / target.split("#")[0]).exists()
    ]

    assert broken == []


def test_every_page_is_reached_from_the_index(root, pages):
    index = (root / "docs" / "README.md").read_text("utf-8")
    reached = {
        (root / "docs" / target.split("#")[0]).resolve()
        for target in LINK.findall(index)
    }
    lost = [
        str(path.relative_to(root))
        for path in pages
        if path.is_relative_to(root / "docs")
        and path.name != "README.md"
        and path.resolve() not in reached
    ]

    assert lost == []


def test_every_make_command_in_the_words_is_in_the_makefile(root, pages):
    makefile = (root / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        command
        for text in pages.values()
        for command in re.findall(
            r"^(?:\$ )?make ([a-z]+)|`make ([a-z]+)", text, re.MULTILINE
        )
        for command in command
        if command
    }

    assert {"demo", "test"} <= named
    assert named - targets == set()


def test_every_cicatrix_command_in_the_words_exists(pages):
    named = {
        command
        for text in pages.values()
        for command in re.findall(r"^(?:\$ )?cicatrix ([a-z]+)", text, re.MULTILINE)
    }

    assert named
    assert named - set(COMMANDS) == set()


def test_the_readme_fits_on_one_screen_and_shows_a_picture(root):
    readme = (root / "README.md").read_text("utf-8")

    assert len(readme.splitlines()) <= 100
    assert "docs/_static/" in readme
    for word in ("make demo", "make test", "SAFETY.md", "not"):
        assert word in readme


def test_the_glossary_explains_the_words_of_the_results(terms):
    known = {term.lower() for term in terms}
    needed = [*NEEDED_TERMS, *Verdict, *(str(heading) for heading in Heading)]

    assert [word for word in needed if word.lower() not in known] == []


def test_the_glossary_is_in_order_and_explains_nothing_twice(terms):
    folded = [term.lower().replace("δ", "delta ") for term in terms]

    assert folded == sorted(set(folded))


def test_every_decision_says_what_is_given_up_and_when_to_look_again(root):
    decisions = sorted((root / "docs" / "decisions").glob("[0-9]*.md"))
    headings = (
        "## Context",
        "## Decision",
        "## What we give up",
        "## When to look again",
    )

    assert decisions
    lacking = [
        f"{path.name}: {heading}"
        for path in decisions
        for heading in headings
        if heading not in path.read_text("utf-8")
    ]
    assert lacking == []


def test_recipes_name_at_most_five_files(root):
    text = (root / "CONTRIBUTING.md").read_text("utf-8")
    recipes = re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)

    assert len(recipes) >= 5
    for title, body in recipes:
        files = re.findall(r"^\d+\. ", body, re.MULTILINE)
        assert 2 <= len(files) <= 5, title

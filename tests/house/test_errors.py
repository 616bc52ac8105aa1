"""Every error stands in the drawn tree, has a code of its own and a cure on a page."""

import inspect
import re

import cicatrix.errors
from cicatrix.errors import CicatrixError

DRAWN = re.compile(r"^(?P<lead>[ │├└─]*)(?P<name>[A-Z]\w+)(?:\s{2,}(?P<gist>\S.*))?$")


def family():
    return {
        name: kind
        for name, kind in inspect.getmembers(cicatrix.errors, inspect.isclass)
        if issubclass(kind, CicatrixError)
    }


def drawn_parents():
    parents, above = {}, []
    for line in (cicatrix.errors.__doc__ or "").splitlines():
        match = DRAWN.match(line)
        if match and ("──" in match["lead"] or match["name"] == "CicatrixError"):
            depth = len(match["lead"])
            above = [(at, name) for at, name in above if at < depth]
            parents[match["name"]] = above[-1][1] if above else None
            above.append((depth, match["name"]))
    return parents


def test_the_drawn_tree_is_the_real_one():
    real = {
        name: None if kind is CicatrixError else kind.__mro__[1].__name__
        for name, kind in family().items()
    }

    assert drawn_parents() == real


def test_every_error_has_a_code_of_its_own_that_may_be_logged():
    codes = [kind.code for kind in family().values()]

    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_every_error_code_has_its_cure_on_the_page_of_errors(root):
    page = (root / "docs" / "how-to" / "errors.md").read_text("utf-8")

    missing = [kind.code for kind in family().values() if f"`{kind.code}`" not in page]

    assert missing == []


def test_errors_are_defined_in_one_place(modules):
    elsewhere = [
        f"{path}:{name}"
        for path, tree in modules.items()
        if path.name != "errors.py"
        for name in _classes_after(tree, set(family()))
    ]

    assert elsewhere == []


def _classes_after(tree, parents):
    return [
        node.name
        for node in tree.body
        if node.__class__.__name__ == "ClassDef"
        and any(getattr(parent, "id", None) in parents for parent in node.bases)
    ]

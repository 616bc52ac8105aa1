"""Names say what a thing is for, and where."""

import ast

FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "base", "tools"}
BESIDE_THE_ROOMS = {"benchmarks", "house", "whole"}


def test_no_module_has_a_name_that_says_nothing(modules):
    assert [str(path) for path in modules if path.stem in FORBIDDEN] == []


def test_every_module_opens_with_what_it_is_for(modules):
    silent = [
        str(path) for path, tree in modules.items() if not ast.get_docstring(tree)
    ]

    assert silent == []


def test_no_function_imports_from_its_own_package(modules):
    late = [
        f"{path}:{inner.lineno}"
        for path, tree in modules.items()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for inner in ast.walk(function)
        if _reaches_into_the_package(inner)
    ]

    # The package's door is the one place that loads its rooms on demand.
    assert [where for where in late if not where.startswith("__init__.py:")] == []


def test_tests_stand_in_rooms_of_the_same_name(root):
    rooms = {path.name for path in (root / "src" / "cicatrix").iterdir()}
    folders = {
        path.parent.relative_to(root / "tests").parts[0]
        for path in (root / "tests").glob("*/**/test_*.py")
    }

    assert folders - rooms == BESIDE_THE_ROOMS & folders


def test_every_room_with_code_has_tests(root, modules):
    with_code = {
        path.parts[0] for path in modules if len(path.parts) > 1 and path.stem[0] != "_"
    }
    tested = {path.parent.name for path in (root / "tests").rglob("test_*.py")}

    assert with_code - tested == set()


def _reaches_into_the_package(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".")[0] == "cicatrix"
    if isinstance(node, ast.Import):
        return any(name.name.split(".")[0] == "cicatrix" for name in node.names)
    return False

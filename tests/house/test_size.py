"""A module fits in one sitting, a function on a screen."""

import ast

MODULE_LINES = 400
FUNCTION_LINES = 80


def test_no_module_is_longer_than_one_sitting(root, modules):
    package = root / "src" / "cicatrix"
    long = {
        str(path): lines
        for path in modules
        if (lines := len((package / path).read_text("utf-8").splitlines()))
        > MODULE_LINES
    }

    assert long == {}


def test_no_function_is_longer_than_a_screen(modules):
    long = {
        f"{path}:{node.name}": lines
        for path, tree in modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    }

    assert long == {}

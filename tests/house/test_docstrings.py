"""Every public function explains itself; those of the numeric rooms in full."""

import ast

NUMERIC_ROOMS = {
    *("optics", "photo", "colour", "skin", "outline", "alignment", "quality"),
    *("measures", "change", "evidence"),
}


def public_functions(modules, rooms=None):
    for path, tree in modules.items():
        if rooms is not None and path.parts[0] not in rooms:
            continue
        if path.stem.startswith("_") and path.stem != "__init__":
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield path, node


def test_every_public_function_of_the_numeric_rooms_explains_itself(modules):
    silent = [
        f"{path}:{node.name}"
        for path, node in public_functions(modules, NUMERIC_ROOMS)
        if not ast.get_docstring(node)
    ]

    assert silent == []


def test_every_array_a_public_function_takes_or_gives_has_its_shape_told(modules):
    vague = [
        f"{path}:{node.name}"
        for path, node in public_functions(modules, NUMERIC_ROOMS)
        if _speaks_of_arrays(node) and "(" not in (ast.get_docstring(node) or "")
    ]

    assert vague == []


def _speaks_of_arrays(node: ast.FunctionDef) -> bool:
    hints = [argument.annotation for argument in node.args.args + node.args.kwonlyargs]
    hints.append(node.returns)
    return any(
        name in ast.unparse(hint)
        for hint in hints
        if hint is not None
        for name in ("NDArray", "ArrayLike", "FloatImage", "_Array", "Points")
    )

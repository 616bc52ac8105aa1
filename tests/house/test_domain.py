"""Domain values need nothing but the standard library and name their units."""

import ast
import importlib
import inspect
import pkgutil
import sys
from dataclasses import fields, is_dataclass

import cicatrix.domain

UNITS = ("_px", "_s", "_ev", "_mm", "_deg", "_de00", "_fraction", "_mm2", "_xy")
WITHOUT_UNIT = {
    "Capture.f_number": "a ratio of lengths",
    "Capture.iso": "a speed on the ISO scale",
    "Interval.estimate": "carries the unit of the field that holds it",
    "Interval.low": "as its estimate",
    "Interval.high": "as its estimate",
    "Fade.estimate": "a fraction, told in the class",
    "Fade.low": "as its estimate",
    "Fade.high": "as its estimate",
    "Fade.smallest_detectable_change": "a fraction, told in the class",
    "MeasureChange.before": "in the measure's own unit",
    "MeasureChange.after": "in the measure's own unit",
    "MeasureChange.change": "in the measure's own unit",
    "QualityFinding.value": "in the finding's own unit",
    "PatchReading.linear_rgb": "light, 1 = white",
    "PatchReading.linear_rgb_sd": "as linear_rgb",
    "PatchReading.reference_lab_d65": "CIELAB, whose axes have no unit",
    "PhotoRecord.jpeg_quality": "libjpeg's own scale",
    "Scale.mm_per_px": "its unit is its name",
    "Scale.relative_error": "a fraction of mm_per_px",
    "Scale.px_to_mm": "a projective map",
    "AlignmentRecord.scale": "a ratio of lengths",
}


def domain_classes():
    for info in pkgutil.iter_modules(cicatrix.domain.__path__):
        module = importlib.import_module(f"cicatrix.domain.{info.name}")
        for _, kind in inspect.getmembers(module, is_dataclass):
            if kind.__module__ == module.__name__:
                yield kind


def numeric_fields():
    for kind in domain_classes():
        for field in fields(kind):
            if any(word in str(field.type) for word in ("float", "int", "Interval")):
                yield kind, field


def test_the_domain_imports_only_the_standard_library_and_itself(modules):
    allowed = set(sys.stdlib_module_names) | {"cicatrix"}
    foreign = [
        f"{path}: {name}"
        for path, tree in modules.items()
        if path.parts[0] in {"domain", "errors.py"}
        for name in _imported(tree)
        if name.split(".")[0] not in allowed
        or (name.startswith("cicatrix") and not name.startswith("cicatrix.domain"))
    ]

    assert foreign == []


def test_every_number_of_a_domain_value_ends_in_its_unit_or_is_listed_without():
    bare = [
        f"{kind.__name__}.{field.name}"
        for kind, field in numeric_fields()
        if not field.name.endswith(UNITS)
        and f"{kind.__name__}.{field.name}" not in WITHOUT_UNIT
    ]

    assert bare == []


def test_the_list_of_numbers_without_unit_names_only_fields_that_exist():
    known = {f"{kind.__name__}.{field.name}" for kind, field in numeric_fields()}

    assert set(WITHOUT_UNIT) - known == set()


def test_domain_values_are_frozen():
    assert [
        kind.__name__
        for kind in domain_classes()
        if not kind.__dataclass_params__.frozen
    ] == []


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""

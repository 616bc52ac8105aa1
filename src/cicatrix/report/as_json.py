"""Results as JSON whose every number carries its unit at the end of its name.

The layout is described by `schema/result-1.json`; a change that would break a reader
makes a new schema file with a new number.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from math import isfinite

from cicatrix.domain.capture import Capture
from cicatrix.domain.fade import BudgetLine, Fade, Interval, MeasureChange
from cicatrix.domain.quality import QualityFinding
from cicatrix.domain.result import (
    AlignmentRecord,
    CaseResult,
    Comparison,
    LesionSeries,
    PhotoRecord,
    VisitResult,
)
from cicatrix.domain.scale import Scale

__all__ = [
    "SCHEMA_ID",
    "SCHEMA_VERSION",
    "UNIT_ENDINGS",
    "Json",
    "comparison_to_json",
    "json_text",
    "published_schema",
    "result_schema",
    "to_json",
    "unit_ending",
]

Json = dict[str, object]
Pairs = Iterable[tuple[str, str]]

SCHEMA_VERSION = "1.0"
SCHEMA_ID = "urn:cicatrix:schema:result:1"

UNIT_ENDINGS: Mapping[str, str] = {
    "de00": "CIEDE2000 colour difference",
    "cielab": "CIELAB unit (L*, a* or b*)",
    "fraction": "fraction of one (0.3 = 30 %)",
    "ratio": "one number over another of the same unit",
    "index": "relative index without unit",
    "percent": "hundredths",
    "ln": "natural logarithm of a ratio",
    "mm_per_px": "millimetres per pixel",
    "um_per_px": "micrometres per pixel",
    "mm_per_cm2": "millimetres of line per square centimetre",
    "per_cm2": "number per square centimetre",
    "per_mm": "number per millimetre",
    "mm2": "square millimetres",
    "cm2": "square centimetres",
    "mm3": "cubic millimetres",
    "mm": "millimetres",
    "px2": "pixels of area",
    "px": "pixels",
    "deg": "degrees of angle",
    "ev": "exposure values (factors of two of light)",
    "iso": "ISO speed",
    "s": "seconds",
    "f_number": "focal length over aperture",
    "jpeg_quality": "quality of the JPEG library, 1 to 100",
    "count": "a number of things",
    "au": "arbitrary units: only changes and ratios mean something",
}
"""The ends of names by which the unit of a number is told, with what they mean."""

_LAB_SIGNS = ("ΔL*", "Δa*", "Δb*", "L*", "a*", "b*", "CIELAB")
_BY_UNIT = dict.fromkeys(_LAB_SIGNS, "cielab") | {
    "": "ratio",
    "%": "percent",
    "°": "deg",
    "deg": "deg",
    "px": "px",
    "px²": "px2",
    "mm": "mm",
    "mm²": "mm2",
    "µm/px": "um_per_px",
    "ΔE00": "de00",
    "EV": "ev",
    "patches": "count",
    "libjpeg quality": "jpeg_quality",
}
"""What stands for a unit where a measure's own name does not end in one."""


def to_json(result: CaseResult) -> Json:
    """A whole case as a JSON object; NaN becomes null, dates are ISO 8601."""
    document = _head("case", result.versions, result.parameters)
    document["case"] = {
        "title": result.title,
        "lesions": [_series(lesion) for lesion in result.lesions],
        "notes": list(result.notes),
    }
    return document


def comparison_to_json(
    comparison: Comparison, *, versions: Pairs, parameters: Pairs
) -> Json:
    """One comparison as a JSON object; NaN becomes null, dates are ISO 8601."""
    document = _head("comparison", versions, parameters)
    document["comparison"] = _comparison(comparison)
    return document


def json_text(document: Json) -> str:
    """The document as text: two blanks of indent, no NaN, a line end at its end."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def result_schema() -> Json:
    """The JSON Schema (2020-12) that every document of this module obeys."""
    return published_schema("result-1")


def published_schema(name: str) -> Json:
    """The JSON Schema (2020-12) `schema/<name>.json` of this room."""
    text = files("cicatrix.report").joinpath(f"schema/{name}.json")
    schema: Json = json.loads(text.read_text(encoding="utf-8"))
    return schema


def unit_ending(name: str, unit: str = "") -> str:
    """The end of a measure's name that tells its unit, longest first.

    Examples
    --------
    >>> unit_ending("length_density_mm_per_cm2"), unit_ending("delta_l", "ΔL*")
    ('mm_per_cm2', 'cielab')

    Raises
    ------
    ValueError
        Neither the name nor the unit is known: the caller has a bug.
    """
    for ending in sorted(UNIT_ENDINGS, key=len, reverse=True):
        if name == ending or name.endswith(f"_{ending}"):
            return ending
    if unit in _BY_UNIT:
        return _BY_UNIT[unit]
    raise ValueError(f"no unit is known at the end of {name!r} (unit {unit!r})")


def _head(kind: str, versions: Pairs, parameters: Pairs) -> Json:
    return {
        "schema": SCHEMA_ID,
        "schema_version": SCHEMA_VERSION,
        "kind": kind,
        "versions": dict(versions),
        "parameters": dict(parameters),
    }


def _number(value: float | None) -> float | None:
    """A number of JSON; what is not known or not finite is null."""
    return None if value is None or not isfinite(value) else float(value)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _interval(value: Interval, ending: str) -> Json:
    return {
        f"estimate_{ending}": _number(value.estimate),
        f"low_{ending}": _number(value.low),
        f"high_{ending}": _number(value.high),
    }


def _series(series: LesionSeries) -> Json:
    return {
        "lesion": series.lesion,
        "visits": [_visit(visit) for visit in series.visits],
    }


def _visit(visit: VisitResult) -> Json:
    return {
        "visited_on": _day(visit.visited_on),
        "photos": [_photo(photo) for photo in visit.photos],
        "contrast_de00": _interval(visit.contrast_de00, "de00"),
        "since_baseline": _maybe_comparison(visit.since_baseline),
        "since_last": _maybe_comparison(visit.since_last),
        "judge_from": _day(visit.judge_from),
        "notes": list(visit.notes),
    }


def _maybe_comparison(comparison: Comparison | None) -> Json | None:
    return None if comparison is None else _comparison(comparison)


def _comparison(comparison: Comparison) -> Json:
    return {
        "lesion": comparison.lesion,
        "fade": _fade(comparison.fade),
        "reason": comparison.reason,
        "contrast_before_de00": _interval(comparison.contrast_before_de00, "de00"),
        "contrast_after_de00": _interval(comparison.contrast_after_de00, "de00"),
        "measures": [_measure(measure) for measure in comparison.measures],
        "alignment": _alignment(comparison.alignment),
        "colour_anchor": comparison.colour_anchor.value,
        "skin_ita_deg": _number(comparison.skin_ita_deg),
        "outline_xy_px": [[_number(x), _number(y)] for x, y in comparison.outline_xy],
        "baseline": None
        if comparison.baseline is None
        else _photo(comparison.baseline),
        "followup": None
        if comparison.followup is None
        else _photo(comparison.followup),
        "notes": list(comparison.notes),
    }


def _fade(fade: Fade) -> Json:
    return {
        "estimate_fraction": _number(fade.estimate),
        "low_fraction": _number(fade.low),
        "high_fraction": _number(fade.high),
        "smallest_detectable_change_fraction": _number(fade.smallest_detectable_change),
        "verdict": fade.verdict.value,
        "budget": [_budget_line(line) for line in fade.budget],
    }


def _budget_line(line: BudgetLine) -> Json:
    return {
        "source": line.source,
        "fade_sd_fraction": _number(line.fade_sd_fraction),
        "explanation": line.explanation,
    }


def _measure(measure: MeasureChange) -> Json:
    ending = unit_ending(measure.name, measure.unit)
    return {
        "name": measure.name,
        "label": measure.label,
        "unit": measure.unit,
        "unit_ending": ending,
        f"before_{ending}": _interval(measure.before, ending),
        f"after_{ending}": _interval(measure.after, ending),
        f"change_{ending}": _interval(measure.change, ending),
        "verdict": measure.verdict.value,
        "note": measure.note,
    }


def _alignment(alignment: AlignmentRecord | None) -> Json | None:
    if alignment is None:
        return None
    return {
        "error_px": _number(alignment.error_px),
        "rotation_deg": _number(alignment.rotation_deg),
        "scale_ratio": _number(alignment.scale),
        "overlap_fraction": _number(alignment.overlap_fraction),
    }


def _photo(photo: PhotoRecord) -> Json:
    return {
        "name": photo.name,
        "sha256": photo.sha256,
        "file_format": photo.file_format,
        "width_px": photo.width_px,
        "height_px": photo.height_px,
        "profile": photo.profile,
        "jpeg_quality": _number(photo.jpeg_quality),
        "capture": _capture(photo.capture),
        "scale": _scale(photo.scale),
        "reference": photo.reference.value,
        "reference_held_out_de00": _number(photo.reference_held_out_de00),
        "reference_notes": list(photo.reference_notes),
        "quality": [_finding(finding) for finding in photo.quality],
    }


def _capture(capture: Capture) -> Json:
    taken_at = capture.taken_at
    return {
        "taken_at": None if taken_at is None else taken_at.isoformat(),
        "exposure_time_s": _number(capture.exposure_time_s),
        "f_number": _number(capture.f_number),
        "speed_iso": _number(capture.iso),
        "exposure_bias_ev": _number(capture.exposure_bias_ev),
        "flash_fired": capture.flash_fired,
        "focal_length_mm": _number(capture.focal_length_mm),
        "focal_length_35mm_mm": _number(capture.focal_length_35mm_mm),
        "white_balance": capture.white_balance,
        "camera_make": capture.camera_make,
        "camera_model": capture.camera_model,
        "software": capture.software,
    }


def _scale(scale: Scale | None) -> Json | None:
    if scale is None:
        return None
    rows = scale.px_to_mm
    return {
        "scale_mm_per_px": _number(scale.mm_per_px),
        "relative_error_fraction": _number(scale.relative_error),
        "source": scale.source.value,
        "at_xy_px": [_number(value) for value in scale.at_xy],
        "homography_px_to_mm": None if rows is None else [list(row) for row in rows],
        "tilt_deg": _number(scale.tilt_deg),
    }


def _finding(finding: QualityFinding) -> Json:
    """One heading; its number under a name that ends with its unit, if that is known."""
    found: Json = {
        "heading": finding.heading.value,
        "grade": finding.grade.value,
        "sentence": finding.sentence,
        "value_text": None,
    }
    if finding.value is not None and isfinite(finding.value):
        found["value_text"] = f"{finding.value:.4g} {finding.unit}".strip()
        ending = _BY_UNIT.get(finding.unit)
        if ending is not None:
            found[f"value_{ending}"] = _number(finding.value)
    return found

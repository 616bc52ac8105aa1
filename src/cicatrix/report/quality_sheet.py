"""The quality sheet: ten headings against photographs, and what to do about them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from cicatrix.domain.quality import Grade, Heading, QualityFinding
from cicatrix.domain.result import PhotoRecord
from cicatrix.report.words import number_text

__all__ = ["CellView", "QualityView", "RemarkView", "quality_view"]

_SIGNS = {Grade.PASS: "✓", Grade.WARN: "!", Grade.STOP: "✕"}
_WORDS = {Grade.PASS: "good", Grade.WARN: "usable", Grade.STOP: "not usable"}
_MAY_BE_UNKNOWN = (Heading.TILT, Heading.MOTION)
"""Without a value nothing is known of these: they pass, so that nothing is stopped by
them, but a tick would claim to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """The grade of one photograph under one heading."""

    sign: str
    word: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """What a photographer can do, and for which photographs it was said."""

    heading: str
    kind: str
    word: str
    sentence: str
    photos: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityView:
    """The sheet: a row for each heading, a column for each photograph."""

    photos: tuple[str, ...]
    rows: tuple[tuple[str, tuple[CellView | None, ...]], ...]
    remarks: tuple[RemarkView, ...]


def quality_view(photos: Sequence[PhotoRecord]) -> QualityView:
    """The quality sheet of photographs; the same remark is made once."""
    sheets = [{found.heading: found for found in photo.quality} for photo in photos]
    rows = tuple(
        (heading.value, tuple(_cell(sheet.get(heading)) for sheet in sheets))
        for heading in Heading
    )
    said: dict[tuple[Grade, Heading, str], list[str]] = defaultdict(list)
    for photo in photos:
        for found in photo.quality:
            if found.grade is not Grade.PASS:
                said[found.grade, found.heading, found.sentence].append(photo.name)
    remarks = tuple(
        RemarkView(
            heading=heading.value,
            kind=grade.value,
            word=_WORDS[grade],
            sentence=sentence,
            photos=", ".join(names),
        )
        for (grade, heading, sentence), names in sorted(
            said.items(), key=lambda item: item[0][0] is not Grade.STOP
        )
    )
    return QualityView(
        photos=tuple(photo.name for photo in photos), rows=rows, remarks=remarks
    )


def _cell(found: QualityFinding | None) -> CellView | None:
    if found is None:
        return None
    if found.heading in _MAY_BE_UNKNOWN and found.value is None:
        return CellView(sign="?", word="not known", kind="unknown", value="not known")
    value = ""
    if found.value is not None and isfinite(found.value):
        value = _value_text(found.value, found.unit)
    return CellView(
        sign=_SIGNS[found.grade],
        word=_WORDS[found.grade],
        kind=found.grade.value,
        value=value,
    )


def _value_text(value: float, unit: str) -> str:
    """The number with its unit; the heading already says JPEG quality."""
    number = number_text(value, 1 if abs(value) < 10 and unit != "patches" else 0)
    if unit == "patches" and value == 1:
        return f"{number} patch"
    if unit == "°":
        return f"{number}°"
    return f"{number} {'' if 'quality' in unit else unit}".strip()

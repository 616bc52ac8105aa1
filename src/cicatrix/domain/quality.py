"""Whether a photograph is good enough, heading by heading."""

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """Pass, warn (usable, said in the report) or stop (not measurable)."""

    PASS = "pass"  # noqa: S105 - a grade, not a secret
    WARN = "warn"
    STOP = "stop"


class Heading(StrEnum):
    """The ten headings of the quality sheet, after the ISIC capture standard."""

    CLIPPING = "clipping"
    SHARPNESS = "sharpness"
    MOTION = "motion"
    SHADOW = "shadow gradient"
    GLARE = "glare"
    TILT = "tilt"
    RESOLUTION = "resolution at the lesion"
    COMPRESSION = "JPEG quality"
    COLOUR_REFERENCE = "colour reference"
    SCALE = "scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFinding:
    """One line of the quality sheet.

    `value` is the measured number in `unit`, `None` where it could not be measured.
    `sentence` says what a photographer can do about it.
    """

    heading: Heading
    grade: Grade
    sentence: str
    value: float | None = None
    unit: str = ""

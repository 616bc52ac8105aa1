"""What a comparison or a whole case answers, ready to be printed, drawn or stored."""

from dataclasses import dataclass
from datetime import date

from cicatrix.domain.capture import Capture
from cicatrix.domain.fade import Fade, Interval, MeasureChange
from cicatrix.domain.quality import QualityFinding
from cicatrix.domain.reference import ReferenceKind
from cicatrix.domain.scale import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRecord:
    """Which photograph was used, so that a result can be traced to its pixels."""

    name: str
    sha256: str
    file_format: str
    width_px: int
    height_px: int
    profile: str
    capture: Capture
    jpeg_quality: float | None
    scale: Scale | None
    reference: ReferenceKind
    reference_held_out_de00: float | None
    reference_notes: tuple[str, ...]
    quality: tuple[QualityFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentRecord:
    """How the follow-up lies on the baseline, and how surely.

    `error_px` is the alignment's own estimate of its median error at the lesion, in
    baseline pixels at full resolution. `scale` is follow-up size over baseline size.
    """

    error_px: float
    rotation_deg: float
    scale: float
    overlap_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Whether one lesion faded between two photographs.

    `reason` says why nothing could be measured, else `None`. `contrast_before_de00`
    and `contrast_after_de00` are lesion against adjacent skin, ΔE00. `skin_ita_deg` is how
    light a person told that skin to be, as individual typology angle.
    """

    lesion: str
    baseline: PhotoRecord | None
    followup: PhotoRecord | None
    fade: Fade
    reason: str | None
    contrast_before_de00: Interval
    contrast_after_de00: Interval
    measures: tuple[MeasureChange, ...] = ()
    alignment: AlignmentRecord | None = None
    colour_anchor: ReferenceKind = ReferenceKind.NONE
    skin_ita_deg: float | None = None
    outline_xy: tuple[tuple[float, float], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitResult:
    """One visit of one lesion in a series.

    `since_baseline` and `since_last` compare this visit with the first and with the
    one before. `judge_from` is set while redness after a session still hides the
    result: the date from which the facts allow a judgement.
    """

    visited_on: date
    photos: tuple[PhotoRecord, ...]
    contrast_de00: Interval
    since_baseline: Comparison | None
    since_last: Comparison | None
    judge_from: date | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionSeries:
    """One lesion over all visits, oldest first."""

    lesion: str
    visits: tuple[VisitResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """All lesions of a casebook.

    `versions` pairs names of software with their versions, `parameters` names (with
    the unit at the end) with values as text: enough to run the measurement again.
    """

    title: str
    lesions: tuple[LesionSeries, ...]
    versions: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

"""Did this lesion fade between two photographs, by how much, and how sure is that."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt

from cicatrix.alignment.aligning import align, align_with
from cicatrix.alignment.channels import Glance, reduced
from cicatrix.alignment.value import Alignment
from cicatrix.change.visits import (
    Known,
    VisitComparison,
    calibrated_lights,
    compare_visits,
)
from cicatrix.domain.fade import Fade, Interval, MeasureChange
from cicatrix.domain.quality import Grade, QualityFinding
from cicatrix.domain.reference import ReferenceKind
from cicatrix.domain.result import AlignmentRecord, Comparison, PhotoRecord
from cicatrix.errors import PhotoUnusable
from cicatrix.outline.finding import outline_lesion
from cicatrix.outline.value import Lesion, Outline
from cicatrix.photo.value import Photo
from cicatrix.quality.sheet import assess
from cicatrix.report.pictures import ComparisonPictures
from cicatrix.work.abstaining import too_uncertain
from cicatrix.work.begun import Begun
from cicatrix.work.detailing import details, textures_of
from cicatrix.work.grey_spot import require_grey_off_lesion, require_grey_off_point
from cicatrix.work.laying import (
    Laid,
    calibration_of,
    lay,
    regions_for,
    strength_of,
    surroundings_of,
    views_of,
)
from cicatrix.work.noting import notes_of
from cicatrix.work.picturing import pictures_of
from cicatrix.work.sizing import size_changes
from cicatrix.work.together import helper

__all__ = [
    "Progress",
    "compare",
    "compare_laid",
    "compare_with_drawing",
    "compare_with_pictures",
    "find_outline",
    "place",
]

Progress = Callable[[float, str], None]
"""Told the share done (0..1) and what is being done."""

Drawing = Callable[[], ComparisonPictures]
"""Makes the pictures of a report, which cost as much as a tenth of the measurement."""


def compare(
    baseline: Photo,
    followup: Photo,
    *,
    lesion: Lesion,
    name: str = "lesion",
    skin_ita_deg: float | None = None,
) -> Comparison:
    """How far a lesion has faded from the baseline to the follow-up photograph.

    Parameters
    ----------
    baseline, followup
        Opened by `open_photo`, of the same skin.
    lesion
        On the baseline, full-resolution pixels: a boolean mask (rows, cols), a polygon
        (n, 2), a box, a scribble, or one point (2,).
    name
        What the result calls the lesion.
    skin_ita_deg
        Individual typology angle of the healthy skin, degrees, if a person knows it: no
        photograph without a card tells how light skin is.

    Returns
    -------
    Comparison
        `.fade` with its 95 % interval, smallest detectable change and verdict. A pair
        that cannot be measured has the verdict "not measurable", a NaN estimate and
        its `.reason`; it does not raise.
    """
    return compare_with_drawing(
        baseline, followup, lesion=lesion, name=name, skin_ita_deg=skin_ita_deg
    )[0]


def compare_with_pictures(
    baseline: Photo,
    followup: Photo,
    *,
    lesion: Lesion,
    name: str = "lesion",
    skin_ita_deg: float | None = None,
) -> tuple[Comparison, ComparisonPictures | None]:
    """`compare`, and the aligned pictures that a report shows."""
    comparison, drawing = compare_with_drawing(
        baseline, followup, lesion=lesion, name=name, skin_ita_deg=skin_ita_deg
    )
    return comparison, None if drawing is None else drawing()


def compare_with_drawing(
    baseline: Photo,
    followup: Photo,
    *,
    lesion: Lesion,
    name: str = "lesion",
    skin_ita_deg: float | None = None,
    progress: Progress | None = None,
) -> tuple[Comparison, Drawing | None]:
    """`compare`, and what draws the pictures of its report when it is called.

    `progress` is called with the share done (0..1) and what is being done.
    """
    tell = progress or (lambda share, what: None)
    with helper() as beside:
        try:
            tell(0.0, "outlining the lesion")
            seen = (
                beside.spare(partial(Glance.of, baseline)),
                beside.spare(partial(reduced, followup)),
            )
            # Alone: of windows as small as its own, two threads have no more than one.
            outline = find_outline(baseline, lesion)
            tell(0.2, "finding the same skin")
            told = [
                beside.spare(partial(calibration_of, one))
                for one in (baseline, followup)
            ]
            laid = beside.begin(
                partial(lay, baseline, outline, None, calibration=told[0])
            )
            before = beside.spare(partial(_judged_record, baseline, outline, None))
            shape = outline.polygon_xy
            alignment = align_with(
                baseline, followup, shape, seen=seen, beside=beside.begin
            )
            first = laid()
        except PhotoUnusable as trouble:
            return refused(name, baseline, followup, trouble.reason), None
        tell(0.6, "measuring the change")
        where = followup, outline, alignment
        around = beside.begin(partial(surroundings_of, *where))
        strength = beside.begin(partial(strength_of, first, around, told[1]))
        measured = partial(size_changes, baseline, *where, beside=beside.begin)
        sizes = beside.begin(measured)
        after = beside.begin(partial(_judged_record, *where))
        second = lay(*where, calibration=told[1], around=around)
        begun = Begun((before, after), sizes, beside.begin, strength)
        return compare_laid(
            [first],
            [second],
            outline,
            name=name,
            skin_ita_deg=skin_ita_deg,
            begun=begun,
        )


def find_outline(photo: Photo, lesion: Lesion) -> Outline:
    """The lesion's outline on a photograph, clear of a colour card.

    `ReferenceUnusable` where one place was pointed to as grey patch and as lesion.
    """
    require_grey_off_point(photo, lesion)
    cards = card_polygons(photo)
    return outline_lesion(photo, lesion, exclude=cards)


def place(baseline: Photo, followup: Photo, outline: Outline) -> Laid:
    """A follow-up laid on the outline that was drawn on the baseline."""
    alignment = align(baseline, followup, lesion=outline.polygon_xy)
    return lay(followup, outline, alignment)


def compare_laid(
    before: list[Laid],
    after: list[Laid],
    outline: Outline,
    *,
    name: str,
    skin_ita_deg: float | None = None,
    begun: Begun | None = None,
) -> tuple[Comparison, Drawing | None]:
    """Compare two visits whose photographs lie on one outline's grid.

    `begun` is what was begun before of the records of their photographs and the sizes
    on the first ones. The second answer draws the pictures of a report when it is called.
    """
    baseline, followup = before[0].photo, after[0].photo
    if begun is None:
        begun = Begun(
            records=tuple(
                partial(_judged_record, one.photo, outline, one.alignment)
                for one in before + after
            ),
            sizes=partial(
                size_changes, baseline, followup, outline, after[0].alignment
            ),
        )
    judged = partial(_judged, begun, before + after)
    try:
        require_grey_off_lesion(before + after, outline)
        try:
            told, reason, measures = _measured(
                before, after, outline, begun, skin_ita_deg
            )
        except Exception:
            judged()  # what is wrong with a photograph itself is told first
            raise
        # Last, as the helper has them by then.
        records = judged()
    except PhotoUnusable as trouble:
        return refused(name, baseline, followup, trouble.reason), None
    comparison = Comparison(
        lesion=name,
        baseline=records[0],
        followup=records[len(before)],
        fade=told.reading.fade if reason is None else Fade.not_measurable(),
        reason=reason,
        contrast_before_de00=told.reading.contrast_before_de00,
        contrast_after_de00=told.reading.contrast_after_de00,
        measures=measures,
        alignment=_alignment_record(after[0].alignment),
        colour_anchor=_anchor(before + after, told),
        outline_xy=tuple((float(x), float(y)) for x, y in outline.polygon_xy),
        notes=notes_of(before + after, told, skin_ita_deg),
    )
    return comparison, partial(pictures_of, before[0], after[0], outline, told)


def _measured(
    before: list[Laid],
    after: list[Laid],
    outline: Outline,
    begun: Begun,
    skin_ita_deg: float | None,
) -> tuple[VisitComparison, str | None, tuple[MeasureChange, ...]]:
    """How the contrast changed, why that is not told if it is not, and all measures."""
    regions = regions_for(outline, before + after)
    views, leftover = views_of(before + after, outline, regions)
    calibrated = calibrated_lights(views)
    textures = begun.beside(partial(textures_of, calibrated, outline, regions))
    told = compare_visits(
        views[: len(before)],
        views[len(before) :],
        regions,
        leftover_blur_samples=leftover,
        known=Known(
            calibrated=calibrated, strength=begun.strength, skin_ita_deg=skin_ita_deg
        ),
    )
    reason = too_uncertain(told, outline)
    measures = details(
        outline, regions, told, begun.sizes, textures, fade_told=reason is None
    )
    return told, reason, measures


def refused(
    name: str, baseline: Photo | None, followup: Photo | None, reason: str
) -> Comparison:
    """The answer for a pair that cannot be measured."""
    return Comparison(
        lesion=name,
        baseline=None if baseline is None else _plain_record(baseline),
        followup=None if followup is None else _plain_record(followup),
        fade=Fade.not_measurable(),
        reason=reason,
        contrast_before_de00=Interval.unknown(),
        contrast_after_de00=Interval.unknown(),
    )


def card_polygons(photo: Photo) -> tuple[npt.NDArray[np.float64], ...]:
    """Where the photograph's colour card lies, as polygons to leave out."""
    if photo.reference is None or len(photo.reference.corners_xy) < 3:
        return ()
    return (np.asarray(photo.reference.corners_xy, dtype=np.float64),)


def photo_record(laid: Laid, outline: Outline) -> PhotoRecord:
    """Which photograph was used and how good it is at the lesion."""
    record = _judged_record(laid.photo, outline, laid.alignment)
    return _calibrated_record(record, laid)


def _judged(begun: Begun, laid: list[Laid]) -> list[PhotoRecord]:
    """The records of photographs that are fit to be measured; of others the refusal."""
    records = [
        _calibrated_record(record(), one)
        for record, one in zip(begun.records, laid, strict=True)
    ]
    _stop_on_quality(records)
    return records


def _judged_record(
    photo: Photo, outline: Outline, alignment: Alignment | None
) -> PhotoRecord:
    """The record without what calibrating the photograph told."""
    sheet = assess(
        photo,
        lesion_box_xyxy=_box_in(alignment, outline),
        reference=photo.reference,
        scale=photo.scale,
    )
    return _record(photo, sheet)


def _calibrated_record(record: PhotoRecord, laid: Laid) -> PhotoRecord:
    """The record with what calibrating the photograph told."""
    if laid.calibration is None:
        return record
    left_out = laid.calibration.held_out_de00
    return replace(
        record,
        reference_held_out_de00=None if np.isnan(left_out) else left_out,
        reference_notes=tuple(
            dict.fromkeys(record.reference_notes + laid.calibration.notes)
        ),
    )


def _plain_record(photo: Photo) -> PhotoRecord:
    """The record of a photograph that was judged as a whole."""
    return _record(photo, photo.quality)


def _record(photo: Photo, quality: tuple[QualityFinding, ...]) -> PhotoRecord:
    reference = photo.reference
    return PhotoRecord(
        name=photo.name,
        sha256=photo.sha256,
        file_format=photo.file_format,
        width_px=photo.width_px,
        height_px=photo.height_px,
        profile=photo.decoding.profile,
        capture=photo.capture,
        jpeg_quality=photo.jpeg_quality,
        scale=photo.scale,
        reference=ReferenceKind.NONE if reference is None else reference.kind,
        reference_held_out_de00=None,
        reference_notes=() if reference is None else reference.notes,
        quality=quality,
    )


def _box_in(
    alignment: Alignment | None, outline: Outline
) -> tuple[float, float, float, float]:
    """The lesion's bounding box in the photograph's own pixels."""
    corners = outline.polygon_xy
    if alignment is not None:
        corners = alignment.to_followup(corners)
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _stop_on_quality(records: list[PhotoRecord]) -> None:
    for record in records:
        for finding in record.quality:
            if finding.grade is Grade.STOP:
                raise PhotoUnusable(f"{record.name}: {finding.sentence}")


def _anchor(laid: list[Laid], told: VisitComparison) -> ReferenceKind:
    kinds = [one.photo.reference.kind for one in laid if one.photo.reference]
    return kinds[0] if told.anchored and kinds else ReferenceKind.NONE


def _alignment_record(alignment: Alignment | None) -> AlignmentRecord | None:
    if alignment is None:
        return None
    return AlignmentRecord(
        error_px=alignment.error_px,
        rotation_deg=alignment.rotation_deg,
        scale=alignment.scale,
        overlap_fraction=alignment.overlap_fraction,
    )

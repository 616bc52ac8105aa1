"""Which photographs a comparison used, and how good each is at the lesion."""

from dataclasses import replace

import numpy as np

from cicatrix.alignment.value import Alignment
from cicatrix.domain.quality import Grade, QualityFinding
from cicatrix.domain.reference import ReferenceKind
from cicatrix.domain.result import PhotoRecord
from cicatrix.errors import PhotoUnusable
from cicatrix.outline.value import Outline
from cicatrix.photo.value import Photo
from cicatrix.quality.sheet import assess
from cicatrix.work.begun import Begun
from cicatrix.work.laying import Laid

__all__ = ["judged_record", "judged_records", "photo_record", "plain_record"]


def photo_record(laid: Laid, outline: Outline) -> PhotoRecord:
    """Which photograph was used and how good it is at the lesion."""
    record = judged_record(laid.photo, outline, laid.alignment)
    return _calibrated_record(record, laid)


def judged_records(begun: Begun, laid: list[Laid]) -> list[PhotoRecord]:
    """The records of photographs that are fit to be measured; of others the refusal."""
    records = [
        _calibrated_record(record(), one)
        for record, one in zip(begun.records, laid, strict=True)
    ]
    _stop_on_quality(records)
    return records


def judged_record(
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


def plain_record(photo: Photo) -> PhotoRecord:
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

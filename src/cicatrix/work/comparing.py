"""Did this lesion fade between two photographs, by how much, and how sure is that."""

from collections.abc import Callable
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
from cicatrix.domain.reference import ReferenceKind
from cicatrix.domain.result import AlignmentRecord, Comparison
from cicatrix.errors import PhotoUnusable
from cicatrix.outline.finding import outline_lesion
from cicatrix.outline.value import Lesion, Outline
from cicatrix.photo.value import Photo
from cicatrix.report.pictures import ComparisonPictures
from cicatrix.work.abstaining import ran_out, too_uncertain, without_numbers
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
from cicatrix.work.recording import judged_record, judged_records, plain_record
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
        Individual typology angle of the healthy skin, -90 to 90 degrees, if a person knows
        it: no photograph without a card tells how light skin is.

    Returns
    -------
    Comparison
        `.fade` with its 95 % interval, smallest detectable change and verdict. A pair
        that cannot be measured has the verdict "not measurable", a NaN estimate and
        its `.reason`; it does not raise.

    Raises
    ------
    ValueError
        `skin_ita_deg` is no angle.
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
    if skin_ita_deg is not None and not -90 <= skin_ita_deg <= 90:
        raise ValueError(
            f"skin_ita_deg must be in -90..90 degrees, got {skin_ita_deg!r}"
        )
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
            before = beside.spare(partial(judged_record, baseline, outline, None))
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
        after = beside.begin(partial(judged_record, *where))
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
                partial(judged_record, one.photo, outline, one.alignment)
                for one in before + after
            ),
            sizes=partial(
                size_changes, baseline, followup, outline, after[0].alignment
            ),
        )
    judged = partial(judged_records, begun, before + after)
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
    contrasts = (told.reading.contrast_before_de00, told.reading.contrast_after_de00)
    if ran_out(outline):
        contrasts = (Interval.unknown(), Interval.unknown())
    comparison = Comparison(
        lesion=name,
        baseline=records[0],
        followup=records[len(before)],
        fade=told.reading.fade if reason is None else Fade.not_measurable(),
        reason=reason,
        contrast_before_de00=contrasts[0],
        contrast_after_de00=contrasts[1],
        measures=measures,
        alignment=_alignment_record(after[0].alignment),
        colour_anchor=_anchor(before + after, told),
        skin_ita_deg=skin_ita_deg,
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
    if ran_out(outline):
        measures = without_numbers(measures)
    return told, reason, measures


def refused(
    name: str, baseline: Photo | None, followup: Photo | None, reason: str
) -> Comparison:
    """The answer for a pair that cannot be measured."""
    return Comparison(
        lesion=name,
        baseline=None if baseline is None else plain_record(baseline),
        followup=None if followup is None else plain_record(followup),
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

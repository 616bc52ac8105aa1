"""When a fade that was computed is not told, and why.

A contrast that noise or a blotch of the skin would give as well is no lesion's contrast,
and an interval that holds every outcome tells none of them.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from cicatrix.change.relief import FAINT_DE00
from cicatrix.change.visits import VisitComparison
from cicatrix.domain.fade import Interval, MeasureChange, Verdict
from cicatrix.evidence.measuring import measuring_limits
from cicatrix.outline.value import Outline
from cicatrix.report.words import percent_text

__all__ = [
    "border_in_doubt",
    "border_is_clear",
    "ran_out",
    "too_uncertain",
    "without_changes",
    "without_numbers",
]

_HOLDS_MORE = (
    "what was found holds more than what was clicked: draw the lesion's outline as a mask or "
    "a polygon"
)
_FADE_UNTOLD = "the fade is not told, so neither is this change"


def too_uncertain(told: VisitComparison, outline: Outline) -> str | None:
    """Why a fade means too little to be told, or `None` where it can be.

    Parameters
    ----------
    told
        Both visits compared.
    outline
        Of the lesion, on the baseline.

    Notes
    -----
    Whoever searches for what stands out most finds something on bare skin too, and what
    looked strongest by chance looks weaker the next time. So an outline that was found
    where little stood out needs a larger contrast than one that a person drew.
    """
    contrast = told.reading.contrast_before_de00
    return (
        _border_ran_out(outline)
        or _not_told_from_skin(
            contrast.estimate, told.reading.contrast_sd_de00, outline
        )
        or _too_faint(contrast.estimate)
        or _too_wide(told)
    )


def without_numbers(rows: Sequence[MeasureChange]) -> tuple[MeasureChange, ...]:
    """Rows of an outline that holds more than the lesion: none tells anything."""
    return tuple(
        replace(
            one,
            before=Interval.unknown(),
            after=Interval.unknown(),
            change=Interval.unknown(),
            verdict=Verdict.NOT_MEASURABLE,
            note=_HOLDS_MORE,
        )
        for one in rows
    )


def without_changes(rows: Sequence[MeasureChange]) -> tuple[MeasureChange, ...]:
    """Rows that tell the fade in other words, where the fade is not told.

    Their changes go; what each photograph showed stays, and rows without a change do.
    """
    return tuple(
        replace(
            one,
            change=Interval.unknown(),
            verdict=Verdict.NOT_MEASURABLE,
            note="; ".join(filter(None, (_FADE_UNTOLD, one.note))),
        )
        if one.change.is_known
        else one
        for one in rows
    )


def ran_out(outline: Outline) -> bool:
    """Whether what a click found holds more than what was pointed to.

    Nothing is told of such an outline, not even its contrast: it is that of blotches.
    """
    limits = measuring_limits()
    return (
        outline.separation < limits.surely_held_separation
        and outline.as_pointed_to < limits.least_as_pointed_to
    )


def border_is_clear(outline: Outline) -> bool:
    """Whether a border was drawn by a person, or found where much stands out and held."""
    if ran_out(outline):
        return False
    limits = measuring_limits()
    least = (
        limits.clear_separation_small if _is_small(outline) else limits.clear_separation
    )
    return outline.separation >= least


def _is_small(outline: Outline) -> bool:
    """Whether a photograph has room for many blotches as large as the largest part."""
    area = abs(cv2.contourArea(outline.polygon_xy.astype(np.float32)))
    return bool(np.sqrt(area) < measuring_limits().small_part_px)


def border_in_doubt(told: VisitComparison, outline: Outline) -> bool:
    """Whether what hangs on a lesion's border, as its size does, is not to be told.

    A fade is read from the lesion's middle and bears a rough border; a size does not. So
    a border that was found where little stands out tells none, however strong the
    contrast, nor does one that few people could see.
    """
    reading = told.reading
    contrast = reading.contrast_before_de00.estimate
    unseen = not outline.given and _too_faint(contrast) is not None
    return (
        unseen
        or not border_is_clear(outline)
        or _follows_blotches(contrast, reading.contrast_sd_de00, outline)
    )


def _border_ran_out(outline: Outline) -> str | None:
    if not ran_out(outline):
        return None
    return (
        "Half of what was found around the click stands out by less than "
        f"{percent_text(max(outline.as_pointed_to, 0.0))} of what does where it was clicked: "
        "the border has probably run out into the skin's own mottling. Look at the outline. If it "
        "holds more than the lesion, draw its outline as a mask or a polygon."
    )


def _not_told_from_skin(
    contrast_de00: float, sd_de00: float, outline: Outline
) -> str | None:
    limits = measuring_limits()
    differs = (
        f"The lesion differs from the skin beside it by {contrast_de00:.1f} ΔE00 at "
        f"baseline, and that is only known to ±{1.96 * sd_de00:.1f}"
    )
    if not contrast_de00 > limits.faintest_contrast_sd * sd_de00:
        by_hand = (
            "If you see the lesion's border, draw its outline as a mask or a polygon; "
            "else compare"
            if _follows_blotches(contrast_de00, sd_de00, outline)
            else "Compare"
        )
        return (
            f"{differs}: too little for a percentage of it. {by_hand} the photographs "
            "by eye, or take several of each visit in the same light, without a flash."
        )
    if not border_is_clear(outline) and not _no_blotch(contrast_de00, sd_de00, outline):
        return (
            f"{differs}. Its border was found where little stands out: a blotch of bare "
            "skin would be found as easily, and would seem to fade. If you see the "
            "lesion's border, draw its outline as a mask or a polygon; else compare the "
            "photographs by eye."
        )
    return None


def _no_blotch(contrast_de00: float, sd_de00: float, outline: Outline) -> bool:
    """Whether a contrast makes up for a border that little of the mottling leaves clear.

    Either it is strong enough alone, or together with what does stand out.
    """
    limits = measuring_limits()
    if contrast_de00 > limits.faintest_found_contrast_sd * sd_de00:
        return True
    lacking = limits.found_together_sd - outline.separation
    return not _is_small(outline) and contrast_de00 >= lacking * sd_de00


def _follows_blotches(contrast_de00: float, sd_de00: float, outline: Outline) -> bool:
    """Whether a border was found that may follow the blotches by which it is doubted."""
    known = contrast_de00 > measuring_limits().faintest_contrast_sd * sd_de00
    return not outline.given and not known and contrast_de00 < FAINT_DE00


def _too_faint(contrast_de00: float) -> str | None:
    least = measuring_limits().faintest_contrast_de00
    if contrast_de00 > least:
        return None
    return (
        f"The lesion differs from the skin beside it by {contrast_de00:.1f} ΔE00 at "
        f"baseline; below {least:.2g} few people see a difference on any skin, and "
        "a percentage of it would mean nothing. There is little left to fade."
    )


def _too_wide(told: VisitComparison) -> str | None:
    widest = measuring_limits().widest_fade_half_width
    detectable = told.reading.fade.smallest_detectable_change
    if detectable <= widest:
        return None
    worst = max(told.reading.fade.budget, key=lambda line: line.fade_sd_fraction)
    return (
        f"A change would have to exceed {percent_text(detectable)} of the contrast to be seen "
        f"in these photographs, and more than {percent_text(widest)} is no use as a "
        f"percentage. What costs most: {worst.source}. The same camera, light and "
        "distance, no flash, and several photographs of each visit narrow it."
    )

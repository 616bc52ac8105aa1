"""Made-up results in every state a report has to show."""

from datetime import date, datetime
from math import nan

import cv2
import numpy as np
import pytest

from cicatrix.domain.capture import Capture
from cicatrix.domain.fade import BudgetLine, Fade, Interval, MeasureChange, Verdict
from cicatrix.domain.quality import Grade, Heading, QualityFinding
from cicatrix.domain.reference import ReferenceKind
from cicatrix.domain.result import (
    AlignmentRecord,
    CaseResult,
    Comparison,
    LesionSeries,
    PhotoRecord,
    VisitResult,
)
from cicatrix.domain.scale import Scale, ScaleSource
from cicatrix.report.pictures import ComparisonPictures

DAYS = (date(2025, 1, 10), date(2025, 3, 14), date(2025, 5, 9), date(2025, 9, 2))
CONTRASTS = (16.2, 14.9, 12.4, 11.1)


def around(value, half):
    return Interval(estimate=value, low=value - half, high=value + half)


def a_photo(day, *, card=True, name=None):
    grades = {
        Heading.SHARPNESS: (Grade.PASS, "Edges are sharp.", 1.6, "px"),
        Heading.SHADOW: (
            Grade.WARN,
            "The light falls off by 28 % across the lesion. Turn the lamp or the "
            "patient so that it comes evenly from both sides.",
            28.0,
            "%",
        ),
        Heading.TILT: (Grade.PASS, "The camera was square to the skin.", 4.0, "deg"),
    }
    if not card:
        grades[Heading.SCALE] = (
            Grade.WARN,
            "Nothing shows how large the skin is. Put a card beside it.",
            None,
            "",
        )
    return PhotoRecord(
        name=name or f"{day.isoformat()}.jpg",
        sha256=(day.isoformat().replace("-", "a") * 8)[:64].ljust(64, "0"),
        file_format="JPEG",
        width_px=4032,
        height_px=3024,
        profile="sRGB",
        capture=Capture(
            taken_at=datetime(day.year, day.month, day.day, 10, 30),
            exposure_time_s=1 / 120,
            f_number=1.8,
            iso=64.0,
            flash_fired=False,
            focal_length_mm=6.8,
            camera_make="Example",
            camera_model="Phone 3",
        ),
        jpeg_quality=92.0,
        scale=Scale(
            mm_per_px=0.052,
            relative_error=0.006,
            source=ScaleSource.CARD,
            at_xy=(2000.0, 1500.0),
            px_to_mm=((0.05, 0, 0), (0, 0.05, 0), (0, 1e-6, 1)),
            tilt_deg=4.0,
        )
        if card
        else None,
        reference=ReferenceKind.CICATRIX_CARD if card else ReferenceKind.NONE,
        reference_held_out_de00=1.3 if card else None,
        reference_notes=("Two patches lie in glare and are not used.",) if card else (),
        quality=tuple(
            QualityFinding(
                heading=heading, grade=grade, sentence=words, value=number, unit=unit
            )
            for heading in Heading
            for grade, words, number, unit in [
                grades.get(heading, (Grade.PASS, "Nothing to remark.", None, ""))
            ]
        ),
    )


BUDGET = (
    BudgetLine(
        source="light gradient",
        fade_sd_fraction=0.021,
        explanation="the light falls unevenly on lesion and skin",
    ),
    BudgetLine(
        source="calibration",
        fade_sd_fraction=0.017,
        explanation="what the colour card leaves over",
    ),
    BudgetLine(
        source="outline",
        fade_sd_fraction=0.012,
        explanation="where the lesion is taken to end",
    ),
    BudgetLine(
        source="alignment",
        fade_sd_fraction=0.006,
        explanation="how surely the same skin is compared",
    ),
    BudgetLine(
        source="pixel noise",
        fade_sd_fraction=0.003,
        explanation="grain of the sensor and JPEG",
    ),
)


def some_measures(before, after, verdict, *, scale=True):
    change = after - before
    unknown = Interval.unknown()
    found = [
        MeasureChange(
            name="contrast_de00",
            label="Colour contrast",
            unit="ΔE00",
            before=around(before, 0.6),
            after=around(after, 0.6),
            change=around(change, 0.7),
            verdict=verdict,
        ),
        MeasureChange(
            name="delta_l_cielab",
            label="Lightness difference ΔL*",
            unit="CIELAB",
            before=around(-7.1, 0.5),
            after=around(-5.2, 0.5),
            change=around(1.9, 0.6),
            verdict=verdict,
        ),
        MeasureChange(
            name="haemoglobin_ln",
            label="Haemoglobin contrast",
            unit="ln",
            before=around(0.42, 0.06),
            after=around(0.29, 0.06),
            change=around(-0.13, 0.05),
            verdict=verdict,
            note="Relative to the skin beside it.",
        ),
        MeasureChange(
            name="area_mm2",
            label="Area",
            unit="mm²",
            before=around(112.4, 6.1) if scale else unknown,
            after=around(104.9, 6.6) if scale else unknown,
            change=around(-7.5, 8.2) if scale else unknown,
            verdict=Verdict.NO_DETECTABLE_CHANGE if scale else Verdict.NOT_MEASURABLE,
            note="" if scale else "Neither photograph shows its scale.",
        ),
    ]
    return tuple(found)


def a_comparison(first=0, second=3, **changes):
    before, after = CONTRASTS[first], CONTRASTS[second]
    estimate = 1 - after / before
    half = 0.07
    limit = 0.10
    verdict = Verdict.FADED if estimate > limit else Verdict.NO_DETECTABLE_CHANGE
    values = {
        "lesion": "left cheek",
        "baseline": a_photo(DAYS[first]),
        "followup": a_photo(DAYS[second]),
        "fade": Fade(
            estimate=estimate,
            low=estimate - half,
            high=estimate + half,
            smallest_detectable_change=limit,
            verdict=verdict,
            budget=BUDGET,
        ),
        "reason": None,
        "contrast_before_de00": around(before, 0.6),
        "contrast_after_de00": around(after, 0.6),
        "measures": some_measures(before, after, verdict),
        "alignment": AlignmentRecord(
            error_px=1.4, rotation_deg=-3.2, scale=1.07, overlap_fraction=0.91
        ),
        "colour_anchor": ReferenceKind.CICATRIX_CARD,
        "outline_xy": ((800.0, 600.0), (900.0, 620.0), (850.5, 700.0)),
        "notes": ("The shadow gradient differs between the photographs.",),
    }
    return Comparison(**{**values, **changes})


def an_unmeasurable_comparison():
    return a_comparison(
        fade=Fade.not_measurable(),
        reason="The same skin was not found in both photographs: 12 matches, 30 are "
        "needed. Take the follow-up from the same side and distance.",
        contrast_before_de00=Interval.unknown(),
        contrast_after_de00=Interval.unknown(),
        measures=(),
        alignment=None,
        outline_xy=(),
        notes=(),
    )


def a_series(name="left cheek"):
    visits = [
        VisitResult(
            visited_on=DAYS[0],
            photos=(a_photo(DAYS[0]), a_photo(DAYS[0], name="2025-01-10-b.jpg")),
            contrast_de00=around(CONTRASTS[0], 0.6),
            since_baseline=None,
            since_last=None,
        )
    ]
    for index in range(1, 4):
        early = index == 2
        visits.append(
            VisitResult(
                visited_on=DAYS[index],
                photos=(a_photo(DAYS[index]),),
                contrast_de00=around(CONTRASTS[index], 0.7),
                since_baseline=a_comparison(0, index, lesion=name),
                since_last=a_comparison(index - 1, index, lesion=name),
                judge_from=date(2025, 5, 16) if early else None,
                notes=("A session took place three days before.",) if early else (),
            )
        )
    return LesionSeries(lesion=name, visits=tuple(visits))


def a_case(**changes):
    values = {
        "title": "Case 1",
        "lesions": (a_series(),),
        "versions": (("cicatrix", "0.1.0"), ("numpy", "2.3.1")),
        "parameters": (("draws_count", "4000"), ("seed", "0")),
        "notes": (),
    }
    return CaseResult(**{**values, **changes})


def some_pictures(rows=420, cols=640, fade=0.3, seed=0):
    """Skin-coloured grain with an oval lesion that fades, and its maps."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:rows, :cols].astype(np.float32)
    bend = 14 * np.sin(x / 60)
    reach = np.hypot((x - cols / 2) / (cols / 4), (y - rows / 2 + bend) / (rows / 7))
    lesion = reach < 1
    ring = (reach > 1.35) & (reach < 2.0)
    grain = cv2.GaussianBlur(
        rng.normal(0, 1, (rows, cols)).astype(np.float32), (0, 0), 3
    )
    skin = (
        np.array([214, 170, 146])
        + 60 * grain[..., None]
        + (x[..., None] - cols / 2) / 40
    )
    soft = np.clip(1.4 - 1.2 * reach, 0, 1)[..., None]
    scar = np.array([-34, -62, -52])
    before = np.clip(skin + soft * scar, 0, 255).astype(np.uint8)
    after = np.clip(skin + 3 + (1 - fade) * soft * scar, 0, 255).astype(np.uint8)
    difference = (soft[..., 0] * 18 * fade + np.abs(3 * grain)).astype(np.float32)
    difference[:, : cols // 12] = nan
    return ComparisonPictures(
        before=before,
        after=after,
        lesion=lesion,
        ring=ring,
        difference_de00=difference,
        mm_per_px=0.06,
    )


@pytest.fixture
def case():
    return a_case()


@pytest.fixture
def comparison():
    return a_comparison()


@pytest.fixture
def unmeasurable():
    return an_unmeasurable_comparison()


@pytest.fixture
def pictures():
    return some_pictures()

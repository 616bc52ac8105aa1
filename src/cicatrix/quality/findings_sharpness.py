"""The sheet's lines on sharpness and motion."""

from math import hypot

from cicatrix.domain.quality import Grade, Heading, QualityFinding
from cicatrix.evidence.quality_limits import quality_limit
from cicatrix.photo.value import Photo
from cicatrix.quality.blur import (
    EDGE_WIDTH_PER_SD,
    Blur,
    blur_of,
    edges_of,
    texture_blur_px,
)
from cicatrix.quality.findings_light import no_stop_without_lesion
from cicatrix.quality.look import Look, grey_tiles, half_of

__all__ = ["sharpness_and_motion"]

_RESOLVED_UP_TO_PX = 2.2
"""Blur beyond this is measured on a halved copy, where noise weighs less."""


def sharpness_and_motion(
    photo: Photo, look: Look
) -> tuple[QualityFinding, QualityFinding]:
    """Both lines, from one search for edges."""
    blur = _measured(photo, look)
    if blur is None:
        return _unknown_sharpness(), _unknown_motion()
    return _sharpness(blur, look), _motion(blur, look)


def _measured(photo: Photo, look: Look) -> Blur | None:
    """Blur in full-resolution pixels, from the finest level that shows it.

    Edges above the noise first, else the texture of the skin; what neither resolves is
    looked for on the next, halved level.
    """
    widest: Blur | None = None
    for index, level in enumerate(look.levels):
        step = 2.0**index
        tiles = grey_tiles(level, photo)
        edges = edges_of(tiles)
        here = _scaled(blur_of(edges), step) if edges.enough else None
        resolved = _RESOLVED_UP_TO_PX * step
        if here is not None and edges.strong and here.sd_px <= resolved:
            return here
        texture = texture_blur_px(half_of(tiles))
        if texture is not None and texture <= _RESOLVED_UP_TO_PX:
            return Blur(sd_px=texture * step, smear_px=None, smear_angle_deg=None)
        # Noise makes edges look sharper, never softer: the widest is nearest.
        if here is not None and (widest is None or here.sd_px > widest.sd_px):
            widest = here
    return widest


def _scaled(blur: Blur, step: float) -> Blur:
    return Blur(
        sd_px=blur.sd_px * step,
        smear_px=None if blur.smear_px is None else blur.smear_px * step,
        smear_angle_deg=blur.smear_angle_deg,
    )


def _reference_px(look: Look) -> float:
    """What a width is compared with: the lesion's shorter side or the diagonal."""
    if look.box is None:
        return hypot(*look.levels[0].shape[:2])
    return min(look.box[2] - look.box[0], look.box[3] - look.box[1])


def _grade(name: str, value_px: float, look: Look) -> Grade:
    """The worse the grade, the more limits agree: share and floor must both fall."""
    relative = name if look.box is not None else f"{name}_of_picture"
    share = quality_limit(relative).grade(100 * value_px / _reference_px(look))
    floor = quality_limit(f"{name}_floor").grade(value_px)
    order = [Grade.PASS, Grade.WARN, Grade.STOP]
    milder = order[min(order.index(share), order.index(floor))]
    return no_stop_without_lesion(milder, look)


def _sharpness(blur: Blur, look: Look) -> QualityFinding:
    width_px = EDGE_WIDTH_PER_SD * blur.sd_px
    grade = _grade("sharpness", width_px, look)
    told = f"The finest detail is {width_px:.1f} pixels wide"
    sentence = {
        Grade.PASS: f"{told}: sharp enough.",
        Grade.WARN: f"{told}: soft; focus on the lesion, in more light, and go no "
        "closer than the lens can focus.",
        Grade.STOP: f"{told}: too blurred for a lesion of this size; photograph it "
        "again, focused on the lesion.",
    }[grade]
    return QualityFinding(
        heading=Heading.SHARPNESS,
        grade=grade,
        sentence=sentence,
        value=width_px,
        unit="px",
    )


def _motion(blur: Blur, look: Look) -> QualityFinding:
    if blur.smear_px is None:
        return _unknown_motion()
    grade = _grade("motion", blur.smear_px, look)
    told = (
        f"Edges are smeared by at least {blur.smear_px:.0f} pixels along one direction"
    )
    sentence = "No motion is seen."
    if grade is not Grade.PASS:
        sentence = f"{told}; hold the camera with both hands, in more light."
    return QualityFinding(
        heading=Heading.MOTION,
        grade=grade,
        sentence=sentence,
        value=blur.smear_px,
        unit="px",
    )


def _unknown_sharpness() -> QualityFinding:
    return QualityFinding(
        heading=Heading.SHARPNESS,
        grade=Grade.WARN,
        sentence="No clear edge is seen to judge sharpness by: the skin is very smooth "
        "or the picture is blurred; lay a card beside the lesion.",
    )


def _unknown_motion() -> QualityFinding:
    return QualityFinding(
        heading=Heading.MOTION,
        grade=Grade.PASS,
        sentence="Motion is not known: too few edges run in different directions to see "
        "it by.",
    )

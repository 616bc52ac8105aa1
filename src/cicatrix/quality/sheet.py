"""The quality sheet: ten headings, each with a grade and what to do about it."""

from cicatrix.domain.quality import Grade, Heading, QualityFinding
from cicatrix.domain.reference import ColourReference, PatchState, ReferenceKind
from cicatrix.domain.scale import Scale, ScaleSource
from cicatrix.evidence.quality_limits import quality_limit
from cicatrix.photo.value import Photo
from cicatrix.quality.findings_light import clipping, glare, shadow, skin_of
from cicatrix.quality.findings_sharpness import sharpness_and_motion
from cicatrix.quality.look import Box, look_at

__all__ = ["assess"]

_SCALE_SOURCE_WORDS = {
    ScaleSource.CARD: "the card",
    ScaleSource.ENTERED: "the number entered",
}


def assess(
    photo: Photo,
    *,
    lesion_box_xyxy: Box | None = None,
    reference: ColourReference | None = None,
    scale: Scale | None = None,
) -> tuple[QualityFinding, ...]:
    """Whether a photograph is good enough, by the ten headings.

    Parameters
    ----------
    photo
        What to judge; its own `reference` and `scale` are not used.
    lesion_box_xyxy
        Left, top, right, bottom of the lesion in full-resolution pixels. With it,
        light and sharpness are judged at the lesion and may stop the measurement;
        without, over the whole picture, and they only warn.
    reference, scale
        What was found in the photograph, or `None`.

    Returns
    -------
    tuple of ten findings
        In the order of `Heading`. Limits are those of `evidence/quality.toml`.

    Raises
    ------
    PhotoUnusable
        The lesion lies outside the photograph.

    References
    ----------
    Headings after the ISIC technique standards for skin lesion imaging (Katragadda et
    al. 2017, doi 10.1001/jamadermatol.2016.3949).
    """
    look = look_at(photo, lesion_box_xyxy, reference)
    skin = skin_of(look)
    sharpness, motion = sharpness_and_motion(photo, look)
    return (
        clipping(look),
        sharpness,
        motion,
        shadow(look, skin, scale),
        glare(look, skin),
        _tilt(scale),
        _resolution(photo, look.box, scale),
        _compression(photo),
        _colour_reference(reference),
        _scale(scale),
    )


def _tilt(scale: Scale | None) -> QualityFinding:
    tilt_deg = None if scale is None else scale.tilt_deg
    if tilt_deg is None:
        return QualityFinding(
            heading=Heading.TILT,
            grade=Grade.PASS,
            sentence="The tilt is not known without a card in the picture; hold the "
            "camera square to the skin.",
        )
    grade = quality_limit("tilt").grade(tilt_deg)
    sentence = {
        Grade.PASS: f"The camera is square to the skin within {tilt_deg:.0f} degrees.",
        Grade.WARN: f"The camera is tilted by {tilt_deg:.0f} degrees, which is "
        "corrected for at some cost; hold it square to the skin.",
        Grade.STOP: f"The camera is tilted by {tilt_deg:.0f} degrees, too much to "
        "correct for; photograph it again with the camera square to the skin.",
    }[grade]
    return QualityFinding(
        heading=Heading.TILT, grade=grade, sentence=sentence, value=tilt_deg, unit="°"
    )


def _resolution(photo: Photo, box: Box | None, scale: Scale | None) -> QualityFinding:
    if box is not None:
        across = min(box[2] - box[0], box[3] - box[1])
        grade = quality_limit("resolution_at_lesion").grade(across)
        what, unit = f"The lesion is {across:.0f} pixels across", "px"
    elif scale is not None:
        across = 1 / scale.mm_per_px
        grade = quality_limit("resolution_per_mm").grade(across)
        what, unit = f"A millimetre of skin has {across:.1f} pixels", "px/mm"
    else:
        across = float(min(photo.width_px, photo.height_px))
        grade = quality_limit("resolution_of_picture").grade(across)
        what, unit = f"The picture is {across:.0f} pixels across", "px"
    advice = {
        Grade.PASS: ".",
        Grade.WARN: ", which is few; go closer, or use the original file.",
        Grade.STOP: ", too few to measure; go closer, or use the original file.",
    }[grade]
    return QualityFinding(
        heading=Heading.RESOLUTION,
        grade=grade,
        sentence=what + advice,
        value=across,
        unit=unit,
    )


def _compression(photo: Photo) -> QualityFinding:
    quality = photo.jpeg_quality
    if quality is None:
        return QualityFinding(
            heading=Heading.COMPRESSION,
            grade=Grade.PASS,
            sentence=f"Stored as {photo.file_format}, without JPEG compression.",
        )
    grade = quality_limit("compression").grade(quality)
    sentence = {
        Grade.PASS: f"JPEG quality {quality:.0f} keeps the colours.",
        Grade.WARN: f"JPEG quality {quality:.0f} coarsens faint colours; use the file "
        "from the camera, not one sent by a messenger.",
        Grade.STOP: f"JPEG quality {quality:.0f} has destroyed faint colours; use the "
        "file from the camera.",
    }[grade]
    return QualityFinding(
        heading=Heading.COMPRESSION,
        grade=grade,
        sentence=sentence,
        value=quality,
        unit="libjpeg quality",
    )


def _colour_reference(reference: ColourReference | None) -> QualityFinding:
    if reference is None or reference.kind is ReferenceKind.NONE:
        return QualityFinding(
            heading=Heading.COLOUR_REFERENCE,
            grade=Grade.WARN,
            sentence="No colour card was found, so colours are relative to the healthy "
            "skin; lay a card beside the lesion.",
            value=0.0,
            unit="patches",
        )
    used = sum(patch.state is PatchState.USED for patch in reference.patches)
    found = len(reference.patches)
    whole = used == found and reference.kind is not ReferenceKind.GREY_PATCH
    if whole:
        sentence = f"{reference.kind.value}: all {found} patches are used."
    elif reference.kind is ReferenceKind.GREY_PATCH:
        sentence = (
            "A grey patch sets the white balance alone; a colour card would set the "
            "colours as well."
        )
    else:
        sentence = (
            f"{reference.kind.value}: {used} of {found} patches are used; keep the "
            "whole card free of gloss, shadow and fingers."
        )
    return QualityFinding(
        heading=Heading.COLOUR_REFERENCE,
        grade=Grade.PASS if whole else Grade.WARN,
        sentence=sentence,
        value=float(used),
        unit="patches",
    )


def _scale(scale: Scale | None) -> QualityFinding:
    if scale is None:
        return QualityFinding(
            heading=Heading.SCALE,
            grade=Grade.WARN,
            sentence="The size of a pixel is not known, so sizes in mm are left out; "
            "lay a card beside the lesion, or measure a ruler in the picture and give "
            "its millimetres over its pixels.",
        )
    percent = 100 * scale.relative_error
    grade = quality_limit("scale_error").grade(percent)
    sentence = f"The scale comes from {_SCALE_SOURCE_WORDS[scale.source]}."
    if grade is not Grade.PASS:
        sentence = (
            f"The scale is known to {percent:.0f} % only; lay the card flat beside the "
            "lesion, in the same plane."
        )
    return QualityFinding(
        heading=Heading.SCALE,
        grade=grade,
        sentence=sentence,
        value=1000 * scale.mm_per_px,
        unit="µm/px",
    )

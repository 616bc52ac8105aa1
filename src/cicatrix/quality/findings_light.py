"""The sheet's lines on light: clipping, shadow gradient and glare."""

from math import expm1, hypot

import numpy as np
import numpy.typing as npt

from cicatrix.domain.quality import Grade, Heading, QualityFinding
from cicatrix.domain.scale import Scale
from cicatrix.evidence.quality_limits import quality_limit
from cicatrix.quality.light import (
    clipped_share,
    glare_share,
    light_gradient,
    skin_like,
)
from cicatrix.quality.look import Box, Encoded, Look

__all__ = ["clipping", "glare", "no_stop_without_lesion", "shadow", "skin_of"]

Mask = npt.NDArray[np.bool_]

_CLIPPING_PIXELS = 100_000
"""Enough to count half a percent to a twentieth of it; more only costs time."""

_TRIPLES_PERCENT = 200
"""From here on the plane that is fitted says that it is much, no longer how much."""

_LESION_IN_PICTURE = 0.25
"""Part of the picture's diagonal over which light is judged where no lesion is named:
about a lesion with its ring in a close-up."""


def no_stop_without_lesion(grade: Grade, look: Look) -> Grade:
    """A stop becomes a warning where it is not known to concern the lesion."""
    return Grade.WARN if grade is Grade.STOP and look.box is None else grade


def clipping(look: Look) -> QualityFinding:
    """Share of pixels at the lesion that are burnt out or black."""
    part = look.levels[0] if look.box is None else _inside(look.levels[0], look.box)
    stride = max(1, round((part.shape[0] * part.shape[1] / _CLIPPING_PIXELS) ** 0.5))
    if look.box is None and stride > 1:
        # Halved copies would average clipped pixels away; every n-th keeps them.
        part = part[::stride, ::stride]
    percent = 100 * clipped_share(part, dark_counts=look.box is not None)
    grade = no_stop_without_lesion(quality_limit("clipping").grade(percent), look)
    where = "of the picture" if look.box is None else "of the lesion"
    sentence = {
        Grade.PASS: "Hardly any pixel is burnt out or black.",
        Grade.WARN: f"{percent:.1f} % {where} is burnt out or black; expose a little "
        "less, or soften the light.",
        Grade.STOP: f"{percent:.0f} % {where} is burnt out or black, so its colour is "
        "lost; photograph it again with another exposure.",
    }[grade]
    return QualityFinding(
        heading=Heading.CLIPPING,
        grade=grade,
        sentence=sentence,
        value=percent,
        unit="%",
    )


def skin_of(look: Look) -> Mask:
    """Where the smallest level shows skin like that beside the lesion."""
    return skin_like(look.small_light, _small_mask(look)) & ~look.card


def shadow(look: Look, skin: Mask, scale: Scale | None) -> QualityFinding:
    """How much the light changes across the lesion and the skin beside it."""
    gradient = light_gradient(look.small_light, skin)
    if gradient is None:
        return QualityFinding(
            heading=Heading.SHADOW,
            grade=Grade.WARN,
            sentence="Too little skin of one colour is seen to judge how even the "
            "light is; fill the picture with skin.",
        )
    per_px = gradient.per_px / look.small_step_px
    rows, cols = look.levels[0].shape[:2]
    if look.box is None:
        length_px = _LESION_IN_PICTURE * hypot(rows, cols)
    else:
        length_px = float(max(rows, cols))
    percent = 100 * expm1(min(per_px * length_px, 5.0))
    grade = quality_limit("shadow").grade(percent)
    across = (
        "a quarter of the picture" if look.box is None else "the lesion and its ring"
    )
    told = f"Light changes by {percent:.0f} % across {across}"
    if percent > _TRIPLES_PERCENT:
        told = f"Light more than triples across {across}"
    elif scale is not None:
        per_cm = 100 * expm1(min(per_px * 10 / scale.mm_per_px, 5.0))
        told += f" ({per_cm:.0f} % per cm)"
    sentence = f"{told}."
    if grade is not Grade.PASS:
        sentence = f"{told}; light it evenly from both sides, away from windows."
    return QualityFinding(
        heading=Heading.SHADOW, grade=grade, sentence=sentence, value=percent, unit="%"
    )


def glare(look: Look, skin: Mask) -> QualityFinding:
    """Share of the skin that is under gloss."""
    percent = 100 * glare_share(look.small_light, skin, look.card)
    grade = no_stop_without_lesion(quality_limit("glare").grade(percent), look)
    sentence = {
        Grade.PASS: "Little gloss.",
        Grade.WARN: f"{percent:.0f} % of the skin is under gloss and left out; dry the "
        "skin, move the lamp aside or use cross polarisation.",
        Grade.STOP: f"{percent:.0f} % of the skin is under gloss, too much to measure; "
        "dry the skin, move the lamp aside or use cross polarisation.",
    }[grade]
    return QualityFinding(
        heading=Heading.GLARE, grade=grade, sentence=sentence, value=percent, unit="%"
    )


def _inside(level: Encoded, box: Box) -> Encoded:
    x0, y0, x1, y1 = (int(v) for v in box)
    return level[y0 : max(y0 + 1, y1), x0 : max(x0 + 1, x1)]


def _small_mask(look: Look) -> Mask | None:
    """The skin beside the lesion on the smallest level; `None` without a lesion."""
    if look.box is None:
        return None
    mask = ~look.card
    x0, y0, x1, y1 = (int(v / look.small_step_px) for v in look.box)
    mask[y0 : y1 + 1, x0 : x1 + 1] = False
    # A lesion at every edge of the picture leaves no skin beside it.
    return mask if mask.any() else None

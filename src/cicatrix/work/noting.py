"""What is worth a sentence beside a comparison's numbers."""

from collections.abc import Iterable

import numpy as np

from cicatrix.change.strength import SharedStrength
from cicatrix.change.visits import VisitComparison
from cicatrix.domain.reference import ReferenceKind
from cicatrix.evidence.skin_tone import SkinTone, contradict, skin_tone_class
from cicatrix.optics.cielab import ita_deg, linear_srgb_to_lab
from cicatrix.work.grey_spot import grey_spot_of
from cicatrix.work.laying import Laid

__all__ = ["notes_of"]

_STRENGTH_TOLD_LN = 0.1
"""A pattern drawn stronger by less is not told: it moves a fade by less than ten points,
where half of 579 tuning pairs have intervals that reach 14 points to either side. Three in
four pairs stay below."""

_STRENGTH_SDS = 2.0
"""Nor is one within its own sampling error."""


_PARTLY_WALL = 0.25
"""Narrowness of a lesion's core from where on a flash is warned of. Fields of 65 phantom
ice-pick scars begin at 0.27, boxcar scars end at 0.25, half of the striae lie above."""


def notes_of(
    laid: list[Laid], told: VisitComparison, skin_ita_deg: float | None = None
) -> tuple[str, ...]:
    """Sentences on what is odd about the photographs or what they showed, baseline first.

    `skin_ita_deg` is the tone of the healthy skin that a person told.
    """
    notes = []
    if told.reading.went_past_skin:
        notes.append(
            "The lesion's colour went past that of the skin beside it: it now differs "
            "in the opposite direction. See the signed contrasts."
        )
    carded = sum(
        one.calibration is not None and one.calibration.has_tone for one in laid
    )
    if not told.anchored and carded:
        notes.append(
            f"{carded} of {len(laid)} photographs show a colour reference that fixes "
            "the tone curve; all must for it to be used, so colour was matched on the "
            "healthy skin that both share."
        )
    notes += [
        *_unread_grey(laid),
        *_one_sided_grey(laid),
        *_strength(told.strength),
        *_skin_tone(told, skin_ita_deg),
        *_flash(laid, told),
    ]
    if len({one.photo.sha256 for one in laid}) < len(laid):
        notes.append("The same file stands for more than one photograph.")
    silent = dict.fromkeys(
        one.photo.name for one in laid if one.photo.capture.flash_fired is None
    )
    if silent:
        notes.append(
            f"{', '.join(silent)} {'does' if len(silent) == 1 else 'do'} not say whether "
            "a flash fired, so that is guessed from how unlike the photographs look. "
            "Say it yourself, and the interval fits the light: --flash or --no-flash for "
            "the first, --flash-after or --no-flash-after for the second photograph; in a "
            "case, flash = true or false."
        )
    order = [one.photo.capture.taken_at for one in laid]
    if None not in order and order != sorted(order, key=str):
        notes.append(
            "The cameras' clocks put the follow-up before the baseline. Check which of "
            "them was taken first; the other way round, the change turns its sign."
        )
    return tuple(notes)


def _unread_grey(laid: list[Laid]) -> Iterable[str]:
    """That a grey patch was pointed to where none can be read, and why."""
    said = {
        one.photo.name: one.photo.reference
        for one in laid
        if grey_spot_of(one.photo) is not None
    }
    for name, reference in said.items():
        if reference is not None and reference.kind is ReferenceKind.NONE:
            yield f"In {name}: {' '.join(reference.notes)}"


def _one_sided_grey(laid: list[Laid]) -> list[str]:
    """That a grey patch is passed over, where another photograph has no reference."""
    greyed = dict.fromkeys(
        one.photo.name
        for one in laid
        if one.photo.reference is not None
        and one.photo.reference.kind is ReferenceKind.GREY_PATCH
    )
    lacking = dict.fromkeys(
        one.photo.name
        for one in laid
        if one.photo.reference is None or one.photo.reference.kind is ReferenceKind.NONE
    )
    if not greyed or not lacking:
        return []
    pointed = all(
        grey_spot_of(one.photo) is not None for one in laid if one.photo.name in lacking
    )
    advice = (
        ""  # what is wrong with the place pointed to is told beside this
        if pointed
        else " Point to it there too (--grey for the first, --grey-after for the second "
        "photograph; in a case, grey_xy, which a visit has for its first photograph "
        "alone), or leave it out."
    )
    return [
        f"The grey patch of {', '.join(greyed)} is not used: {', '.join(lacking)} "
        f"{'has' if len(lacking) == 1 else 'have'} none that can be read, and white can "
        f"be compared only where every photograph shows one.{advice}"
    ]


def _strength(strength: SharedStrength | None) -> list[str]:
    """That light or camera draw all of the skin with another strength, if it matters."""
    if strength is None or abs(strength.log_ratio) < max(
        _STRENGTH_TOLD_LN, _STRENGTH_SDS * strength.sd
    ):
        return []
    ratio = float(np.exp(strength.log_ratio))
    way = "stronger" if ratio > 1 else "fainter"
    return [
        f"The healthy skin's own blotches look {100 * abs(ratio - 1):.0f} % {way} in the "
        "follow-up than in the baseline, so light, gloss or camera differ. The fade "
        "allows for it; with the same light and camera it would be surer."
    ]


def _skin_tone(told: VisitComparison, skin_ita_deg: float | None) -> list[str]:
    """That nobody told how light the skin is, or that a card shows another skin."""
    if skin_ita_deg is None:
        if told.anchored:
            return []
        return [
            "How light this skin is cannot be seen without a colour card in every "
            "photograph, as a camera brings dark and light skin to one brightness; a fade "
            "on dark skin is then often told too small. If you know it, say it: "
            "--skin-tone for two photographs, skin_tone in a case.toml, as one of "
            f"{', '.join(SkinTone)} (classes of the ITA, not phototypes), or as the ITA "
            "that a colorimeter shows."
        ]
    shown = float(ita_deg(linear_srgb_to_lab(told.seen_skin_linear_rgb)))
    if not told.anchored or not contradict(skin_ita_deg, shown):
        return []
    return [
        f"The colour card shows healthy skin of an ITA of {shown:.0f}° "
        f"({skin_tone_class(shown)}), and {skin_ita_deg:.0f}° "
        f"({skin_tone_class(skin_ita_deg)}) was entered, which was used. Check which is "
        "right; without --skin-tone, or skin_tone in a case, the card's is taken."
    ]


def _flash(laid: list[Laid], told: VisitComparison) -> list[str]:
    """That a flash decides how dark narrow pits look, and what else is made of one."""
    lit = dict.fromkeys(
        one.photo.name for one in laid if one.photo.capture.flash_fired is True
    )
    if not lit:
        return []
    if told.narrow < _PARTLY_WALL:
        if all(one.photo.capture.flash_fired is True for one in laid):
            return []
        return [
            f"A flash fired for {', '.join(lit)} but not for every photograph. It makes "
            "skin shine, which weakens the contrast: as much as is usual was taken off, "
            "which is too much for a lesion that bulges. Photograph every visit without a "
            "flash, in the same light from the same side."
        ]
    return [
        f"A flash fired for {', '.join(lit)}, and this scar is of narrow pits or lines, "
        "whose contrast may be mostly shade and the shine of the skin beside them: a flash "
        "changes both, and a change that it makes is hard to tell from a fade (SAFETY.md). "
        "Photograph every visit without a flash, in the same light from the same side."
    ]

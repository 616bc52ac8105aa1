"""What is worth a sentence beside a comparison's numbers."""

import numpy as np

from cicatrix.change.visits import VisitComparison
from cicatrix.work.laying import Laid

__all__ = ["notes_of"]


def notes_of(laid: list[Laid], told: VisitComparison) -> tuple[str, ...]:
    """Sentences on what is odd about the photographs or what they showed, baseline first."""
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
    if told.strength is not None:
        notes.append(
            "The follow-up draws the pattern of the skin that both photographs share "
            f"{np.exp(told.strength.log_ratio):.2f} times as strongly as the baseline "
            f"(correlation {told.strength.correlation:.2f})."
        )
    if len({one.photo.sha256 for one in laid}) < len(laid):
        notes.append("The same file stands for more than one photograph.")
    silent = dict.fromkeys(
        one.photo.name for one in laid if one.photo.capture.flash_fired is None
    )
    if silent:
        notes.append(
            f"{', '.join(silent)} {'does' if len(silent) == 1 else 'do'} not say whether "
            "a flash fired, so one is reckoned with where the photographs look unlike. "
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

"""Numbers and answers as words, the same in the report and in the terminal."""

from math import floor, isfinite, log10

from cicatrix.domain.fade import Fade, Interval, Verdict
from cicatrix.domain.reference import ReferenceKind
from cicatrix.domain.result import Comparison
from cicatrix.evidence.skin_tone import skin_tone_class
from cicatrix.report.as_json import unit_ending

__all__ = [
    "UNKNOWN",
    "UNNAMED_LESION",
    "anchor_text",
    "answer",
    "interval_text",
    "measure_unit",
    "number_text",
    "percent_text",
    "short_answer",
    "skin_told_text",
    "spread_text",
]

UNKNOWN = "—"
UNNAMED_LESION = "lesion"
"""The name of a lesion to which nobody gave one."""

_MINUS = "\N{MINUS SIGN}"
_HARD_SPACE = "\N{NO-BREAK SPACE}"
_AS_PERCENT = ("fraction",)
_UNITS = {
    "de00": "ΔE00",
    "cielab": "",
    "fraction": "%",
    "ratio": "",
    "index": "",
    "percent": "%",
    "ln": "ln",
    "mm_per_px": "mm/px",
    "mm_per_cm2": "mm/cm²",
    "per_cm2": "/cm²",
    "per_mm": "/mm",
    "mm2": "mm²",
    "cm2": "cm²",
    "mm3": "mm³",
    "px2": "px²",
    "deg": "°",
    "ev": "EV",
    "count": "",
    "au": "a.u.",
}


def number_text(value: float, decimals: int = 0, *, sign: bool = False) -> str:
    """A number for people: a true minus, no minus before zero, a plus if wanted.

    Examples
    --------
    >>> number_text(-0.04, 1), number_text(-1.26, 1), number_text(2, sign=True)
    ('0.0', '−1.3', '+2')
    """
    if not isfinite(value):
        return UNKNOWN
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0:
        return text
    return f"{_MINUS if value < 0 else '+' if sign else ''}{text}"


def percent_text(fraction: float, *, sign: bool = False) -> str:
    """A fraction in whole hundredths.

    Examples
    --------
    >>> percent_text(-0.308).replace(_HARD_SPACE, " ")
    '−31 %'
    """
    if not isfinite(fraction):
        return UNKNOWN
    return f"{number_text(100 * fraction, sign=sign)}{_HARD_SPACE}%"


def _decimals(value: Interval, ending: str) -> int:
    """Down to the first digit of the interval's half-width, or the second after 1 or 2."""
    half = (value.high - value.low) / 2
    # Contrasts stand beside each other in columns, so all have one decimal at least.
    least = 1 if ending == "de00" else 0
    if half <= 0 or not isfinite(half):
        return 1
    # Rounding to one digit would move a half-width of 0.14 by a third.
    return min(4, max(least, -floor(log10(half / 3))))


def _scaled(value: Interval, ending: str) -> Interval:
    """Fractions as hundredths, everything else as it is."""
    factor = 100.0 if ending in _AS_PERCENT else 1.0
    return Interval(
        estimate=factor * value.estimate,
        low=factor * value.low,
        high=factor * value.high,
    )


def interval_text(value: Interval, ending: str, *, sign: bool = False) -> str:
    """The estimate, with no more digits than its interval is sure of."""
    if not value.is_known:
        return UNKNOWN
    shown = _scaled(value, ending)
    return number_text(shown.estimate, _decimals(shown, ending), sign=sign)


def spread_text(value: Interval, ending: str, *, sign: bool = False) -> str:
    """The ends of the interval, with the same digits as the estimate."""
    if not value.is_known:
        return ""
    shown = _scaled(value, ending)
    decimals = _decimals(shown, ending)
    low, high = (number_text(v, decimals, sign=sign) for v in (shown.low, shown.high))
    return f"{low} to {high}"


def measure_unit(name: str, unit: str) -> str:
    """A measure's unit as people write it."""
    ending = unit_ending(name, unit)
    return _UNITS.get(ending, unit or ending)


def anchor_text(comparison: Comparison) -> str:
    """What colour was anchored to, and what a reference does that fixes no tone curve."""
    anchor = comparison.colour_anchor
    photos = [p for p in (comparison.baseline, comparison.followup) if p is not None]
    seen = dict.fromkeys(photo.reference for photo in photos)
    if anchor is not ReferenceKind.NONE or not seen or ReferenceKind.NONE in seen:
        return anchor.value
    what = " and ".join(f"the {kind.value}" for kind in seen)
    balance, fix = (
        ("balances", "it does not") if len(seen) == 1 else ("balance", "they do not")
    )
    return (
        f"healthy skin shared by both photographs; {what} {balance} white, {fix} fix "
        "the tone curve"
    )


def skin_told_text(comparison: Comparison) -> str | None:
    """How light a person told the healthy skin to be, if anybody did."""
    angle = comparison.skin_ita_deg
    if angle is None:
        return None
    return f"{skin_tone_class(angle)} (ITA {number_text(angle, 0)}°)"


def short_answer(fade: Fade) -> str:
    """The answer in a few words, for a headline or a line of a list."""
    if fade.verdict is Verdict.FADED:
        return f"{percent_text(fade.estimate)} less contrast"
    if fade.verdict is Verdict.MORE_VISIBLE:
        return f"{percent_text(-fade.estimate)} more contrast"
    if fade.verdict is Verdict.NO_DETECTABLE_CHANGE:
        return "No detectable change"
    return "Not measurable"


def answer(comparison: Comparison) -> str:
    """The answer in one or two plain sentences that a patient can read."""
    fade, name = comparison.fade, comparison.lesion
    if fade.verdict is Verdict.NOT_MEASURABLE or not isfinite(fade.estimate):
        reason = comparison.reason or "No reason is recorded."
        return f"The change cannot be measured. {reason}"
    contrast = (
        "The scar's colour contrast with the skin around it"
        if name == UNNAMED_LESION
        else f"The colour contrast of “{name}” with the skin around it"
    )
    if fade.verdict is Verdict.NO_DETECTABLE_CHANGE:
        return (
            f"No change could be detected. {contrast} was measured "
            f"{_moved(fade.estimate)} ({_sure(fade, on_one_side=_way(fade))}), which may be chance: these two "
            f"photographs can only show a change of "
            f"{percent_text(fade.smallest_detectable_change)} or more."
        )
    verb = "fell" if fade.estimate >= 0 else "rose"
    return f"{contrast} {verb} by {percent_text(abs(fade.estimate))} ({_sure(fade)})."


def _moved(fade: float) -> str:
    """A fade as a position: lower, higher or the same."""
    if number_text(100 * fade) == "0":
        return "the same"
    return f"{percent_text(abs(fade))} {'lower' if fade > 0 else 'higher'}"


def _way(fade: Fade) -> str:
    """To which side of no change an interval lies that lies on one side."""
    return " higher" if fade.high <= 0 else " lower"


def _sure(fade: Fade, *, on_one_side: str = "") -> str:
    """The interval in words; its ends may lie on both sides of no change."""
    low, high = fade.low, fade.high
    if not (isfinite(low) and isfinite(high)):
        return "how sure is not known"
    if low < 0 < high:
        return (
            f"95\N{NO-BREAK SPACE}% sure: between {percent_text(-low)} higher and "
            f"{percent_text(high)} lower"
        )
    near, far = sorted((abs(low), abs(high)))
    return f"95\N{NO-BREAK SPACE}% sure: between {percent_text(near)} and {percent_text(far)}{on_one_side}"

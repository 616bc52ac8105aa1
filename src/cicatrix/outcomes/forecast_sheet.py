"""A forecast as a sheet for the terminal and the page."""

from cicatrix.domain.sheet import Line, Origin, Section, Sheet
from cicatrix.evidence.words_of_the_field import indications
from cicatrix.outcomes.forecasting import (
    THRESHOLDS_PERCENT,
    WORTH_PERCENT,
    Bands,
    Forecast,
    Step,
)
from cicatrix.outcomes.harms import PIH
from cicatrix.outcomes.request import USUAL_INTERVAL_DAYS, USUAL_SESSIONS
from cicatrix.outcomes.words import treatments

__all__ = ["FEW_PATIENTS", "bands_text", "forecast_sheet"]

_MODEL = ("cicatrix-forecast",)
FEW_PATIENTS = 1000.0
"""Of some 19 000 made-up patients: fewer that agree with the fades is one in twenty."""


def bands_text(bands: Bands) -> str:
    """The expected value with its bands, in words."""
    return (
        f"{bands.expected:.0f} % (half of patients {bands.low50:.0f} to "
        f"{bands.high50:.0f} %, nineteen in twenty {bands.low95:.0f} to "
        f"{bands.high95:.0f} %)"
    )


def forecast_sheet(forecast: Forecast) -> Sheet:
    """The forecast: answer, course, going on or stopping, harms, what is not known."""
    asked = forecast.request
    return Sheet(
        title=(
            f"What to expect: {treatments()[asked.treatment].title}, "
            f"{indications()[asked.indication].title}"
        ),
        answer=_answer(forecast),
        sections=tuple(
            part
            for part in (
                _asked(forecast),
                _own_fades(forecast),
                _going_on(forecast),
                _course(forecast, blinded=True),
                _course(forecast, blinded=False),
                _chances(forecast),
                _harms(forecast),
                _limits(forecast),
            )
            if part.lines
        ),
    )


def _answer(forecast: Forecast) -> Line:
    last = forecast.steps[-1]
    return Line(
        text=(
            f"After {_sessions(last.sessions)}, seen on {last.seen_on}: improvement of "
            f"{bands_text(last.blinded)} as a blinded rater would call it; about "
            f"{last.reported.expected:.0f} % as open studies without a control report."
        ),
        origin=Origin.COMPUTED,
        sources=_MODEL,
        support="weak",
        note=(
            "a forecast from trials read as abstracts, for a patient and a clinic not "
            "seen; not a promise"
        ),
    )


def _sessions(number: int) -> str:
    return "one session" if number == 1 else f"{number} sessions"


def _asked(forecast: Forecast) -> Section:
    asked = forecast.request
    days = ", ".join(day.isoformat() for day in asked.session_days)
    lines = [
        Line(label="sessions", text=days, origin=Origin.ASKED),
        Line(
            label="skin type",
            text=asked.skin_type or "not told",
            origin=Origin.ASKED,
        ),
    ]
    usual = {
        "sessions": f"number of sessions not told: {USUAL_SESSIONS} taken",
        "interval_days": f"interval not told: {USUAL_INTERVAL_DAYS} days taken",
    }
    own = len(forecast.sources) - len(_MODEL)
    lines.append(
        Line(
            label="rests on",
            text=f"{own} studies nearest to the question, among all that were fitted",
            origin=Origin.COMPUTED,
            sources=_MODEL,
            note=f"cicatrix evidence {asked.indication} lists them",
        )
    )
    lines += [
        Line(label="", text=usual[name], origin=Origin.COMPUTED, sources=_MODEL)
        for name in asked.assumed
    ]
    return Section(title="Asked", lines=tuple(lines))


def _own_fades(forecast: Forecast) -> Section:
    measured = forecast.measured
    if measured is None:
        return Section(title="Own fades", lines=())
    lines = [
        Line(
            label=fade.on.isoformat(),
            text=f"{fade.percent:.0f} % ({fade.low:.0f} to {fade.high:.0f} %)",
            origin=Origin.ASKED,
        )
        for fade in measured.fades
    ]
    lines += [
        Line(label="passed over", text=reason, origin=Origin.ASKED)
        for reason in measured.passed_over
    ]
    if forecast.effective < FEW_PATIENTS:
        lines.append(
            Line(
                label="beware",
                text="These fades lie far from what the trials let expect: check the "
                "photographs and the dates before trusting what follows.",
            )
        )
    last = forecast.steps[-1]
    lines.append(
        Line(
            label="measured fade at the end",
            text=bands_text(last.fade),
            origin=Origin.COMPUTED,
            sources=_MODEL,
            note="the same quantity as was measured, before the error of a measurement",
        )
    )
    return Section(
        title="The patient's own measured fades",
        lead=(
            "Measured fade is loss of colour contrast; trials rate improvement, mostly "
            "of shape. They are not the same. The forecast assumes that one follows the "
            "other up to a factor of this patient's own, about one, rarely below a "
            "third or above two and a half, which nobody has tested."
        ),
        lines=tuple(lines),
    )


def _going_on(forecast: Forecast) -> Section:
    found = forecast.going_on
    if found is None:
        return Section(title="Going on", lines=())
    done = _sessions(found.sessions_done)
    return Section(
        title="Going on or stopping",
        lead="As a blinded rater would call it twelve weeks after the last session.",
        lines=(
            _computed(f"stopping after {done}", bands_text(found.stopping)),
            _computed("the whole course", bands_text(found.going_on)),
            _computed("what the rest adds", bands_text(found.gain)),
            _computed(
                "chance that it is worth it",
                f"{100 * found.worth:.0f} % for at least {WORTH_PERCENT:.0f} points more",
            ),
        ),
    )


def _computed(label: str, text: str) -> Line:
    return Line(label=label, text=text, origin=Origin.COMPUTED, sources=_MODEL)


def _course(forecast: Forecast, *, blinded: bool) -> Section:
    def bands(step: Step) -> Bands:
        return step.blinded if blinded else step.reported

    words = (
        "As a blinded rater of a controlled study would call it"
        if blinded
        else "As open studies without a control report it"
    )
    return Section(
        title=words,
        lead=(
            "Each seen on the day of the next session, the last one twelve weeks later."
            if blinded
            else "What raters who know, and what time and chance alone do, is in it."
        ),
        lines=tuple(
            _computed(
                f"{_sessions(step.sessions)}, {step.seen_on}", bands_text(bands(step))
            )
            for step in forecast.steps
        ),
    )


def _chances(forecast: Forecast) -> Section:
    last = forecast.steps[-1]
    return Section(
        title="Chances at the end",
        lines=tuple(
            _computed(
                f"at least {threshold} %",
                f"{100 * blinded:.0f} % blinded; {100 * reported:.0f} % as reported",
            )
            for threshold, blinded, reported in zip(
                THRESHOLDS_PERCENT,
                last.blinded_chances,
                last.reported_chances,
                strict=True,
            )
        ),
    )


def _harms(forecast: Forecast) -> Section:
    marks = forecast.dark_marks
    lines = [
        Line(
            label="dark marks (PIH), computed",
            text=(
                f"{100 * marks.mean:.0f} % of patients ({100 * marks.low:.1f} to "
                f"{100 * marks.high:.0f} %)"
            ),
            origin=Origin.COMPUTED,
            sources=_MODEL,
            note="" if marks.seen else "no trial of this treatment counted them",
        )
    ]
    for pool in forecast.harms:
        name = "dark marks (PIH)" if pool.harm == PIH else pool.harm.replace("-", " ")
        lines.append(
            Line(
                label=f"{name}, counted",
                text=(
                    f"{pool.count} of {pool.of} ({100 * pool.low:.1f} to "
                    f"{100 * pool.high:.1f} %)"
                ),
                origin=Origin.FACT,
                sources=tuple(dict.fromkeys(c.arm.study.key for c in pool.arms)),
            )
        )
    if "rf" in forecast.request.treatment:
        lines.append(
            Line(
                label="rare grave harms",
                text="A regulator warns of burns, scars, fat loss and nerve damage; "
                "trials this small do not show them, and none counted is not none.",
                origin=Origin.FACT,
                sources=("fda-rf-2025",),
            )
        )
    return Section(
        title="Harms of this treatment",
        lead="Counts are of every kind of scar; arms that are silent are missing.",
        lines=tuple(lines),
    )


def _limits(forecast: Forecast) -> Section:
    return Section(
        title="What the trials cannot tell",
        lines=tuple(
            Line(text=limit.statement, origin=Origin.FACT, sources=limit.sources)
            for limit in forecast.limits
        ),
    )

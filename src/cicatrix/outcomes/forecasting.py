"""What to expect of a course, session by session, and after the patient's own fades."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from cicatrix.evidence.trial_rows import arms
from cicatrix.outcomes.course import FULL_WEEKS, share_on_day
from cicatrix.outcomes.dark_marks import DarkMarks, dark_marks
from cicatrix.outcomes.draws import Array, load_draws
from cicatrix.outcomes.harms import HarmPool, harm_pools
from cicatrix.outcomes.limits import Limit, limits_of
from cicatrix.outcomes.measured import Measured
from cicatrix.outcomes.patients import PATIENTS_PER_DRAW, Patients, draw_patients
from cicatrix.outcomes.request import ForecastRequest

__all__ = [
    "THRESHOLDS_PERCENT",
    "WORTH_PERCENT",
    "Bands",
    "Forecast",
    "GoingOn",
    "Step",
    "forecast",
]

THRESHOLDS_PERCENT = (25, 50, 75)
_SETTLED = timedelta(weeks=FULL_WEEKS)
_VISIT_SD_PERCENT = 10.0
"""What one visit's fade differs from the course beyond its own interval: a judgement."""
_TAIL = 4
"""Degrees of freedom of that difference: one odd visit must not decide alone."""
WORTH_PERCENT = 10.0
"""A further gain of this size is what the chance of going on is given for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Points of percent: the expected value, the middle, the 50 and 95 % bands."""

    expected: float
    middle: float
    low50: float
    high50: float
    low95: float
    high95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is expected after so many sessions.

    `seen_on` is the day of the next session, or twelve weeks after the last;
    `reported` is as open studies without a control would rate it, `blinded` as a
    blinded rater of a controlled study would; `chances` are those of at least 25, 50
    and 75 % (fractions), first reported, then blinded. `stopping` is the blinded rating
    twelve weeks later, if no session followed. `fade` is the measured fade of contrast,
    under the assumed link.
    """

    sessions: int
    seen_on: date
    reported: Bands
    blinded: Bands
    reported_chances: tuple[float, ...]
    blinded_chances: tuple[float, ...]
    stopping: Bands
    fade: Bands


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOn:
    """Stopping after the sessions done against the whole course; points of percent.

    Ratings of a blinded rater twelve weeks after the last session; `worth` is the chance
    (a fraction) that the rest of the course adds at least `WORTH_PERCENT`.
    """

    sessions_done: int
    stopping: Bands
    going_on: Bands
    gain: Bands
    worth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What to expect for one indication; `sources` are the studies that speak of it."""

    request: ForecastRequest
    steps: tuple[Step, ...]
    going_on: GoingOn | None
    measured: Measured | None
    effective: float
    dark_marks: DarkMarks
    harms: tuple[HarmPool, ...]
    limits: tuple[Limit, ...]
    sources: tuple[str, ...]
    pih_sources: tuple[str, ...]
    data_sha256: str


def forecast(request: ForecastRequest, *, measured: Measured | None = None) -> Forecast:
    """The forecast of a course, updated by the patient's own measured fades.

    Parameters
    ----------
    request
        Indication, treatment, days of all sessions, skin type.
    measured
        Fades of the same scar during the course; their intervals count. What was
        measured before the first session says nothing of it and is passed over.

    Returns
    -------
    Forecast
        The same for the same question. Every further session raises what is expected,
        or leaves it.
    """
    if measured is not None:
        measured = measured.after(request.session_days[0])
    draws = load_draws()
    limits = limits_of(request, draws)
    patients = draw_patients(
        draws,
        indication=request.indication,
        treatment=request.treatment,
        widen=[limit.widen_percent for limit in limits],
    )
    weights = _weights(patients, request, measured)
    own = [a for a in arms() if a.treatment == request.treatment]
    return Forecast(
        request=request,
        steps=tuple(
            _step(patients, weights, request, number)
            for number in range(1, len(request.session_days) + 1)
        ),
        going_on=_going_on(patients, weights, request, measured),
        measured=measured,
        effective=float(1 / np.sum(weights**2)),
        dark_marks=dark_marks(
            draws,
            treatment=request.treatment,
            skin_type=request.skin_type,
            body=request.on_body,
        ),
        harms=harm_pools(own),
        limits=limits,
        sources=request.sources(draws),
        pih_sources=draws.pih_studies,
        data_sha256=draws.data_sha256,
    )


def _share(patients: Patients, days: Sequence[date], on: date) -> Array:
    """The share of the full effect that is there on a day, for each patient."""
    first = days[0]
    shape = tuple(v[::PATIENTS_PER_DRAW] for v in patients.shape)
    share = share_on_day(
        [(day - first).days for day in days],
        (on - first).days,
        shape=(shape[0], shape[1], shape[2]),
    )
    return np.repeat(share, PATIENTS_PER_DRAW)


def _weights(
    patients: Patients, request: ForecastRequest, measured: Measured | None
) -> Array:
    """How well each patient agrees with the measured fades; they sum to one.

    An interval so wide that it says nothing leaves all weights equal.
    """
    score = np.zeros(patients.count)
    for fade in measured.fades if measured else ():
        share = _share(patients, request.session_days, fade.on)
        expected = np.minimum(patients.link * patients.full * share, 100.0)
        sd = np.hypot((fade.high - fade.low) / 3.92, _VISIT_SD_PERCENT)
        off = (fade.percent - expected) / sd
        score -= (_TAIL + 1) / 2 * np.log1p(off**2 / _TAIL)
    weights = np.exp(score - score.max())
    return np.asarray(weights / weights.sum())


def _bands(values: Array, weights: Array) -> Bands:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, [0.025, 0.25, 0.5, 0.75, 0.975])
    low95, low50, middle, high50, high95 = values[order][
        np.minimum(places, len(values) - 1)
    ]
    return Bands(
        expected=float(values @ weights),
        middle=float(middle),
        low50=float(low50),
        high50=float(high50),
        low95=float(low95),
        high95=float(high95),
    )


def _rated(patients: Patients, improvement: Array, *, bias: float = 0.0) -> Array:
    """One rating of each patient; raters cannot give more than 100 %."""
    rated = improvement + bias * patients.bias + patients.rating
    return np.minimum(rated, 100.0)


def _chances(values: Array, weights: Array) -> tuple[float, ...]:
    return tuple(float(weights[values >= t].sum()) for t in THRESHOLDS_PERCENT)


def _step(
    patients: Patients, weights: Array, request: ForecastRequest, number: int
) -> Step:
    days = request.session_days[:number]
    later = days[-1] + _SETTLED
    last = number == len(request.session_days)
    seen_on = later if last else request.session_days[number]
    there = patients.full * _share(patients, days, seen_on)
    reported = _rated(patients, there, bias=1.0)
    blinded = _rated(patients, there)
    settled = patients.full * _share(patients, days, later)
    return Step(
        sessions=number,
        seen_on=seen_on,
        reported=_bands(reported, weights),
        blinded=_bands(blinded, weights),
        reported_chances=_chances(reported, weights),
        blinded_chances=_chances(blinded, weights),
        stopping=_bands(_rated(patients, settled), weights),
        fade=_bands(np.minimum(patients.link * there, 100.0), weights),
    )


def _going_on(
    patients: Patients,
    weights: Array,
    request: ForecastRequest,
    measured: Measured | None,
) -> GoingOn | None:
    """Stopping now against going on, once a session is done and one is left."""
    done = request.done(measured)
    if not done or len(done) == len(request.session_days):
        return None
    settled = {
        days: patients.full * _share(patients, days, days[-1] + _SETTLED)
        for days in (done, request.session_days)
    }
    gain = settled[request.session_days] - settled[done]
    return GoingOn(
        sessions_done=len(done),
        stopping=_bands(_rated(patients, settled[done]), weights),
        going_on=_bands(_rated(patients, settled[request.session_days]), weights),
        gain=_bands(gain, weights),
        worth=float(weights[gain >= WORTH_PERCENT].sum()),
    )

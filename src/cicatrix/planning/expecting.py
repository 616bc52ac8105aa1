"""What a plan asks of the forecast: one question for each of its indications."""

from datetime import date, timedelta

from cicatrix.errors import InputInvalid
from cicatrix.evidence.words_of_the_field import sites
from cicatrix.outcomes.request import (
    USUAL_INTERVAL_DAYS,
    USUAL_SESSIONS,
    ForecastRequest,
)
from cicatrix.planning.request import WHOLE_FACE, PlanRequest
from cicatrix.planning.schedule import Course, schedule

__all__ = ["forecast_requests", "of_the_measured"]


def of_the_measured(
    requests: tuple[ForecastRequest, ...], indication: str | None
) -> ForecastRequest:
    """The question that measured fades belong to: one scar's fades move one forecast.

    Raises
    ------
    InputInvalid
        The plan has several indications and none is named, or not the one named.
    """
    known = {request.indication: request for request in requests}
    if indication is None and len(known) == 1:
        return requests[0]
    if indication not in known:
        named = "none was named" if indication is None else f"“{indication}” is not one"
        raise InputInvalid(
            f"the plan is for {', '.join(known)}, and the measured fades are of one of "
            f"them: {named}. Name it with --indication."
        )
    return known[indication]


def forecast_requests(
    request: PlanRequest, *, treatment: str | None = None
) -> tuple[ForecastRequest, ...]:
    """One question to the forecast for each indication of the plan, on the plan's days.

    Parameters
    ----------
    request
        As `read_plan` gives it.
    treatment
        An id of the treatments of the trials, instead of needling with the device.

    Raises
    ------
    InputInvalid
        The treatment is not known, or there are more sessions than trials gave.
    """
    indications = tuple(dict.fromkeys(each.indication for each in request.sites))
    days, assumed = _days(request, indications)
    own = "needling-rf" if request.device_kind == "rf" else "needling"
    return tuple(
        ForecastRequest(
            indication=indication,
            treatment=treatment or own,
            session_days=days,
            sessions_done=len(request.sessions_done),
            skin_type=request.skin_type,
            device=request.device_kind,
            on_body=any(
                not _on_face(each.site)
                for each in request.sites
                if each.indication == indication
            ),
            assumed=assumed,
        )
        for indication in indications
    )


def _on_face(site: str) -> bool:
    return site == WHOLE_FACE or sites()[site].region == "face"


def _days(
    request: PlanRequest, indications: tuple[str, ...]
) -> tuple[tuple[date, ...], tuple[str, ...]]:
    """The days of the plan; where it knows no number or interval, those of the trials."""
    course = Course(
        start_on=request.start_on,
        done=request.sessions_done,
        sessions=request.sessions,
        interval_days=request.interval_days,
    )
    known = schedule(indications, device=request.device_kind, course=course)
    assumed = (
        *(("sessions",) if known.sessions is None else ()),
        *(("interval_days",) if known.interval_days is None else ()),
    )
    sessions = known.sessions or max(USUAL_SESSIONS, len(request.sessions_done))
    interval = timedelta(days=known.interval_days or USUAL_INTERVAL_DAYS)
    done = request.sessions_done
    following = request.start_on or done[-1] + interval
    left = range(sessions - len(done))
    return (*done, *(following + number * interval for number in left)), assumed

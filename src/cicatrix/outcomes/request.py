"""What a forecast is asked for: an indication, a treatment, the days of the sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cicatrix.errors import InputInvalid
from cicatrix.evidence.words_of_the_field import lineage, sites
from cicatrix.forms.reading import Form, nearest
from cicatrix.outcomes.asking import known_indication
from cicatrix.outcomes.draws import Draws
from cicatrix.outcomes.measured import Measured
from cicatrix.outcomes.words import treatments

__all__ = [
    "MOST_SESSIONS",
    "USUAL_INTERVAL_DAYS",
    "USUAL_SESSIONS",
    "ForecastRequest",
    "requests_of",
    "treatment_for",
]

USUAL_SESSIONS = 4
"""Where a plan tells none: the median of the trials."""
USUAL_INTERVAL_DAYS = 28
"""Where a plan tells none: the median of the trials."""
MOST_SESSIONS = 12
"""More than any trial gave: the curve of sessions says nothing beyond."""

_SKIN_TYPES = ("I", "II", "III", "IV", "V", "VI")
_RF_WORDS = ("rf", "radiofrequency")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRequest:
    """One question; `sessions_done` of the first `session_days` have taken place.

    `device` is the plan's word, "" if none; `on_body` says that the site is not the
    face. `assumed` names what was not told and taken as usual.
    """

    indication: str
    treatment: str
    session_days: tuple[date, ...]
    sessions_done: int = 0
    skin_type: str | None = None
    device: str = ""
    on_body: bool = False
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is unknown or impossible, naming the nearest known word."""
        known_indication(self.indication)
        if self.treatment not in _forecastable():
            raise InputInvalid(
                f"“{self.treatment}” is no treatment of the forecast."
                f"{nearest(self.treatment, _forecastable())} Choose one of "
                f"{', '.join(_forecastable())}."
            )
        if self.skin_type not in (None, *_SKIN_TYPES):
            raise InputInvalid(
                f"skin_type: “{self.skin_type}” is not one of "
                f"{', '.join(_SKIN_TYPES)}. Choose one of these."
            )
        days = self.session_days
        if not 1 <= len(days) <= MOST_SESSIONS:
            raise InputInvalid(
                f"{len(days)} sessions: the trials gave 1 to {MOST_SESSIONS}, so there "
                "is no forecast. Plan fewer."
            )
        if list(days) != sorted(set(days)):
            raise InputInvalid(
                "the days of the sessions are not in order or stand twice. Correct them."
            )
        if not 0 <= self.sessions_done <= len(days):
            raise InputInvalid(
                f"{self.sessions_done} sessions done of {len(days)} planned: correct one."
            )

    def done(self, measured: Measured | None) -> tuple[date, ...]:
        """Sessions that have taken place by the plan, or by the last measured visit."""
        latest = max((fade.on for fade in measured.fades), default=None) if measured else None
        by_fades = 0 if latest is None else sum(day < latest for day in self.session_days)
        return self.session_days[: max(self.sessions_done, by_fades)]

    def sources(self, draws: Draws) -> tuple[str, ...]:
        """The model, and the studies of this treatment for it, else of the indication."""
        wide = lineage(self.indication)[-1]
        wide = "hypertrophic-scar" if wide == "keloid" else wide
        own = draws.studies_of.get(f"{wide}/{self.treatment}", ())
        near = own or tuple(
            dict.fromkeys(
                key
                for name, keys in draws.studies_of.items()
                if name.startswith(f"{wide}/")
                for key in keys
            )
        )
        return ("cicatrix-forecast", *near)


def _forecastable() -> tuple[str, ...]:
    unfit = ("untreated", "needling-unspecified")
    return tuple(name for name in treatments() if name not in unfit)


def treatment_for(device: str) -> str:
    """The class of treatment that a plan's device gives.

    Examples
    --------
    >>> treatment_for("pen"), treatment_for("rf")
    ('needling', 'needling-rf')
    """
    return "needling-rf" if device.lower() in _RF_WORDS else "needling"


def requests_of(
    form: Form, *, treatment: str | None = None
) -> tuple[ForecastRequest, ...]:
    """One question for each indication of a plan.

    Parameters
    ----------
    form
        `plan.toml` as it was read: `device`, `sessions`, `sessions_done`,
        `interval_days`, `start_on`, `skin_type`, `[[site]]` with `site` and
        `indication`. Other fields of a plan are passed over.
    treatment
        An id of the treatments instead of what the device gives.

    Raises
    ------
    InputInvalid
        The first fault that was found.
    """
    entries = form.tables("site")
    if not entries:
        raise InputInvalid(
            f"{form.at}: lists no [[site]], so there is nothing to forecast. Add one "
            "with its indication."
        )
    by_indication: dict[str, list[str]] = {}
    for entry in entries:
        entry.needs("indication")
        name = entry.text("indication") or ""
        known_indication(name)
        by_indication.setdefault(name, []).append(entry.text("site") or "")
    device = form.text("device") or ""
    days, done, assumed = _days(form)
    return tuple(
        ForecastRequest(
            indication=indication,
            treatment=treatment or treatment_for(device),
            session_days=days,
            sessions_done=done,
            skin_type=form.choice("skin_type", _SKIN_TYPES),
            device=device,
            on_body=not all(_on_face(site) for site in places),
            assumed=assumed,
        )
        for indication, places in by_indication.items()
    )


def _on_face(site: str) -> bool:
    known = sites().get(site)
    return site in ("face", "") or (known is not None and known.region == "face")


def _days(form: Form) -> tuple[tuple[date, ...], int, tuple[str, ...]]:
    """Days of the sessions done and planned, how many are done, what was assumed."""
    done = _done_days(form.fields, at=form.at)
    start = form.day("start_on")
    if start is None and not done:
        raise InputInvalid(
            f"{form.at}: lacks start_on, the day of the first session, so there are no "
            "dates. Add it."
        )
    sessions, interval = form.whole("sessions"), form.whole("interval_days")
    assumed = (
        *(("sessions",) if sessions is None else ()),
        *(("interval_days",) if interval is None else ()),
    )
    sessions = max(USUAL_SESSIONS, len(done)) if sessions is None else sessions
    step = timedelta(days=USUAL_INTERVAL_DAYS if interval is None else interval)
    next_on = start if start is not None else done[-1] + step
    left = sessions - len(done)
    if left < 0:
        raise InputInvalid(
            f"{form.at}: {len(done)} sessions are done but only {sessions} are planned. "
            "Correct one of them."
        )
    planned = tuple(next_on + number * step for number in range(left))
    return (*done, *planned), len(done), assumed


def _done_days(fields: Mapping[str, object], *, at: str) -> tuple[date, ...]:
    found = fields.get("sessions_done", [])
    if not isinstance(found, list) or not all(type(day) is date for day in found):
        raise InputInvalid(
            f"{at}, sessions_done: must be a list of dates such as [2026-03-01], "
            f"unquoted, found {found!r}. Correct it."
        )
    return tuple(found)

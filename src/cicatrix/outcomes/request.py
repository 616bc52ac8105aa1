"""What a forecast is asked for: an indication, a treatment, the days of the sessions."""

from dataclasses import dataclass
from datetime import date

from cicatrix.errors import InputInvalid
from cicatrix.evidence.words_of_the_field import lineage
from cicatrix.forms.reading import nearest
from cicatrix.outcomes.asking import known_indication
from cicatrix.outcomes.draws import Draws
from cicatrix.outcomes.measured import Measured
from cicatrix.outcomes.words import treatments

__all__ = [
    "MOST_SESSIONS",
    "USUAL_INTERVAL_DAYS",
    "USUAL_SESSIONS",
    "ForecastRequest",
]

USUAL_SESSIONS = 4
"""Where a plan tells none: the median of the trials."""
USUAL_INTERVAL_DAYS = 28
"""Where a plan tells none: the median of the trials."""
MOST_SESSIONS = 20
"""As many as a plan may have; beyond six the forecast says that it guesses."""

_SKIN_TYPES = ("I", "II", "III", "IV", "V", "VI")


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
                f"{len(days)} sessions: a forecast takes 1 to {MOST_SESSIONS}. "
                "Plan fewer."
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
        latest = (
            max((fade.on for fade in measured.fades), default=None)
            if measured
            else None
        )
        by_fades = (
            0 if latest is None else sum(day < latest for day in self.session_days)
        )
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

"""Where the trials cannot tell a forecast anything, and how far it is widened."""

from dataclasses import dataclass

from cicatrix.evidence.clinical import load_clinical
from cicatrix.evidence.words_of_the_field import lineage
from cicatrix.outcomes.draws import Draws
from cicatrix.outcomes.request import ForecastRequest

__all__ = ["Limit", "limits_of"]

_BORROWERS = (
    *("hypertrophic-scar", "burn-scar", "surgical-scar", "traumatic-scar", "keloid"),
)
"""Kinds of scar with one or two usable studies or none."""

_MANY_SESSIONS = 6
"""As many as all trials but one gave at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What cannot be known; `widen_percent` is one standard deviation."""

    id: str
    statement: str
    widen_percent: float
    sources: tuple[str, ...]


def limits_of(request: ForecastRequest, draws: Draws) -> tuple[Limit, ...]:
    """The limits that concern this question, in the order of the file."""
    wide = lineage(request.indication)[-1]
    seen = f"{wide}/{request.treatment}" in draws.studies_of
    concerned = {
        "dark-skin": request.skin_type in ("V", "VI"),
        "depth": request.treatment.startswith("needling"),
        "striae-stage": request.indication in ("striae-rubra", "striae-alba"),
        "pen-or-roller": request.treatment == "needling" and bool(request.device),
        "keloid": wide == "keloid",
        "borrowed": wide in _BORROWERS,
        "treatment-unseen": not seen,
        "many-sessions": len(request.session_days) > _MANY_SESSIONS,
        "long-term": True,
    }
    return tuple(
        Limit(
            id=row.fields["id"],
            statement=row.fields["statement"],
            widen_percent=float(row.fields["widen_percent"]),
            sources=row.backing.sources,
        )
        for row in load_clinical("outcomes")["forecast-limits"].rows
        if concerned[row.fields["id"]]
    )

"""What a plan is asked for: `plan.toml`, checked field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cicatrix.errors import InputInvalid
from cicatrix.evidence.words_of_the_field import indications, sites
from cicatrix.forms.reading import Form, read_form
from cicatrix.planning.devices import DEVICE_KINDS, kind_of, models

__all__ = [
    "JURISDICTIONS",
    "SEXES",
    "SKIN_TYPES",
    "WHOLE_FACE",
    "PlanRequest",
    "SiteRequest",
    "read_plan",
    "request_of",
]

JURISDICTIONS = ("us", "uk", "eu", "other")
SEXES = ("female", "male")
"""Those whose skin the studies of thickness tell apart."""
SKIN_TYPES = ("I", "II", "III", "IV", "V", "VI")
WHOLE_FACE = "face"
"""Stands in a plan for every zone of the face outside the orbital rim."""

_FIELDS = (
    *("title", "sex", "age_years", "skin_type", "device", "jurisdiction", "start_on"),
    *("sessions", "sessions_done", "interval_days", "topicals", "area_cm2"),
    *("weight_kg", "site", "needling", "anaesthetic", "intake"),
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
"""Needling of scars is no older, and no plan looks farther: a slip of the pen."""
_NOT_A_ZONE = ("scalp", "ear")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRequest:
    """One site to be treated; `length_mm` is the nominal length to be judged, if any."""

    site: str
    indication: str
    length_mm: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What a plan is asked for; `None` is not asked or not answered.

    `device` is a kind or a model, `device_kind` its kind. `needling`, `anaesthetic`
    and `intake` are the tables as they stand in the file, for the rooms that read them.
    """

    title: str
    sex: str
    age_years: float | None
    skin_type: str | None
    device: str
    device_kind: str
    jurisdiction: str
    sites: tuple[SiteRequest, ...]
    start_on: date | None
    sessions: int | None
    sessions_done: tuple[date, ...]
    interval_days: int | None
    topicals: tuple[str, ...]
    area_cm2: float | None
    weight_kg: float | None
    needling: Mapping[str, Any] | None
    anaesthetic: Mapping[str, Any] | None
    intake: Mapping[str, Any] | None


def read_plan(path: Path) -> PlanRequest:
    """What `plan.toml` asks for.

    Raises
    ------
    InputInvalid
        The file cannot be read, a field is unknown, missing or impossible, or two of
        them contradict each other. The message names the nearest known word.
    """
    return request_of(read_form(path, what="plan"))


def request_of(form: Form) -> PlanRequest:
    """The request in a form that was already read; see `read_plan`."""
    form.only(_FIELDS)
    form.needs("sex", "device", "site")
    device = form.choice("device", (*DEVICE_KINDS, *models()))
    request = PlanRequest(
        title=form.text("title") or "Plan",
        sex=form.choice("sex", SEXES) or "",
        age_years=form.number("age_years"),
        skin_type=form.choice("skin_type", SKIN_TYPES),
        device=device or "",
        device_kind=kind_of(device or ""),
        jurisdiction=form.choice("jurisdiction", JURISDICTIONS) or "other",
        sites=_sites(form),
        start_on=form.day("start_on"),
        sessions=form.whole("sessions"),
        sessions_done=_days(form, "sessions_done"),
        interval_days=form.whole("interval_days"),
        topicals=_words(form, "topicals"),
        area_cm2=form.number("area_cm2"),
        weight_kg=form.number("weight_kg"),
        needling=_table(form, "needling"),
        anaesthetic=_table(form, "anaesthetic"),
        intake=_table(form, "intake"),
    )
    _check_days(request, at=form.at)
    return request


def _sites(form: Form) -> tuple[SiteRequest, ...]:
    found: list[SiteRequest] = []
    for entry in form.tables("site"):
        entry.only(("site", "indication", "length_mm"))
        entry.needs("site", "indication")
        name = entry.choice("site", (*sites(), WHOLE_FACE)) or ""
        indication = entry.choice("indication", tuple(indications())) or ""
        length_mm = entry.number("length_mm", quantity="depth_mm")
        for zone in _zones() if name == WHOLE_FACE else (name,):
            if (zone, indication) in {(each.site, each.indication) for each in found}:
                raise InputInvalid(
                    f"{entry.at}: {zone} with {indication} stands there twice. Keep "
                    "one of them."
                )
            found.append(
                SiteRequest(site=zone, indication=indication, length_mm=length_mm)
            )
    if not found:
        raise InputInvalid(
            f"{form.at}: lists no [[site]], so there is nothing to plan. Add one."
        )
    return tuple(found)


def _zones() -> tuple[str, ...]:
    return tuple(
        site.id
        for site in sites().values()
        if site.region == "face"
        and not site.inside_orbital_rim
        and site.id not in _NOT_A_ZONE
    )


def _days(form: Form, name: str) -> tuple[date, ...]:
    found = form.fields.get(name, [])
    if not isinstance(found, list) or not all(
        isinstance(day, date) and not isinstance(day, datetime) for day in found
    ):
        raise InputInvalid(
            f"{form.at}, {name}: must be a list of dates such as [2026-03-01], "
            f"unquoted, found {found!r}. Correct it."
        )
    if sorted(set(found)) != found:
        raise InputInvalid(
            f"{form.at}, {name}: the dates are not in order or stand twice. Put them "
            "in order, each once."
        )
    return tuple(found)


def _words(form: Form, name: str) -> tuple[str, ...]:
    found = form.fields.get(name, [])
    if not isinstance(found, list) or not all(
        isinstance(word, str) and word.strip() for word in found
    ):
        raise InputInvalid(
            f"{form.at}, {name}: must be a list of words in quotes, found {found!r}. "
            "Correct it."
        )
    return tuple(found)


def _table(form: Form, name: str) -> Mapping[str, Any] | None:
    table = form.table(name)
    return None if table is None else table.fields


def _check_days(request: PlanRequest, *, at: str) -> None:
    done, start_on = request.sessions_done, request.start_on
    if start_on is None and not done:
        raise InputInvalid(
            f"{at}: lacks start_on, the day of the first session, so there are no "
            "dates. Add it."
        )
    for day in (*done, *(() if start_on is None else (start_on,))):
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise InputInvalid(
                f"{at}: {day} is no day for a plan ({_FIRST_YEAR} to {_LAST_YEAR}). "
                "Correct the year."
            )
    if start_on is not None and done and start_on <= done[-1]:
        raise InputInvalid(
            f"{at}: start_on {start_on} is not after the last session done "
            f"{done[-1]}. It is the day of the next session: correct one of them."
        )
    if request.sessions is not None and request.sessions < len(done):
        raise InputInvalid(
            f"{at}: {len(done)} sessions are done but only {request.sessions} are "
            "planned. Correct one of them."
        )

"""What a plan is asked for: `plan.toml`, checked field by field."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cicatrix.errors import InputInvalid
from cicatrix.evidence.words_of_the_field import indications, sites
from cicatrix.forms.reading import Form, read_form
from cicatrix.planning.aftercare import topicals
from cicatrix.planning.devices import DEVICE_KINDS, kind_of, models
from cicatrix.planning.needling import Needling, needling_of
from cicatrix.planning.numbing import Numbing, numbing_of
from cicatrix.planning.screened import intake_of
from cicatrix.screening.intake import Intake
from cicatrix.screening.questions import questions

__all__ = [
    "JURISDICTIONS",
    "SEXES",
    "SKIN_TYPES",
    "WHOLE_FACE",
    "PlanRequest",
    "SiteRequest",
    "known_answers",
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
_LONGEST_WORDS = 120
"""More does not fit the head of a printed page."""
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

    `device` is a kind or a model, `device_kind` its kind.
    """

    title: str
    sex: str
    age_years: float | None
    skin_type: str | None
    device: str
    device_kind: str
    jurisdiction: str | None
    sites: tuple[SiteRequest, ...]
    start_on: date | None
    sessions: int | None
    sessions_done: tuple[date, ...]
    interval_days: int | None
    topicals: tuple[str, ...]
    area_cm2: float | None
    weight_kg: float | None
    needling: Needling | None = None
    anaesthetic: Numbing | None = None
    intake: Intake | None = None


def read_plan(path: Path, *, today: date | None = None) -> PlanRequest:
    """What `plan.toml` asks for.

    Parameters
    ----------
    path
        The file.
    today
        The day on which an `[intake]` was answered, where it does not say so itself.

    Raises
    ------
    InputInvalid
        The file cannot be read, a field is unknown, missing or impossible, or two of
        them contradict each other. The message names the nearest known word.
    """
    return request_of(read_form(path, what="plan"), today=today)


def request_of(form: Form, *, today: date | None = None) -> PlanRequest:
    """The request in a form that was already read; see `read_plan`."""
    form.only(_FIELDS)
    form.needs("sex", "device", "site")
    device = form.choice("device", (*DEVICE_KINDS, *models()))
    request = PlanRequest(
        title=_printable(form, form.text("title") or "Plan"),
        sex=form.choice("sex", SEXES) or "",
        age_years=form.number("age_years"),
        skin_type=form.choice("skin_type", SKIN_TYPES),
        device=device or "",
        device_kind=kind_of(device or ""),
        jurisdiction=form.choice("jurisdiction", JURISDICTIONS),
        sites=_sites(form),
        start_on=form.day("start_on"),
        sessions=form.whole("sessions"),
        sessions_done=_days(form, "sessions_done"),
        interval_days=form.whole("interval_days"),
        topicals=_words(form, "topicals"),
        area_cm2=form.number("area_cm2"),
        weight_kg=form.number("weight_kg"),
    )
    _check_days(request, at=form.at)
    return _with_tables(request, form, today=today)


def _with_tables(
    request: PlanRequest, form: Form, *, today: date | None
) -> PlanRequest:
    """The request with its needling, anaesthetic and intake, where it has them."""
    needling, anaesthetic = form.table("needling"), form.table("anaesthetic")
    intake = form.table("intake")
    return replace(
        request,
        needling=None
        if needling is None
        else needling_of(needling, device=request.device, kind=request.device_kind),
        anaesthetic=None
        if anaesthetic is None
        else numbing_of(anaesthetic, area_cm2=request.area_cm2),
        intake=None
        if intake is None
        else intake_of(
            intake,
            known={
                **known_answers(request),
                **({} if anaesthetic is None else {"anaesthetic": True}),
            },
            planned_for=request.start_on,
            today=today,
        ),
    )


def known_answers(request: PlanRequest) -> dict[str, Any]:
    """Answers to questions of the intake that the plan gives already."""
    indicated = {each.indication for each in request.sites}
    told = {
        "sex": request.sex,
        "age_years": request.age_years,
        "skin_type": request.skin_type,
        "jurisdiction": request.jurisdiction,
        "device_kind": request.device_kind,
        "device": request.device
        if request.device in questions()["device"].answers
        else None,
        "indication": indicated.pop() if len(indicated) == 1 else None,
        "sites": list(dict.fromkeys(each.site for each in request.sites)),
        "rubbed_in": "other" if set(request.topicals) & set(topicals()) else None,
    }
    return {name: value for name, value in told.items() if value is not None}


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
    return tuple(_printable(form, word) for word in found)


def _printable(form: Form, text: str) -> str:
    """Words as they are shown: no sign that would steer a terminal or break a line."""
    if text.isprintable() and len(text) <= _LONGEST_WORDS:
        return text
    raise InputInvalid(
        f"{form.at}: {text[:40]!r} holds a sign that cannot be printed, or is longer "
        f"than {_LONGEST_WORDS} letters. Shorten it to one line of plain words."
    )


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

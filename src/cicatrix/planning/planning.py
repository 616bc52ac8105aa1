"""The whole plan: depth, device, dates and after-care for what was asked."""

from dataclasses import dataclass, replace

from cicatrix.anaesthesia.value import Anaesthetic
from cicatrix.evidence.clinical import Backing
from cicatrix.planning.aftercare import (
    Care,
    Closing,
    RedFlag,
    Stretch,
    Sun,
    Topical,
    care,
    closing,
    open_hours,
    red_flags,
    sun,
    topical,
    usual_course,
)
from cicatrix.planning.depth import (
    LONGEST_SHOWN_MM,
    SiteDepth,
    site_depth,
    without_depth,
)
from cicatrix.planning.devices import (
    Preference,
    Trait,
    preference_at,
    technique,
    traits,
)
from cicatrix.planning.needling import simulated
from cicatrix.planning.numbing import numbed
from cicatrix.planning.request import PlanRequest, SiteRequest, known_answers
from cicatrix.planning.schedule import Course, Schedule, schedule
from cicatrix.planning.screened import not_to_be_treated
from cicatrix.punctures.field import PunctureField
from cicatrix.screening.answering import Answers, as_answers
from cicatrix.screening.judging import screen
from cicatrix.screening.labels import labels_for
from cicatrix.screening.value import LabelAnswer, Screening

__all__ = ["AfterCare", "Plan", "SitePlan", "plan"]

_NOT_TREATED = "Screening says: do not treat."


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """One site: its depth, its labels, and the kind of device that speaks for itself.

    `labels` is empty where nobody said where is treated.
    """

    depth: SiteDepth
    labels: tuple[LabelAnswer, ...]
    preference: Preference | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterCare:
    """What follows a session."""

    course: tuple[Stretch, ...]
    flags: tuple[RedFlag, ...]
    care: tuple[Care, ...]
    sun: Sun | None
    topicals: tuple[Topical, ...]
    closing: tuple[Closing, ...]
    open_hours: int
    open_words: str
    open_backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan, and the request that it answers.

    `screening`, `anaesthetic` and `punctures` are `None` where they were not asked
    for. `halted` means that the screening forbids treatment: no depth, no new dates.
    """

    request: PlanRequest
    screening: Screening | None
    halted: bool
    sites: tuple[SitePlan, ...]
    traits: tuple[Trait, ...]
    technique: tuple[Trait, ...]
    schedule: Schedule
    anaesthetic: Anaesthetic | None
    punctures: PunctureField | None
    aftercare: AfterCare


def plan(request: PlanRequest) -> Plan:
    """Device, depth, passes, sessions and dates, and after-care.

    Parameters
    ----------
    request
        As `read_plan` gives it.

    Returns
    -------
    Plan
        It informs a professional; it diagnoses nothing and promises nothing. Where the
        screening in the request says “do not treat”, it holds no depth, no new date
        and no dose.

    Raises
    ------
    InputInvalid
        The anaesthetic or the needling that is asked for is impossible.
    """
    screening = None if request.intake is None else screen(request.intake)
    halted = not_to_be_treated(screening)
    sites = tuple(_site(each, request, halted=halted) for each in request.sites)
    indications = tuple(dict.fromkeys(each.indication for each in request.sites))
    return Plan(
        request=request,
        screening=screening,
        halted=halted,
        sites=sites,
        traits=traits(),
        technique=technique(
            request.device_kind, at=[each.site for each in request.sites]
        ),
        schedule=schedule(
            indications,
            device=request.device_kind,
            course=Course(
                start_on=request.start_on,
                done=request.sessions_done,
                sessions=request.sessions,
                interval_days=request.interval_days,
                halted=halted,
            ),
        ),
        anaesthetic=None if halted else _anaesthetic(request, screening),
        punctures=None
        if halted or request.needling is None
        else simulated(request.needling),
        aftercare=_aftercare(request, sites, indications),
    )


def _site(asked: SiteRequest, request: PlanRequest, *, halted: bool) -> SitePlan:
    depth = site_depth(
        asked.site,
        indication=asked.indication,
        device=request.device,
        sex=request.sex,
        asked_mm=asked.length_mm,
    )
    return SitePlan(
        depth=without_depth(depth, _NOT_TREATED) if halted else depth,
        labels=_labels(asked, request),
        preference=preference_at(asked.site, indication=asked.indication),
    )


def _labels(asked: SiteRequest, request: PlanRequest) -> tuple[LabelAnswer, ...]:
    """What labels say of this site alone, on the day of the next session."""
    alone = known_answers(replace(request, sites=(asked,)))
    day = request.start_on or request.sessions_done[-1]
    return labels_for(Answers(given=as_answers(alone), planned_for=day))


def _anaesthetic(
    request: PlanRequest, screening: Screening | None
) -> Anaesthetic | None:
    if request.anaesthetic is None:
        return None
    return numbed(
        request.anaesthetic,
        age_years=request.age_years,
        weight_kg=request.weight_kg,
        jurisdiction=request.jurisdiction,
        answers={} if screening is None else screening.answers,
    )


def _aftercare(
    request: PlanRequest, sites: tuple[SitePlan, ...], indications: tuple[str, ...]
) -> AfterCare:
    lengths = [each.length_mm for each in request.sites if each.length_mm is not None]
    lengths += [s.depth.ceiling_mm for s in sites if s.depth.ceiling_mm is not None]
    # A length that nobody told is taken as the longest, so that care is not cut short.
    hours, words, backing = open_hours(max(lengths, default=LONGEST_SHOWN_MM))
    return AfterCare(
        course=usual_course(indications),
        flags=red_flags(),
        care=care(),
        sun=sun(request.skin_type),
        topicals=tuple(topical(each) for each in request.topicals),
        closing=closing(request.device_kind),
        open_hours=hours,
        open_words=words,
        open_backing=backing,
    )

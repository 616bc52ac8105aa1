"""The whole plan: depth, device, dates and after-care for what was asked."""

from dataclasses import dataclass

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
from cicatrix.planning.depth import LONGEST_SHOWN_MM, SiteDepth, site_depth
from cicatrix.planning.devices import (
    Label,
    Preference,
    Trait,
    labels,
    labels_seen,
    preference_at,
    technique,
    traits,
)
from cicatrix.planning.request import PlanRequest, SiteRequest
from cicatrix.planning.schedule import Course, Schedule, schedule

__all__ = ["AfterCare", "Plan", "SitePlan", "plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlan:
    """One site: its depth, its labels, and the kind of device that speaks for itself.

    `labels` is `None` where no label of the jurisdiction was seen at all.
    """

    depth: SiteDepth
    labels: tuple[Label, ...] | None
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
    """A plan, and the request that it answers."""

    request: PlanRequest
    sites: tuple[SitePlan, ...]
    traits: tuple[Trait, ...]
    technique: tuple[Trait, ...]
    schedule: Schedule
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
        It informs a professional; it diagnoses nothing and promises nothing.
    """
    sites = tuple(_site(each, request) for each in request.sites)
    indications = tuple(dict.fromkeys(each.indication for each in request.sites))
    return Plan(
        request=request,
        sites=sites,
        traits=traits(),
        technique=technique(request.device_kind),
        schedule=schedule(
            indications,
            device=request.device_kind,
            course=Course(
                start_on=request.start_on,
                done=request.sessions_done,
                sessions=request.sessions,
                interval_days=request.interval_days,
            ),
        ),
        aftercare=_aftercare(request, sites, indications),
    )


def _site(asked: SiteRequest, request: PlanRequest) -> SitePlan:
    seen = labels_seen(request.jurisdiction)
    return SitePlan(
        depth=site_depth(
            asked.site,
            indication=asked.indication,
            device=request.device_kind,
            sex=request.sex,
            asked_mm=asked.length_mm,
        ),
        labels=labels(
            jurisdiction=request.jurisdiction,
            device=request.device_kind,
            site=asked.site,
            indication=asked.indication,
            skin_type=request.skin_type,
            age_years=request.age_years,
        )
        if seen
        else None,
        preference=preference_at(asked.site, indication=asked.indication),
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

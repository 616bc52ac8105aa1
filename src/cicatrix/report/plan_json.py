"""A plan as JSON: every number beside the keys of its sources.

The layout is described by `schema/plan-1.json`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cicatrix.evidence.clinical import Backing
from cicatrix.evidence.judging import judge_after_days
from cicatrix.evidence.reading import load_facts
from cicatrix.planning.aftercare import Topical
from cicatrix.planning.depth import Judged, NamedDepth, SiteDepth
from cicatrix.planning.devices import Trait
from cicatrix.planning.planning import AfterCare, Plan, SitePlan
from cicatrix.planning.reach import Chances, Reach
from cicatrix.planning.request import PlanRequest
from cicatrix.planning.schedule import Appointment, Schedule
from cicatrix.planning.skin import Thickness
from cicatrix.planning.tables import choice
from cicatrix.planning.telling import plan_sheet
from cicatrix.report.bibliography import behind, bibliography
from cicatrix.report.plan_rooms_json import rooms_to_json

__all__ = ["PLAN_SCHEMA", "backed", "plan_to_json"]

PLAN_SCHEMA = "cicatrix/plan-1"
Json = dict[str, Any]

_CHOICES = ("through_at_most", "stays_at_most")


def plan_to_json(plan: Plan) -> Json:
    """The plan; its bibliography holds every source that any part names."""
    told = plan_sheet(plan).answer
    answer: Json = {
        "schema": PLAN_SCHEMA,
        "asked": _asked(plan.request),
        "answer": {"text": told.text, "sources": list(told.sources)},
        **rooms_to_json(plan),
        "sites": [_site(each) for each in plan.sites],
        "devices": [_trait(each) for each in plan.traits],
        "technique": [_trait(each) for each in plan.technique],
        "schedule": _schedule(plan.schedule),
        "aftercare": _aftercare(plan.aftercare),
    }
    return {**answer, "bibliography": bibliography(_keys(answer))}


def backed(backing: Backing, **fields: Any) -> Json:
    """Fields beside what stands behind them."""
    return {
        **fields,
        **behind(backing),
        "clinician_reviewed": backing.clinician_reviewed,
    }


def _keys(value: object) -> Iterable[str]:
    """Every key that stands in a list called sources."""
    if isinstance(value, Mapping):
        yield from value.get("sources", ())
        for each in value.values():
            yield from _keys(each)
    elif isinstance(value, list):
        for each in value:
            yield from _keys(each)


def _asked(request: PlanRequest) -> Json:
    return {
        "title": request.title,
        "sex": request.sex,
        "age_years": request.age_years,
        "skin_type": request.skin_type,
        "device": request.device,
        "device_kind": request.device_kind,
        "jurisdiction": request.jurisdiction,
        "sites": [
            {
                "site": each.site,
                "indication": each.indication,
                "length_mm": each.length_mm,
            }
            for each in request.sites
        ],
        "start_on": None if request.start_on is None else str(request.start_on),
        "sessions": request.sessions,
        "sessions_done": [str(day) for day in request.sessions_done],
        "interval_days": request.interval_days,
        "topicals": list(request.topicals),
        "area_cm2": request.area_cm2,
        "weight_kg": request.weight_kg,
    }


def _site(site: SitePlan) -> Json:
    depth = site.depth
    return {
        "site": depth.site,
        "indication": depth.indication,
        "withheld": depth.withheld,
        "target": None
        if depth.target is None
        else backed(
            depth.target.backing,
            layer=depth.target.layer,
            why=depth.target.why,
            thinner_skin=depth.target.thinner_skin,
        ),
        "measured_skin": None if depth.skin is None else _skin(depth.skin),
        "nearest_measured_site": depth.nearest,
        "measured_otherwise": [
            backed(each.backing, method=each.method, text=each.text)
            for each in depth.otherwise
        ],
        "penetration": [_reach(each) for each in depth.reaches],
        "proposal": _proposal(depth),
        "asked_length": _judged(depth.asked, depth) if depth.asked else None,
        "settings": [_judged(each, depth) for each in depth.settings],
        "named_depths": [_named(each, depth) for each in depth.named],
        "labels": [
            {
                "jurisdiction": each.jurisdiction,
                "device": each.device,
                "state": each.state,
                "says": each.says,
                "sources": list(each.sources),
                "support": str(each.support),
                "note": each.note,
            }
            for each in site.labels
        ],
        "preference": None
        if site.preference is None
        else backed(
            site.preference.backing,
            prefers=site.preference.prefers,
            why=site.preference.why,
        ),
    }


def _skin(skin: Thickness) -> Json:
    return backed(
        skin.backing,
        site=skin.site,
        sex=skin.sex,
        method=skin.method,
        measured_at=skin.measured_at,
        people=skin.people,
        epidermis_mean_mm=skin.epidermis_mean_mm,
        epidermis_sd_mm=skin.epidermis_sd_mm,
        dermis_mean_mm=skin.dermis_mean_mm,
        dermis_sd_mm=skin.dermis_sd_mm,
        total_mean_mm=_rounded(skin.total_mean_mm),
        total_sd_mm=_rounded(skin.total_sd_mm),
        spread=skin.spread,
    )


def _rounded(value: float | None) -> float | None:
    """To a thousandth: the models bear no more."""
    return None if value is None else round(value, 3)


def _reach(reach: Reach) -> Json:
    return backed(
        reach.backing,
        bound=reach.bound,
        share=reach.share,
        share_sd=reach.share_sd,
        tolerance_mm=reach.tolerance_mm,
        statement=reach.statement,
    )


def _proposal(depth: SiteDepth) -> Json | None:
    if depth.skin is None:
        return None
    limits = {name: choice(name).fields["value"] for name in _CHOICES}
    behind = [depth.skin.backing, *(choice(name).backing for name in _CHOICES)]
    return {
        "shallowest_mm": depth.shallowest_mm,
        "deepest_mm": depth.deepest_mm,
        "label_mm": depth.label_mm,
        "ceiling_mm": depth.ceiling_mm,
        "limits": limits,
        "sources": _merged(*behind),
    }


def _merged(*backings: Backing) -> list[str]:
    return list(dict.fromkeys(key for each in backings for key in each.sources))


def _judged(judged: Judged, depth: SiteDepth) -> Json:
    behind = [] if depth.skin is None else [depth.skin.backing]
    return {
        "length_mm": judged.length_mm,
        "by_reach": [
            {"bound": reach.bound, **_chances(found)}
            for reach, found in judged.by_reach
        ],
        "sources": _merged(*behind, *(way.backing for way, _ in judged.by_reach)),
    }


def _chances(found: Chances) -> Json:
    return {
        "through_probability": _rounded(found.through),
        "stays_in_epidermis_probability": _rounded(found.stays),
        "papillary_probability": _rounded(found.papillary),
        "reticular_probability": _rounded(found.reticular),
    }


def _named(named: NamedDepth, depth: SiteDepth) -> Json:
    found = backed(
        named.backing,
        said_by=named.said_by,
        device=named.device,
        low_mm=named.low_mm,
        high_mm=named.high_mm,
        text=named.text,
        same_device=named.same_device,
        through_probability=_rounded(named.through),
    )
    if depth.skin is not None:
        found["sources"] = _merged(named.backing, depth.skin.backing)
    return found


def _trait(trait: Trait) -> Json:
    return backed(
        trait.backing, device=trait.device, property=trait.name, text=trait.text
    )


def _schedule(schedule: Schedule) -> Json:
    known = schedule.sessions_backing
    studied = list(schedule.longest_sources)
    dated = ["start_on", "sessions_done", "sessions", "interval_days"]
    judged = load_facts("judging.toml")["result_judged_after_days"]
    return {
        "sessions": {
            "count": schedule.sessions,
            "why": schedule.sessions_why,
            "computed_from": ["sessions", "sessions_done"],
            "sources": [] if known is None else list(known.sources),
        },
        "interval": {
            "days": schedule.interval_days,
            "longest_studied_days": schedule.longest_studied_days,
            "computed_from": ["interval_days"],
            "sources": studied,
        },
        "appointments": {
            "days": [_appointment(each) for each in schedule.appointments],
            "computed_from": dated,
            "sources": list(dict.fromkeys([*schedule.date_sources, *schedule.backing])),
        },
        "judging": {
            "from": None if schedule.judge_from is None else str(schedule.judge_from),
            "after_days": judge_after_days(),
            "statement": judged.statement,
            "computed_from": dated,
            "sources": list(judged.sources),
        },
        "second_look": {
            "from": None
            if schedule.look_again_from is None
            else str(schedule.look_again_from),
            "computed_from": dated,
            "sources": list(schedule.backing),
        },
        "redness": {
            "hides_the_result_for_days": schedule.red_until_days,
            "sources": list(load_facts("judging.toml")["redness_longest_days"].sources),
        },
        "studies": [
            backed(
                each.backing,
                sessions_min=each.sessions_min,
                sessions_max=each.sessions_max,
                interval_days=each.interval_days,
                text=each.text,
            )
            for each in schedule.studies
        ],
    }


def _appointment(each: Appointment) -> Json:
    return {
        "on": str(each.on),
        "kind": each.kind,
        "number": each.number,
        "done": each.done,
    }


def _aftercare(after: AfterCare) -> Json:
    return {
        "course": [
            {
                "from_day": each.from_day,
                "to_day": each.to_day,
                "text": each.text,
                "plain": each.plain,
                "sources": list(each.sources),
                "support": each.support,
            }
            for each in after.course
        ],
        "red_flags": [
            backed(
                each.backing,
                id=each.id,
                from_day=each.from_day,
                to_day=each.to_day,
                act=each.act,
                flag=each.flag,
                plain=each.plain,
                think_of=each.think_of,
            )
            for each in after.flags
        ],
        "care": [
            backed(
                each.backing,
                from_hours=each.from_hours,
                to_hours=each.to_hours,
                text=each.text,
                plain=each.plain,
            )
            for each in after.care
        ],
        "sun": None
        if after.sun is None
        else backed(
            after.sun.backing,
            weeks=after.sun.weeks,
            text=after.sun.text,
            plain=after.sun.plain,
        ),
        "open_channels": {
            "hours": after.open_hours,
            "text": after.open_words,
            "sources": list(after.open_backing.sources),
            "studies": [
                backed(each.backing, needle=each.needle, text=each.text)
                for each in after.closing
            ],
        },
        "topicals": [_topical(each) for each in after.topicals],
    }


def _topical(product: Topical) -> Json:
    if product.backing is None:
        return {"asked": product.asked, "verdict": "", "text": "no source speaks of it"}
    return backed(
        product.backing,
        asked=product.asked,
        verdict=product.verdict,
        text=product.text,
    )

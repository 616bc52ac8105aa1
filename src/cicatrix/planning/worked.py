"""Answers to the worked cases of the tables that plans are made of."""

from collections.abc import Callable, Mapping
from typing import Any

from cicatrix.evidence.clinical import Row
from cicatrix.planning.devices import preference
from cicatrix.planning.schedule import Course, schedule
from cicatrix.planning.skin import thickness
from cicatrix.planning.tables import concerns, nearest_row, rows

__all__ = ["worked_in"]

Answer = dict[str, object]
Given = Mapping[str, Any]

_SILENT: Answer = {"state": "lacks-an-answer"}


def worked_in(kind: str) -> Callable[[str, Given], Answer]:
    """Who answers the worked cases of a kind: a function of file name and givens."""

    def answer(name: str, given: Given) -> Answer:
        speaker = _SPEAKERS.get((kind, name))
        return _plain(kind, name, given) if speaker is None else speaker(given)

    return answer


def _plain(kind: str, name: str, given: Given) -> Answer:
    """The first row that has all that is given, in a field or in a list of its plural."""
    found = [row for row in rows(kind, name) if _fits(row, given)]
    if not found:
        return dict(_SILENT)
    return {"state": "speaks", "lines": len(found), **found[0].fields}


def _fits(row: Row, given: Given) -> bool:
    return all(_holds(row, field, value) for field, value in given.items())


def _holds(row: Row, field: str, value: Any) -> bool:
    if field in ("day", "hours"):
        return bool(row.fields[f"from_{field}"] <= value <= row.fields[f"to_{field}"])
    if isinstance(row.fields.get(field), list):
        return concerns(row, field, value)
    if field in row.fields:
        return bool(row.fields[field] == value)
    plural = f"{field}s"
    return plural in row.fields and concerns(row, plural, value)


def _measured(given: Given) -> Answer:
    found = thickness(given["site"], sex=given.get("sex", ""))
    if found is None:
        return dict(_SILENT)
    return {
        "state": "speaks",
        "people": found.people,
        "total_mean_mm": round(found.total_mean_mm, 3),
        "total_sd_mm": round(found.total_sd_mm, 3),
        "spread": found.spread,
    }


def _row_of_indication(kind: str, name: str) -> Callable[[Given], Answer]:
    def answer(given: Given) -> Answer:
        row = nearest_row(kind, name, indication=given["indication"])
        return dict(_SILENT) if row is None else {"state": "speaks", **row.fields}

    return answer


def _studied(given: Given) -> Answer:
    found = schedule(
        [given["indication"]], device=given["device"], course=Course(start_on=None)
    )
    most = [each.sessions_max or each.sessions_min for each in found.studies]
    return {
        "state": "lacks-an-answer" if found.interval_days is None else "speaks",
        "interval_days": found.interval_days,
        "sessions_min": min((s.sessions_min for s in found.studies), default=None),
        "sessions_max": max(most, default=None),
    }


def _labelled(given: Given) -> Answer:
    """Labels of products, which the screening reads: those of this place and use."""
    here = [
        row
        for row in rows("devices", "labels")
        if row.fields["jurisdiction"] == given["jurisdiction"]
    ]
    if not here:
        return dict(_SILENT)
    found = [row for row in here if _fits(row, given)]
    return {"state": "speaks" if found else "silent", "labels": len(found)}


def _preferred(given: Given) -> Answer:
    found = preference(given["region"], indication=given["indication"])
    if found is None:
        return dict(_SILENT)
    return {"state": "speaks" if found.prefers else "silent", "prefers": found.prefers}


def _sunny(given: Given) -> Answer:
    if "skin_type" not in given:
        return dict(_SILENT)
    return _plain("aftercare", "sun", given)


_SPEAKERS: Mapping[tuple[str, str], Callable[[Given], Answer]] = {
    ("thickness", "face-ultrasound"): _measured,
    ("thickness", "body-whole-skin"): _measured,
    ("depths", "targets"): _row_of_indication("depths", "targets"),
    ("schedules", "planned"): _row_of_indication("schedules", "planned"),
    ("schedules", "studies"): _studied,
    ("devices", "labels"): _labelled,
    ("devices", "choice"): _preferred,
    ("aftercare", "sun"): _sunny,
}

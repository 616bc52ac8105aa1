"""A scored scale as JSON: every number beside its sources."""

from cicatrix.report.as_json import Json, published_schema
from cicatrix.report.bibliography import behind, bibliography
from cicatrix.scales.value import Item, LeftOut, Scored

__all__ = ["SCHEMA", "scale_schema", "scale_to_json"]

SCHEMA = "cicatrix/scale-1"


def scale_to_json(answer: Scored | LeftOut) -> Json:
    """The answer as a JSON object that obeys `schema/scale-1.json`."""
    if isinstance(answer, LeftOut):
        return {
            "schema": SCHEMA,
            "asked": {"scale": answer.id, "items": {}},
            "state": "refused",
            "clinician_reviewed": False,
            "scale": {
                "id": answer.id,
                "title": answer.title,
                **behind(answer.backing),
            },
            "refusal": {"text": answer.reason, "sources": list(answer.backing.sources)},
            "bibliography": bibliography(answer.backing.sources),
        }
    found = answer.scale
    backings = [
        found.backing,
        *(item.backing for item in found.items),
        *(band.backing for band in answer.bands),
        *(remark.backing for remark in found.remarks),
    ]
    return {
        "schema": SCHEMA,
        "asked": {"scale": found.id, "items": dict(answer.answers)},
        "state": "incomplete" if answer.total is None else "scored",
        "clinician_reviewed": False,
        "scale": {
            "id": found.id,
            "title": found.title,
            "low": found.low,
            "high": found.high,
            "better": found.better,
            **behind(found.backing),
        },
        "total": {
            "value": answer.total,
            "low": answer.low,
            "high": answer.high,
            "missing": list(answer.missing),
            "computed_from": ["asked"],
            "sources": list(found.backing.sources),
        },
        "bands": [
            {"set": band.set, "words": band.words, **behind(band.backing)}
            for band in answer.bands
        ],
        "items": [_item(item, answer) for item in found.items],
        "remarks": [
            {"text": remark.text, **behind(remark.backing)} for remark in found.remarks
        ],
        "bibliography": bibliography(key for b in backings for key in b.sources),
    }


def scale_schema() -> Json:
    """The JSON Schema (2020-12) of `scale_to_json`."""
    return published_schema("scale-1")


def _item(item: Item, answer: Scored) -> Json:
    score = answer.answers.get(item.id)
    words = dict(item.levels).get(int(score), "") if score is not None else ""
    return {
        "id": item.id,
        "title": item.title,
        "score": score,
        "words": words,
        "low": item.low,
        "high": item.high,
        **behind(item.backing),
    }

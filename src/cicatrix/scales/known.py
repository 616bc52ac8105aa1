"""The scales of `evidence/scales`, and those that are left out."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.clinical import ClinicalFile, Row, load_clinical
from cicatrix.scales.value import Band, Item, LeftOut, Remark, Scale

__all__ = ["left_out", "scales"]

_LEFT_OUT = "left-out"


@cache
def scales() -> Mapping[str, Scale]:
    """Every scale that is computed, by its id.

    Examples
    --------
    >>> scales()["vancouver"].high
    13.0
    """
    return MappingProxyType(
        {
            name: _scale(file)
            for name, file in load_clinical("scales").items()
            if name != _LEFT_OUT
        }
    )


@cache
def left_out() -> Mapping[str, LeftOut]:
    """Every scale that is known and not computed, by its id."""
    return MappingProxyType(
        {
            row.fields["id"]: LeftOut(
                id=row.fields["id"],
                title=row.fields["title"],
                reason=row.fields["reason"],
                backing=row.backing,
            )
            for row in load_clinical("scales")[_LEFT_OUT].rows
        }
    )


def _scale(file: ClinicalFile) -> Scale:
    fields, at = file.fields, f"scales/{file.name}.toml"
    if file.backing is None:
        raise EvidenceInvalid(f"{at}: names no sources of its own. Add them.")
    found = Scale(
        id=file.name,
        title=file.title,
        about_it=fields["about_it"],
        low=float(fields["low"]),
        high=float(fields["high"]),
        better=fields["better"],
        items=tuple(_item(row) for row in _about(file, "item")),
        bands=tuple(_band(row) for row in _about(file, "band")),
        remarks=tuple(
            Remark(text=row.fields["text"], backing=row.backing)
            for row in _about(file, "fact")
        ),
        refused_scores=tuple(
            (float(each["score"]), each["words"])
            for each in fields.get("refused_scores", ())
        ),
        backing=file.backing,
        verified=fields.get("verified", True),
    )
    ends = sum(i.low for i in found.items), sum(i.high for i in found.items)
    if ends != (found.low, found.high):
        raise EvidenceInvalid(
            f"{at}: the items add up to {ends[0]:g} to {ends[1]:g}, the scale says "
            f"{found.low:g} to {found.high:g}. Correct one of them."
        )
    return found


def _about(file: ClinicalFile, what: str) -> list[Row]:
    return [row for row in file.rows if row.fields["about"] == what]


def _item(row: Row) -> Item:
    fields = row.fields
    levels = tuple((each["score"], each["words"]) for each in fields.get("levels", ()))
    scores = [score for score, _ in levels] or [fields["low"], fields["high"]]
    return Item(
        id=fields["id"],
        title=fields["title"],
        levels=levels,
        low=float(min(scores)),
        high=float(max(scores)),
        low_words=fields.get("low_words", ""),
        high_words=fields.get("high_words", ""),
        backing=row.backing,
    )


def _band(row: Row) -> Band:
    fields = row.fields
    return Band(
        set=fields["set"],
        low=float(fields["low"]),
        high=float(fields["high"]),
        words=fields["words"],
        backing=row.backing,
    )

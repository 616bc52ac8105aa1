"""Sites of the body and indications: the words that forms and tables share."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from cicatrix.evidence.clinical import Backing, load_clinical

__all__ = ["Indication", "Site", "indications", "lineage", "sites", "worked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site of the body; `region` is face, neck, trunk or limb."""

    id: str
    title: str
    region: str
    inside_orbital_rim: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """What is treated; `kind` is scar or striae, `parent` the wider indication or ""."""

    id: str
    title: str
    kind: str
    parent: str
    definition: str
    backing: Backing


@cache
def sites() -> Mapping[str, Site]:
    """Every site by its id.

    Examples
    --------
    >>> sites()["cheek"].region
    'face'
    """
    rows = load_clinical("vocabulary")["sites"].rows
    return MappingProxyType({row.fields["id"]: Site(**row.fields) for row in rows})


@cache
def indications() -> Mapping[str, Indication]:
    """Every indication by its id.

    Examples
    --------
    >>> indications()["striae-alba"].kind
    'striae'
    """
    rows = load_clinical("vocabulary")["indications"].rows
    return MappingProxyType(
        {
            row.fields["id"]: Indication(**row.fields, backing=row.backing)
            for row in rows
        }
    )


def lineage(indication: str) -> tuple[str, ...]:
    """The indication and every wider one that holds it, narrowest first.

    Examples
    --------
    >>> lineage("acne-scar-rolling")
    ('acne-scar-rolling', 'acne-scar')
    """
    found = [indication]
    while parent := indications()[found[-1]].parent:
        found.append(parent)
    return tuple(found)


def worked(name: str, given: Mapping[str, Any]) -> dict[str, object]:
    """Answer a worked case of the vocabulary."""
    words: Mapping[str, Site | Indication] = (
        sites() if name == "sites" else indications()
    )
    word = words.get(given["id"])
    if word is None:
        return {"state": "lacks-an-answer"}
    answer = {name: getattr(word, name) for name in type(word).__slots__}
    return {"state": "speaks", **answer}

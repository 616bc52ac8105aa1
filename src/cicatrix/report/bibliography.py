"""Sources as a reader meets them: numbered on a sheet, whole in JSON."""

from collections.abc import Iterable
from typing import Any

from cicatrix.domain.sheet import Sheet
from cicatrix.evidence.clinical import Backing
from cicatrix.evidence.reading import load_sources

__all__ = ["behind", "bibliography", "source_line", "source_link", "source_numbers"]

TIER_WORDS = {
    "A": "regulator, label or public health",
    "B": "peer-reviewed paper or clinical reference",
    "C": "manufacturer, society or hospital leaflet",
    "D": "clinic page, news copy or blog",
}
"""What the letters of `Source.tier` mean."""


def source_numbers(sheet: Sheet) -> dict[str, int]:
    """The sources of a sheet, numbered as they are first named."""
    return {key: number for number, key in enumerate(sheet.cited(), start=1)}


def source_line(key: str) -> str:
    """One source in one line: authors, title, where, year, address, kind."""
    source = load_sources()[key]
    head = ". ".join(
        part
        for part in (source.authors, source.title, source.published_in)
        if part and part != "authors not recorded"
    )
    if source.year is not None and str(source.year) not in head:
        head += f" ({source.year})"
    tail = f"; {TIER_WORDS[source.tier]}" if source.tier else ""
    link = source_link(key)
    return f"{head}. {link}{tail}" if link else f"{head}{tail}"


def source_link(key: str) -> str:
    """Where the source can be opened, or nothing.

    The paper's own record goes before the page that was read, which may be a copy.
    """
    source = load_sources()[key]
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
    return source.url


def behind(backing: Backing) -> dict[str, Any]:
    """What stands behind a statement, as the fields of a JSON object."""
    return {
        "support": str(backing.support),
        "note": backing.note,
        "sources": list(backing.sources),
    }


def bibliography(keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The sources of a JSON answer by key: title, year, doi, url, tier, what was read.

    Returns
    -------
    dict
        In alphabetical order of the keys; absent fields are left out.
    """
    fields = ("title", "authors", "year", "published_in", "doi", "pmid", "url")
    found = {}
    for key in sorted(set(keys)):
        source = load_sources()[key]
        found[key] = {
            name: value
            for name in (*fields, "tier", "read")
            if (value := getattr(source, name)) not in ("", None)
        }
    return found

"""Rows of the clinical tables that plans are made of, found by what they are about."""

from collections.abc import Iterator

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.clinical import Row, load_clinical
from cicatrix.evidence.words_of_the_field import lineage

__all__ = ["ANY", "choice", "concerns", "nearest_row", "rows"]

ANY = "any"
"""What a table writes where every site, device or indication is meant."""


def rows(kind: str, name: str) -> tuple[Row, ...]:
    """The rows of `evidence/<kind>/<name>.toml`."""
    return load_clinical(kind)[name].rows


def choice(name: str) -> Row:
    """A stated choice of `evidence/depths/choices.toml` by its name.

    Raises
    ------
    EvidenceInvalid
        Nobody made that choice.
    """
    for row in rows("depths", "choices"):
        if row.fields["name"] == name:
            return row
    raise EvidenceInvalid(
        f"depths/choices.toml: lacks {name}, without which no depth is told. Add it."
    )


def concerns(row: Row, field: str, value: str) -> bool:
    """Whether the row's list `field` holds the value, or holds for any.

    An indication is held by every wider one: rolling scars by acne scars.
    """
    held = row.fields.get(field, (ANY,))
    if ANY in held:
        return True
    wanted = lineage(value) if field == "indications" else (value,)
    return any(each in held for each in wanted)


def nearest_row(kind: str, name: str, *, indication: str) -> Row | None:
    """The row of the indication itself, or of the nearest wider one that has a row."""
    return next(_by_lineage(rows(kind, name), indication), None)


def _by_lineage(table: tuple[Row, ...], indication: str) -> Iterator[Row]:
    for each in lineage(indication):
        yield from (row for row in table if row.fields["indication"] == each)

"""Which facts are past their review date, and how many a clinician has reviewed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cicatrix.evidence.clinical import clinical_kinds, load_clinical
from cicatrix.evidence.reading import fact_files, load_facts

__all__ = ["Due", "Reviewed", "review_state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A fact that should have been opened again by `review_by`."""

    where: str
    review_by: date
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """All entries, those overdue on the day, those no clinician has reviewed."""

    on: date
    entries: int
    files: int
    unreviewed: int
    overdue: tuple[Due, ...]
    next_due: date


def review_state(on: date) -> Reviewed:
    """How well kept every file of facts and of clinical content is on a day.

    Parameters
    ----------
    on
        The day: the caller's, so that the answer is the same tomorrow.

    Examples
    --------
    >>> from datetime import date
    >>> review_state(date(2026, 11, 23)).overdue
    ()
    """
    entries = list(_entries())
    return Reviewed(
        on=on,
        entries=len(entries),
        files=len({file for file, _, _ in entries}),
        unreviewed=sum(not reviewed for _, _, reviewed in entries),
        overdue=tuple(due for _, due, _ in entries if due.review_by < on),
        next_due=min(due.review_by for _, due, _ in entries),
    )


def _entries() -> Iterator[tuple[str, Due, bool]]:
    """File, what is due when, and whether a clinician has reviewed it."""
    for name in fact_files():
        for fact in load_facts(name).values():
            where = f"{name}, {fact.name}"
            due = Due(where=where, review_by=fact.review_by, sources=fact.sources)
            yield name, due, False
    for kind in clinical_kinds():
        for file in load_clinical(kind).values():
            at = f"{kind}/{file.name}.toml"
            own = [] if file.backing is None or file.rows else [(at, file.backing)]
            for where, backing in own + [(r.where, r.backing) for r in file.rows]:
                due = Due(
                    where=where, review_by=backing.review_by, sources=backing.sources
                )
                yield at, due, backing.clinician_reviewed

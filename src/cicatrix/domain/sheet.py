"""A page of answers in which no number can stand without its source.

Screening, plans, doses and forecasts are shown as sheets: on the terminal, in the HTML
report and on printed leaflets alike.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Line", "Origin", "Section", "Sheet"]

_DIGIT = re.compile(r"\d")


class Origin(StrEnum):
    """Where the words of a line come from."""

    FACT = "fact"
    """Said by the sources that the line names."""
    COMPUTED = "computed"
    """Computed from what was asked with facts of the sources that the line names."""
    ASKED = "asked"
    """What the user said, or arithmetic on that alone."""
    WORDS = "words"
    """Our own words, without any number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `text`, under an optional `label`, with the keys of its sources.

    Raises
    ------
    ValueError
        A fact or a computed line names no source, or a line of mere words holds a
        digit.
    """

    text: str
    label: str = ""
    origin: Origin = Origin.WORDS
    sources: tuple[str, ...] = ()
    support: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a number that nobody stands behind."""
        if self.origin in (Origin.FACT, Origin.COMPUTED) and not self.sources:
            raise ValueError(f"a {self.origin} line must name its sources: {self.text}")
        said = f"{self.label} {self.text} {self.note}"
        if self.origin is Origin.WORDS and _DIGIT.search(said):
            raise ValueError(f"a line of words holds a number: {said!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Lines under one heading; `lead` is one sentence before them, without numbers."""

    title: str
    lines: tuple[Line, ...]
    lead: str = ""

    def __post_init__(self) -> None:
        """Refuse a number outside the lines."""
        if _DIGIT.search(self.lead):
            raise ValueError(f"the lead of a section holds a number: {self.lead!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole answer: title, the answer in one line, its sections."""

    title: str
    answer: Line
    sections: tuple[Section, ...]

    def lines(self) -> tuple[Line, ...]:
        """Every line, the answer first."""
        return (self.answer, *(line for part in self.sections for line in part.lines))

    def cited(self) -> tuple[str, ...]:
        """Keys of the sources in the order in which they are first named."""
        return tuple(
            dict.fromkeys(key for line in self.lines() for key in line.sources)
        )

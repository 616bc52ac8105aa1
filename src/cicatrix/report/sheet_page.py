"""Sheets of answers as one HTML page, to be read or printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from cicatrix.domain.sheet import Line, Section, Sheet
from cicatrix.report.bibliography import source_line, source_link, source_numbers
from cicatrix.report.environment import environment
from cicatrix.report.provenance import Provenance

__all__ = ["SheetView", "render_sheets", "sheet_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A sheet with its sources numbered; `pictures` are drawings of our own (SVG)."""

    sheet: Sheet
    anchor: str
    sources: tuple[tuple[int, str, str], ...]
    pictures: tuple[str, ...]

    def marks(self, line: Line) -> str:
        """The numbers of a line's sources, as they stand in brackets."""
        numbers = source_numbers(self.sheet)
        return ", ".join(str(numbers[key]) for key in line.sources)

    def labelled(self, section: Section) -> bool:
        """Whether a column of labels is needed."""
        return any(line.label for line in section.lines)


def sheet_view(
    sheet: Sheet, *, anchor: str = "sheet", pictures: Sequence[str] = ()
) -> SheetView:
    """The view of one sheet.

    Parameters
    ----------
    sheet
        What is shown.
    anchor
        Its name in the page's address.
    pictures
        SVG drawn by this package, shown under the answer as it is: never a user's.
    """
    return SheetView(
        sheet=sheet,
        anchor=anchor,
        sources=tuple(
            (number, source_line(key), source_link(key))
            for key, number in source_numbers(sheet).items()
        ),
        pictures=tuple(pictures),
    )


def render_sheets(
    views: Sequence[SheetView], *, title: str, provenance: Provenance
) -> str:
    """The sheets as one page that needs nothing else; it works offline and prints."""
    return (
        environment()
        .get_template("sheets.html.j2")
        .render(views=views, title=title, provenance=provenance)
    )

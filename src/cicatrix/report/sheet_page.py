"""Sheets of answers as one HTML page, to be read or printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from cicatrix.domain.sheet import Line, Section, Sheet
from cicatrix.report.bibliography import source_line, source_link, source_numbers
from cicatrix.report.environment import environment
from cicatrix.report.provenance import Provenance

__all__ = ["Matrix", "SheetView", "render_sheets", "sheet_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Lines of one section side by side: rows by label, an empty cell is `None`.

    A column is its heading and the words with which its lines begin, which the heading
    spares.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[Line | None, ...]], ...]

    def lines(self) -> frozenset[Line]:
        """Every line that stands here, and so not in the list."""
        return frozenset(
            cell for _, cells in self.rows for cell in cells if cell is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """A sheet with its sources numbered; `pictures` are drawings of our own (SVG).

    By the title of a section: `charts` stand before its lines, `matrices` set lines of
    it side by side, `folded` ones open by a click.
    """

    sheet: Sheet
    anchor: str
    sources: tuple[tuple[int, str, str], ...]
    pictures: tuple[str, ...]
    charts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    matrices: Mapping[str, Matrix] = field(default_factory=lambda: MappingProxyType({}))
    folded: frozenset[str] = frozenset()

    def marks(self, line: Line) -> str:
        """The numbers of a line's sources, as they stand in brackets."""
        numbers = source_numbers(self.sheet)
        return ", ".join(str(numbers[key]) for key in line.sources)

    def labelled(self, section: Section) -> bool:
        """Whether a column of labels is needed."""
        return any(line.label for line in section.lines)

    def listed(self, section: Section) -> tuple[Line, ...]:
        """The lines that do not stand in a matrix."""
        matrix = self.matrices.get(section.title)
        aside = frozenset() if matrix is None else matrix.lines()
        return tuple(line for line in section.lines if line not in aside)


def sheet_view(
    sheet: Sheet,
    *,
    anchor: str = "sheet",
    pictures: Sequence[str] = (),
    charts: Mapping[str, str] | None = None,
    matrices: Mapping[str, Matrix] | None = None,
    folded: frozenset[str] = frozenset(),
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
    charts, matrices, folded
        See `SheetView`; charts are SVG drawn by this package, too.
    """
    return SheetView(
        sheet=sheet,
        anchor=anchor,
        sources=tuple(
            (number, source_line(key), source_link(key))
            for key, number in source_numbers(sheet).items()
        ),
        pictures=tuple(pictures),
        charts=MappingProxyType(dict(charts or {})),
        matrices=MappingProxyType(dict(matrices or {})),
        folded=folded,
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

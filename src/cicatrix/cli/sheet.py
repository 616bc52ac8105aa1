"""A sheet of answers on the terminal: every fact with the number of its source."""

from rich.console import Console
from rich.table import Table

from cicatrix.domain.sheet import Line, Section, Sheet
from cicatrix.report.bibliography import source_line, source_numbers

__all__ = ["show_sheet"]


def show_sheet(console: Console, sheet: Sheet) -> None:
    """Title, answer, sections, and the sources that the numbers in brackets mean."""
    numbers = source_numbers(sheet)
    console.print(sheet.title)
    console.print()
    console.print(_said(sheet.answer, numbers))
    for section in sheet.sections:
        console.print()
        _show_section(console, section, numbers)
    if numbers:
        console.print()
        console.print("Sources")
        for key, number in numbers.items():
            console.print(f"[{number}] {source_line(key)}", soft_wrap=False)


def _show_section(console: Console, section: Section, numbers: dict[str, int]) -> None:
    console.print(section.title)
    if section.lead:
        console.print(f"  {section.lead}")
    table = Table(show_edge=False, pad_edge=False, box=None, show_header=False)
    table.add_column(no_wrap=False, min_width=2)
    table.add_column(ratio=1)
    labelled = any(line.label for line in section.lines)
    for line in section.lines:
        text = _said(line, numbers, label=False)
        table.add_row(f"  {line.label}" if labelled else " ", text)
    console.print(table)


def _said(line: Line, numbers: dict[str, int], *, label: bool = True) -> str:
    """The words, what limits them, and the marks of their sources."""
    said = f"{line.label}: {line.text}" if label and line.label else line.text
    if line.support:
        said += f" ({line.support})"
    if line.sources:
        said += f" [{', '.join(str(numbers[key]) for key in line.sources)}]"
    return f"{said} — {line.note}" if line.note else said

"""Rows of pairs, and the lines that judge them: a target, its figure, met or missed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One target's line; `met` is None where there was nothing to judge it by."""

    number: int
    what: str
    target: str
    figure: str
    met: bool | None

    def cells(self) -> list[str]:
        """For the table."""
        word = {True: "met", False: "**missed**", None: "–"}[self.met]
        return [str(self.number), self.what, self.target, self.figure, word]


def line(
    number: int,
    what: str,
    target: str,
    figure: str,
    met: bool | None,  # noqa: FBT001
) -> Judgement:
    """A line; `met` may be NumPy's."""
    # A comparison of NumPy's numbers is no bool of Python's.
    met = None if met is None else bool(met)
    return Judgement(number=number, what=what, target=target, figure=figure, met=met)


def nothing(number: int, what: str, target: str) -> Judgement:
    """A line that no pair of the run judges."""
    return line(number, what, target, "no pairs", None)


def groups(
    rows: Iterable[Row], key: Callable[[Row], object]
) -> dict[object, list[Row]]:
    """Rows by stratum, in order of appearance; those of stratum `None` are left out."""
    found: dict[object, list[Row]] = {}
    for row in rows:
        name = key(row)
        if name is not None:
            found.setdefault(name, []).append(row)
    return found

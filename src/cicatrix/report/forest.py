"""The forest plot of contrasts within trials, drawn as SVG."""

from collections.abc import Sequence
from html import escape

from cicatrix.outcomes.asking import Evidence
from cicatrix.outcomes.contrasts import Contrast
from cicatrix.outcomes.evidence_sheet import by_pair, pair_title, study_name

__all__ = ["forest_plot"]

_WIDTH = 720
_ROW, _HEAD, _TOP = 20, 26, 34
_LEFT, _RIGHT = 300, 600


def forest_plot(evidence: Evidence) -> str:
    """An SVG of every contrast whose numbers suffice, grouped by pair; "" if none.

    The axis is the share of pairs of persons in which the first treatment did better;
    the line in the middle is no difference. Nothing is pooled.
    """
    groups = {
        pair: [c for c in group if c.better is not None]
        for pair, group in by_pair(evidence.contrasts).items()
    }
    groups = {pair: group for pair, group in groups.items() if group}
    if not groups:
        return ""
    marks: list[str] = []
    y = float(_TOP)
    for (first, second), group in groups.items():
        y += _HEAD
        marks.append(_text(8, y - 6, pair_title(first, second), bold=True))
        for contrast in group:
            y += _ROW
            marks.extend(_row(contrast, y - _ROW / 2))
    return _frame(marks, height=y + 46)


def _x(share: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * share


def _row(contrast: Contrast, y: float) -> Sequence[str]:
    low, high, better = (
        contrast.low or 0.0,
        contrast.high or 0.0,
        contrast.better or 0.0,
    )
    name = study_name(contrast.study.key)
    size = min(9.0, 3.0 + sum(n or 0 for n in contrast.persons) / 25)
    said = f"{100 * better:.0f} ({100 * low:.0f}–{100 * high:.0f}) %"
    return (
        _text(20, y + 4, name),
        f'<line x1="{_x(low):.1f}" x2="{_x(high):.1f}" y1="{y:.1f}" y2="{y:.1f}" '
        'stroke="#334" stroke-width="1.5"/>',
        f'<rect x="{_x(better) - size / 2:.1f}" y="{y - size / 2:.1f}" '
        f'width="{size:.1f}" height="{size:.1f}" fill="#0b6e6e"/>',
        _text(_RIGHT + 14, y + 4, said),
    )


def _text(x: float, y: float, words: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:g}" y="{y:.1f}"{weight}>{escape(words)}</text>'


def _frame(marks: Sequence[str], *, height: float) -> str:
    foot = height - 40
    ticks = "".join(
        f'<line x1="{_x(t):.1f}" x2="{_x(t):.1f}" y1="{_TOP}" y2="{foot:.1f}" '
        f'stroke="{"#555" if t == 0.5 else "#ddd"}"/>'
        f'<text x="{_x(t):.1f}" y="{foot + 16:.1f}" text-anchor="middle">'
        f"{100 * t:.0f} %</text>"
        for t in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    words = (
        f'<text x="{_LEFT}" y="20">second named did better</text>'
        f'<text x="{_RIGHT}" y="20" text-anchor="end">first named did better</text>'
        f'<text x="{(_LEFT + _RIGHT) / 2}" y="{foot + 34:.1f}" text-anchor="middle">'
        "share of pairs of persons in which the first did better</text>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" '
        'role="img" aria-label="Forest plot: treatments compared within trials" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#222">'
        f"{ticks}{words}{''.join(marks)}</svg>"
    )

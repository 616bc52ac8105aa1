"""The course of a forecast drawn as SVG: expected improvement with its bands."""

from html import escape

from cicatrix.outcomes.forecasting import Forecast, Step
from cicatrix.report.charts import short_day

__all__ = ["forecast_chart"]

_WIDTH, _HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 620, 24, 250
_LOWEST, _HIGHEST = -40.0, 100.0


def forecast_chart(forecast: Forecast) -> str:
    """Blinded ratings after each session, 50 and 95 % bands; own fades as rings."""
    steps = forecast.steps
    first = forecast.request.session_days[0]
    span = max((steps[-1].seen_on - first).days, 1)

    def x(step_on: int) -> float:
        return _LEFT + (_RIGHT - _LEFT) * min(max(step_on / span, 0.0), 1.0)

    marks = [_grid(), *(_step(s, x((s.seen_on - first).days)) for s in steps)]
    points = " ".join(
        f"{x((s.seen_on - first).days):.1f},{_y(s.blinded.expected):.1f}" for s in steps
    )
    marks.append(
        f'<polyline points="{x(0):.1f},{_y(0):.1f} {points}" fill="none" '
        'stroke="#0b6e6e" stroke-width="2"/>'
    )
    for fade in forecast.measured.fades if forecast.measured else ():
        at = x((fade.on - first).days)
        marks.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{_y(fade.low):.1f}" '
            f'y2="{_y(fade.high):.1f}" stroke="#a33"/><circle cx="{at:.1f}" '
            f'cy="{_y(fade.percent):.1f}" r="5" fill="white" stroke="#a33" '
            'stroke-width="2"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        'role="img" aria-label="Expected improvement after each session" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#222">'
        f"{''.join(marks)}{_words(forecast)}</svg>"
    )


def _y(percent: float) -> float:
    share = (min(max(percent, _LOWEST), _HIGHEST) - _LOWEST) / (_HIGHEST - _LOWEST)
    return _BOTTOM - (_BOTTOM - _TOP) * share


def _grid() -> str:
    return "".join(
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{_y(p):.1f}" y2="{_y(p):.1f}" '
        f'stroke="{"#888" if p == 0 else "#ddd"}"/>'
        f'<text x="{_LEFT - 8}" y="{_y(p) + 4:.1f}" text-anchor="end">{p:.0f} %</text>'
        for p in (-25.0, 0.0, 25.0, 50.0, 75.0, 100.0)
    )


def _step(step: Step, x: float) -> str:
    bands = step.blinded
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(bands.low95):.1f}" '
        f'y2="{_y(bands.high95):.1f}" stroke="#0b6e6e" stroke-width="2" opacity="0.4"/>'
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(bands.low50):.1f}" '
        f'y2="{_y(bands.high50):.1f}" stroke="#0b6e6e" stroke-width="8" opacity="0.4"/>'
        f'<circle cx="{x:.1f}" cy="{_y(bands.expected):.1f}" r="4" fill="#0b6e6e"/>'
        f'<text x="{x:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{step.sessions}</text>'
    )


def _words(forecast: Forecast) -> str:
    days = f"{short_day(forecast.request.session_days[0])} to "
    days += short_day(forecast.steps[-1].seen_on)
    rings = "; rings: measured fades" if forecast.measured else ""
    lines = (
        f"sessions given, {days}",
        "dot: expected; thick: half of patients; thin: nineteen in twenty" + rings,
    )
    return "".join(
        f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_BOTTOM + 38 + 18 * n}" '
        f'text-anchor="middle">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )

"""Plots of the accuracy benchmark as plain SVG, so that no plotting library is needed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from judgement import Row, groups
from targets import band, errors, held, measured_rows

__all__ = ["write_plots"]

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 620, 40, 340
BLUE, ORANGE, INK, PALE = "#0072b2", "#d55e00", "#222", "#ccc"
TONES = ("very light", "light", "intermediate", "tan", "brown", "dark")
BANDS = ("about 4", "about 10", "about 18", "about 29")


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """A frame with a linear scale each way."""

    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Place in the picture."""
        across = LEFT + (x - self.x[0]) / (self.x[1] - self.x[0]) * (RIGHT - LEFT)
        up = BOTTOM - (y - self.y[0]) / (self.y[1] - self.y[0]) * (BOTTOM - TOP)
        return across, up


def write_plots(rows: list[Row], folder: Path) -> list[tuple[str, str]]:
    """Write three plots; (file name, caption) of each."""
    told = measured_rows(r for r in rows if r["role"] == "fade")
    made = []
    for name, words, draw in (
        (
            "accuracy-calibration.svg",
            "Share of pairs whose interval holds the truth, by the interval's level",
            calibration_plot,
        ),
        ("accuracy-bias-by-skin.svg", "Error of the fade by ITA class", bias_plot),
        (
            "accuracy-error-by-contrast.svg",
            "Error of the fade by contrast and colour reference",
            contrast_plot,
        ),
    ):
        (folder / name).write_text(draw(told) + "\n")
        made.append((name, words))
    return made


def calibration_plot(told: list[Row]) -> str:
    """Nominal level against attained share.

    Other levels than 95 % are the interval's halves scaled as a normal law's would be.
    """
    axes = Axes(x=(0, 1), y=(0, 1))
    levels = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
    scaled = np.array([_scaled_error(r) for r in told])
    attained = [float(np.mean(scaled <= _normal(level))) for level in levels]
    parts = _frame(axes, [0, 0.25, 0.5, 0.75, 1], [0, 0.25, 0.5, 0.75, 1], "{:.0%}")
    parts.append(_path(axes, [(0, 0), (1, 1)], INK, "3 3"))
    parts.append(_path(axes, list(zip(levels, attained, strict=True)), BLUE, ""))
    parts += [_dot(axes, x, y, BLUE) for x, y in zip(levels, attained, strict=True)]
    share = held(told).mean() if told else float("nan")
    parts += _words(
        f"{len(told)} pairs; the 95 % interval holds {share:.1%}",
        "nominal level of the interval",
    )
    return _svg(parts)


def _scaled_error(row: Row) -> float:
    """Error over the half of the interval on its side, 1 at its end."""
    off = row["true_fade"] - row["estimate"]
    end = row["high"] if off > 0 else row["low"]
    half = abs(end - row["estimate"])
    return abs(off) / half if half > 0 else np.inf


def _normal(level: float) -> float:
    from scipy.stats import norm  # heavy, and used here alone

    return float(norm.ppf(0.5 + level / 2) / norm.ppf(0.975))


def bias_plot(told: list[Row]) -> str:
    """Mean error with its own 95 % interval, and the middle 90 % of errors, by skin."""
    return _by_group(told, TONES, lambda r: r["tone"], "skin (ITA class)")


def contrast_plot(told: list[Row]) -> str:
    """The same by contrast band."""
    return _by_group(
        told, BANDS, lambda r: band(r["true_contrast_de00"]), "contrast, ΔE00"
    )


def _by_group(
    told: list[Row], names: tuple[str, ...], key: Callable[[Row], object], label: str
) -> str:
    members = groups(told, key)
    reach = max(
        (float(np.quantile(np.abs(errors(m)), 0.95)) for m in members.values()),
        default=0.1,
    )
    top = max(0.1, np.ceil(reach * 20) / 20)
    axes = Axes(x=(-0.5, len(names) - 0.5), y=(-top, top))
    ticks = [round(v, 3) for v in np.linspace(-top, top, 5)]
    parts = _frame(axes, [], ticks, "{:+.0%}")
    parts.append(_path(axes, [(-0.5, 0), (len(names) - 0.5, 0)], INK, "3 3"))
    for place, name in enumerate(names):
        x, _ = axes.at(place, 0)
        own = members.get(name, [])
        parts.append(
            f'<text x="{x:.0f}" y="{BOTTOM + 18}" text-anchor="middle">{name} '
            f"({len(own)})</text>"
        )
        if len(own) < 2:
            continue
        off = errors(own)
        low, high = np.quantile(off, [0.05, 0.95])
        mean, sure = off.mean(), 1.96 * off.std(ddof=1) / np.sqrt(len(off))
        parts.append(_bar(axes, place, (low, high), PALE, 26))
        parts.append(_bar(axes, place, (mean - sure, mean + sure), ORANGE, 6))
        parts.append(_dot(axes, place, float(mean), BLUE))
    parts += _words(
        "error of the fade: middle 90 % (grey), mean and its 95 % interval", label
    )
    return _svg(parts)


def _frame(axes: Axes, xs: list[float], ys: list[float], form: str) -> list[str]:
    parts = []
    for y in ys:
        _, at = axes.at(axes.x[0], y)
        parts.append(
            f'<path d="M{LEFT} {at:.1f} H{RIGHT}" stroke="{PALE}"/>'
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{form.format(y)}</text>'
        )
    for x in xs:
        at, _ = axes.at(x, axes.y[0])
        parts.append(
            f'<text x="{at:.1f}" y="{BOTTOM + 18}" text-anchor="middle">{form.format(x)}</text>'
        )
    return parts


def _words(title: str, below: str) -> list[str]:
    return [
        f'<text x="{LEFT}" y="24">{title}</text>',
        f'<text x="{(LEFT + RIGHT) / 2}" y="{HEIGHT - 16}" text-anchor="middle">{below}</text>',
    ]


def _path(
    axes: Axes, points: list[tuple[float, float]], colour: str, dashes: str
) -> str:
    places = " ".join("{:.1f},{:.1f}".format(*axes.at(x, y)) for x, y in points)
    return (
        f'<polyline points="{places}" fill="none" stroke="{colour}" '
        f'stroke-width="1.6" stroke-dasharray="{dashes}"/>'
    )


def _dot(axes: Axes, x: float, y: float, colour: str) -> str:
    across, up = axes.at(x, y)
    return f'<circle cx="{across:.1f}" cy="{up:.1f}" r="4" fill="{colour}"/>'


def _bar(
    axes: Axes, x: float, span: tuple[float, float], colour: str, thick: float
) -> str:
    across, low = axes.at(x, span[0])
    _, high = axes.at(x, span[1])
    return (
        f'<path d="M{across:.1f} {low:.1f} V{high:.1f}" stroke="{colour}" '
        f'stroke-width="{thick}"/>'
    )


def _svg(parts: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="13" fill="{INK}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    )
    return "\n".join([head, *parts, "</svg>"])

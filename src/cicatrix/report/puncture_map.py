"""The map of punctures on a patch of skin: SVG for pages, PNG for papers, to scale."""

from html import escape
from math import cos, radians, sin
from zlib import crc32

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.errors import InputInvalid
from cicatrix.punctures.field import PunctureMap

__all__ = ["map_png", "map_svg"]

Bytes = npt.NDArray[np.uint8]

_SHADES = ("#f3e3d3", "#e9cdb2", "#ddb48e", "#d09c6c", "#c3864f")
"""Skin near a puncture, the farthest first."""
_BARE, _SLIT, _CHANNEL = "#fbf7f2", "#e06b5a", "#7a1020"
_WIDTH, _TOP, _FOOT, _SIDE = 560.0, 30.0, 46.0, 12.0
_PNG_PX = 1200
_MOST_DRAWN = 60_000
"""An SVG of more punctures than this is slow to open."""


def map_svg(drawn: PunctureMap, *, title: str) -> str:
    """The patch as SVG: skin shaded by its distance to a puncture, channels to scale.

    Slits are drawn as long as they are where the skin does not move with the needle.

    Raises
    ------
    InputInvalid
        There are more punctures than a browser can show.
    """
    if len(drawn.x_mm) > _MOST_DRAWN:
        raise InputInvalid(
            f"the map would show {len(drawn.x_mm)} punctures, more than the "
            f"{_MOST_DRAWN} that a browser can show. Draw a smaller patch, or a PNG."
        )
    inner = _WIDTH - 2 * _SIDE
    scale = inner / drawn.side_mm
    radii = sorted(drawn.within_mm, reverse=True)[: len(_SHADES)]
    dots = _strokes(drawn, 0.0)
    # Several maps may stand on one page: an id that two share would draw one twice.
    own = f"{crc32(dots.encode()):08x}"
    layers = [
        f'<use href="#p{own}" stroke="{shade}" stroke-width="{2 * radius:g}"/>'
        for radius, shade in zip(radii, _SHADES, strict=False)
    ]
    slits = ""
    if drawn.slit_mm > drawn.channel_mm / 2:
        slits = (
            f'<path d="{_strokes(drawn, drawn.slit_mm)}" stroke="{_SLIT}" '
            f'stroke-width="{drawn.channel_mm:g}"/>'
        )
    height = _TOP + inner + _FOOT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {height:g}" '
        f'role="img" aria-label="{escape(title)}" font-family="system-ui, sans-serif" '
        'font-size="12" fill="#222">'
        f'<defs><clipPath id="c{own}"><rect width="{drawn.side_mm:g}" '
        f'height="{drawn.side_mm:g}"/></clipPath>'
        f'<path id="p{own}" d="{dots}"/></defs>'
        f'<text x="{_SIDE:g}" y="18">{escape(title)}</text>'
        f'<rect x="{_SIDE:g}" y="{_TOP:g}" width="{inner:g}" height="{inner:g}" '
        f'fill="{_BARE}" stroke="#999"/>'
        f'<g transform="translate({_SIDE:g} {_TOP:g}) scale({scale:.4f})">'
        f'<g clip-path="url(#c{own})" fill="none" stroke-linecap="round">'
        f"{''.join(layers)}{slits}"
        f'<use href="#p{own}" stroke="{_CHANNEL}" stroke-width="{drawn.channel_mm:g}"/>'
        "</g></g>"
        f"{_legend(drawn, radii, top=_TOP + inner + 18, scale=scale)}</svg>"
    )


def _strokes(drawn: PunctureMap, length_mm: float) -> str:
    """Every puncture as a line along its track; of no length, it is a round dot."""
    angle = np.radians(drawn.direction_deg)
    across, down = length_mm * np.cos(angle), -length_mm * np.sin(angle)
    x = drawn.x_mm - across / 2
    y = drawn.side_mm - drawn.y_mm - down / 2
    if length_mm == 0:
        return "".join(f"M{a:.3f} {b:.3f}h0" for a, b in zip(x, y, strict=True))
    return "".join(
        f"M{a:.3f} {b:.3f}l{c:.3f} {d:.3f}"
        for a, b, c, d in zip(x, y, across, down, strict=True)
    )


def _legend(drawn: PunctureMap, radii: list[float], *, top: float, scale: float) -> str:
    marks, x = [], _SIDE + scale + 14
    bar = (
        f'<line x1="{_SIDE:g}" x2="{_SIDE + scale:.1f}" y1="{top - 4:g}" '
        f'y2="{top - 4:g}" stroke="#222" stroke-width="2"/>'
        f'<text x="{_SIDE:g}" y="{top + 14:g}">1 mm</text>'
    )
    entries = [(_CHANNEL, f"channel {1000 * drawn.channel_mm:.0f} µm")]
    if drawn.slit_mm > drawn.channel_mm / 2:
        entries.append((_SLIT, f"slit at most {drawn.slit_mm:.2f} mm"))
    entries += [
        (shade, f"within {radius:g} mm")
        for radius, shade in zip(radii, _SHADES, strict=False)
    ]
    for colour, words in entries:
        if x + 16 + 7 * len(words) > _WIDTH:
            x, top = _SIDE + 60, top + 18
        marks.append(
            f'<rect x="{x:.1f}" y="{top - 10:g}" width="11" height="11" '
            f'fill="{colour}"/><text x="{x + 15:.1f}" y="{top:g}">{words}</text>'
        )
        x += 15 + 6.2 * len(words) + 12
    return bar + "".join(marks)


def map_png(drawn: PunctureMap) -> bytes:
    """The patch as PNG without words: the same colours, 1200 pixels a side."""
    scale = _PNG_PX / drawn.side_mm
    picture = np.empty((_PNG_PX, _PNG_PX, 3), np.uint8)
    picture[:] = _bgr(_BARE)
    places = np.stack([drawn.x_mm, drawn.side_mm - drawn.y_mm], axis=1) * scale
    radii = sorted(drawn.within_mm, reverse=True)[: len(_SHADES)]
    for radius, shade in zip(radii, _SHADES, strict=False):
        _dots(picture, places, radius * scale, shade)
    if drawn.slit_mm > drawn.channel_mm / 2:
        _slits(picture, drawn, places, scale)
    _dots(picture, places, drawn.channel_mm / 2 * scale, _CHANNEL)
    done, data = cv2.imencode(".png", picture)
    if not done:
        raise RuntimeError("the map could not be encoded as PNG")
    return data.tobytes()


_FINE = 4
"""Bits of a pixel's fraction that OpenCV draws with."""


def _dots(
    picture: Bytes, places: npt.NDArray[np.float64], radius: float, colour: str
) -> None:
    size = max(1, round(radius * 2**_FINE))
    for x, y in np.round(places * 2**_FINE).astype(int).tolist():
        cv2.circle(picture, (x, y), size, _bgr(colour), -1, cv2.LINE_AA, _FINE)


def _slits(
    picture: Bytes,
    drawn: PunctureMap,
    places: npt.NDArray[np.float64],
    scale: float,
) -> None:
    wide = max(1, round(drawn.channel_mm * scale))
    half = drawn.slit_mm / 2 * scale * 2**_FINE
    at = np.round(places * 2**_FINE).astype(int).tolist()
    for (x, y), angle in zip(at, drawn.direction_deg.tolist(), strict=True):
        along, up = round(half * cos(radians(angle))), round(half * sin(radians(angle)))
        ends = (x - along, y + up), (x + along, y - up)
        cv2.line(picture, *ends, _bgr(_SLIT), wide, cv2.LINE_AA, _FINE)


def _bgr(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return blue, green, red

"""Needles beside the skin of a site, to scale: what would pass through, and what not."""

from dataclasses import dataclass

from cicatrix.planning.depth import NamedDepth, SiteDepth
from cicatrix.planning.wording import chance_text, mm_text
from cicatrix.report.environment import environment

__all__ = ["DepthChart", "Needle", "depth_chart", "depth_svg"]

_TOP, _PER_MM = 40.0, 92.0
_FIRST_X, _STEP_X = 170.0, 76.0
_MOST_NEEDLES = 11
"""More do not fit beside each other in a column of a page."""
_LIKELY, _UNLIKELY = 0.5, 0.05
"""Where the colour of a needle changes; its chance stands below it in figures."""
_NINE_IN_TEN = 1.645
"""Standard deviations that hold nine in ten of a normal spread."""
_SHORT = {
    "label": "label",
    "trial": "trial",
    "review": "review",
    "secondary": "summary",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Needle:
    """One needle: where its tip stands, and its words below; `shade` is its colour."""

    x: float
    tip_y: float
    from_y: float
    shade: str
    words: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthChart:
    """Marks of the drawing, in its own units; skin runs from `top` down.

    `epidermis_y` is `None` where the layers were not told apart. Nine in ten people
    have the lower end of the dermis between `low_y` and `high_y`.
    """

    width: float
    height: float
    top: float
    epidermis_y: float | None
    dermis_y: float
    low_y: float
    high_y: float
    ticks: tuple[tuple[float, str], ...]
    needles: tuple[Needle, ...]
    title: str


def depth_svg(depth: SiteDepth) -> str:
    """The drawing of one site as SVG; nothing where its skin was not measured."""
    chart = depth_chart(depth)
    if chart is None:
        return ""
    return environment().get_template("depth.svg.j2").render(chart=chart)


def depth_chart(depth: SiteDepth) -> DepthChart | None:
    """Where everything stands; `None` where the skin was not measured."""
    if depth.skin is None or not depth.settings:
        return None
    skin = depth.skin
    spread_mm = _NINE_IN_TEN * skin.total_sd_mm
    told = _told(depth)
    longest_mm = max(
        [skin.total_mean_mm + spread_mm, *(length for _, _, length, _ in told)]
    )
    depth_mm = longest_mm + 0.2
    needles = tuple(
        _needle(number, words, low_mm, high_mm, chance)
        for number, (words, low_mm, high_mm, chance) in enumerate(told)
    )
    return DepthChart(
        width=_FIRST_X + _STEP_X * max(len(needles), 4) + 4,
        height=_y(depth_mm) + 56,
        top=_TOP,
        epidermis_y=None
        if skin.epidermis_mean_mm is None
        else _y(skin.epidermis_mean_mm),
        dermis_y=_y(skin.total_mean_mm),
        low_y=_y(max(skin.total_mean_mm - spread_mm, 0)),
        high_y=_y(skin.total_mean_mm + spread_mm),
        ticks=tuple(
            (_y(half / 2), f"{half / 2:g}") for half in range(int(depth_mm * 2) + 1)
        ),
        needles=needles,
        title="Needles of different lengths beside the measured skin of the site",
    )


def _y(depth_mm: float) -> float:
    return round(_TOP + _PER_MM * depth_mm, 1)


_Told = tuple[str, float, float, float]


def _told(depth: SiteDepth) -> list[_Told]:
    """Words, shallow and deep end in mm, and the chance to pass through."""
    found: list[_Told] = []
    by_length = {each.length_mm: each.longest.through for each in depth.settings}
    if depth.ceiling_mm is not None:
        chance = by_length.get(depth.ceiling_mm, 0.0)
        found.append(("cautious", depth.ceiling_mm, depth.ceiling_mm, chance))
    if depth.asked is not None:
        length_mm = depth.asked.length_mm
        found.append(("asked", length_mm, length_mm, depth.asked.longest.through))
    for named in sorted(depth.named, key=_order):
        row = _of_named(named, depth)
        if row is not None and row not in found:
            found.append(row)
    return found[:_MOST_NEEDLES]


def _order(named: NamedDepth) -> tuple[bool, bool]:
    """Those of this device first, secondary summaries last."""
    return (named.said_by == "secondary", not named.same_device)


def _of_named(named: NamedDepth, depth: SiteDepth) -> _Told | None:
    high_mm = named.high_mm or named.low_mm
    if high_mm is None or named.through is None:
        return None
    low_mm = high_mm if named.low_mm is None else named.low_mm
    words = _SHORT[named.said_by]
    if named.device != depth.device:
        words += f", {named.device}"
    return (words, low_mm, high_mm, named.through)


def _needle(
    number: int, words: str, low_mm: float, high_mm: float, chance: float
) -> Needle:
    lengths = mm_text(high_mm) if low_mm == high_mm else f"{low_mm:g}–{high_mm:g} mm"
    shade = "through" if chance >= _LIKELY else "may"
    return Needle(
        x=_FIRST_X + _STEP_X * number + 30,
        tip_y=_y(high_mm),
        from_y=_y(low_mm),
        shade="stays" if chance <= _UNLIKELY else shade,
        words=(words, lengths, _short(chance)),
    )


def _short(chance: float) -> str:
    """A chance in the room below a needle."""
    return chance_text(chance).replace("over", ">").replace("under", "<")

"""A plan as one page: a drawing for each site, devices side by side, the rest folded."""

from collections.abc import Mapping

from cicatrix.planning.devices import DEVICE_KINDS
from cicatrix.planning.planning import Plan
from cicatrix.planning.telling import DEVICE_TITLE, plan_sheet
from cicatrix.planning.telling_depth import DEVICE_WORDS, site_title
from cicatrix.planning.wording import fact
from cicatrix.report.depth_chart import depth_svg
from cicatrix.report.sheet_page import Matrix, SheetView, sheet_view

__all__ = ["plan_view"]


def plan_view(plan: Plan, *, anchor: str = "plan") -> SheetView:
    """The whole plan as a page shows it."""
    sheet = plan_sheet(plan)
    folded = frozenset(
        part.title
        for part in sheet.sections
        if ": " in part.title and part.title.startswith(_FOLDED)
    ) | {"Open channels"}
    return sheet_view(
        sheet,
        anchor=anchor,
        charts=_charts(plan),
        folded=folded,
        matrices={} if plan.halted else {DEVICE_TITLE: _side_by_side(plan)},
    )


_FOLDED = ("Screening: ", "Punctures: ", "Anaesthetic: ")
"""What other rooms say beyond their answer."""


def _charts(plan: Plan) -> Mapping[str, str]:
    found = {site_title(site.depth): depth_svg(site.depth) for site in plan.sites}
    return {title: drawn for title, drawn in found.items() if drawn}


def _side_by_side(plan: Plan) -> Matrix:
    names = tuple(dict.fromkeys(each.name for each in plan.traits))
    cells = {
        (each.name, each.device): fact(
            each.name, f"{DEVICE_WORDS[each.device]}: {each.text}", each.backing
        )
        for each in plan.traits
    }
    return Matrix(
        columns=tuple(
            (DEVICE_WORDS[kind], f"{DEVICE_WORDS[kind]}: ") for kind in DEVICE_KINDS
        ),
        rows=tuple(
            (name, tuple(cells.get((name, kind)) for kind in DEVICE_KINDS))
            for name in names
        ),
    )

"""A scored scale, and the list of all scales, as sheets."""

from cicatrix.domain.sheet import Line, Origin, Section, Sheet
from cicatrix.evidence.clinical import Backing
from cicatrix.scales.known import left_out, scales
from cicatrix.scales.value import Item, LeftOut, Scale, Scored

__all__ = ["list_sheet", "scale_sheet"]

_BETTER = {"lower": "lower is better", "none": "no direction is better"}


def scale_sheet(answer: Scored | LeftOut) -> Sheet:
    """Total or range, bands, items with their words, remarks."""
    if isinstance(answer, LeftOut):
        return Sheet(
            title=answer.title,
            answer=_fact(f"Not computed. {answer.reason}", answer.backing),
            sections=(),
        )
    found = answer.scale
    sections = (
        Section(title="Bands", lines=_bands(answer)),
        Section(
            title="Items", lines=tuple(_item(item, answer) for item in found.items)
        ),
        Section(
            title="About this scale",
            lines=(
                Line(
                    text=found.about_it,
                    origin=Origin.FACT,
                    sources=found.backing.sources,
                ),
                *(_fact(remark.text, remark.backing) for remark in found.remarks),
                Line(text="No clinician has reviewed this. It is no diagnosis."),
            ),
        ),
    )
    return Sheet(
        title=found.title,
        answer=_total(answer),
        sections=tuple(section for section in sections if section.lines),
    )


def _fact(text: str, backing: Backing, *, label: str = "") -> Line:
    return Line(
        label=label,
        text=text,
        origin=Origin.FACT,
        sources=backing.sources,
        support=backing.support,
        note=backing.note,
    )


def _total(answer: Scored) -> Line:
    found = answer.scale
    beware = "" if found.verified else "Not verified: "
    of = f"on a scale of {found.low:g} to {found.high:g}; {_BETTER[found.better]}"
    if answer.total is not None:
        said = f"{beware}{answer.total:g} {of}"
    else:
        count = f"{len(answer.missing)} of {len(found.items)}"
        said = (
            f"{beware}No total: {count} items are missing ({', '.join(answer.missing)}). It "
            f"lies between {answer.low:g} and {answer.high:g} {of}"
        )
    return Line(
        text=said,
        origin=Origin.COMPUTED,
        sources=found.backing.sources,
        support=found.backing.support,
        note=found.backing.note,
    )


def _bands(answer: Scored) -> tuple[Line, ...]:
    return tuple(
        Line(
            label=band.set,
            text=band.words,
            origin=Origin.COMPUTED,
            sources=band.backing.sources,
            support=band.backing.support,
        )
        for band in answer.bands
    )


def _item(item: Item, answer: Scored) -> Line:
    score = answer.answers.get(item.id)
    if score is None:
        said = f"missing: {_takes(item)}"
    else:
        words = dict(item.levels).get(int(score), "") if item.levels else ""
        said = f"{score:g}{': ' if words else ''}{words}"
    return Line(
        label=item.title,
        text=said,
        origin=Origin.FACT,
        sources=item.backing.sources,
        support=item.backing.support,
        note=item.backing.note if item.backing != answer.scale.backing else "",
    )


def _takes(item: Item) -> str:
    return (
        "; ".join(f"{score} = {words}" for score, words in item.levels)
        or f"{item.low:g} ({item.low_words}) to {item.high:g} ({item.high_words})"
    )


def list_sheet() -> Sheet:
    """Every scale with its items, and every scale that is left out with the reason."""
    return Sheet(
        title="Scales that are computed from their items",
        answer=Line(
            text="Name one, and each item with its score, joined by an equals sign."
        ),
        sections=(
            *(_one(found) for found in scales().values()),
            Section(
                title="Known, and left out",
                lines=tuple(
                    _fact(f"{each.title}. {each.reason}", each.backing, label=each.id)
                    for each in left_out().values()
                ),
            ),
        ),
    )


def _one(found: Scale) -> Section:
    return Section(
        title=f"{found.id}: {found.title}",
        lines=tuple(
            Line(
                label=item.id,
                text=f"{item.title}: {_takes(item)}",
                origin=Origin.FACT,
                sources=item.backing.sources,
                support=item.backing.support,
            )
            for item in found.items
        ),
    )

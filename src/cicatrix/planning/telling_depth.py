"""Depth at one site as a section of the sheet."""

from collections.abc import Iterator, Sequence

from cicatrix.domain.sheet import Line, Origin, Section
from cicatrix.evidence.words_of_the_field import indications, sites
from cicatrix.planning.depth import Judged, NamedDepth, SiteDepth
from cicatrix.planning.devices import model
from cicatrix.planning.planning import SitePlan
from cicatrix.planning.reach import Chances
from cicatrix.planning.skin import Thickness
from cicatrix.planning.tables import choice
from cicatrix.planning.wording import chance_text, computed, fact, mm_text

__all__ = ["DEVICE_WORDS", "depth_section", "site_title", "zone_section"]

DEVICE_WORDS = {
    "pen": "pen",
    "roller": "roller",
    "stamp": "stamp",
    "rf": "radiofrequency",
}
_LAYER_WORDS = {
    "epidermis": "epidermis only",
    "papillary-dermis": "upper (papillary) dermis",
    "reticular-dermis": "deep (reticular) dermis",
    "dermis": "dermis",
}
_SEVERAL = 2
_UNKNOWN = "not known"
_SHOWN_MM = (0.5, 1.0, 1.5, 2.0, 2.5)


def depth_section(site: SitePlan) -> Section:
    """Everything about depth at one site, the proposal first."""
    depth = site.depth
    return Section(
        title=site_title(depth),
        lines=(
            *_proposal(depth),
            *_asked(depth),
            *_target(depth),
            *_skin(depth),
            *_settings(depth),
            *(_named(each, depth) for each in depth.named),
            *_label(site),
        ),
    )


def zone_section(sites_planned: Sequence[SitePlan]) -> tuple[Section, ...]:
    """Every site in one line, where there are several."""
    if len(sites_planned) < _SEVERAL:
        return ()
    lines = tuple(_zone(site.depth) for site in sites_planned)
    return (Section(title="Depth by zone", lines=lines),)


def _zone(depth: SiteDepth) -> Line:
    label = sites()[depth.site].title
    if depth.ceiling_mm is None or depth.skin is None:
        return Line(label=label, text=f"no depth proposed{_because(depth)}; see below")
    text = f"up to {mm_text(depth.ceiling_mm)}"
    asked = depth.asked
    if asked is not None and asked.length_mm > depth.ceiling_mm:
        text += (
            f"; {mm_text(asked.length_mm)} is asked: "
            f"{_span(asked, 'through')} chance to pass through"
        )
    behind = (depth.skin.backing, choice("through_at_most").backing)
    return computed(label, text, *behind, *(way.backing for way in depth.reaches))


def _because(depth: SiteDepth) -> str:
    if depth.withheld:
        return ""
    return ": not measured" if depth.skin is None else ": too thin at every setting"


def site_title(depth: SiteDepth) -> str:
    """What the section of a site is called."""
    title = f"{sites()[depth.site].title}: {indications()[depth.indication].title}"
    return title[:1].upper() + title[1:]


def _proposal(depth: SiteDepth) -> Iterator[Line]:
    if depth.withheld:
        yield Line(label="depth", text=f"None is given. {depth.withheld}")
        return
    if depth.skin is None:
        yield Line(
            label="depth",
            text="None is proposed: nobody measured the skin here in numbers that can "
            f"be used.{_neighbour(depth)}",
        )
        return
    limits = choice("through_at_most").backing, choice("stays_at_most").backing
    through = choice("through_at_most").fields["value"]
    if depth.ceiling_mm is None:
        yield computed(
            "depth",
            "none is proposed: at every setting the chance to pass through the dermis "
            f"exceeds {chance_text(through)}",
            depth.skin.backing,
            *limits,
        )
        return
    yield computed(
        "cautious ceiling",
        f"{mm_text(depth.ceiling_mm)}; start at the lowest setting and go no further "
        f"than the end-point asks (chance to pass through the dermis: at most "
        f"{chance_text(through)})",
        depth.skin.backing,
        *limits,
        note=_ceiling_note(depth),
    )
    if depth.shallowest_mm is not None and depth.shallowest_mm > depth.ceiling_mm:
        yield computed(
            "conflict",
            f"from {mm_text(depth.shallowest_mm)} on the needles surely enough leave "
            "the epidermis, which is beyond that ceiling: no length does both here",
            depth.skin.backing,
            *limits,
            note="The end-point on the skin decides, not the scale."
            if depth.device in ("pen", "rf")
            else "How deep a roller or stamp goes in people was not measured.",
        )


def _neighbour(depth: SiteDepth) -> str:
    if depth.nearest is None:
        return ""
    return (
        f" The nearest measured site is “{sites()[depth.nearest].title}”; its numbers "
        "are not used here."
    )


def _ceiling_note(depth: SiteDepth) -> str:
    notes = []
    if depth.target is not None and depth.target.thinner_skin:
        notes.append(
            "One step less than normal skin of the site would bear: the treated skin "
            "is thinner, by how much nobody measured."
        )
    if depth.device in ("roller", "stamp"):
        notes.append("Taken for needles that enter with their whole length.")
    return " ".join(notes)


def _asked(depth: SiteDepth) -> Iterator[Line]:
    if depth.asked is None or depth.skin is None:
        return
    longest_mm, asked_mm = depth.longest_mm, depth.asked.length_mm
    if longest_mm is not None and asked_mm > longest_mm:
        yield computed(
            "conflict",
            f"{mm_text(asked_mm)} is asked, but this device goes to "
            f"{mm_text(longest_mm)}",
            *(row.backing for row in (model(depth.model),) if row is not None),
        )
    for way, found in depth.asked.by_reach:
        reading = {
            "both": "",
            "usual": "if the needles enter as measured, ",
            "longest": "if they enter with their whole length, ",
        }[way.bound]
        yield computed(
            f"asked: {mm_text(depth.asked.length_mm)}",
            reading + _chances(found, depth),
            depth.skin.backing,
            way.backing,
            note=_thinner(depth),
        )


def _thinner(depth: SiteDepth) -> str:
    if depth.target is None or not depth.target.thinner_skin:
        return ""
    return "For normal skin: where it is thinned, more pass through."


def _chances(found: Chances, depth: SiteDepth) -> str:
    told = f"passes through the dermis: {chance_text(found.through)}"
    if found.stays is None:
        return f"{told}; stays in the epidermis: not known, layers were not told apart"
    told += f"; stays in the epidermis: {chance_text(found.stays)}"
    layer = "dermis" if depth.target is None else depth.target.layer
    within = found.within(layer)
    if within is not None:
        told += f"; ends in the {_LAYER_WORDS[layer]}: {chance_text(within)}"
    return told


def _target(depth: SiteDepth) -> Iterator[Line]:
    if depth.target is not None:
        layer = _LAYER_WORDS[depth.target.layer]
        yield fact("aim", f"{layer}. {depth.target.why}", depth.target.backing)


def _skin(depth: SiteDepth) -> Iterator[Line]:
    if depth.skin is not None:
        yield fact("measured skin", _thickness(depth.skin), depth.skin.backing)
    for other in depth.otherwise:
        yield fact(f"by {other.method}", other.text, other.backing)
    for way in depth.reaches:
        yield fact("penetration", way.statement, way.backing)


def _thickness(skin: Thickness) -> str:
    who = {"both": "people", "female": "women", "male": "men"}[skin.sex]
    head = f"{skin.method}, {skin.people} {who}, {skin.measured_at}: "
    whole = f"{skin.total_mean_mm:.2f} ± {skin.total_sd_mm:.2f} mm"
    if skin.layers is None:
        return f"{head}whole skin {whole}"
    top_mm, top_sd_mm, dermis_mm, dermis_sd_mm = skin.layers
    return (
        f"{head}epidermis {top_mm:.2f} ± {top_sd_mm:.2f}, dermis {dermis_mm:.2f} ± "
        f"{dermis_sd_mm:.2f}, together {whole}"
    )


def _settings(depth: SiteDepth) -> Iterator[Line]:
    if depth.skin is None:
        return
    shown = [each for each in depth.settings if each.length_mm in _SHOWN_MM]
    ways = [way.backing for way in depth.reaches]
    for what, label in (
        ("through", "chance to pass through"),
        ("stays", "chance to stay in the epidermis"),
    ):
        texts = [f"{mm_text(each.length_mm)}: {_span(each, what)}" for each in shown]
        if _UNKNOWN not in texts[0]:
            yield computed(label, "; ".join(texts), depth.skin.backing, *ways)


def _span(judged: Judged, what: str) -> str:
    """One chance, or from the measured reach to the longest."""
    found = [getattr(chances, what) for _, chances in judged.by_reach]
    if any(each is None for each in found):
        return _UNKNOWN
    texts = list(dict.fromkeys(chance_text(each) for each in found))
    return " to ".join(texts)


def _named(named: NamedDepth, depth: SiteDepth) -> Line:
    by = {"secondary": "secondary summary"}.get(named.said_by, named.said_by)
    label = f"{by}, {DEVICE_WORDS[named.device]}"
    text = f"{_range(named)}{named.text}"
    if not named.same_device:
        article = "" if depth.device == "rf" else "a "
        text += f" (not for {article}{DEVICE_WORDS[depth.device]})"
    if named.through is not None and depth.skin is not None:
        text += f". Chance to pass through here: {chance_text(named.through)}"
        return Line(
            label=label,
            text=text,
            origin=Origin.COMPUTED,
            sources=tuple(
                dict.fromkeys((*named.backing.sources, *depth.skin.backing.sources))
            ),
            support=named.backing.support,
            note=named.backing.note,
        )
    return fact(label, text, named.backing)


def _range(named: NamedDepth) -> str:
    if named.high_mm is None and named.low_mm is None:
        return ""
    if named.high_mm is None:
        return f"from {mm_text(named.low_mm or 0)}: "
    if named.low_mm is None:
        return f"up to {mm_text(named.high_mm)}: "
    if named.low_mm == named.high_mm:
        return f"{mm_text(named.high_mm)}: "
    return f"{named.low_mm:g} to {mm_text(named.high_mm)}: "


def _label(site: SitePlan) -> Iterator[Line]:
    if not site.labels:
        yield Line(label="label", text="Not told where is treated: labels differ.")
    for each in site.labels:
        yield Line(
            label=f"label, {each.jurisdiction}",
            text=each.says,
            origin=Origin.FACT,
            sources=each.sources,
            support=each.support,
            note=each.note,
        )

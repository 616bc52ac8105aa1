"""What is known of products: their labels' rows as they were read, and all of them."""

from cicatrix.anaesthesia.amount import maximum_words
from cicatrix.anaesthesia.conditions import condition_keys
from cicatrix.anaesthesia.products import products
from cicatrix.anaesthesia.value import DoseRow, NoDoseRow, Product
from cicatrix.domain.sheet import Line, Origin, Section, Sheet

__all__ = [
    "amount_text",
    "list_sheet",
    "occlusion_words",
    "product_line",
    "product_sheet",
    "range_text",
]

_OCCLUSION = {
    "required": "under a dressing that seals",
    "optional": "a dressing may cover it",
    "none": "not covered: it dries to a peel",
}


def range_text(low: float, high: float) -> str:
    """Two numbers as “a to b”, or one where they are the same."""
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


def amount_text(low: float, high: float) -> str:
    """The same in three digits, as sums deserve that nobody weighs out.

    Examples
    --------
    >>> amount_text(375, 468.75)
    '375 to 469'
    """
    ends = dict.fromkeys(
        f"{value:.0f}" if value >= 100 else f"{value:.3g}" for value in (low, high)
    )
    return " to ".join(ends)


def occlusion_words(row: DoseRow) -> str:
    """Whether the label wants a dressing."""
    return _OCCLUSION[row.occlusion]


def product_line(product: Product) -> Line:
    """A product under its id, with why it is refused if it is."""
    names = f" ({', '.join(product.names)})" if product.names else ""
    why = f": {product.reason}" if product.reason else ""
    return Line(
        label=product.id,
        text=f"{product.title}{names}{why}",
        origin=Origin.FACT,
        sources=product.backing.sources,
        support=product.backing.support,
    )


def list_sheet() -> Sheet:
    """Every product that is known here, and every condition that can be answered."""
    offered = [each for each in products().values() if each.standing == "offered"]
    others = [each for each in products().values() if each.standing != "offered"]
    return Sheet(
        title="Topical anaesthetics known here",
        answer=Line(text="Anything that is not listed is refused."),
        sections=(
            Section(
                title="With a label that was read",
                lines=tuple(product_line(each) for each in offered),
            ),
            Section(
                title="Refused", lines=tuple(product_line(each) for each in others)
            ),
            Section(
                title="Conditions, for --has and --has-not",
                lines=tuple(
                    Line(label=key, text=text, origin=Origin.ASKED)
                    for key, text in condition_keys().items()
                ),
            ),
        ),
    )


def product_sheet(product: Product) -> Sheet:
    """Every row that was read of a product's labels, by jurisdiction."""
    named = dict.fromkeys(
        (
            *(row.jurisdiction for row in product.rows),
            *(row.jurisdiction for row in product.no_dose),
        )
    )
    sections = [
        Section(
            title=f"Label: {jurisdiction.upper()}",
            lines=(
                *(
                    _row_line(row)
                    for row in product.rows
                    if row.jurisdiction == jurisdiction
                ),
                *(
                    _no_dose_line(row)
                    for row in product.no_dose
                    if row.jurisdiction == jurisdiction
                ),
            ),
        )
        for jurisdiction in named
    ]
    told = tuple(
        Line(
            text=each.text,
            origin=Origin.FACT,
            sources=each.backing.sources,
            support=each.backing.support,
            note=each.backing.note,
        )
        for each in product.told
    )
    sections.append(Section(title="Also read", lines=told))
    return Sheet(
        title=f"What was read of {product.title}",
        answer=product_line(product),
        sections=tuple(section for section in sections if section.lines),
    )


def _row_line(row: DoseRow) -> Line:
    layer = (
        "amount from a table of areas"
        if row.g_per_cm2 is None
        else f"{range_text(row.g_per_cm2[0] * 10, row.g_per_cm2[1] * 10)} g for each "
        "10 cm²"
    )
    dose = "" if row.max_dose_g is None else f" and {row.max_dose_g:g} g"
    times = [
        f"{words} {value:g} minutes"
        for words, value in (
            ("at least", row.dwell_min_minutes),
            ("at most", row.dwell_max_minutes),
        )
        if value is not None
    ]
    return Line(
        label=row.population,
        text=f"{row.use} ({row.use_title}): {layer}; {', '.join(times)}; up to "
        f"{row.max_area_cm2:g} cm²{dose}, {maximum_words(row)}",
        origin=Origin.FACT,
        sources=row.backing.sources,
        support=row.backing.support,
        note=row.backing.note,
    )


def _no_dose_line(row: NoDoseRow) -> Line:
    return Line(
        label="no dose",
        text=f"{row.reason} {row.beside}".strip(),
        origin=Origin.FACT,
        sources=row.backing.sources,
        support=row.backing.support,
    )

"""The answer as a sheet: what a person reads before any cream is weighed out."""

from collections.abc import Iterable

from cicatrix.anaesthesia.amount import maximum_words
from cicatrix.anaesthesia.listing import (
    amount_text,
    occlusion_words,
    product_line,
    range_text,
)
from cicatrix.anaesthesia.products import stated_mg_per_kg
from cicatrix.anaesthesia.value import (
    Amount,
    Anaesthetic,
    DoseRow,
    Refusal,
    Told,
)
from cicatrix.domain.sheet import Line, Origin, Section, Sheet

__all__ = ["anaesthetic_sheet"]


def anaesthetic_sheet(answer: Anaesthetic) -> Sheet:
    """Every line of the answer with its sources, for the terminal or a page."""
    title = answer.product.title if answer.product else answer.asked.product
    if answer.amount is None:
        sections = (
            Section(title="Why not", lines=_refusals(answer.refusals[1:])),
            Section(title="What was asked", lines=_asked(answer)),
            *_person(answer)[:1],
            Section(
                title="Known here, with a label",
                lead="Not a recommendation: ask again with its name.",
                lines=tuple(product_line(each) for each in answer.instead),
            ),
        )
    else:
        sections = (
            Section(title="What was asked", lines=_asked(answer)),
            Section(title="Amount and time", lines=_amount(answer, answer.amount)),
            Section(title="Sum over the visit", lines=_sums(answer)),
            *_person(answer),
            *_told(answer.told),
            Section(
                title="Limits of this answer", lines=_limits(answer, answer.amount)
            ),
        )
    return Sheet(
        title=f"Topical anaesthetic: {title}",
        answer=_answer(answer),
        sections=tuple(section for section in sections if section.lines),
    )


def _answer(answer: Anaesthetic) -> Line:
    amount = answer.amount
    if amount is None:
        return _refusal(answer.refusals[0], "No dose. ")
    row = amount.row
    age = "" if answer.asked.person.age_years is not None else " — age not given"
    return Line(
        text=f"{range_text(amount.low_g, amount.high_g)} g for "
        f"{answer.asked.area_cm2:g} cm², {_times(amount)}, "
        f"{occlusion_words(row)} ({row.jurisdiction.upper()} label, "
        f"{row.use_title}, {row.population}{age})",
        origin=Origin.COMPUTED,
        sources=row.backing.sources,
        support=row.backing.support,
        note=row.backing.note,
    )


def _times(amount: Amount) -> str:
    least, most = amount.dwell_min_minutes, amount.dwell_max_minutes
    typical = amount.row.dwell_typical_max_minutes
    if most is None:
        return f"at least {least:g} minutes"
    if least is None:
        return f"at most {most:g} minutes"
    if typical is not None and typical < most:
        return f"{least:g} to {typical:g} minutes, at most {most:g}"
    return f"{range_text(least, most)} minutes"


def _refusal(refusal: Refusal, opening: str = "") -> Line:
    return Line(
        text=f"{opening}{refusal.text}",
        origin=Origin.FACT if refusal.sources else Origin.ASKED,
        sources=refusal.sources,
    )


def _refusals(refusals: Iterable[Refusal]) -> tuple[Line, ...]:
    return tuple(_refusal(refusal) for refusal in refusals)


def _asked(answer: Anaesthetic) -> tuple[Line, ...]:
    asked, person = answer.asked, answer.asked.person
    pairs = [
        ("area", f"{asked.area_cm2:g} cm²"),
        ("age", _given(person.age_years, "years")),
        ("weight", _given(person.weight_kg, "kg")),
        (
            "label of",
            answer.jurisdiction.upper()
            + ("" if asked.jurisdiction else " (not named: the product's own)"),
        ),
        *(("more", f"{name}, {grams:g} g") for name, grams in asked.more),
        *(
            ("has" if there else "has not", key.replace("_", " "))
            for key, there in person.conditions.items()
        ),
    ]
    return tuple(
        Line(label=label, text=text, origin=Origin.ASKED) for label, text in pairs
    )


def _given(value: float | None, unit: str) -> str:
    return "not given" if value is None else f"{value:g} {unit}"


def _amount(answer: Anaesthetic, amount: Amount) -> tuple[Line, ...]:
    row = amount.row
    lines = [
        _computed(row, "most on one visit", _most(row)),
        *(
            _computed(
                other.row,
                f"for {other.row.use} use",
                f"{range_text(other.low_g, other.high_g)} g, {_times(other)}: "
                f"{other.row.use_title}",
            )
            for other in answer.other_uses
        ),
    ]
    if row.g_per_cm2 is not None:
        rate = range_text(row.g_per_cm2[0] * 10, row.g_per_cm2[1] * 10)
        lines.insert(0, _computed(row, "layer", f"{rate} g for each 10 cm²"))
    else:
        drawn = "from the label's table of areas, a straight line between its rows"
        lines.insert(0, _computed(row, "layer", drawn))
    return (
        *lines,
        *(_line(told) for told in answer.told if told.heading == "amount"),
    )


def _computed(row: DoseRow, label: str, text: str) -> Line:
    return Line(
        label=label,
        text=text,
        origin=Origin.COMPUTED,
        sources=row.backing.sources,
        support=row.backing.support,
    )


def _most(row: DoseRow) -> str:
    dose = "" if row.max_dose_g is None else f" and {row.max_dose_g:g} g"
    return f"{row.max_area_cm2:g} cm²{dose}, {maximum_words(row)}"


def _sums(answer: Anaesthetic) -> tuple[Line, ...]:
    lines = [
        Line(
            label=each.name,
            text=f"{amount_text(each.low_mg, each.high_mg)} mg put on the skin"
            + (
                ""
                if each.low_mg_per_kg is None or each.high_mg_per_kg is None
                else f", {amount_text(each.low_mg_per_kg, each.high_mg_per_kg)} mg for each "
                "kg of weight"
            ),
            origin=Origin.COMPUTED,
            sources=each.sources,
        )
        for each in answer.sums
    ]
    lines += [
        Line(
            label="share",
            text=f"{share.fraction:.0%} of the most of {share.product}: "
            f"{share.grams:.4g} of {share.of_g:.4g} g",
            origin=Origin.COMPUTED,
            sources=share.sources,
        )
        for share in answer.shares
    ]
    lines.append(
        Line(
            text="What is put on is not what is taken up. No label that was read "
            "of a cream for intact skin states a maximum in milligrams for a "
            "kilogram, so none is given here."
        )
    )
    lines += [_line(told) for told in stated_mg_per_kg()]
    return (*lines, *(_line(told) for told in answer.told if told.heading == "sum"))


def _person(answer: Anaesthetic) -> tuple[Section, ...]:
    """What the person has, and what must still be asked."""
    there = tuple(
        Line(
            label="excludes" if concern.excluded else "care",
            text=concern.text,
            origin=Origin.FACT,
            sources=concern.backing.sources,
            support=concern.backing.support,
            note=concern.backing.note,
        )
        for concern in answer.concerns
    )
    ask = tuple(
        Line(
            label="may exclude" if question.excludes else "care",
            text=question.text,
            origin=Origin.FACT,
            sources=question.sources,
        )
        for question in answer.to_ask
    )
    return (
        Section(title="This person", lines=there),
        Section(
            title="Still to be asked",
            lead="Not asked is not “no”: the answer holds only if none of these is so.",
            lines=ask,
        ),
    )


def _told(told: tuple[Told, ...]) -> tuple[Section, ...]:
    titles = (
        ("before", "Before the needle"),
        ("watch", "What to watch for"),
        ("act", "If it happens, in outline"),
    )
    return tuple(
        Section(
            title=title,
            lines=tuple(_line(each) for each in told if each.heading == heading),
        )
        for heading, title in titles
    )


def _line(told: Told) -> Line:
    return Line(
        text=told.text,
        origin=Origin.FACT,
        sources=told.backing.sources,
        support=told.backing.support,
        note=told.backing.note,
    )


def _limits(answer: Anaesthetic, amount: Amount) -> tuple[Line, ...]:
    return (
        Line(
            text="No label read here names microneedling: the amount is that for the "
            f"use named above, {amount.row.use_title}."
        ),
        Line(text="No clinician has reviewed this. The label in force decides."),
        *(_line(told) for told in answer.told if told.heading == "limits"),
    )

"""After-care as sections of the sheet, for the professional."""

from collections.abc import Iterator

from cicatrix.domain.sheet import Line, Origin, Section
from cicatrix.planning.aftercare import Stretch, Topical
from cicatrix.planning.planning import AfterCare, Plan
from cicatrix.planning.wording import computed, fact

__all__ = ["after_sections", "day_words", "hour_words"]

_HOURS_OF_A_DAY = 24
_ACT_WORDS = {"now": "call an ambulance", "today": "see today", "this week": "see soon"}


def after_sections(plan: Plan) -> tuple[Section, ...]:
    """Usual course, red flags, care, sun, products and open channels."""
    after = plan.aftercare
    return (
        Section(
            title="Usual after a session",
            lines=tuple(_stretch(each) for each in after.course),
        ),
        Section(
            title="Red flags",
            lines=tuple(
                fact(
                    _ACT_WORDS[each.act],
                    f"{each.flag}: think of {each.think_of}",
                    each.backing,
                )
                for each in after.flags
            ),
        ),
        Section(title="After-care", lines=tuple(_care(after))),
        Section(title="Open channels", lines=tuple(_channels(after))),
    )


def day_words(first: int, last: int) -> str:
    """Days after a session in words.

    Examples
    --------
    >>> day_words(0, 0), day_words(0, 3), day_words(2, 14)
    ('day of the session', 'to day 3', 'day 2 to 14')
    """
    if last == 0:
        return "day of the session"
    return f"to day {last}" if first == 0 else f"day {first} to {last}"


def hour_words(first: int, last: int) -> str:
    """Hours after a session in words, as days from the second on.

    Examples
    --------
    >>> hour_words(0, 24), hour_words(24, 168)
    ('first 24 hours', 'day 1 to 7')
    """
    if first == 0 and last <= _HOURS_OF_A_DAY:
        return f"first {last} hours"
    return day_words(first // _HOURS_OF_A_DAY, last // _HOURS_OF_A_DAY)


def _stretch(each: Stretch) -> Line:
    return Line(
        label=day_words(each.from_day, each.to_day),
        text=each.text,
        origin=Origin.FACT,
        sources=each.sources,
        support=each.support,
    )


def _care(after: AfterCare) -> Iterator[Line]:
    for each in after.care:
        yield fact(hour_words(each.from_hours, each.to_hours), each.text, each.backing)
    if after.sun is None:
        yield Line(
            label="sun", text="Rules depend on the skin type, which was not told."
        )
    else:
        yield fact("sun", after.sun.text, after.sun.backing)


def _channels(after: AfterCare) -> Iterator[Line]:
    yield computed("planned with", after.open_words, after.open_backing)
    for each in after.closing:
        yield fact(each.needle, each.text, each.backing)
    for product in after.topicals:
        yield _product(product)


def _product(product: Topical) -> Line:
    if product.backing is None:
        return Line(
            label="product",
            text=f"{product.asked}: no source speaks of it, so nothing here calls it "
            "safe. Only products meant for broken skin.",
            origin=Origin.ASKED,
        )
    return fact("product", f"{product.verdict}. {product.text}", product.backing)

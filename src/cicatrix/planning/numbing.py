"""The anaesthetic of the visit, with what the plan and its screening know."""

from collections.abc import Mapping
from dataclasses import dataclass

from cicatrix.anaesthesia.answering import anaesthetic
from cicatrix.anaesthesia.conditions import intake_questions
from cicatrix.anaesthesia.value import Anaesthetic, Person
from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form
from cicatrix.screening.value import Answer, Screening

__all__ = ["Numbing", "excluded_by", "numbed", "numbing_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbing:
    """What a table `[anaesthetic]` asks for; `more` are other products, in grams."""

    product: str
    area_cm2: float
    use: str | None
    more: tuple[tuple[str, float], ...]
    conditions: Mapping[str, bool]


def numbing_of(form: Form, *, area_cm2: float | None) -> Numbing:
    """The request in a table `[anaesthetic]`; the plan's area stands in for its own.

    Raises
    ------
    InputInvalid
        A field is unknown, missing or impossible.
    """
    form.only(("product", "area_cm2", "use", "more", "has", "has_not"))
    form.needs("product")
    area = form.number("area_cm2") or area_cm2
    if area is None:
        raise InputInvalid(
            f"{form.at}: lacks area_cm2, without which there is no dose. Add it."
        )
    return Numbing(
        product=form.text("product") or "",
        area_cm2=area,
        use=form.text("use"),
        more=tuple(_more(each) for each in form.tables("more")),
        conditions=_conditions(form),
    )


def _more(form: Form) -> tuple[str, float]:
    form.only(("product", "dose_g"))
    form.needs("product", "dose_g")
    return form.text("product") or "", form.number("dose_g") or 0.0


def _conditions(form: Form) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for name, told in (("has", True), ("has_not", False)):
        keys = form.fields.get(name, [])
        if not isinstance(keys, list) or not all(isinstance(k, str) for k in keys):
            raise InputInvalid(
                f"{form.at}, {name}: must be a list of words in quotes, found "
                f"{keys!r}. Correct it."
            )
        for key in keys:
            if key in found:
                raise InputInvalid(
                    f"{form.at}: “{key}” stands under has and under has_not, so nobody "
                    "can tell which is meant. Remove one."
                )
            found[key] = told
    return found


def numbed(
    numbing: Numbing,
    *,
    age_years: float | None,
    weight_kg: float | None,
    jurisdiction: str | None,
    answers: Mapping[str, Answer],
) -> Anaesthetic:
    """The dose that a label allows, or why there is none.

    What the intake answers of a condition is taken over; what the table says goes
    before it.
    """
    return anaesthetic(
        numbing.product,
        area_cm2=numbing.area_cm2,
        person=Person(
            weight_kg=weight_kg,
            age_years=age_years,
            conditions={**_from_intake(answers), **numbing.conditions},
        ),
        jurisdiction=jurisdiction,
        use=numbing.use,
        more=numbing.more,
    )


def _from_intake(answers: Mapping[str, Answer]) -> dict[str, bool]:
    found = {}
    for key, (question, choice) in intake_questions().items():
        answer = answers.get(question)
        if choice is None and isinstance(answer, bool):
            found[key] = answer
        elif choice is not None and isinstance(answer, tuple):
            found[key] = choice in answer
        elif choice is not None and isinstance(answer, str):
            found[key] = choice == answer
    return found


def excluded_by(screening: Screening | None, answer: Anaesthetic) -> tuple[str, ...]:
    """Ingredients of the product that the screening excludes."""
    if screening is None or answer.product is None:
        return ()
    return tuple(
        name
        for name in answer.product.mg_per_g
        if name in screening.excluded_anaesthetics
    )

"""The intake in a plan: what the plan says already need not be said twice."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form
from cicatrix.screening.intake import Intake, intake_from_form
from cicatrix.screening.value import Screening, Verdict

__all__ = ["intake_of", "not_to_be_treated"]


def intake_of(
    form: Form,
    *,
    known: Mapping[str, Any],
    planned_for: date | None,
    today: date | None,
) -> Intake:
    """The intake in a table `[intake]`, with the answers that the plan holds already.

    Parameters
    ----------
    form
        The table.
    known
        Answers that follow from the plan, by question.
    planned_for
        The day of the next session.
    today
        Stands for `asked_on` where the table does not say it.

    Raises
    ------
    InputInvalid
        As `intake_from_form`, or the table contradicts the plan.
    """
    for name, value in known.items():
        told = form.fields.get(name, value)
        if _comparable(told) != _comparable(value):
            raise InputInvalid(
                f"{form.at}: {name} is {told!r} here and {value!r} in the plan. Correct "
                "one of them."
            )
    return intake_from_form(
        Form(fields={**known, **form.fields}, at=form.at),
        today=today,
        planned_for=planned_for,
    )


def _comparable(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, list) else value


def not_to_be_treated(screening: Screening | None) -> bool:
    """Whether a plan must give neither depth nor dates."""
    return screening is not None and screening.verdict is Verdict.DO_NOT_TREAT

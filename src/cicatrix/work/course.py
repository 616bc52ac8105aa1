"""What stands around the photographs of a case: its intake and its plan, answered."""

from cicatrix.casebook.value import Casebook
from cicatrix.domain.result import CaseResult
from cicatrix.outcomes.forecast_sheet import forecast_sheet
from cicatrix.outcomes.forecasting import forecast
from cicatrix.outcomes.measured import measured_from
from cicatrix.planning.expecting import forecast_requests
from cicatrix.planning.planning import plan
from cicatrix.planning.request import read_plan
from cicatrix.report.as_json import to_json
from cicatrix.report.forecast_chart import forecast_chart
from cicatrix.report.plan_page import plan_view
from cicatrix.report.sheet_page import SheetView, sheet_view
from cicatrix.screening.intake import read_intake
from cicatrix.screening.judging import screen
from cicatrix.screening.sheet import screening_sheet

__all__ = ["course_sheets", "forecast_sheets"]


def course_sheets(casebook: Casebook) -> tuple[SheetView, ...]:
    """Screening and plan of a case, for its report, in the order of the course.

    Parameters
    ----------
    casebook
        A case that may name an intake and a plan. An intake that does not say when it
        was answered is taken as of the first visit.

    Returns
    -------
    tuple of SheetView
        None where the case names neither file.

    Raises
    ------
    InputInvalid
        One of the files cannot be read, or holds an unknown or impossible answer.
    """
    found = []
    if casebook.intake is not None:
        intake = read_intake(casebook.intake, today=casebook.visits[0].visited_on)
        found.append(sheet_view(screening_sheet(screen(intake)), anchor="screening"))
    if casebook.plan is not None:
        request = read_plan(casebook.plan, today=casebook.visits[0].visited_on)
        found.append(plan_view(plan(request)))
    return tuple(found)


def forecast_sheets(casebook: Casebook, result: CaseResult) -> tuple[SheetView, ...]:
    """What the case's plan lets expect, after the fades that were measured.

    Parameters
    ----------
    casebook
        A case that may name a plan.
    result
        Its measurement. Its fades move the forecast where it has one lesion and the
        plan one indication: which lesion a site means is not told otherwise.

    Returns
    -------
    tuple of SheetView
        One for each indication of the plan; none without a plan.

    Raises
    ------
    InputInvalid
        The plan cannot be read, or holds an unknown or impossible answer.
    """
    if casebook.plan is None:
        return ()
    requests = forecast_requests(read_plan(casebook.plan))
    measured = None
    if len(result.lesions) == len(requests) == 1:
        measured = measured_from(to_json(result), at=casebook.folder.name)
    found = [forecast(request, measured=measured) for request in requests]
    return tuple(
        sheet_view(
            forecast_sheet(each),
            anchor=f"forecast-{number}",
            pictures=[forecast_chart(each)],
        )
        for number, each in enumerate(found, start=1)
    )

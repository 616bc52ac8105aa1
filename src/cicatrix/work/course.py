"""What stands around the photographs of a case: its intake and its plan, answered."""

from cicatrix.casebook.value import Casebook
from cicatrix.domain.sheet import Sheet
from cicatrix.planning.planning import plan
from cicatrix.planning.request import read_plan
from cicatrix.planning.telling import plan_sheet
from cicatrix.screening.intake import read_intake
from cicatrix.screening.judging import screen
from cicatrix.screening.sheet import screening_sheet

__all__ = ["course_sheets"]


def course_sheets(casebook: Casebook) -> tuple[Sheet, ...]:
    """Screening and plan of a case, for its report, in the order of the course.

    Parameters
    ----------
    casebook
        A case that may name an intake and a plan. An intake that does not say when it
        was answered is taken as of the first visit.

    Returns
    -------
    tuple of Sheet
        None where the case names neither file.

    Raises
    ------
    InputInvalid
        One of the files cannot be read, or holds an unknown or impossible answer.
    """
    found = []
    if casebook.intake is not None:
        intake = read_intake(casebook.intake, today=casebook.visits[0].visited_on)
        found.append(screening_sheet(screen(intake)))
    if casebook.plan is not None:
        request = read_plan(casebook.plan, today=casebook.visits[0].visited_on)
        found.append(plan_sheet(plan(request)))
    return tuple(found)

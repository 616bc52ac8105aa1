"""Every measure of a lesion at two visits, with its change."""

from cicatrix.change.sources import Regions
from cicatrix.change.visits import VisitComparison
from cicatrix.domain.fade import MeasureChange
from cicatrix.outline.value import Outline
from cicatrix.work.laying import Laid

__all__ = ["details"]


def details(
    before: Laid,
    after: Laid,
    outline: Outline,
    regions: Regions,
    told: VisitComparison,
) -> tuple[MeasureChange, ...]:
    """All measures of the pair, headline contrast first."""
    return ()

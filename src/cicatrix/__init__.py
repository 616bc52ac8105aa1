"""How far a scar or stretch mark has faded, and how sure, from dated photographs.

The public door. Names are imported when they are first used, so that `import cicatrix`
costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cicatrix import phantom
    from cicatrix.alignment.aligning import align
    from cicatrix.alignment.value import Alignment
    from cicatrix.anaesthesia.answering import anaesthetic
    from cicatrix.anaesthesia.value import Anaesthetic, Person
    from cicatrix.casebook.reading import read_casebook
    from cicatrix.domain.fade import Fade, Interval, Verdict
    from cicatrix.domain.result import CaseResult, Comparison
    from cicatrix.errors import CicatrixError, PhotoUnusable
    from cicatrix.outcomes.asking import Evidence, evidence_for
    from cicatrix.outcomes.forecasting import Forecast, forecast
    from cicatrix.outcomes.measured import read_measured
    from cicatrix.outcomes.request import ForecastRequest
    from cicatrix.outline.value import Box, Scribble
    from cicatrix.photo.value import Photo
    from cicatrix.planning.answers import first_visit
    from cicatrix.planning.planning import Plan, plan
    from cicatrix.planning.request import read_plan
    from cicatrix.punctures.device import Handling, Pen, Roller, Stamp
    from cicatrix.punctures.field import (
        PunctureField,
        Sampling,
        puncture_field,
        puncture_map,
    )
    from cicatrix.scales.scoring import scale
    from cicatrix.scales.value import LeftOut, Scored
    from cicatrix.screening.intake import Intake, read_intake
    from cicatrix.screening.judging import screen
    from cicatrix.screening.value import Screening
    from cicatrix.work.comparing import compare
    from cicatrix.work.measuring import measure
    from cicatrix.work.opening import open_pair, open_photo

__all__ = [
    "Alignment",
    "Anaesthetic",
    "Box",
    "CaseResult",
    "CicatrixError",
    "Comparison",
    "Evidence",
    "Fade",
    "Forecast",
    "ForecastRequest",
    "Handling",
    "Intake",
    "Interval",
    "LeftOut",
    "Pen",
    "Person",
    "Photo",
    "PhotoUnusable",
    "Plan",
    "PunctureField",
    "Roller",
    "Sampling",
    "Scored",
    "Screening",
    "Scribble",
    "Stamp",
    "Verdict",
    "align",
    "anaesthetic",
    "compare",
    "evidence_for",
    "first_visit",
    "forecast",
    "measure",
    "open_pair",
    "open_photo",
    "phantom",
    "plan",
    "puncture_field",
    "puncture_map",
    "read_casebook",
    "read_intake",
    "read_measured",
    "read_plan",
    "scale",
    "screen",
]

_HOME = {
    "Alignment": "cicatrix.alignment.value",
    "Anaesthetic": "cicatrix.anaesthesia.value",
    "Box": "cicatrix.outline.value",
    "CaseResult": "cicatrix.domain.result",
    "CicatrixError": "cicatrix.errors",
    "Comparison": "cicatrix.domain.result",
    "Evidence": "cicatrix.outcomes.asking",
    "Fade": "cicatrix.domain.fade",
    "Forecast": "cicatrix.outcomes.forecasting",
    "ForecastRequest": "cicatrix.outcomes.request",
    "Handling": "cicatrix.punctures.device",
    "Intake": "cicatrix.screening.intake",
    "Interval": "cicatrix.domain.fade",
    "LeftOut": "cicatrix.scales.value",
    "Pen": "cicatrix.punctures.device",
    "Person": "cicatrix.anaesthesia.value",
    "Photo": "cicatrix.photo.value",
    "PhotoUnusable": "cicatrix.errors",
    "Plan": "cicatrix.planning.planning",
    "PunctureField": "cicatrix.punctures.field",
    "Roller": "cicatrix.punctures.device",
    "Sampling": "cicatrix.punctures.field",
    "Scored": "cicatrix.scales.value",
    "Screening": "cicatrix.screening.value",
    "Scribble": "cicatrix.outline.value",
    "Stamp": "cicatrix.punctures.device",
    "Verdict": "cicatrix.domain.fade",
    "align": "cicatrix.alignment.aligning",
    "anaesthetic": "cicatrix.anaesthesia.answering",
    "compare": "cicatrix.work.comparing",
    "evidence_for": "cicatrix.outcomes.asking",
    "first_visit": "cicatrix.planning.answers",
    "forecast": "cicatrix.outcomes.forecasting",
    "measure": "cicatrix.work.measuring",
    "open_pair": "cicatrix.work.opening",
    "open_photo": "cicatrix.work.opening",
    "plan": "cicatrix.planning.planning",
    "puncture_field": "cicatrix.punctures.field",
    "puncture_map": "cicatrix.punctures.field",
    "read_casebook": "cicatrix.casebook.reading",
    "read_intake": "cicatrix.screening.intake",
    "read_measured": "cicatrix.outcomes.measured",
    "read_plan": "cicatrix.planning.request",
    "scale": "cicatrix.scales.scoring",
    "screen": "cicatrix.screening.judging",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its room on first use."""
    if name == "phantom":
        return import_module("cicatrix.phantom")
    if name not in _HOME:
        raise AttributeError(f"module 'cicatrix' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

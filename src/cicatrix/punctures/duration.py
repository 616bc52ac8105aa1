"""How long the needles are on the skin, and how many punctures an area takes."""

from dataclasses import dataclass

from cicatrix.forms.quantities import check_quantity
from cicatrix.punctures.field import PunctureField

__all__ = ["Duration", "duration_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Of a whole area; `seconds` is `None` for a stamp, whose presses are not timed."""

    area_cm2: float
    punctures: float
    seconds: float | None


def duration_of(field: PunctureField, *, area_cm2: float) -> Duration:
    """Time on the skin without turning round: area over speed and spacing, times passes.

    Raises
    ------
    InputInvalid
        The area is impossible.
    """
    area = check_quantity("area_cm2", area_cm2, at="area")
    swept_cm2_s = field.handling.speed_cm_s * field.track_spacing_mm / 10
    lifted = field.device.kind == "stamp"
    return Duration(
        area_cm2=area,
        punctures=field.expected_per_cm2 * area,
        seconds=None if lifted else field.handling.passes * area / swept_cm2_s,
    )

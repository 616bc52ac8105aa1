"""How thick the skin of a site was measured to be, and by whom.

Methods are not mixed: the whole skin is only summed from layers of one study.
"""

from dataclasses import dataclass
from math import hypot

from cicatrix.evidence.clinical import Backing, Row, load_clinical
from cicatrix.planning.tables import rows

__all__ = ["Otherwise", "Thickness", "measured_otherwise", "nearest_site", "thickness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thickness:
    """Means and spreads between people, in millimetres.

    The layers are `None` where a study measured the whole skin alone. `spread` is
    “measured”, or “borrowed” where a relative spread of other sites stands in.
    """

    site: str
    sex: str
    method: str
    measured_at: str
    people: int
    epidermis_mean_mm: float | None
    epidermis_sd_mm: float | None
    dermis_mean_mm: float | None
    dermis_sd_mm: float | None
    total_mean_mm: float
    total_sd_mm: float
    spread: str
    backing: Backing

    @property
    def layers(self) -> tuple[float, float, float, float] | None:
        """Epidermis mean and spread, dermis mean and spread, if told apart."""
        found = (
            self.epidermis_mean_mm,
            self.epidermis_sd_mm,
            self.dermis_mean_mm,
            self.dermis_sd_mm,
        )
        if found[0] is None or found[1] is None or found[2] is None or found[3] is None:
            return None
        return (found[0], found[1], found[2], found[3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """A measurement by another method or in others, shown beside and never mixed in."""

    method: str
    text: str
    backing: Backing


def thickness(site: str, *, sex: str) -> Thickness | None:
    """What was measured at this site in this sex, or `None` where nobody measured.

    Examples
    --------
    >>> found = thickness("forehead", sex="female")
    >>> round(found.total_mean_mm, 2), found.method
    (1.06, 'high-frequency ultrasound')
    """
    for row in rows("thickness", "face-ultrasound"):
        if row.fields["site"] == site and row.fields["sex"] == sex:
            return _layered(row)
    for row in rows("thickness", "body-whole-skin"):
        if row.fields["site"] == site and row.fields["sex"] in (sex, "both"):
            return _whole(row)
    return None


def _layered(row: Row) -> Thickness:
    known = row.fields
    return Thickness(
        **known,
        total_mean_mm=known["epidermis_mean_mm"] + known["dermis_mean_mm"],
        # Independent layers: the study prints no correlation between them.
        total_sd_mm=hypot(known["epidermis_sd_mm"], known["dermis_sd_mm"]),
        spread="measured",
        method=load_clinical("thickness")["face-ultrasound"].fields["method"],
        backing=row.backing,
    )


def _whole(row: Row) -> Thickness:
    known = row.fields
    borrowed = known.get("borrowed_spread")
    return Thickness(
        site=known["site"],
        sex=known["sex"],
        method=known["method"],
        measured_at=known["measured_at"],
        people=known["people"],
        epidermis_mean_mm=None,
        epidermis_sd_mm=None,
        dermis_mean_mm=None,
        dermis_sd_mm=None,
        total_mean_mm=known["total_mean_mm"],
        total_sd_mm=known["total_sd_mm"]
        if borrowed is None
        else borrowed * known["total_mean_mm"],
        spread="measured" if borrowed is None else "borrowed",
        backing=row.backing,
    )


def measured_otherwise(site: str) -> tuple[Otherwise, ...]:
    """What other methods found at this site."""
    return tuple(
        Otherwise(
            method=row.fields["method"], text=row.fields["text"], backing=row.backing
        )
        for row in rows("thickness", "measured-otherwise")
        if site in row.fields["sites"]
    )


def nearest_site(site: str) -> str | None:
    """The nearest measured site, to be named and never used; `None` if measured."""
    for row in rows("thickness", "nearest"):
        if row.fields["site"] == site:
            return str(row.fields["nearest"])
    return None

"""Where the tip of a needle ends: in the epidermis, in the dermis, or through it.

Depth reached is `share * length`; the scale may be off by any amount up to its tolerance
alike (uniform), the share has the spread that was measured (normal), and layers have
the spread between people of the study (normal); all are independent. Every chance then
has a closed form. It is over people of that sex, not over one person's skin, whose
thickness nobody measured.
"""

from dataclasses import dataclass
from math import hypot
from statistics import NormalDist

from cicatrix.evidence.clinical import Backing, Row
from cicatrix.planning.skin import Thickness
from cicatrix.planning.tables import choice, rows

__all__ = ["Chances", "Reach", "chances", "reaches"]

_STANDARD = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How deep the needles of a device go: `share` of their length.

    `bound` is “usual” for the measured way, “longest” for the worst case, “both” where
    one measurement serves for both. `tolerance_mm` is the scale's, either way.
    """

    device: str
    bound: str
    share: float
    share_sd: float
    tolerance_mm: float
    statement: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Chances at one length under one reach; `None` where layers were not told apart.

    `papillary` is the chance that the tip ends in the upper share of the dermis that
    counts as papillary, `reticular` below it and within the dermis.
    """

    length_mm: float
    through: float
    stays: float | None
    papillary: float | None
    reticular: float | None

    def within(self, layer: str) -> float | None:
        """The chance that the tip ends in the layer."""
        if self.papillary is None or self.reticular is None:
            return None
        if layer == "dermis":
            return self.papillary + self.reticular
        return self.papillary if layer == "papillary-dermis" else self.reticular


def reaches(device: str) -> tuple[Reach, ...]:
    """The usual way and the longest of this kind of device; one where they agree."""
    return tuple(
        _reach(row)
        for row in rows("penetration", "needles")
        if row.fields["device"] == device
    )


def _reach(row: Row) -> Reach:
    fixed = row.fields["device"] in ("roller", "stamp")
    return Reach(
        device=row.fields["device"],
        bound=row.fields["bound"],
        share=row.fields["share"],
        share_sd=row.fields["share_sd"],
        tolerance_mm=0.0 if fixed else choice("scale_tolerance_mm").fields["value"],
        statement=row.fields["statement"],
        backing=row.backing,
    )


def chances(length_mm: float, *, skin: Thickness, reach: Reach) -> Chances:
    """Where the tip ends, as chances.

    Parameters
    ----------
    length_mm
        Nominal: the setting of a pen, the needles of a roller.
    skin
        Of the site.
    reach
        Of the device.

    Examples
    --------
    >>> from cicatrix.planning.skin import thickness
    >>> forehead = thickness("forehead", sex="female")
    >>> pen = reaches("pen")[0]
    >>> round(chances(1.5, skin=forehead, reach=pen).through, 2)
    0.99
    """
    off_mm = reach.share * reach.tolerance_mm

    def beyond(mean_mm: float, sd_mm: float) -> float:
        """The chance that the tip lies deeper than a border with this spread."""
        return _beyond(
            reach.share * length_mm - mean_mm,
            sd_mm=hypot(sd_mm, reach.share_sd * length_mm),
            off_mm=off_mm,
        )

    through = beyond(skin.total_mean_mm, skin.total_sd_mm)
    if skin.layers is None:
        return Chances(
            length_mm=length_mm,
            through=through,
            stays=None,
            papillary=None,
            reticular=None,
        )
    top_mm, top_sd_mm, dermis_mm, dermis_sd_mm = skin.layers
    upper = choice("papillary_share").fields["value"]
    entered = beyond(top_mm, top_sd_mm)
    deeper = beyond(top_mm + upper * dermis_mm, hypot(top_sd_mm, upper * dermis_sd_mm))
    return Chances(
        length_mm=length_mm,
        through=through,
        stays=1 - entered,
        papillary=max(entered - deeper, 0.0),
        reticular=max(deeper - through, 0.0),
    )


def _beyond(gap_mm: float, *, sd_mm: float, off_mm: float) -> float:
    """The chance that `gap_mm`, off by a normal and a uniform error, exceeds zero.

    The mean of the normal distribution function over the uniform error; its integral is
    x Φ(x) + φ(x). Rounded to where the difference of two such integrals is exact.
    """
    if off_mm == 0:
        return _STANDARD.cdf(gap_mm / sd_mm)

    def integral(x_mm: float) -> float:
        z = x_mm / sd_mm
        return x_mm * _STANDARD.cdf(z) + sd_mm * _STANDARD.pdf(z)

    mean = (integral(gap_mm + off_mm) - integral(gap_mm - off_mm)) / (2 * off_mm)
    return min(max(round(mean, 9), 0.0), 1.0)

"""The products of `evidence/anaesthetics`, and which of them a name means."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from cicatrix.anaesthesia.value import DoseRow, NoDoseRow, Product, Told
from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.clinical import ClinicalFile, Row, load_clinical
from cicatrix.forms.reading import nearest

__all__ = ["find_product", "nearest_product", "products", "stated_mg_per_kg"]

_CM2_PER_IN2 = 6.4516
"""Exact: an inch is 25.4 mm."""

_LIDOCAINE_ALONE = re.compile(r"lidocaine-(?P<percent>\d+(\.\d+)?)")


@cache
def products() -> Mapping[str, Product]:
    """Every product by its id, those with a usable label first.

    Examples
    --------
    >>> products()["lidocaine-4"].mg_per_g["lidocaine"]
    40.0
    """
    found = [_product(file) for file in load_clinical("anaesthetics").values()]
    found.sort(key=lambda each: (each.standing != "offered", each.id))
    return MappingProxyType({each.id: each for each in found})


def find_product(name: str) -> Product | None:
    """The product of that id, trade name or other name; `None` where nothing is known.

    Lidocaine alone in a strength without a label, above what regulators accept without
    a prescription, is the product that they warn against.

    Examples
    --------
    >>> find_product("EMLA").id
    'lidocaine-prilocaine-2.5-2.5'
    """
    wanted = name.strip().lower().replace(" ", "-")
    for product in products().values():
        if wanted == product.id or wanted in product.aliases:
            return product
    strength = _LIDOCAINE_ALONE.fullmatch(wanted)
    for name_, file in load_clinical("anaesthetics").items():
        limit = file.fields.get("above_pct")
        if strength and limit and float(strength["percent"]) > limit:
            return products()[name_]
    return None


def nearest_product(name: str) -> str:
    """“ Did you mean x?” for the product whose name is nearest, or nothing.

    One with a label comes before one that would be refused.
    """
    wanted = name.strip().lower()
    for offered in (True, False):
        known = [
            each
            for product in products().values()
            if (product.standing == "offered") == offered
            for each in (product.id, *product.aliases)
        ]
        found = nearest(wanted, known)
        if found:
            return found
    return ""


def stated_mg_per_kg() -> tuple[Told, ...]:
    """What labels state in milligrams for a kilogram."""
    return tuple(
        Told(heading="sum", text=row.fields["text"], backing=row.backing)
        for file in load_clinical("anaesthetics").values()
        for row in file.rows
        if row.fields["about"] == "mg-per-kg"
    )


def _product(file: ClinicalFile) -> Product:
    fields = file.fields
    if file.backing is None:
        raise EvidenceInvalid(
            f"anaesthetics/{file.name}.toml: names no sources of its own. Add them."
        )
    return Product(
        id=file.name,
        title=file.title,
        names=tuple(fields["names"]),
        aliases=tuple(fields["aliases"]),
        standing=fields["standing"],
        home=fields["home"],
        reason=fields.get("reason", ""),
        mg_per_g=MappingProxyType(
            {i["name"]: float(i["mg_per_g"]) for i in fields.get("ingredients", ())}
        ),
        rows=tuple(_dose(row) for row in _about(file, "dose")),
        no_dose=tuple(_no_dose(row) for row in _about(file, "no-dose")),
        told=tuple(
            Told(
                heading=row.fields["heading"],
                text=row.fields["text"],
                backing=row.backing,
            )
            for row in _about(file, "fact")
        ),
        backing=file.backing,
    )


def _about(file: ClinicalFile, what: str) -> list[Row]:
    return [row for row in file.rows if row.fields["about"] == what]


def _dose(row: Row) -> DoseRow:
    fields = row.fields
    rate = fields.get("g_per_cm2")
    return DoseRow(
        jurisdiction=fields["jurisdiction"],
        use=fields["use"],
        use_title=fields["use_title"],
        population=fields["population"],
        age_from_years=fields["age_from_years"],
        age_below_years=fields["age_below_years"],
        weight_above_kg=fields.get("weight_above_kg"),
        weight_needed=fields.get("weight_needed", False),
        g_per_cm2=None if rate is None else (rate[0], rate[1]),
        table_cm2_g=tuple(
            (in2 * _CM2_PER_IN2, float(grams))
            for in2, grams in fields.get("table_in2_g", ())
        ),
        dwell_min_minutes=fields.get("dwell_min_minutes"),
        dwell_typical_max_minutes=fields.get("dwell_typical_max_minutes"),
        dwell_max_minutes=fields.get("dwell_max_minutes"),
        occlusion=fields["occlusion"],
        max_area_cm2=fields["max_area_cm2"],
        max_dose_g=fields.get("max_dose_g"),
        max_kind=fields["max_kind"],
        backing=row.backing,
    )


def _no_dose(row: Row) -> NoDoseRow:
    fields = row.fields
    return NoDoseRow(
        jurisdiction=fields["jurisdiction"],
        age_from_years=fields["age_from_years"],
        age_below_years=fields["age_below_years"],
        code=fields["code"],
        reason=fields["reason"],
        beside=fields.get("beside", ""),
        backing=row.backing,
    )

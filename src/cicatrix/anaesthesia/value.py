"""Products, the rows of their labels, and the answer to “how much, how long, for whom”."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cicatrix.evidence.clinical import Backing

__all__ = [
    "Amount",
    "Anaesthetic",
    "Asked",
    "Concern",
    "DoseRow",
    "IngredientSum",
    "NoDoseRow",
    "Person",
    "Product",
    "Question",
    "Refusal",
    "Share",
    "Told",
]

Sources = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who gets the cream; `None`, or a condition that is absent, was not asked.

    `conditions` are keys of `evidence/anaesthetic-safety/conditions.toml`.
    """

    weight_kg: float | None = None
    age_years: float | None = None
    conditions: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow:
    """One row of a label, for one jurisdiction, use and band of age and weight.

    The amount is `g_per_cm2` (least, most), or drawn from `table_cm2_g` (area in cm²,
    grams). `max_kind` says what the maxima are: "label", "largest-studied" or
    "largest-table-row".
    """

    jurisdiction: str
    use: str
    use_title: str
    population: str
    age_from_years: float
    age_below_years: float
    weight_above_kg: float | None
    weight_needed: bool
    g_per_cm2: tuple[float, float] | None
    table_cm2_g: tuple[tuple[float, float], ...]
    dwell_min_minutes: float | None
    dwell_typical_max_minutes: float | None
    dwell_max_minutes: float | None
    occlusion: str
    max_area_cm2: float
    max_dose_g: float | None
    max_kind: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class NoDoseRow:
    """For whom a label gives nothing we may use, and why.

    `code` is that of the refusal; `beside` is what was read all the same.
    """

    jurisdiction: str
    age_from_years: float
    age_below_years: float
    code: str
    reason: str
    beside: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sourced sentence under a heading: amount, sum, before, watch or act."""

    heading: str
    text: str
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product; `mg_per_g` holds its ingredients.

    `standing` is "offered", "warned-against" or "no-label".
    """

    id: str
    title: str
    names: tuple[str, ...]
    aliases: tuple[str, ...]
    standing: str
    home: str
    reason: str
    mg_per_g: Mapping[str, float]
    rows: tuple[DoseRow, ...]
    no_dose: tuple[NoDoseRow, ...]
    told: tuple[Told, ...]
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no dose: a stable `code`, and what was found in words."""

    code: str
    text: str
    sources: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Cream for an area under one row; times in minutes, `None` where the label is mute."""

    row: DoseRow
    low_g: float
    high_g: float
    dwell_min_minutes: float | None
    dwell_max_minutes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientSum:
    """What is put on the skin of one ingredient over all products: not what is taken up."""

    name: str
    low_mg: float
    high_mg: float
    low_mg_per_kg: float | None
    high_mg_per_kg: float | None
    sources: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of a product's own maximum is used, at the upper end."""

    product: str
    grams: float
    of_g: float
    fraction: float
    sources: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A condition that is there and bears on an ingredient of the visit."""

    key: str
    excluded: tuple[str, ...]
    text: str
    dwell_min_minutes: float | None
    dwell_max_minutes: float | None
    backing: Backing


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was not answered and would matter; those that may exclude come first."""

    key: str
    text: str
    excludes: bool
    sources: Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked, as given; `more` are other products of the visit, in grams."""

    product: str
    area_cm2: float
    person: Person
    jurisdiction: str | None
    use: str | None
    more: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anaesthetic:
    """The whole answer; there is an `amount` exactly where there are no `refusals`.

    `jurisdiction` is the one whose label was read; `other_uses` are other uses of the
    same label for the same area, with their own amounts and times. Where the age was
    not given, the amount holds for adults, and `to_ask` starts with the age.
    """

    asked: Asked
    product: Product | None
    jurisdiction: str
    refusals: tuple[Refusal, ...]
    amount: Amount | None
    other_uses: tuple[Amount, ...]
    sums: tuple[IngredientSum, ...]
    shares: tuple[Share, ...]
    concerns: tuple[Concern, ...]
    to_ask: tuple[Question, ...]
    told: tuple[Told, ...]
    instead: tuple[Product, ...]

"""A simulated treatment as JSON: what was asked, told, assumed, and computed from it."""

from dataclasses import asdict
from math import isfinite

from cicatrix.evidence.clinical import Row
from cicatrix.punctures.device import PER_CM2
from cicatrix.punctures.duration import Duration
from cicatrix.punctures.estimate import Estimate
from cicatrix.punctures.expected import (
    random_coverage,
    random_nearest_mm,
    random_overlap,
)
from cicatrix.punctures.field import PunctureField
from cicatrix.punctures.needles import assumption, device_row, measured
from cicatrix.punctures.neighbours import QUANTILES
from cicatrix.report.as_json import Json, published_schema
from cicatrix.report.bibliography import bibliography

__all__ = ["SCHEMA", "punctures_schema", "punctures_to_json"]

SCHEMA = "cicatrix/punctures-1"


def punctures_schema() -> Json:
    """The JSON Schema (2020-12) of `punctures_to_json`."""
    return published_schema("punctures-1")


def punctures_to_json(
    field: PunctureField, *, duration: Duration | None = None
) -> Json:
    """The field as a JSON object that obeys `schema/punctures-1.json`.

    A number that could not be computed is null: two punctures have no spread.
    """
    rows = _rows(field)
    return {
        "schema": SCHEMA,
        "asked": {
            "kind": field.device.kind,
            "device": _given(asdict(field.device)),
            "handling": _given(asdict(field.handling)),
            "sampling": _given(asdict(field.sampling)),
            "area_cm2": None if duration is None else duration.area_cm2,
        },
        "told": [_row(row) for row in rows],
        "assumed": [_row(assumption(name)) for name in field.assumed],
        "clinician_reviewed": False,
        "tracks": {
            "step_mm": field.track_step_mm,
            "spacing_mm": field.track_spacing_mm,
            "per_cm2": field.expected_per_cm2,
            "computed_from": ["asked", "told", "assumed"],
        },
        "simulated": _simulated(field),
        "random": _random(field),
        "needle": {
            "entry_angle_deg": field.entry.angle_deg,
            "longest_slit_mm": field.entry.slit_mm,
            "wounded_at_most_fraction": field.wounded_at_most,
            "computed_from": ["asked", "told", "assumed", "simulated"],
        },
        "duration": None
        if duration is None
        else {
            "punctures_count": duration.punctures,
            "on_the_skin_s": duration.seconds,
            "computed_from": ["asked", "told", "assumed"],
        },
        "bibliography": bibliography(
            key
            for row in (*rows, *(assumption(name) for name in field.assumed))
            for key in row.backing.sources
        ),
    }


def _rows(field: PunctureField) -> list[Row]:
    rows = [device_row(field.device.model)] if field.device.model else []
    if field.sampling.channel_um is None:
        rows.append(measured("channel-diameter"))
    if field.device.kind == "roller":
        rows += [measured("roller-density"), measured("roller-penetration")]
    return rows


def _given(sizes: dict[str, object]) -> Json:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in sizes.items()
        if value not in (None, "")
    }


def _row(row: Row) -> Json:
    return {
        **row.fields,
        "sources": list(row.backing.sources),
        "support": row.backing.support.value,
        "note": row.backing.note,
    }


def _simulated(field: PunctureField) -> Json:
    far = field.distances
    return {
        "per_cm2": _estimate(field.per_cm2),
        "nearest_mm": _estimate(far.nearest_mm),
        "nearest_quantiles_mm": _quantiles(far.nearest_quantiles_mm),
        "skin_to_puncture_quantiles_mm": _quantiles(far.from_skin_quantiles_mm),
        "touching_fraction": _estimate(far.overlapping),
        "within": [
            {"radius_mm": radius, "fraction": _estimate(share)}
            for radius, share in zip(
                field.sampling.within_mm, field.within, strict=True
            )
        ],
        "wounded_fraction": _estimate(field.wounded),
        "channel_um": 1000 * field.sampling.channel_mm(),
        "nearest_over_random_ratio": _estimate(field.evenness),
        "variance_over_mean_ratio": _number(field.variance_to_mean),
        "quadrat_mm": field.quadrat_mm,
        "counted": field.counted,
        "measured_for_distances": far.punctures,
        "computed_from": ["asked", "told", "assumed"],
    }


def _random(field: PunctureField) -> Json:
    """What completely random punctures of the same density would give."""
    density, channel = field.expected_per_cm2 / PER_CM2, field.sampling.channel_mm()
    return {
        "nearest_mm": random_nearest_mm(density),
        "touching_fraction": random_overlap(density, channel),
        "within": [
            {"radius_mm": radius, "fraction": random_coverage(density, radius)}
            for radius in field.sampling.within_mm
        ],
        "wounded_fraction": random_coverage(density, channel / 2),
        "computed_from": ["tracks"],
    }


def _estimate(found: Estimate) -> Json:
    return {
        "mean": _number(found.mean),
        "low": _number(found.low),
        "high": _number(found.high),
        "patch_sd": _number(found.patch_sd),
    }


def _quantiles(values: tuple[float, ...]) -> list[Json]:
    return [
        {"share_fraction": share, "mm": _number(value)}
        for share, value in zip(QUANTILES, values, strict=True)
    ]


def _number(value: float) -> float | None:
    return value if isfinite(value) else None

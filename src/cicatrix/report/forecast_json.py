"""A forecast as JSON: every number beside its sources."""

from collections.abc import Sequence

from cicatrix.outcomes.forecasting import (
    THRESHOLDS_PERCENT,
    WORTH_PERCENT,
    Bands,
    Forecast,
    Step,
)
from cicatrix.outcomes.harms import HarmPool
from cicatrix.report.as_json import Json, published_schema
from cicatrix.report.bibliography import bibliography

__all__ = ["SCHEMA", "forecast_schema", "forecasts_to_json"]

SCHEMA = "cicatrix/forecast-1"


def forecasts_to_json(forecasts: Sequence[Forecast]) -> Json:
    """The forecasts of a plan as a JSON object that obeys `schema/forecast-1.json`."""
    keys = {
        key
        for forecast in forecasts
        for key in (
            *forecast.sources,
            *forecast.pih_sources,
            *(k for limit in forecast.limits for k in limit.sources),
            *(c.arm.study.key for pool in forecast.harms for c in pool.arms),
        )
    }
    return {
        "schema": SCHEMA,
        "clinician_reviewed": False,
        "forecasts": [_forecast(forecast) for forecast in forecasts],
        "bibliography": bibliography(keys | {"cicatrix-forecast"}),
    }


def forecast_schema() -> Json:
    """The JSON Schema (2020-12) of `forecasts_to_json`."""
    return published_schema("forecast-1")


def _forecast(forecast: Forecast) -> Json:
    return {
        "asked": _asked(forecast),
        "sources": list(forecast.sources),
        "data_sha256": forecast.data_sha256,
        "steps": [_step(step) for step in forecast.steps],
        "going_on": _going_on(forecast),
        "effective_patients_count": forecast.effective,
        "pih": {
            "mean_fraction": forecast.dark_marks.mean,
            "low_fraction": forecast.dark_marks.low,
            "high_fraction": forecast.dark_marks.high,
            "treatment_was_counted": forecast.dark_marks.seen,
            "sources": ["cicatrix-forecast", *forecast.pih_sources],
        },
        "harms_counted": [_harm(pool) for pool in forecast.harms],
        "limits": [
            {
                "statement": limit.statement,
                "widened_by_sd_percent": limit.widen_percent,
                "sources": list(limit.sources),
            }
            for limit in forecast.limits
        ],
    }


def _asked(forecast: Forecast) -> Json:
    asked, measured = forecast.request, forecast.measured
    return {
        "indication": asked.indication,
        "treatment": asked.treatment,
        "device": asked.device,
        "session_days": [day.isoformat() for day in asked.session_days],
        "sessions_done_count": asked.sessions_done,
        "skin_type": asked.skin_type,
        "on_body": asked.on_body,
        "assumed": list(asked.assumed),
        "measured_fades": [
            {
                "on": fade.on.isoformat(),
                "estimate_percent": fade.percent,
                "low_percent": fade.low,
                "high_percent": fade.high,
            }
            for fade in (measured.fades if measured else ())
        ],
        "passed_over": list(measured.passed_over) if measured else [],
    }


def _bands(bands: Bands) -> Json:
    return {
        "expected_percent": bands.expected,
        "median_percent": bands.middle,
        "low50_percent": bands.low50,
        "high50_percent": bands.high50,
        "low95_percent": bands.low95,
        "high95_percent": bands.high95,
    }


def _chances(chances: Sequence[float]) -> Json:
    return {
        f"at_least_{threshold}_percent_fraction": chance
        for threshold, chance in zip(THRESHOLDS_PERCENT, chances, strict=True)
    }


def _step(step: Step) -> Json:
    return {
        "sessions_count": step.sessions,
        "seen_on": step.seen_on.isoformat(),
        "blinded_controlled": _bands(step.blinded),
        "as_reported": _bands(step.reported),
        "blinded_controlled_chances": _chances(step.blinded_chances),
        "as_reported_chances": _chances(step.reported_chances),
        "if_stopped_here": _bands(step.stopping),
        "measured_fade_under_assumed_link": _bands(step.fade),
    }


def _going_on(forecast: Forecast) -> Json | None:
    found = forecast.going_on
    if found is None:
        return None
    return {
        "sessions_done_count": found.sessions_done,
        "stopping": _bands(found.stopping),
        "going_on": _bands(found.going_on),
        "gain": _bands(found.gain),
        "worth_from_percent": WORTH_PERCENT,
        "worth_fraction": found.worth,
    }


def _harm(pool: HarmPool) -> Json:
    return {
        "harm": pool.harm,
        "count": pool.count,
        "of_count": pool.of,
        "low_fraction": pool.low,
        "high_fraction": pool.high,
        "sources": list(dict.fromkeys(one.arm.study.key for one in pool.arms)),
    }

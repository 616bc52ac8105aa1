"""What trials say of an indication, as JSON: every number beside its sources."""

from cicatrix.evidence.trial_rows import Arm, ReviewRow
from cicatrix.outcomes.asking import Evidence
from cicatrix.outcomes.contrasts import Contrast
from cicatrix.outcomes.evidence_sheet import flags_text
from cicatrix.outcomes.harms import HarmPool
from cicatrix.outcomes.words import treatments
from cicatrix.report.as_json import Json, published_schema
from cicatrix.report.bibliography import bibliography

__all__ = ["SCHEMA", "evidence_schema", "evidence_to_json"]

SCHEMA = "cicatrix/evidence-1"


def evidence_to_json(evidence: Evidence) -> Json:
    """The evidence as a JSON object that obeys `schema/evidence-1.json`."""
    keys = [
        *evidence.study_keys(),
        *(c.arm.study.key for p in evidence.harms_elsewhere for c in p.arms),
        *(row.key for row in evidence.reviews),
        *(key for _, sources in evidence.gaps for key in sources),
        *evidence.indication.backing.sources,
    ]
    return {
        "schema": SCHEMA,
        "asked": {"indication": evidence.indication.id},
        "title": evidence.indication.title,
        "shown_for": list(evidence.asked_as),
        "data": {
            "sha256": evidence.data_hash,
            "computed_from": ["tables of trials and reviews of this version"],
        },
        "clinician_reviewed": False,
        "contrasts": [_contrast(contrast) for contrast in evidence.contrasts],
        "kinds_within_arms": [
            {
                "treatment": row.arm.treatment,
                "kind": row.kind,
                "mean_percent": row.percent_mean,
                "sources": [row.arm.study.key],
            }
            for row in evidence.kinds
        ],
        "not_shown": [
            {"statement": text, "sources": list(sources)}
            for text, sources in evidence.gaps
        ],
        "harms": [_harm(pool) for pool in evidence.harms],
        "harms_of_every_indication": [_harm(p) for p in evidence.harms_elsewhere],
        "arms": [_arm(arm) for arm in evidence.arms],
        "reviews": [_review(row) for row in evidence.reviews],
        "bibliography": bibliography(keys),
    }


def evidence_schema() -> Json:
    """The JSON Schema (2020-12) of `evidence_to_json`."""
    return published_schema("evidence-1")


def _contrast(contrast: Contrast) -> Json:
    study = contrast.study
    return {
        "first": contrast.first,
        "second": contrast.second,
        "structure": study.structure,
        "randomised": study.randomised,
        "assessor_blinded": study.blinded,
        "first_persons_count": contrast.persons[0],
        "second_persons_count": contrast.persons[1],
        "first_better_fraction": contrast.better,
        "low_fraction": contrast.low,
        "high_fraction": contrast.high,
        "numbers": contrast.numbers,
        "verdict_of_authors": contrast.verdict,
        "p": contrast.p,
        "flags": flags_text(contrast.flags),
        "sources": [study.key],
    }


def _harm(pool: HarmPool) -> Json:
    return {
        "harm": pool.harm,
        "treatment": pool.treatment,
        "count": pool.count,
        "of_count": pool.of,
        "low_fraction": pool.low,
        "high_fraction": pool.high,
        "sources": list(dict.fromkeys(one.arm.study.key for one in pool.arms)),
        "arms": [
            {
                "arm": one.arm.as_given,
                "skin_types": one.arm.study.skin_types,
                "count": one.count,
                "of_count": one.of,
                "exact_low_fraction": one.low,
                "exact_high_fraction": one.high,
                "sources": [one.arm.study.key],
            }
            for one in pool.arms
        ],
    }


def _arm(arm: Arm) -> Json:
    return {
        "treatment": arm.treatment,
        "treatment_title": treatments()[arm.treatment].title,
        "as_given": arm.as_given,
        "device": arm.device,
        "structure": arm.study.structure,
        "subtypes": list(arm.study.subtypes),
        "skin_types": arm.study.skin_types,
        "numbers_as_printed": dict(arm.numbers),
        "words_as_printed": {k: v for k, v in arm.words.items() if v},
        "fit_for": list(arm.uses),
        "flags": flags_text(arm.study.flags),
        "sources": [arm.study.key],
    }


def _review(row: ReviewRow) -> Json:
    return {
        "comparison": row.comparison,
        "outcome": row.outcome,
        "kind": row.kind,
        "studies": row.studies,
        "persons": row.persons,
        "measure": row.measure,
        "estimate": row.estimate,
        "low": row.low,
        "high": row.high,
        "p": row.p,
        "i2_percent": row.i2_percent,
        "reading": row.reading,
        "flags": flags_text(row.flags),
        "sources": [row.key],
    }

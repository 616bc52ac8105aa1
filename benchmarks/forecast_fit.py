"""Fit the forecast's model to the trials and write its draws (`make evidence`).

    python benchmarks/forecast_fit.py             the draws that the package ships
    python benchmarks/forecast_fit.py --checks    also docs/reference/forecast.md (long)

The seed is fixed. Chains, folds and variants run side by side in one compiled program, so
that two cores suffice.
"""

import argparse
import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")

import jax
import numpy as np
from numpyro.diagnostics import summary
from numpyro.infer import MCMC, NUTS, init_to_median

from cicatrix.evidence.trial_rows import arms, data_hash
from cicatrix.outcomes.words import treatments
from forecast_checks import write_page
from forecast_model import Counted, Priors, dark_marks_model, improvement_model
from forecast_rows import INDICATIONS, SUBTYPES, Design, Rows, design_of, rows_of_trials

jax.config.update("jax_enable_x64", val=True)

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "cicatrix" / "evidence" / "forecast"
SEED = 20261122
CHAINS, WARMUP, SAMPLES = 4, 350, 350
SHIPPED = 800
"""Draws that the package carries: their Monte Carlo error is a fortieth of a spread."""

WORST_RHAT = 1.05
"""Chains that disagree more have not found the same answer: their draws are not shipped."""

SCALARS = (
    *("mu_all", "mu_sd", "study_sd", "arm_sd", "pair_sd", "bias_single", "bias_open"),
    *("patient_sd", "stable", "k0", "at_once", "settling", "readily", "scale_sd"),
)
VECTORS = ("mu", "part", "kind", "pair")
_SKIN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}
TYPE_OF_NOBODY_KNOWN = 3.5
"""The middle of Fitzpatrick's types, where a study does not tell."""


def sampler(model=improvement_model) -> MCMC:
    """The sampler of both models."""
    kernel = NUTS(
        model,
        target_accept_prob=0.9,
        max_tree_depth=7,
        init_strategy=init_to_median(num_samples=15),
    )
    return MCMC(
        kernel,
        num_warmup=WARMUP,
        num_samples=SAMPLES,
        num_chains=CHAINS,
        chain_method="vectorized",
        progress_bar=False,
    )


def fit_improvement(rows: Rows, design: Design):
    """The draws by chain, and how the sampler fared."""
    mcmc = sampler()
    mcmc.run(
        jax.random.PRNGKey(SEED),
        rows,
        design,
        np.ones(len(rows.arms)),
        Priors(),
        extra_fields=("diverging",),
    )
    draws = mcmc.get_samples(group_by_chain=True)
    return draws, fared(draws, [*SCALARS, *VECTORS], mcmc)


def fared(draws, names, mcmc) -> dict:
    """Worst R-hat, least effective draws, divergent steps."""
    table = summary({name: draws[name] for name in names}, group_by_chain=True)
    rhat = {name: float(np.max(t["r_hat"])) for name, t in table.items()}
    least = {name: float(np.min(t["n_eff"])) for name, t in table.items()}
    worst, scarce = max(rhat, key=rhat.__getitem__), min(least, key=least.__getitem__)
    steps = int(np.sum(mcmc.get_extra_fields()["diverging"]))
    return {
        "rhat_worst": round(rhat[worst], 4),
        "rhat_worst_of": worst,
        "effective_least": round(least[scarce]),
        "effective_least_of": scarce,
        "divergent": steps,
        "draws": int(np.prod(draws[names[0]].shape[:2])),
    }


def fit_dark_marks():
    """PIH of every arm that counts it; also those of ageing skin."""
    counted = [
        a
        for a in arms()
        if a.pooled and a.number("pih_of") and a.number("pih") is not None
    ]
    names = tuple(dict.fromkeys(a.treatment for a in counted))
    studies = tuple(dict.fromkeys(a.study.key for a in counted))
    mcmc = sampler(dark_marks_model)
    mcmc.run(
        jax.random.PRNGKey(SEED + 1),
        Counted(
            count=np.array([int(a.number("pih") or 0) for a in counted]),
            of=np.array([int(a.number("pih_of") or 0) for a in counted]),
            treatment=np.array([names.index(a.treatment) for a in counted]),
            study=np.array([studies.index(a.study.key) for a in counted]),
            skin=np.array([_skin(a.study.skin_types) for a in counted]),
            body=np.array([float("striae" in a.study.indications) for a in counted]),
        ),
        tuple(treatments()[name].family for name in names),
        extra_fields=("diverging",),
    )
    draws = mcmc.get_samples(group_by_chain=True)
    kept = ["base", "effect", "family", "per_type", "on_body", "study_sd"]
    return draws, names, [a.study.key for a in counted], fared(draws, kept, mcmc)


def _skin(told: str) -> float:
    """The middle of the types that a study names."""
    types = [_SKIN[t] for t in told.replace(" ", "").split("-") if t in _SKIN]
    return sum(types) / len(types) if types else TYPE_OF_NOBODY_KNOWN


def _thinned(values) -> np.ndarray:
    flat = np.asarray(values).reshape(-1, *np.shape(values)[2:])
    places = np.linspace(0, len(flat) - 1, SHIPPED).round().astype(int)
    return flat[places].astype(np.float32)


def write_draws(draws, marks, design: Design, rows: Rows, about: dict) -> None:
    """`draws.npz` with what a forecast needs, `about.json` with what it means."""
    mark_draws, mark_names, mark_studies, _ = marks
    kept = {name: _thinned(draws[name]) for name in (*SCALARS, *VECTORS)}
    kept |= {
        f"pih_{name}": _thinned(mark_draws[name])
        for name in ("base", "effect", "family", "per_type", "on_body", "study_sd")
    }
    families = sorted({treatments()[name].family for name in mark_names})
    about = about | {
        "data_sha256": data_hash(),
        "seed": SEED,
        "made_with": {name: version(name) for name in ("numpyro", "jax")},
        "draws": SHIPPED,
        "indications": list(INDICATIONS),
        "subtypes": list(SUBTYPES),
        "parts": list(design.part_names),
        "pairs": [list(pair) for pair in design.pair_names],
        "pih_treatments": list(mark_names),
        "pih_families": families,
        "pih_studies": sorted(set(mark_studies)),
        "studies": sorted(design.study_keys),
        "studies_of": _studies_of(rows),
    }
    FOLDER.mkdir(exist_ok=True)
    np.savez_compressed(FOLDER / "draws.npz", **kept)
    text = json.dumps(about, indent=1, ensure_ascii=False, sort_keys=True)
    (FOLDER / "about.json").write_text(text + "\n", encoding="utf-8")


def _studies_of(rows: Rows) -> dict[str, list[str]]:
    """Which studies speak of an indication and treatment: what a forecast may cite."""
    found: dict[str, list[str]] = {}
    for arm in rows.arms:
        for name in arm.study.indications:
            if name in INDICATIONS:
                keys = found.setdefault(f"{name}/{arm.treatment}", [])
                if arm.study.key not in keys:
                    keys.append(arm.study.key)
    return found


def main() -> None:
    """Fit, write the draws, and on request judge the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", action="store_true")
    asked = parser.parse_args()
    started = time.process_time()
    rows = rows_of_trials()
    design = design_of(rows)
    draws, how = fit_improvement(rows, design)
    marks = fit_dark_marks()
    about = {"improvement": how, "dark_marks": marks[3]}
    if max(how["rhat_worst"], marks[3]["rhat_worst"]) > WORST_RHAT:
        sys.exit(f"The chains disagree, so nothing is written: {about}")
    write_draws(draws, marks, design, rows, about)
    seconds = time.process_time() - started
    print(json.dumps(about), f"{seconds:.0f} s of processor time", flush=True)
    if asked.checks:
        write_page(rows, design, draws, about)


if __name__ == "__main__":
    main()

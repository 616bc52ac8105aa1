"""How well the forecast's model predicts studies that it has not seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jax
import numpy as np
from numpyro.infer import MCMC, NUTS, init_to_median
from scipy.stats import norm

from forecast_model import LAPSE, WEIGHTS, Priors, improvement_model
from forecast_rows import Design, Rows

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "forecast.md"
FOLDS, WARMUP, SAMPLES, SEED = 6, 250, 250, 20261123
LEVELS = (0.5, 0.8, 0.95)
USUAL_RHAT, USUAL_DRAWS = 1.01, 400
"""The usual demands of Vehtari et al. 2021 (doi 10.1214/20-BA1221) on four chains."""
KEPT = ("arm_nodes", "arm_rating_sd", "cuts", "mu", "bias_single", "bias_open", "part")


@dataclass(frozen=True)
class Variant:
    """One refit: which arms speak, and with which priors."""

    name: str
    weights: np.ndarray
    priors: Priors


@dataclass(frozen=True)
class Predicted:
    """What was seen of an arm, or of two arms' difference, and draws of it."""

    key: str
    seen: float
    draws: np.ndarray

    @property
    def rank(self) -> float:
        """The share of draws below what was seen, ties counted half."""
        below, level = self.draws < self.seen, self.draws == self.seen
        return float(below.mean() + 0.5 * level.mean())


def folds(design: Design) -> list[Variant]:
    """Refits without a sixth of the studies each, dealt by chance."""
    rng = np.random.default_rng(SEED)
    dealt = rng.permutation(len(design.study_keys)) % FOLDS
    return [
        Variant(f"fold {k + 1}", (dealt[design.study] != k).astype(float), Priors())
        for k in range(FOLDS)
    ]


def variants(rows: Rows, design: Design) -> list[Variant]:
    """Refits that ask whether a choice of data or priors decides the answer."""
    arms = len(rows.arms)
    ceiling = np.array(["ceiling" not in a.study.flags for a in rows.arms], dtype=float)
    return [
        Variant(
            "without percentages computed from scales", 1 - design.derived, Priors()
        ),
        Variant("without series in which nearly everybody improved", ceiling, Priors()),
        Variant("studies that compare only", 1 - design.single, Priors()),
        Variant(
            "wider priors",
            np.ones(arms),
            Priors(study_sd=27.0, bias_sd=16.0, part_sd=15.0, patient_sd=26.0),
        ),
        Variant(
            "narrower priors",
            np.ones(arms),
            Priors(study_sd=12.0, bias_sd=4.0, part_sd=6.0, patient_sd=15.0),
        ),
    ]


def refits(rows: Rows, design: Design, asked: Sequence[Variant]):
    """Draws of every variant, side by side in one program: (variant, draw, …)."""

    def one(key, weights, priors):
        kernel = NUTS(
            improvement_model,
            target_accept_prob=0.85,
            max_tree_depth=6,
            init_strategy=init_to_median(num_samples=15),
        )
        mcmc = MCMC(kernel, num_warmup=WARMUP, num_samples=SAMPLES, progress_bar=False)
        mcmc.run(key, rows, design, weights, priors)
        draws = mcmc.get_samples()
        return {name: draws[name] for name in KEPT}

    keys = jax.random.split(jax.random.PRNGKey(SEED), len(asked))
    weights = np.stack([variant.weights for variant in asked])
    stacked = Priors(
        *(np.array(v) for v in zip(*(a.priors for a in asked), strict=True))
    )
    found = jax.jit(jax.vmap(one))(keys, weights, stacked)
    return {name: np.asarray(value) for name, value in found.items()}


def predictions(
    rows: Rows, draws: Mapping[str, np.ndarray], arms: set[int]
) -> list[Predicted]:
    """What the draws say of the outcomes of `arms`, beside what was seen."""
    rng = np.random.default_rng(SEED)
    found = []
    for place, value, n, _ in rows.means:
        if place in arms:
            mean, sd = _mean_of(draws, place)
            noise = rng.standard_normal(len(mean)) * np.sqrt(sd**2 / n + 1.0)
            found.append(Predicted(rows.arms[place].key, value, mean + noise))
    by_arm: dict[int, list[tuple[int, int, float]]] = {}
    for place, low, high, count in rows.cells:
        by_arm.setdefault(place, []).append((low, high, count))
    for place, cells in by_arm.items():
        if place in arms:
            found.append(_counts(rows, draws, place, cells, rng))
    return found


def _mean_of(draws, place: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread of ratings, which cannot exceed 100."""
    nodes = np.minimum(draws["arm_nodes"][:, place], 100.0)
    rating = draws["arm_rating_sd"][:, place]
    mean = nodes @ WEIGHTS
    spread = np.maximum(nodes**2 @ WEIGHTS - mean**2, 0.0)
    return mean, np.sqrt(spread + rating**2)


def _counts(rows: Rows, draws, place: int, cells, rng) -> Predicted:
    """The share of persons in the upper half of an arm's grades."""
    total = sum(count for _, _, count in cells)
    border = _middle_border(cells, draws["cuts"].mean(0), total)
    at = draws["cuts"][:, border, None]
    z = (draws["arm_nodes"][:, place] - at) / draws["arm_rating_sd"][:, place, None]
    share = norm.cdf(z) @ WEIGHTS * (1 - LAPSE) + LAPSE / 2
    mean_at = draws["cuts"].mean(0)
    seen = sum(c for low, _, c in cells if mean_at[low] >= mean_at[border] - 1e-6)
    drawn = rng.binomial(round(total), share) / round(total)
    return Predicted(rows.arms[place].key, seen / total, drawn)


def _middle_border(cells, at: np.ndarray, total: float) -> int:
    """The border that splits the persons seen most evenly."""
    found = {low for low, _, _ in cells} | {high for _, high, _ in cells}
    inner = [border for border in found if abs(at[border]) < 1000]

    def uneven(border: int) -> float:
        above = sum(c for low, _, c in cells if at[low] >= at[border] - 1e-6)
        return abs(above / total - 0.5)

    return min(sorted(inner), key=uneven)


def differences(
    rows: Rows, draws: Mapping[str, np.ndarray], arms: set[int]
) -> list[Predicted]:
    """Differences of mean improvement between two arms of one study."""
    rng = np.random.default_rng(SEED + 1)
    found = []
    for number, (a, value, n, _) in enumerate(rows.means):
        for b, other, m, _ in rows.means[number + 1 :]:
            same = rows.arms[a].study.key == rows.arms[b].study.key
            if not same or a not in arms:
                continue
            (mean_a, sd_a), (mean_b, sd_b) = _mean_of(draws, a), _mean_of(draws, b)
            error = np.sqrt(sd_a**2 / n + sd_b**2 / m + 2.0)
            drawn = mean_a - mean_b + error * rng.standard_normal(len(mean_a))
            found.append(Predicted(rows.arms[a].study.key, value - other, drawn))
    return found


def coverage(found: Sequence[Predicted]) -> dict[float, float]:
    """The share of what was seen that lies within the central bands."""
    ranks = np.array([each.rank for each in found])
    return {
        level: float(np.mean(np.abs(ranks - 0.5) <= level / 2 + 1e-9))
        for level in LEVELS
    }


def _line(name: str, found: Sequence[Predicted]) -> str:
    held = coverage(found)
    ranks = np.array([each.rank for each in found])
    cells = " | ".join(f"{100 * held[level]:.0f} %" for level in LEVELS)
    return f"| {name} | {len(found)} | {cells} | {ranks.mean():.2f} |"


def _held_out(rows: Rows, design: Design, found, asked) -> tuple[list, list]:
    outcomes, gaps = [], []
    for number, variant in enumerate(asked[:FOLDS]):
        silent = {int(i) for i in np.flatnonzero(variant.weights == 0)}
        draws = {name: value[number] for name, value in found.items()}
        outcomes += predictions(rows, draws, silent)
        gaps += differences(rows, draws, silent)
    return outcomes, gaps


def write_page(rows: Rows, design: Design, draws, about: dict) -> None:
    """Refit without each sixth of the studies and under other choices; write the page."""
    asked = [*folds(design), *variants(rows, design)]
    found = refits(rows, design, asked)
    everything = set(range(len(rows.arms)))
    flat = {n: np.asarray(draws[n]).reshape(-1, *np.shape(draws[n])[2:]) for n in KEPT}
    fitted = predictions(rows, flat, everything), differences(rows, flat, everything)
    unseen = _held_out(rows, design, found, asked)
    PAGE.write_text(
        "\n".join(
            [
                *_head(about, rows, design),
                *_coverage_table(fitted, unseen),
                *_worst(unseen[0]),
                *_sensitivity(design, flat, found, asked),
            ]
        )
        + "\n",
        encoding="utf-8",
    )


def _head(about: dict, rows: Rows, design: Design) -> list[str]:
    fit, marks = about["improvement"], about["dark_marks"]
    kinds: dict[str, int] = {}
    for how in rows.how.values():
        kinds[how] = kinds.get(how, 0) + 1
    used = ", ".join(f"{how} {count}" for how, count in sorted(kinds.items()))
    return [
        "# How the forecast was fitted, and how well it predicts",
        "",
        "Written by `make evidence`; do not edit. [How the forecast is built]"
        "(../explanation/forecast.md).",
        "",
        "## The fit",
        "",
        f"{len(rows.arms)} arms of {len(design.study_keys)} studies, each used once: "
        f"{used}. Kinds of acne scar are told by {len(rows.kinds)} rows beside.",
        "",
        "| model | draws | worst R-hat | least effective draws | divergent steps |",
        "| --- | ---: | ---: | ---: | ---: |",
        *(
            f"| {name} | {m['draws']} | {m['rhat_worst']:.3f} ({m['rhat_worst_of']}) "
            f"| {m['effective_least']} ({m['effective_least_of']}) | {m['divergent']} |"
            for name, m in (("improvement", fit), ("dark marks", marks))
        ),
        "",
        _settled(fit, marks),
        "",
    ]


def _settled(*fits: dict) -> str:
    """Whether the chains agree as well as is usual."""
    rhat = max(fit["rhat_worst"] for fit in fits)
    least = min(fit["effective_least"] for fit in fits)
    if rhat <= USUAL_RHAT and least >= USUAL_DRAWS:
        return f"The chains agree: R-hat at most {USUAL_RHAT}, {USUAL_DRAWS} draws or more."
    return (
        f"The usual standard (R-hat at most {USUAL_RHAT}, at least {USUAL_DRAWS} effective "
        "draws) is not reached everywhere: the parameters named are known less exactly "
        "than their spread in the draws says."
    )


def _coverage_table(fitted, unseen) -> list[str]:
    return [
        "## Calibration",
        "",
        "How often what a study printed lies within the model's central bands. The upper "
        "two lines are of studies that the model was fitted to; they only show that it "
        f"can describe them. The lower two are of studies left out of the fit, a {FOLDS}th "
        "of them at a time. A mean rank above one half means that studies found more than "
        "was forecast.",
        "",
        "| | outcomes | within 50 % | within 80 % | within 95 % | mean rank |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        _line("fitted studies: levels", fitted[0]),
        _line("fitted studies: differences of two arms", fitted[1]),
        _line("studies left out: levels", unseen[0]),
        _line("studies left out: differences of two arms", unseen[1]),
        "",
        _verdict(unseen[0]),
        "",
    ]


def _verdict(found: Sequence[Predicted]) -> str:
    """Whether the bands hold what they promise, within two standard errors."""
    words = []
    for level, held in coverage(found).items():
        error = np.sqrt(level * (1 - level) / len(found))
        if abs(held - level) > 2 * error:
            side = "too narrow" if held < level else "too wide"
            words.append(f"the {100 * level:.0f} % bands are {side}")
    if not words:
        return (
            "For levels of studies left out, no band is off by more than two standard "
            "errors of such a count: with so few studies, a loose test."
        )
    return "For levels of studies left out, " + "; ".join(words) + "."


def _worst(found: Sequence[Predicted]) -> list[str]:
    odd = [each for each in found if abs(each.rank - 0.5) > 0.475]
    lines = [
        f"* {each.key}: seen {each.seen:.3g}, forecast {np.median(each.draws):.3g} "
        f"({np.quantile(each.draws, 0.025):.3g} to {np.quantile(each.draws, 0.975):.3g})"
        for each in sorted(odd, key=lambda e: e.key)
    ]
    return [
        "Outside their 95 % bands when left out (means in percent, shares as fractions):",
        "",
        *(lines or ["* none"]),
        "",
    ]


def _sensitivity(design: Design, flat, found, asked) -> list[str]:
    def row(name: str, draws) -> str:
        bias = draws["bias_single"] + draws["bias_open"]
        laser = draws["part"][:, design.part_names.index("laser-co2")]
        prp = draws["part"][:, design.part_names.index("+prp")]
        cells = [draws["mu"][:, 0], draws["mu"][:, 1], bias, laser, prp]
        text = " | ".join(f"{round(v.mean())} ± {round(v.std())}" for v in cells)
        return f"| {name} | {text} |"

    rows = [row("as shipped", flat)]
    for number, variant in enumerate(asked[FOLDS:], start=FOLDS):
        own = {name: value[number] for name, value in found.items()}
        rows.append(row(variant.name, own))
    return [
        "## If other choices had been made",
        "",
        "Mean ± standard deviation, in points of percent: the level of needling for acne "
        "scars and for stretch marks (four monthly sessions seen after twelve weeks, "
        "blinded and controlled), the bias of open studies with one arm, and what CO2 "
        "laser instead of needling, or PRP added to it, changes.",
        "",
        "| | acne scars | stretch marks | bias | CO2 laser | PRP added |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *rows,
        "",
        f"Refits have {SAMPLES} draws of one chain each. [Trials](../explanation/"
        "forecast.md) are read almost only as abstracts: no check here can see what their "
        "abstracts leave out.",
    ]

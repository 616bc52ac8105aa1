"""The hierarchical model of rated improvement, and that of dark marks, for the sampler."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.stats import norm

from cicatrix.outcomes.course import share_of_full
from cicatrix.outcomes.latent import full_effect
from forecast_rows import INDICATIONS, SUBTYPES, Design, Rows

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
LAPSE = 0.02
"""Share of ratings that follow no model: keeps one odd person from deciding a study."""

COURSES = (
    # sessions, weeks apart, then weeks after the last with the share of the last reading
    (12, 1.0, (0.0, 4.3), (0.70, 0.89), 8.7),
    (12, 1.0, (0.0, 4.3), (0.66, 0.93), 8.7),
    (3, 2.0, (9.0,), (0.71,), 22.0),
)
COURSE_SDS = (0.10, 0.10, 0.25)
"""How well each reading of a course is known, as shares: from its own scatter."""

FIVE_SESSIONS_BY_THREE, FIVE_SESSIONS_SD = 0.91, 0.10
"""Quality of life gained by session three of five (one trial, both its arms together)."""


class Priors(NamedTuple):
    """Widths that the check of sensitivity changes; points of percent."""

    study_sd: float = 18.0
    bias_sd: float = 8.0
    part_sd: float = 10.0
    patient_sd: float = 20.0
    sessions_to_most: float = 2.0


def _shares(design: Design, shape):
    return share_of_full(
        jnp.asarray(design.sessions),
        interval_weeks=jnp.asarray(design.interval_weeks),
        weeks_after=jnp.asarray(design.weeks_after),
        shape=shape,
        xp=jnp,
    )


def _course_shape(priors: Priors):
    k0 = numpyro.sample("k0", dist.LogNormal(jnp.log(priors.sessions_to_most), 0.5))
    at_once = numpyro.sample("at_once", dist.Beta(6.0, 4.0))
    settling = numpyro.sample("settling", dist.LogNormal(np.log(6.0), 0.5))
    shape = (k0, at_once, settling)
    for (sessions, apart, weeks, shares, last), sd in zip(
        COURSES, COURSE_SDS, strict=True
    ):

        def at(week, sessions=sessions, apart=apart):
            return share_of_full(
                jnp.asarray(sessions),
                interval_weeks=jnp.asarray(apart),
                weeks_after=jnp.asarray(week),
                shape=shape,
                xp=jnp,
            )

        for week, share in zip(weeks, shares, strict=True):
            numpyro.factor(
                f"course_{sessions}_{week}_{share}",
                dist.Normal(at(week) / at(last), sd).log_prob(share),
            )
    early = (1 - jnp.exp(-3 / k0)) / (1 - jnp.exp(-5 / k0))
    numpyro.factor(
        "five", dist.Normal(early, FIVE_SESSIONS_SD).log_prob(FIVE_SESSIONS_BY_THREE)
    )
    return shape


def _level(design: Design, priors: Priors):
    """The full effect of each arm before the softened floor at nothing."""
    mu_all = numpyro.sample("mu_all", dist.Normal(35.0, 15.0))
    mu_sd = numpyro.sample("mu_sd", dist.HalfNormal(12.0))
    z = numpyro.sample("mu_z", dist.Normal(0, 1).expand([len(INDICATIONS)]))
    mu = numpyro.deterministic("mu", mu_all + mu_sd * z)
    names = sorted(set(design.families))
    family = (
        numpyro.sample("family_z", dist.Normal(0, 1).expand([len(names)]))
        * priors.part_sd
    )
    which = np.array([names.index(f) for f in design.families])
    part_z = numpyro.sample("part_z", dist.Normal(0, 1).expand([len(which)]))
    # Additions to needling are shrunken; what replaces it shares its family's mean.
    part = numpyro.deterministic("part", family[which] + 0.8 * priors.part_sd * part_z)
    kind = numpyro.sample("kind", dist.Normal(0, 15.0).expand([len(SUBTYPES)]))
    pair_sd = numpyro.sample("pair_sd", dist.HalfNormal(10.0))
    pair_z = numpyro.sample(
        "pair_z", dist.Normal(0, 1).expand([len(design.pair_names)])
    )
    pair = numpyro.deterministic("pair", pair_sd * pair_z)
    own = jnp.where(design.pair >= 0, pair[np.maximum(design.pair, 0)], 0.0)
    return mu[design.indication] + design.parts @ part + own, kind


def improvement_model(rows: Rows, design: Design, weights, priors: Priors):
    """All likelihoods over one latent improvement; `weights` silences arms (0 or 1)."""
    level, kind = _level(design, priors)
    x = level + _deviations(design, priors)
    x_kind = x[:, None] + kind[None, :]
    x = x + design.kinds @ kind
    responding, rating = _spreads(design, priors)
    share = _shares(design, _course_shape(priors)) * (1 - design.control)
    bias = _bias(design, priors)

    def rated(x, place=slice(None)):
        """What is rated of each arm at each node of its patients' responses."""
        effect = full_effect(x[..., None] + responding[place, None] * NODES, xp=jnp)
        return effect * share[place, None] + bias[place, None]

    nodes = rated(x)
    numpyro.deterministic("arm_nodes", nodes)
    numpyro.deterministic("arm_rating_sd", rating)
    _cells(rows, nodes, rating, weights)
    _means(rows, nodes, rating, weights)
    _contrasts(rows, nodes, rating, weights)
    _kinds(
        rows, lambda place, which: rated(x_kind[place, which], place), rating, weights
    )


def _deviations(design: Design, priors: Priors):
    """What is a study's own, an arm's own, and a computed percentage's own."""
    n_arms, n_studies = len(design.study), len(design.study_keys)
    study_sd = numpyro.sample(
        "study_sd", dist.LogNormal(jnp.log(priors.study_sd), 0.35)
    )
    scale_sd = numpyro.sample("scale_sd", dist.HalfNormal(8.0))
    study = numpyro.sample("study_t", dist.StudentT(4.0, 0, 1).expand([n_studies]))
    scale_z = numpyro.sample("scale_z", dist.Normal(0, 1).expand([n_studies]))
    arm_sd = numpyro.sample("arm_sd", dist.HalfNormal(8.0))
    arm_z = numpyro.sample("arm_z", dist.Normal(0, 1).expand([n_arms]))
    own = study_sd * study[design.study] + arm_sd * arm_z
    return own + scale_sd * scale_z[design.study] * design.derived


def _spreads(design: Design, priors: Priors):
    """The spread of patients' responses and of ratings, by arm."""
    n_studies = len(design.study_keys)
    spread = numpyro.sample(
        "patient_sd", dist.LogNormal(jnp.log(priors.patient_sd), 0.3)
    )
    stable = numpyro.sample("stable", dist.Beta(3.0, 2.0))
    spread_z = numpyro.sample("spread_z", dist.Normal(0, 1).expand([n_studies]))
    own = spread * jnp.exp(0.25 * spread_z[design.study])
    return own * jnp.sqrt(stable), own * jnp.sqrt(1 - stable)


def _bias(design: Design, priors: Priors):
    """What one arm alone, and eyes that know, add to a rating; never less than nothing."""
    single = numpyro.sample("bias_single", dist.HalfNormal(priors.bias_sd))
    openly = numpyro.sample("bias_open", dist.HalfNormal(priors.bias_sd))
    treated = 1 - design.control
    return single * design.single + openly * design.open_label * treated


def _capped_moments(nodes, rating):
    """Mean and variance of ratings that cannot exceed 100, over patients and rater."""
    a = (100.0 - nodes) / rating[:, None]
    below = norm.cdf(a)
    density = norm.pdf(a)
    first = nodes * below - rating[:, None] * density + 100 * (1 - below)
    second = (
        (nodes**2 + rating[:, None] ** 2) * below
        - rating[:, None] * (nodes + 100.0) * density
        + 1e4 * (1 - below)
    )
    mean = first @ WEIGHTS
    return mean, jnp.maximum(second @ WEIGHTS - mean**2, 1.0)


def borders(cuts, readily, own_z):
    """Where the borders between grades lie, each above the one it stands on."""
    found = []
    for number, cut in enumerate(cuts):
        if cut.above >= 0:
            found.append(found[cut.above] + cut.at * jnp.exp(0.4 * own_z[number]))
        else:
            found.append(cut.at + readily * cut.per_grade + cut.sd * own_z[number])
    return jnp.stack(found)


def _cells(rows: Rows, nodes, rating, weights):
    readily = numpyro.sample("readily", dist.Normal(0, 0.3))
    own_z = numpyro.sample("cut_z", dist.Normal(0, 1).expand([len(rows.cuts)]))
    at = numpyro.deterministic("cuts", borders(rows.cuts, readily, own_z))
    place, low, high, count = (np.array(v) for v in zip(*rows.cells, strict=True))
    arm_sd = rating[place, None]
    upper = norm.cdf((at[high][:, None] - nodes[place]) / arm_sd)
    lower = norm.cdf((at[low][:, None] - nodes[place]) / arm_sd)
    p = jnp.clip((upper - lower) @ WEIGHTS, 0.0, 1.0) * (1 - LAPSE) + LAPSE / 4
    numpyro.factor("cells", (count * jnp.log(p) * weights[place]).sum())


def _means(rows: Rows, nodes, rating, weights):
    place, value, n, _ = (np.array(v) for v in zip(*rows.means, strict=True))
    mean, variance = _capped_moments(nodes[place], rating[place])
    error = jnp.sqrt(variance / n + 1.0)
    numpyro.factor(
        "means", (dist.Normal(mean, error).log_prob(value) * weights[place]).sum()
    )


def _contrasts(rows: Rows, nodes, rating, weights):
    first, second, value, error = (
        np.array(v) for v in zip(*rows.contrasts, strict=True)
    )
    mean_a, variance_a = _capped_moments(nodes[first], rating[first])
    mean_b, variance_b = _capped_moments(nodes[second], rating[second])
    difference = (mean_a - mean_b) / jnp.sqrt((variance_a + variance_b) / 2)
    # Spreads of scores are not those of improvement: a factor of their own, about 1.
    log_prob = dist.Normal(difference, jnp.sqrt(error**2 + 0.2**2)).log_prob(value)
    numpyro.factor("contrasts", (log_prob * weights[first]).sum())


def _kinds(rows: Rows, rated, rating, weights):
    place, which, value, n = (np.array(v) for v in zip(*rows.kinds, strict=True))
    mean, variance = _capped_moments(rated(place, which), rating[place])
    error = jnp.sqrt(variance / n + 25.0)
    numpyro.factor(
        "kinds", (dist.Normal(mean, error).log_prob(value) * weights[place]).sum()
    )


class Counted(NamedTuple):
    """PIH of arms: how many of how many, and what bears on it."""

    count: np.ndarray
    of: np.ndarray
    treatment: np.ndarray
    study: np.ndarray
    skin: np.ndarray
    body: np.ndarray


def dark_marks_model(arms: Counted, families: tuple[str, ...]):
    """PIH: by treatment within its family, skin type, site, and study."""
    base = numpyro.sample("base", dist.Normal(-3.0, 1.0))
    names = sorted(set(families))
    which = np.array([names.index(f) for f in families])
    family = numpyro.sample("family", dist.Normal(0, 0.7).expand([len(names)]))
    own = numpyro.sample("own", dist.Normal(0, 0.5).expand([len(families)]))
    effect = numpyro.deterministic("effect", family[which] + own)
    per_type = numpyro.sample("per_type", dist.HalfNormal(0.35))
    on_body = numpyro.sample("on_body", dist.Normal(0.0, 0.7))
    study_sd = numpyro.sample("study_sd", dist.HalfNormal(0.7))
    n_studies = int(arms.study.max()) + 1
    study_z = numpyro.sample("study_z", dist.Normal(0, 1).expand([n_studies]))
    logit = base + effect[arms.treatment] + per_type * (arms.skin - 3.5)
    logit = logit + on_body * arms.body + study_sd * study_z[arms.study]
    numpyro.sample("count", dist.Binomial(arms.of, logits=logit), obs=arms.count)

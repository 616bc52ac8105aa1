"""From two colour contrasts and what may be wrong with them to a fade with an interval.

Monte Carlo after JCGM 101:2008: every source of uncertainty moves the two contrasts at
once, so that what is common to both photographs cancels as it does in truth.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.domain.fade import BudgetLine, Fade, Interval, Verdict
from cicatrix.optics.cielab import ciede2000, ita_deg, linear_srgb_to_lab

__all__ = ["DRAWS", "FadeReading", "Source", "fade_between", "moves_of", "normal_draws"]

_Floats = npt.NDArray[np.float64]

DRAWS = 4000
"""Monte-Carlo draws: the ends of a 95 % interval then repeat to about 3 % of its width."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """One source of uncertainty: how it moves both contrasts, draw by draw.

    `moves` is (DRAWS, 2, 3): before/after, ln linear RGB of lesion over skin. `signs`
    (DRAWS, 3) are what each draw takes to be left on the skin that both photographs show
    (`signs.signs_of`); `None` where a source leaves skin alone.
    """

    name: str
    explanation: str
    moves: _Floats
    signs: _Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FadeReading:
    """A fade with the contrasts it came from.

    `signed_before` and `signed_after` map `delta_l`, `delta_a`, `delta_b`,
    `delta_ita_deg` to lesion minus skin with intervals; `signed_change` to after minus
    before. `went_past_skin` tells that the contrast now points the other way.
    `contrast_sd_de00` is one standard deviation of the contrast before.
    """

    fade: Fade
    contrast_before_de00: Interval
    contrast_after_de00: Interval
    contrast_change_de00: Interval
    signed_before: Mapping[str, Interval]
    signed_after: Mapping[str, Interval]
    signed_change: Mapping[str, Interval]
    went_past_skin: bool
    contrast_sd_de00: float


def moves_of(sources: Iterable[Source]) -> _Floats:
    """What independent sources move together, (DRAWS, 2, 3)."""
    total = np.zeros((DRAWS, 2, 3))
    for source in sources:
        total += source.moves
    return total


def normal_draws(vectors: npt.ArrayLike, rng: np.random.Generator) -> _Floats:
    """Draws (DRAWS, 2, 3) of independent unit normals along `vectors` (k, 2, 3).

    Antithetic: the draws come in pairs of opposite sign, so their mean is exactly 0.
    """
    directions = np.asarray(vectors, dtype=np.float64).reshape(-1, 6)
    half = rng.standard_normal((DRAWS // 2, len(directions))) @ directions
    return np.concatenate([half, -half]).reshape(DRAWS, 2, 3)


def lengthening_draws(
    differences: _Floats, step_ln: float, rng: np.random.Generator
) -> _Floats:
    """Draws (DRAWS, 2, 3) that lengthen a contrast between the visits along itself.

    Parameters
    ----------
    differences : (2, 3)
        ln lesion over skin, before and after.
    step_ln
        By how much, one standard deviation, in ln light. Half at either visit, with
        opposite signs: which of them was changed is not known, only their step matters.
    rng
        Of the draws.
    """
    middle = differences.mean(axis=0)
    along = middle / max(float(np.linalg.norm(middle)), 1e-12)
    half = 0.5 * step_ln * along
    return normal_draws(np.stack([-half, half])[None], rng)


def fade_between(
    differences: _Floats, skin_linear_rgb: _Floats, sources: tuple[Source, ...]
) -> FadeReading:
    """The fade from before to after, its interval, smallest detectable change, budget.

    Parameters
    ----------
    differences : (2, 3)
        ln lesion - ln skin in linear sRGB, before and after.
    skin_linear_rgb : (3,)
        The skin both are seen against: contrast at equal skin, so that a tan or an
        exposure does not pass for a change of the scar.
    sources
        What may be wrong, as draws around `differences`.

    Returns
    -------
    FadeReading
        With the verdict from the interval alone; the caller abstains on top of it.

    Notes
    -----
    A contrast is a length, and noise across its direction lengthens it: with σ² the
    summed variance across, E[C²] = C₀² + σ². It is taken off once from the estimate
    and twice from the draws, which carry it twice. The smallest detectable change is
    the half-width of the 95 % interval that the same pair would have had without any
    change, in which both visits' errors enter (1.96·√2·SEM when they are equal).
    """
    total = moves_of(sources)
    nominal_lab = _contrast_lab(differences, skin_linear_rgb)
    drawn_lab = _contrast_lab(differences + total, skin_linear_rgb)
    skin_lab = linear_srgb_to_lab(skin_linear_rgb)
    raw = ciede2000(skin_lab + nominal_lab, skin_lab)
    drawn_raw = ciede2000(skin_lab + drawn_lab, skin_lab)
    across = _across_variance(drawn_raw, drawn_lab, nominal_lab, skin_lab)
    if np.array_equal(differences[0], differences[1]):
        # Equal readings fade by exactly 0: what differs here is the draws' own chance.
        across[:] = across.mean()
    contrast = _debiased(raw, across)
    drawn = _debiased(drawn_raw, 2 * across)

    estimate = float(_fade(contrast[0], contrast[1]))
    low, high = _interval95(_fade(drawn[:, 0], drawn[:, 1]), around=estimate)
    still = _no_change(differences, total, skin_linear_rgb, skin_lab)
    fade = Fade(
        estimate=estimate,
        low=low,
        high=high,
        smallest_detectable_change=still,
        verdict=_verdict(low, high),
        budget=_budget(differences, skin_linear_rgb, sources),
    )
    signed = _signed(nominal_lab, drawn_lab, skin_lab)
    return FadeReading(
        fade=fade,
        contrast_before_de00=_as_interval(contrast[0], drawn[:, 0]),
        contrast_after_de00=_as_interval(contrast[1], drawn[:, 1]),
        contrast_change_de00=_as_interval(
            contrast[1] - contrast[0], drawn[:, 1] - drawn[:, 0]
        ),
        signed_before=signed[0],
        signed_after=signed[1],
        signed_change=signed[2],
        went_past_skin=bool(nominal_lab[0] @ nominal_lab[1] < 0),
        contrast_sd_de00=float(drawn_raw[:, 0].std()),
    )


def _contrast_lab(differences: _Floats, skin_linear_rgb: _Floats) -> _Floats:
    lesion = linear_srgb_to_lab(skin_linear_rgb * np.exp(differences))
    return lesion - linear_srgb_to_lab(skin_linear_rgb)


def _across_variance(
    drawn_raw: _Floats, drawn_lab: _Floats, nominal_lab: _Floats, skin_lab: _Floats
) -> _Floats:
    """Variance of the contrast vector across its own direction, in ΔE00², per visit."""
    apart = ciede2000(skin_lab + drawn_lab, skin_lab + nominal_lab)
    along = drawn_raw - drawn_raw.mean(axis=0)
    return np.maximum((apart**2).mean(axis=0) - (along**2).mean(axis=0), 0)


def _debiased(contrast: _Floats, variance: _Floats) -> _Floats:
    return np.sqrt(np.maximum(contrast**2 - variance, 0))


def _fade(before: npt.ArrayLike, after: npt.ArrayLike) -> _Floats:
    floor = 1e-6  # ΔE00; keeps a vanished baseline from dividing by nothing
    return 1 - np.asarray(after) / np.maximum(before, floor)


def _interval95(draws: _Floats, *, around: float) -> tuple[float, float]:
    told = _around(around, np.quantile(draws, [0.025, 0.975]))
    return told.low, told.high


def _as_interval(estimate: float, draws: _Floats) -> Interval:
    return _around(float(estimate), np.quantile(draws, [0.025, 0.975]))


def _around(estimate: float, ends: _Floats) -> Interval:
    """An interval that holds its estimate."""
    return Interval(
        estimate=estimate,
        low=min(float(ends[0]), estimate),
        high=max(float(ends[1]), estimate),
    )


def _no_change(
    differences: _Floats, total: _Floats, skin_linear_rgb: _Floats, skin_lab: _Floats
) -> float:
    same = np.broadcast_to(differences[:1], differences.shape)
    lab = _contrast_lab(same + total, skin_linear_rgb)
    drawn = ciede2000(skin_lab + lab, skin_lab)
    low, high = np.quantile(_fade(drawn[:, 0], drawn[:, 1]), [0.025, 0.975])
    return float(high - low) / 2


def _verdict(low: float, high: float) -> Verdict:
    if low > 0:
        return Verdict.FADED
    if high < 0:
        return Verdict.MORE_VISIBLE
    return Verdict.NO_DETECTABLE_CHANGE


def _budget(
    differences: _Floats, skin_linear_rgb: _Floats, sources: tuple[Source, ...]
) -> tuple[BudgetLine, ...]:
    """What each source costs alone: one standard deviation of the fade.

    Three-point Gauss-Hermite quadrature along the principal axes of a source's moves,
    instead of their draws: a hundredth of the evaluations, within 3 % of all draws.
    """
    if not sources:
        return ()
    flat = [source.moves.reshape(DRAWS, 6) for source in sources]
    mean = np.stack([moves.mean(axis=0) for moves in flat])
    squares = np.stack([moves.T @ moves for moves in flat]) / DRAWS
    values, axes = np.linalg.eigh(squares - mean[:, :, None] * mean[:, None])
    # Nodes at 0 and √3 standard deviations either way weigh 2/3 and 1/6.
    reach = axes * np.sqrt(3 * np.maximum(values, 0))[:, None]
    steps = np.swapaxes(reach, 1, 2)[:, :, None] * np.array([[1.0], [-1.0]])
    nodes = np.concatenate(
        [np.zeros((len(sources), 1, 6)), steps.reshape(-1, 12, 6)], 1
    )
    moved = differences + (mean[:, None] + nodes).reshape(-1, 13, 2, 3)
    skin_lab = linear_srgb_to_lab(skin_linear_rgb)
    contrast = ciede2000(skin_lab + _contrast_lab(moved, skin_linear_rgb), skin_lab)
    fade = _fade(contrast[..., 0], contrast[..., 1])
    apart = (fade[:, 1:] - fade[:, :1]).reshape(-1, 6, 2)
    variance = (apart**2).sum(axis=2) / 6 - (apart.sum(axis=2) / 6) ** 2
    return tuple(
        BudgetLine(
            source=source.name,
            fade_sd_fraction=float(np.sqrt(max(0.0, spread))),
            explanation=source.explanation,
        )
        for source, spread in zip(sources, variance.sum(axis=1), strict=True)
    )


def _signed(
    nominal_lab: _Floats, drawn_lab: _Floats, skin_lab: _Floats
) -> tuple[dict[str, Interval], dict[str, Interval], dict[str, Interval]]:
    def parts(step: _Floats) -> dict[str, _Floats]:
        turned = ita_deg(skin_lab + step) - ita_deg(skin_lab)
        return {
            "delta_l": step[..., 0],
            "delta_a": step[..., 1],
            "delta_b": step[..., 2],
            "delta_ita_deg": turned,
        }

    nominal, drawn = parts(nominal_lab), parts(drawn_lab)
    estimates = np.stack([nominal[key] for key in nominal])
    draws = np.stack([drawn[key] for key in nominal], axis=1)
    estimates = np.append(estimates, np.diff(estimates), axis=1)
    draws = np.append(draws, np.diff(draws), axis=2)
    ends = np.quantile(draws, [0.025, 0.975], axis=0)
    before, after, change = (
        {
            key: _around(float(estimates[row, column]), ends[:, row, column])
            for row, key in enumerate(nominal)
        }
        for column in range(3)
    )
    return before, after, change

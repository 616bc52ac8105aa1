"""The statistics agree with SciPy's, where SciPy has them."""

import numpy as np
import pytest
from scipy import optimize, stats

from cicatrix.change.fading import Source, fade_between, normal_draws
from cicatrix.measures.contrast import log_contrast
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab
from cicatrix.work.rows import around

SKIN = np.array([0.45, 0.25, 0.17])
REDDER = np.array([-0.05, -0.35, -0.30])


def contrast(difference):
    lab = linear_srgb_to_lab(np.stack([SKIN, SKIN * np.exp(difference)]))
    return float(ciede2000(lab[0], lab[1]))


def test_draws_follow_the_normal_law_with_the_covariance_of_their_vectors():
    vectors = np.random.default_rng(1).normal(0, 0.1, (8, 2, 3))

    draws = normal_draws(vectors, np.random.default_rng(2)).reshape(-1, 6)

    covariance = np.einsum("kv,kw->vw", vectors.reshape(8, 6), vectors.reshape(8, 6))
    sds = np.sqrt(np.diag(covariance))
    for column, sd in zip(draws.T, sds, strict=True):
        # Half of the draws mirror the others: only one half is independent.
        half = column[: len(column) // 2]
        assert stats.kstest(half, stats.norm(0, sd).cdf).pvalue > 0.001
    np.testing.assert_allclose(
        np.cov(draws.T) / np.outer(sds, sds),
        covariance / np.outer(sds, sds),
        atol=0.07,
    )


@pytest.mark.parametrize("kept", [1.0, 0.7, 0.4])
def test_a_small_doubt_makes_the_interval_that_its_propagation_makes(kept):
    sd, truth = 0.003, np.stack([REDDER, kept * REDDER])
    moves = normal_draws(sd * np.eye(6).reshape(6, 2, 3), np.random.default_rng(3))

    fade = fade_between(
        truth, SKIN, (Source(name="test", explanation="", moves=moves),)
    ).fade

    # JCGM 100, 5.1.2: the log of the ratio by SciPy's derivatives, and its normal law.
    relative = [
        np.linalg.norm(optimize.approx_fprime(one, contrast, 1e-6)) * sd / contrast(one)
        for one in truth
    ]
    ratio = stats.lognorm(s=np.hypot(*relative), scale=1 - fade.estimate)
    low, high = 1 - np.array(ratio.interval(0.95)[::-1])
    assert fade.high - fade.low == pytest.approx(high - low, rel=0.06)
    assert fade.low == pytest.approx(low, abs=0.06 * (high - low))
    assert fade.high == pytest.approx(high, abs=0.06 * (high - low))


def test_noise_lengthens_a_faint_contrast_as_the_law_of_rice_says():
    """What is taken off a length on average is what Rice's law puts on it."""
    faint, sd = 0.1 * REDDER, 0.02
    rng = np.random.default_rng(4)
    moves = normal_draws(sd * np.eye(6).reshape(6, 2, 3), rng)
    source = (Source(name="test", explanation="", moves=moves),)

    told = np.mean(
        [
            fade_between(
                np.stack([REDDER, faint + rng.normal(0, sd, 3)]), SKIN, source
            ).contrast_after_de00.estimate
            for _ in range(60)
        ]
    )

    # Three directions of noise in log light make an ellipse in CIELAB; its mean spread.
    noise = np.array([contrast(step) for step in rng.normal(0, sd, (4000, 3))])
    spread = np.sqrt(np.mean(noise**2) / 2)
    lengthened = stats.rice(contrast(faint) / spread, scale=spread).mean()
    assert abs(told - contrast(faint)) < 0.5 * (lengthened - contrast(faint))


@pytest.mark.parametrize(("estimate", "sd"), [(0.0, 1.0), (-3.2, 0.04), (17.0, 5.0)])
def test_a_normal_interval_is_scipys(estimate, sd):
    told = around(estimate, sd)

    assert (told.low, told.high) == pytest.approx(
        stats.norm(estimate, sd).interval(0.95), abs=1e-6 * sd
    )


def test_lesion_and_ring_are_compared_by_scipys_trimmed_means():
    rows, cols = np.mgrid[:90, :120]
    distance = np.hypot(cols - 60, rows - 45)
    lesion, ring = distance < 15, (distance > 18) & (distance < 38)
    rng = np.random.default_rng(5)
    grey = np.where(lesion, 0.2, 0.4) * np.exp(rng.gamma(1.5, 0.2, lesion.shape))
    light = (grey[..., None] * np.array([1.0, 0.7, 0.5])).astype(np.float32)

    found = log_contrast(light, lesion, ring, gradient_order=0).difference

    expected = np.log(
        stats.trim_mean(light[lesion], 0.1) / stats.trim_mean(light[ring], 0.1)
    )
    assert found == pytest.approx(expected, abs=1e-4)

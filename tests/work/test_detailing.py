"""The table of measures: names, units, and which way each change points."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from cicatrix.alignment.value import Alignment
from cicatrix.colour.scale import scale_entered
from cicatrix.domain.fade import Verdict
from cicatrix.measures.texture import TextureChange, TextureIndex
from cicatrix.report.as_json import unit_ending
from cicatrix.work import comparing as module
from cicatrix.work.comparing import compare
from cicatrix.work.detailing import (
    _contrast_sd_ln,
    _evenness_row,
    _texture_row,
    _textures,
)
from cicatrix.work.rows import around, row, unknown_row


@pytest.fixture
def measures(photo, mask, monkeypatch):
    """Measures by name of a pair whose disc kept `left` of its contrast."""

    def told(left, *, given=True):
        monkeypatch.setattr(
            module, "align_with", lambda *given, **more: Alignment(error_px=0.2)
        )
        lesion = mask if given else np.array([100.0, 75.0])
        pair = photo(-40.0), photo(-40.0 * left, seed=1)
        return {m.name: m for m in compare(*pair, lesion=lesion).measures}

    return told


def test_every_measure_ends_in_a_unit_that_is_told(measures):
    for name, measure in measures(0.5).items():
        assert unit_ending(name) is not None or measure.unit


def test_the_red_of_a_scar_that_half_faded_falls_with_it(measures):
    red = measures(0.5)["delta_a_cielab"]

    assert red.before.estimate > red.after.estimate > 0
    assert red.change.high < 0
    assert red.verdict is Verdict.FADED


def test_a_scar_that_stayed_has_no_detectable_change_anywhere(measures):
    changed = [
        name
        for name, measure in measures(1.0).items()
        if measure.verdict in (Verdict.FADED, Verdict.MORE_VISIBLE)
    ]

    assert changed == []


def test_sizes_stand_in_pixels_of_the_baseline_without_a_scale(measures):
    area = measures(0.7, given=False)["area_px2"]

    # The disc of radius 22: π·22² = 1521 px².
    assert area.before.estimate == pytest.approx(1521, rel=0.08)
    assert area.after.estimate == pytest.approx(1521, rel=0.08)
    assert area.verdict is Verdict.NO_DETECTABLE_CHANGE


def test_sizes_in_millimetres_warn_of_skin_that_curves_away(photo, monkeypatch):
    monkeypatch.setattr(
        module, "align_with", lambda *given, **more: Alignment(error_px=0.2)
    )
    scale = scale_entered(0.1)
    pair = [replace(photo(seed=seed), scale=scale) for seed in (0, 1)]

    told = compare(*pair, lesion=np.array([100.0, 75.0])).measures

    sizes = {m.name: m for m in told if m.name.endswith(("_mm", "_mm2"))}
    assert sizes["area_mm2"].before.estimate == pytest.approx(15.21, rel=0.08)
    assert set(sizes) == {"area_mm2", "length_mm", "width_mm"}
    assert all("curves away" in one.note for one in sizes.values())


@pytest.mark.parametrize(
    ("left", "given", "words"),
    [
        (0.7, True, "given for the baseline alone"),
        (0.028, False, "found where little stands out"),
        (0.0, False, "no border was found"),
    ],
)
def test_without_a_second_border_the_first_alone_tells_its_size(
    measures, left, given, words
):
    area = measures(left, given=given)["area_px2"]

    assert area.verdict is Verdict.NOT_MEASURABLE
    assert area.before.estimate == pytest.approx(1521, rel=0.08)
    assert not area.after.is_known
    assert not area.change.is_known
    assert words in area.note
    assert "cicatrix outline --mask" in area.note


def test_relief_is_said_to_be_beyond_a_photograph(measures):
    found = measures(1.0)

    assert found["relief_ratio"].verdict is Verdict.NOT_MEASURABLE
    assert "fine pigment alike" in found["relief_ratio"].note
    assert "fine_pattern_ratio" in found


def test_pigments_are_told_or_said_to_be_unresolved(measures):
    found = measures(0.5)

    blood = found["haemoglobin_contrast_ln"]
    assert blood.before.is_known or "does not tell this apart" in blood.note


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (4.0, 2.0, Verdict.FADED),
        (-4.0, -2.0, Verdict.FADED),
        (2.0, 4.0, Verdict.MORE_VISIBLE),
        (2.0, 2.1, Verdict.NO_DETECTABLE_CHANGE),
    ],
)
def test_a_row_calls_faded_what_came_nearer_to_the_skin(before, after, verdict):
    change = around(after - before, 0.5)

    told = row("x_de00", "x", "ΔE00", (around(before, 1), around(after, 1), change))

    assert told.verdict is verdict


def test_an_interval_holds_95_percent_of_a_normal_law():
    interval = around(1.0, 0.5)

    assert interval.low == pytest.approx(1 - 0.98, abs=1e-3)
    assert interval.high == pytest.approx(1 + 0.98, abs=1e-3)


def test_an_unknown_row_has_no_number_and_a_reason():
    told = unknown_row("area_px2", "area", "px²", "no border was found")

    assert not told.before.is_known
    assert told.verdict is Verdict.NOT_MEASURABLE
    assert told.note == "no border was found"


def test_texture_is_given_only_where_a_change_by_a_fifth_could_be_told():
    index = TextureIndex(ratio=2.0, log_sd=0.05)
    found = TextureChange(before=index, after=index, log_change=0.0, log_sd=0.09)

    told = _texture_row("fine_pattern_ratio", "pattern", found)
    unsure = _texture_row("fine_pattern_ratio", "pattern", replace(found, log_sd=0.11))
    nothing = _texture_row(
        "fine_pattern_ratio", "pattern", replace(found, log_sd=np.nan)
    )

    assert told.change.high == pytest.approx(2 * 1.96 * 0.09, abs=1e-3)
    assert unsure.verdict is nothing.verdict is Verdict.NOT_MEASURABLE
    assert "same light" in unsure.note
    assert "too small" in nothing.note


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (0.5, 0.9, Verdict.FADED),
        (0.8, 0.5, Verdict.MORE_VISIBLE),
        (2.0, 1.3, Verdict.FADED),
        (1.2, 2.0, Verdict.MORE_VISIBLE),
    ],
)
def test_a_pattern_fades_towards_that_of_the_skin(before, after, verdict):
    one, other = (TextureIndex(ratio=r, log_sd=0.03) for r in (before, after))
    change = float(np.log(after / before))
    found = TextureChange(before=one, after=other, log_change=change, log_sd=0.04)

    assert _texture_row("fine_pattern_ratio", "pattern", found).verdict is verdict


def test_a_contrast_is_doubted_by_what_the_captures_do_not_share():
    def doubt(before, after, shared):
        differences = np.array([[before] * 3, [after] * 3])
        each = np.full((3, 3), 0.03**2)
        covariance = np.block([[each, shared * each], [shared * each, each]])
        return _contrast_sd_ln(
            SimpleNamespace(
                skin_linear_rgb=np.array([0.4, 0.3, 0.2]),
                differences=differences,
                covariance=covariance,
            )
        )

    assert doubt(-0.3, -0.3, 1.0) == pytest.approx(0, abs=1e-6)
    assert doubt(-0.3, -0.3, 0.0) == pytest.approx(2**0.5 * 0.1)
    assert doubt(-0.3, 0.0, 0.0) == doubt(-0.3, -0.3, 0.0)
    assert doubt(-0.001, 0.0, 0.0) == 1.0


def test_a_texture_is_as_doubtful_as_the_contrast_that_it_follows():
    index = TextureIndex(ratio=2.0, log_sd=0.02)
    found = TextureChange(before=index, after=index, log_change=0.0, log_sd=0.02)

    def verdict(contrast_sd):
        told = SimpleNamespace(
            skin_linear_rgb=np.ones(3),
            differences=-np.ones((2, 3)),
            covariance=0.5 * contrast_sd**2 * np.kron(np.eye(2), np.ones((3, 3))),
        )
        return _textures(found, told)[0].verdict

    assert verdict(0.0) is Verdict.NO_DETECTABLE_CHANGE
    assert verdict(0.8) is Verdict.NOT_MEASURABLE


@pytest.mark.parametrize(
    ("after", "sd", "verdict"),
    [
        (0.28, 0.10, Verdict.NO_DETECTABLE_CHANGE),  # stayed, and a change would show
        (0.28, 0.25, Verdict.NOT_MEASURABLE),  # seems to have stayed: who knows
        (0.55, 0.25, Verdict.NOT_MEASURABLE),  # large, but as likely an accident
        (0.70, 0.25, Verdict.FADED),  # more even beyond doubt, if not by how much
        (0.12, 0.25, Verdict.MORE_VISIBLE),
        (0.90, 0.35, Verdict.NOT_MEASURABLE),  # such a doubt no change excuses
    ],
)
def test_evenness_is_given_where_it_changed_or_a_change_would_show(after, sd, verdict):
    ends = [TextureIndex(ratio=ratio, log_sd=0.1) for ratio in (0.3, after)]
    change = np.log(after / 0.3)
    found = TextureChange(before=ends[0], after=ends[1], log_change=change, log_sd=sd)

    assert _evenness_row(found).verdict is verdict


def test_evenness_needs_a_pattern_that_both_photographs_share():
    told = _evenness_row(None)

    assert told.verdict is Verdict.NOT_MEASURABLE
    assert "share" in told.note

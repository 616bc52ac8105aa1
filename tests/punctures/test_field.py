"""What a simulated treatment promises, whatever the device."""

from dataclasses import replace
from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cicatrix.errors import InputInvalid
from cicatrix.punctures.device import Handling, Pen, Roller, Stamp
from cicatrix.punctures.estimate import estimate
from cicatrix.punctures.expected import random_coverage
from cicatrix.punctures.field import (
    Sampling,
    expected_density_per_cm2,
    puncture_field,
    puncture_map,
)
from cicatrix.punctures.throwing import throw, tracks_of

PEN = Pen(needles=12, rate_hz=100, field_mm=4)
SPARSE = Pen(needles=6, rate_hz=20, field_mm=4)
ROLLER = Roller(needles=192, rows=8, drum_diameter_mm=20, field_mm=20)
STAMP = Stamp(needles=36, field_mm=10)
DEVICES = [pytest.param(device, id=device.kind) for device in (SPARSE, ROLLER, STAMP)]
SMALL = Sampling(patches=20, seed=3)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("directions", [(0.0,), (0.0, 90.0), (30.0, 75.0, 120.0)])
def test_the_counted_density_is_the_one_of_the_geometry(device, directions):
    handling = Handling(passes=3, directions_deg=directions)

    found = puncture_field(device, handling=handling, sampling=SMALL)

    error = found.per_cm2.patch_sd / 20**0.5
    assert abs(found.per_cm2.mean - found.expected_per_cm2) < 4.5 * error
    assert found.expected_per_cm2 == expected_density_per_cm2(device, handling)


def test_a_pen_leaves_needles_times_rate_times_time_over_area():
    handling = Handling(speed_cm_s=3, passes=2, overlap_fraction=0.25)
    seconds_per_cm2 = 2 / (3 * 0.4 * 0.75)

    assert expected_density_per_cm2(PEN, handling) == pytest.approx(
        12 * 100 * seconds_per_cm2
    )


def test_a_roller_leaves_its_needles_each_turn():
    area_of_a_turn_cm2 = 2 * pi * 1.0 * 2.0

    assert expected_density_per_cm2(ROLLER, Handling()) == pytest.approx(
        192 / area_of_a_turn_cm2
    )


def test_a_needle_that_does_not_go_in_whole_lifts_the_drum():
    shallow = replace(ROLLER, penetrated_mm=0.3)

    assert expected_density_per_cm2(shallow, Handling()) == pytest.approx(
        192 / (2 * pi * 1.12 * 2.0)
    )


@pytest.mark.parametrize("device", DEVICES)
def test_more_passes_leave_more_in_proportion_and_cover_more(device):
    once, twice, often = (
        puncture_field(
            device,
            handling=Handling(passes=passes, directions_deg=(0.0,)),
            sampling=Sampling(patches=40, seed=1),
        )
        for passes in (1, 2, 8)
    )

    for more, times in ((twice, 2), (often, 8)):
        error = times * once.per_cm2.patch_sd + more.per_cm2.patch_sd
        assert abs(more.per_cm2.mean - times * once.per_cm2.mean) < error
    for few, more in ((once, twice), (twice, often)):
        assert more.wounded.mean > few.wounded.mean
        assert all(
            after.mean >= before.mean
            for before, after in zip(few.within, more.within, strict=True)
        )


@given(
    needles=st.integers(3, 36),
    passes=st.integers(1, 4),
    rate_hz=st.sampled_from([10.0, 40.0, 100.0]),
    overlap=st.sampled_from([0.0, 0.5]),
)
@settings(max_examples=12)
def test_shares_are_shares_and_farther_covers_more(needles, passes, rate_hz, overlap):
    found = puncture_field(
        Pen(needles=needles, rate_hz=rate_hz),
        handling=Handling(passes=passes, overlap_fraction=overlap, speed_cm_s=4),
        sampling=Sampling(patch_cm2=0.25, patches=16),
    )

    shares = [found.wounded, *found.within, found.distances.overlapping]
    assert all(0 <= share.low <= share.mean <= share.high <= 1 for share in shares)
    covered = [found.wounded.mean, *(share.mean for share in found.within)]
    assert covered == sorted(covered)
    assert found.wounded.mean <= found.expected_per_cm2 / 100 * pi * 0.0707**2 / 4 * 1.2


def test_a_treatment_twice_the_size_leaves_a_quarter_of_the_density_and_the_same_shape():
    small = puncture_field(
        Pen(needles=9, rate_hz=20, field_mm=3),
        handling=Handling(
            speed_cm_s=2, passes=2, jitter_mm=0.1, placing_mm=0.4, rotation_deg=5
        ),
        sampling=Sampling(patch_cm2=1, within_mm=(0.3,), channel_um=70, seed=4),
    )
    large = puncture_field(
        Pen(needles=9, rate_hz=20, field_mm=6),
        handling=Handling(
            speed_cm_s=4, passes=2, jitter_mm=0.2, placing_mm=0.8, rotation_deg=5
        ),
        sampling=Sampling(patch_cm2=4, within_mm=(0.6,), channel_um=140, seed=4),
    )

    assert large.expected_per_cm2 == pytest.approx(small.expected_per_cm2 / 4)
    assert large.evenness.mean == pytest.approx(small.evenness.mean, rel=1e-3)
    assert large.distances.nearest_mm.mean == pytest.approx(
        2 * small.distances.nearest_mm.mean, rel=1e-3
    )
    assert large.wounded.mean == pytest.approx(small.wounded.mean, rel=0.03)
    assert large.within[0].mean == pytest.approx(small.within[0].mean, rel=0.03)


@pytest.mark.parametrize("device", DEVICES)
def test_the_same_seed_gives_the_same_answer_and_another_seed_another(device):
    handling = Handling(passes=2)

    first, again, other = (
        puncture_field(device, handling=handling, sampling=replace(SMALL, seed=seed))
        for seed in (5, 5, 6)
    )

    assert first == again
    assert first.distances.nearest_mm != other.distances.nearest_mm


def test_ninety_five_of_a_hundred_intervals_hold_the_density():
    tracks = tracks_of(ROLLER, Handling(passes=2))
    held = 0
    for seed in range(400):
        found = np.zeros(10)
        rng = np.random.default_rng(seed)
        for block in throw(tracks, patches=10, half_mm=4, rng=rng):
            found += np.bincount(block.patch, minlength=10)
        said = estimate(found, np.full(10, 64.0))
        held += said.low <= tracks.density_per_mm2() <= said.high

    assert 366 <= held <= 394


def test_the_map_shows_the_patch_that_was_asked_for():
    drawn = puncture_map(
        PEN, handling=Handling(passes=2), sampling=Sampling(patch_cm2=0.5, seed=2)
    )

    inside = (
        (drawn.x_mm >= 0)
        & (drawn.x_mm < drawn.side_mm)
        & (drawn.y_mm >= 0)
        & (drawn.y_mm < drawn.side_mm)
    )
    assert drawn.side_mm == pytest.approx(50**0.5)
    assert inside.sum() == pytest.approx(0.5 * 3000, rel=0.2)
    assert np.abs(drawn.x_mm - drawn.side_mm / 2).max() < drawn.side_mm / 2 + 0.51
    assert set(drawn.direction_deg.tolist()) == {0.0, 90.0}


def test_strokes_scattered_far_are_random_in_every_number():
    """One needle whose strokes land ten steps off: closed formulas say all of it."""
    radii = (0.1, 0.25, 0.5)
    found = puncture_field(
        Pen(needles=1, rate_hz=40, field_mm=0.5),
        handling=Handling(speed_cm_s=2, jitter_mm=5, placing_mm=0, rotation_deg=0),
        sampling=Sampling(patches=400, patch_cm2=0.25, within_mm=radii, seed=7),
    )

    density = 1 / (0.5 * 0.5)
    for radius, share in zip(
        (0.0707 / 2, *radii), (found.wounded, *found.within), strict=True
    ):
        wanted = random_coverage(density, radius)
        assert share.mean == pytest.approx(wanted, abs=(share.high - share.low))
        assert share.high - share.low < 0.02
    assert found.evenness.mean == pytest.approx(1, abs=0.04)
    assert found.variance_to_mean == pytest.approx(1, abs=0.06)


def test_too_few_punctures_for_an_interval_are_refused():
    lone = Roller(needles=1, rows=1, drum_diameter_mm=80, field_mm=60)

    with pytest.raises(InputInvalid, match="too few for numbers"):
        puncture_field(lone, sampling=Sampling(patches=10))


def test_order_and_clumps_move_evenness_and_variance_the_right_way():
    still = {"jitter_mm": 0.0, "placing_mm": 0.0, "rotation_deg": 0.0}
    orderly = puncture_field(
        Pen(needles=1, rate_hz=20, field_mm=1),
        handling=Handling(speed_cm_s=2, **still),
        sampling=SMALL,
    )
    clumped = puncture_field(
        Pen(needles=12, rate_hz=5, field_mm=0.5),
        handling=Handling(speed_cm_s=2, **still),
        sampling=SMALL,
    )

    assert orderly.evenness.mean > 1.5
    assert orderly.variance_to_mean < 0.3
    assert clumped.evenness.mean < 0.7
    assert clumped.variance_to_mean > 1.5


def test_the_widest_wound_counts_every_channel_with_its_slit():
    found = puncture_field(ROLLER, sampling=replace(SMALL, channel_um=100))

    one_mm2 = pi * 0.1**2 / 4 + 0.1 * found.entry.slit_mm
    assert found.wounded_at_most == pytest.approx(found.per_cm2.mean / 100 * one_mm2)


def test_more_than_a_machine_can_bear_is_refused():
    slow = Handling(speed_cm_s=0.05, passes=200)

    with pytest.raises(InputInvalid, match="more than the"):
        puncture_field(Pen(needles=36, rate_hz=500), handling=slow)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Pen(needles=0, rate_hz=100), "number of needles"),
        (lambda: Pen(needles=12, rate_hz=6000), "strokes a minute"),
        (lambda: Pen(needles=12, rate_hz=100, field_mm=4000), "looks like µm"),
        (lambda: Pen(needles=2, rate_hz=100, rings=3), "cannot stand"),
        (lambda: Pen(needles=2.5, rate_hz=100), "whole number"),
        (lambda: Roller(needles=190, rows=8), "equal rows"),
        (lambda: Roller(needles=192, rows=8, drum_diameter_mm=2), "looks like cm"),
        (lambda: Roller(needles=8, rows=8, needle_mm=1, penetrated_mm=2), "more than"),
        (lambda: Stamp(needles=9, field_mm=float("nan")), "no possible"),
        (lambda: Handling(passes=0), "number of passes"),
        (lambda: Handling(overlap_fraction=50), "looks like percent"),
        (lambda: Handling(directions_deg=()), "none is given"),
        (lambda: Handling(speed_cm_s=0), "speed of the hand"),
        (lambda: Sampling(channel_um=0.07), "looks like mm"),
        (lambda: Sampling(patches=3), "number of simulated patches"),
        (lambda: Sampling(within_mm=(250,)), "looks like µm"),
        (lambda: Sampling(within_mm=(3,), patch_cm2=0.3), "0.36 cm² or more"),
        (lambda: Sampling(seed=-1), "0 or more"),
    ],
)
def test_impossible_numbers_are_refused_with_the_likely_unit(make, words):
    with pytest.raises(InputInvalid, match=words):
        make()

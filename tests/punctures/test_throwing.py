"""How strokes and tracks lie: directions, turning, placing, steps."""

from dataclasses import replace

import numpy as np
import pytest

from cicatrix.punctures.device import Handling, Pen, Roller, Stamp
from cicatrix.punctures.throwing import Tracks, throw, tracks_of

PAIR = np.array([[0.0, 0.0], [1.0, 0.5]])
FAR_APART = Tracks(
    needles_mm=PAIR,
    step_mm=10.0,
    spacing_mm=10.0,
    jitter_mm=0.0,
    placing_mm=0.0,
    rotation_deg=0.0,
    turns_each_press=False,
    directions_deg=(0.0,),
)


def places(tracks, *, half_mm=60.0, seed=0):
    rng = np.random.default_rng(seed)
    blocks = list(throw(tracks, patches=1, half_mm=half_mm, rng=rng))
    return np.concatenate([np.stack([b.x_mm, b.y_mm], axis=1) for b in blocks])


def pair_steps(found):
    """From the first to the second needle of every stroke that is not cut by the edge."""
    own = np.abs(found).max(axis=1) < 50
    between = found[None] - found[own][:, None]
    near = (np.hypot(*between.transpose(2, 0, 1)) < 2) & (between != 0).any(axis=2)
    return between[near]


@pytest.mark.parametrize("direction", [0.0, 30.0, 90.0, 200.0])
def test_the_needles_turn_with_the_track_and_are_not_mirrored(direction):
    steps = pair_steps(places(replace(FAR_APART, directions_deg=(direction,))))

    turn = np.radians(direction)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    wanted = rotation @ PAIR[1]
    forward = steps[steps @ wanted > 0]
    assert len(forward) > 50
    assert np.abs(forward - wanted).max() < 1e-4


def angles_by_track(tracks):
    """Spread of the turning within a track, and over all tracks."""
    found = places(tracks)
    own = found[np.abs(found).max(axis=1) < 50]
    steps, rows = [], []
    for place in own:
        between = found - place
        distance = np.hypot(*between.T)
        (mate,) = np.flatnonzero((distance > 0) & (distance < 2))
        steps.append(between[mate] * np.sign(between[mate, 0]))
        rows.append(round(min(place[1], found[mate, 1])))
    angle = np.degrees(np.arctan2(*np.array(steps).T[::-1]))
    rows = np.array(rows)
    within = [angle[rows == row].std() for row in set(rows.tolist())]
    return max(within), angle.std()


def test_a_pen_keeps_its_turning_for_a_track_and_a_stamp_turns_each_press():
    turning = replace(
        FAR_APART, needles_mm=np.array([[-0.5, 0.0], [0.5, 0.0]]), rotation_deg=5.0
    )
    lying = [
        angles_by_track(replace(turning, turns_each_press=k)) for k in (False, True)
    ]

    (pen_within, pen_over), (stamp_within, stamp_over) = lying
    assert pen_within < 1.0
    assert stamp_within > 3.0
    assert pen_over == pytest.approx(5.0, rel=0.5)
    assert stamp_over == pytest.approx(5.0, rel=0.25)


def test_a_roller_keeps_its_direction_and_only_a_stamp_is_lifted():
    handling = Handling(rotation_deg=30)
    pen = tracks_of(Pen(needles=2, rate_hz=100), handling)
    roller = tracks_of(Roller(needles=192, rows=8), handling)
    stamp = tracks_of(Stamp(needles=9), handling)

    assert [each.rotation_deg for each in (pen, roller, stamp)] == [30, 0, 30]
    assert [each.turns_each_press for each in (pen, roller, stamp)] == [
        False,
        False,
        True,
    ]


def test_tracks_are_placed_with_the_error_that_was_asked():
    one = replace(FAR_APART, needles_mm=np.zeros((1, 2)), step_mm=50.0, placing_mm=0.8)

    found = places(one, half_mm=1500.0)

    rows = np.sort(found[np.abs(found[:, 0]) < 25][:, 1])
    off = rows - 10 * np.round(rows / 10 - np.median(rows / 10 % 1))
    assert len(rows) > 250
    assert np.std(off) == pytest.approx(0.8, rel=0.15)


def test_every_stroke_is_off_by_as_much_as_was_asked_along_and_across():
    one = replace(FAR_APART, needles_mm=np.zeros((1, 2)), jitter_mm=0.3)

    found = places(one, half_mm=500.0)

    row = np.round((found[:, 1] - np.median(found[:, 1] % 10)) / 10)
    across = np.concatenate(
        [found[row == k, 1] - found[row == k, 1].mean() for k in np.unique(row)]
    )
    assert across.std() == pytest.approx(0.3, rel=0.05)


def test_overlap_brings_tracks_nearer():
    pen = Pen(needles=2, rate_hz=100, field_mm=4)

    half = tracks_of(pen, Handling(overlap_fraction=0.5))

    assert half.spacing_mm == pytest.approx(2.0)
    assert half.step_mm == tracks_of(pen, Handling()).step_mm

"""Pixels and skin are carried into each other exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cicatrix.phantom import Capture, Pose, Scene, pose_preset
from cicatrix.phantom.geometry import view_of

CURVATURES = st.sampled_from([0.0, 1e-8, 1e-6, 0.002, 0.01, -0.005])


def some_pixels(count=200):
    return np.random.default_rng(1).uniform([0, 0], [1599, 1199], (count, 2))


@settings(max_examples=40)
@given(st.integers(0, 10**6), CURVATURES)
def test_there_and_back_is_the_same_pixel(seed, curvature):
    pose = pose_preset("wild", np.random.default_rng(seed))
    scene = Scene(seed=1, curvature_per_mm=curvature, curvature_axis_deg=seed % 180)
    view = view_of(scene, Capture(), pose)
    skin = view.to_skin_mm(some_pixels())
    seen = np.isfinite(skin[:, 0])

    back = view.to_pixels(skin[seen])

    np.testing.assert_allclose(back, some_pixels()[seen], atol=1e-6)
    assert seen.mean() > 0.5


def test_a_straight_view_is_a_plain_scale():
    view = view_of(Scene(seed=1), Capture(px_per_mm=12), Pose())

    np.testing.assert_allclose(view.to_pixels([[0, 0]]), [[799.5, 599.5]])
    np.testing.assert_allclose(view.to_pixels([[10, -5]]), [[919.5, 539.5]])
    assert view.px_per_mm_at((0, 0)) == pytest.approx(12)


def test_twice_the_distance_is_half_the_scale():
    view = view_of(Scene(seed=1), Capture(px_per_mm=12), Pose(distance_factor=2))

    assert view.px_per_mm_at((0, 0)) == pytest.approx(6)


def test_tilt_foreshortens_by_its_cosine():
    capture = Capture(focal_factor=50)  # far away: no perspective
    view = view_of(Scene(seed=1), capture, Pose(tilt_y_deg=60))

    across = view.to_pixels([[1, 0]])[0, 0] - view.to_pixels([[-1, 0]])[0, 0]
    down = view.to_pixels([[0, 1]])[0, 1] - view.to_pixels([[0, -1]])[0, 1]

    assert across / down == pytest.approx(0.5, rel=1e-2)


def test_a_limb_narrows_towards_its_outline():
    scene = Scene(seed=1, curvature_per_mm=0.02)  # axis along x: it curves along y
    view = view_of(scene, Capture(), Pose())

    middle = view.px_per_mm_at((0, 0))

    assert view.px_per_mm_at((0, 40)) < 0.8 * middle
    assert view.px_per_mm_at((40, 0)) == pytest.approx(middle)


def test_past_the_outline_of_a_limb_there_is_no_skin():
    scene = Scene(seed=1, curvature_per_mm=0.04)
    view = view_of(scene, Capture(), Pose())

    skin = view.to_skin_mm([[800, 600], [800, 2]])

    assert np.isfinite(skin[0]).all()
    assert np.isnan(skin[1]).all()
    assert view.facing([[800, 600], [800, 2]])[1] < 0


def test_stretch_keeps_the_lesion_where_it_is_and_never_folds():
    pose = Pose(deformation_mm=2.0, deformation_seed=3)
    view = view_of(Scene(seed=1), Capture(), pose)
    x, y = np.meshgrid(np.arange(0, 1600, 20.0), np.arange(0, 1200, 20.0))

    skin = view.to_skin_mm(np.stack([x, y], axis=-1).reshape(-1, 2)).reshape(60, 80, 2)

    right, down = np.diff(skin, axis=1)[:-1], np.diff(skin, axis=0)[:, :-1]
    area = right[..., 0] * down[..., 1] - right[..., 1] * down[..., 0]
    assert (area > 0).all()
    np.testing.assert_allclose(view.to_pixels([[0, 0]]), [[799.5, 599.5]])
    flat = view_of(Scene(seed=1), Capture(), Pose())
    moved = np.abs(view.to_pixels([[40, 30]]) - flat.to_pixels([[40, 30]]))
    assert moved.max() > 1

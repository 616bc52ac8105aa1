"""A window of skin is sampled where it says, at every size, straight or mapped."""

import numpy as np
import pytest

from cicatrix.photo.transfer import linear_decoding
from cicatrix.photo.view import Window, linear_view, window_around


@pytest.fixture
def ramp(made):
    """Linear light x/1000 in red, y/1000 in green: a sample tells where it is from."""
    y, x = np.mgrid[0:240, 0:320]
    light = np.stack([x / 1000, y / 1000, 0 * x], axis=-1)
    codes = np.rint(light * 65535).astype(np.uint16)
    return made.photo(codes, linear_decoding(65536, "linear"))


WINDOWS = [
    Window(left_px=10, top_px=20, cols=50, rows=40, step_px=1.0),
    Window(left_px=10.3, top_px=20.7, cols=50, rows=40, step_px=1.0),
    Window(left_px=30.0, top_px=30.0, cols=60, rows=50, step_px=1.9),
    Window(left_px=20.5, top_px=15.0, cols=40, rows=30, step_px=4.6),
    Window(left_px=40.0, top_px=40.0, cols=12, rows=9, step_px=16.0),
]


@pytest.mark.parametrize("window", WINDOWS, ids=lambda w: f"step {w.step_px}")
def test_each_sample_shows_the_light_at_its_own_pixel(ramp, window):
    light, inside = linear_view(ramp, window)

    assert inside.all()
    assert light.shape == (*window.shape, 3)
    assert np.abs(light[..., :2] * 1000 - window.samples_xy()).max() < 0.08


@pytest.mark.parametrize("window", WINDOWS, ids=lambda w: f"step {w.step_px}")
def test_a_mapping_that_moves_nothing_answers_the_same_light(ramp, window):
    straight, _ = linear_view(ramp, window)

    mapped, inside = linear_view(ramp, window, lambda points: points)

    assert inside.all()
    assert np.abs(mapped - straight).max() < 2e-4


def test_a_mapping_is_followed(ramp):
    window = Window(left_px=50, top_px=60, cols=40, rows=30, step_px=1.5)

    light, inside = linear_view(ramp, window, lambda points: points * 1.2 + [7.5, -11])

    assert inside.all()
    expected = window.samples_xy() * 1.2 + [7.5, -11]
    assert np.abs(light[..., :2] * 1000 - expected).max() < 0.06


@pytest.mark.parametrize("mapping", [None, lambda points: points])
def test_samples_outside_the_photograph_are_dark_and_named(ramp, mapping):
    window = Window(left_px=300, top_px=-10, cols=40, rows=30, step_px=1.0)

    light, inside = linear_view(ramp, window, mapping)

    assert np.array_equal(
        inside, (np.arange(30) >= 10)[:, None] & (np.arange(40) < 20)[None]
    )
    assert not light[~inside].any()
    assert light[inside][:, 0].min() * 1000 == pytest.approx(300, abs=0.05)


@pytest.mark.parametrize("mapping", [None, lambda points: points])
def test_a_window_beside_the_photograph_is_all_outside(ramp, mapping):
    window = Window(left_px=900, top_px=0, cols=8, rows=8, step_px=1.0)

    light, inside = linear_view(ramp, window, mapping)

    assert not inside.any()
    assert not light.any()


def test_coarse_samples_average_the_light_not_the_code(made):
    stripes = np.zeros((200, 200, 3), np.uint8)
    stripes[:, ::2] = 255
    window = Window(left_px=20, top_px=20, cols=20, rows=20, step_px=8.0)

    light, _ = linear_view(made.photo(stripes), window)

    assert light == pytest.approx(0.5, abs=0.01)


def test_a_window_is_clipped_and_no_finer_than_the_photograph(ramp):
    window = window_around(ramp, (-50, -50, 100, 60), 1_000_000)

    assert (window.left_px, window.top_px, window.step_px) == (0, 0, 1)
    assert window.shape == (61, 101)


def test_a_window_keeps_to_its_number_of_samples(ramp):
    window = window_around(ramp, (0, 0, 320, 240), 1000)

    assert 800 < window.cols * window.rows < 1150
    assert window.left_px + (window.cols - 1) * window.step_px <= 319


def test_a_box_beside_the_photograph_is_the_callers_bug(ramp):
    with pytest.raises(ValueError, match="does not meet"):
        window_around(ramp, (400, 0, 500, 50), 1000)


def test_pixels_and_samples_are_converted_both_ways():
    window = Window(left_px=7, top_px=9, cols=20, rows=20, step_px=2.5)
    points = np.array([[12.0, 14.0], [7.0, 9.0]])

    assert window.to_samples(points).tolist() == [[2, 2], [0, 0]]
    assert np.allclose(window.to_pixels(window.to_samples(points)), points)

"""Windows of a search that are taken from the overview."""

from types import SimpleNamespace

import cv2
import numpy as np

from cicatrix.outline.search import _from_overview
from cicatrix.photo.view import Window


def test_a_window_taken_from_a_part_of_the_overview_is_that_of_the_whole():
    rng = np.random.default_rng(3)
    light = cv2.GaussianBlur(rng.random((300, 400, 3), np.float32), (0, 0), 3)
    whole = Window(left_px=0.0, top_px=0.0, cols=400, rows=300, step_px=4.0)
    window = Window(left_px=410.0, top_px=330.0, cols=60, rows=50, step_px=8.0)

    told = _from_overview(SimpleNamespace(light=light, window=whole), window)

    soft = cv2.GaussianBlur(light, (0, 0), 0.8)
    x, y = np.moveaxis(whole.to_samples(window.samples_xy()), -1, 0)
    expected = cv2.remap(
        soft, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR
    )
    np.testing.assert_allclose(told, expected, atol=2e-3)
    assert np.ptp(told) > 0.05

"""Pictures of the page: what is drawn is what was measured."""

import base64
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from cicatrix.report.images import colour_stops, difference_ceiling, picture_view


def decoded(address):
    kind, data = address.split(",", 1)
    assert kind == "data:image/jpeg;base64"
    bgr = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), 1)
    return bgr[..., ::-1].astype(int)


def test_pictures_are_shown_in_their_own_colours(pictures):
    view = picture_view(pictures)

    assert np.abs(decoded(view.before) - pictures.before).mean() < 4
    assert np.abs(decoded(view.after) - pictures.after).mean() < 4
    assert (view.width_px, view.height_px) == (640, 420)


def test_the_outline_runs_round_the_lesion(pictures):
    square = np.zeros((420, 640), bool)
    square[100:200, 300:400] = True

    path = picture_view(replace(pictures, lesion=square)).outline_path

    numbers = [float(n) for n in re.findall(r"[\d.]+", path)]
    xs, ys = numbers[0::2], numbers[1::2]
    assert (min(xs), max(xs)) == pytest.approx((300, 399.5), abs=1)
    assert (min(ys), max(ys)) == pytest.approx((100, 199.5), abs=1)
    assert path.count("M") == path.count("Z") == 1


def test_an_empty_mask_draws_nothing(pictures):
    nothing = np.zeros((420, 640), bool)

    assert picture_view(replace(pictures, lesion=nothing)).outline_path == ""


def test_the_map_is_grey_where_nothing_was_measured_and_bright_where_it_changed(
    pictures,
):
    difference = np.zeros((420, 640), np.float32)
    difference[:, :200] = np.nan
    difference[:, 440:] = 10
    view = picture_view(replace(pictures, difference_de00=difference), ceiling_de00=10)

    shown = decoded(view.difference)

    lightness = shown.mean(axis=-1)
    assert np.ptp(shown[200, 100]) < 12
    assert lightness[200, 600] > lightness[200, 320] + 80


def test_the_scale_rises_evenly_in_lightness():
    rgb = np.array([[int(s[i : i + 2], 16) for i in (1, 3, 5)] for s in colour_stops()])
    luma = rgb @ [0.2126, 0.7152, 0.0722]

    assert len(colour_stops()) == 17
    assert (np.diff(luma) > 0).all()


def test_the_scale_ends_at_a_round_number_above_the_differences(pictures):
    high = np.full((420, 640), 12.0, np.float32)

    assert difference_ceiling(replace(pictures, difference_de00=high)) == 15
    assert difference_ceiling(replace(pictures, difference_de00=high * 0)) == 5
    assert difference_ceiling(replace(pictures, difference_de00=high * 100)) == 100
    nothing = np.full((420, 640), np.nan, np.float32)
    assert difference_ceiling(replace(pictures, difference_de00=nothing)) == 5


def test_the_bar_is_a_round_length_on_the_skin(pictures):
    bar = picture_view(pictures).bar

    assert bar.text == "5 mm"
    assert bar.length_px == pytest.approx(5 / 0.06)


def test_without_a_scale_there_is_no_bar(pictures):
    assert picture_view(replace(pictures, mm_per_px=None)).bar is None
    assert picture_view(replace(pictures, mm_per_px=1e-6)).bar is None

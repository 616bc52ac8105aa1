"""The public names, used as their page says."""

import numpy as np
import pytest
from PIL import Image

import cicatrix as cx
from cicatrix.phantom import truth_displacement


def test_an_alignment_says_where_a_point_went_and_how_surely(story):
    alignment = cx.align(story.open("before.jpg"), story.open("still.jpg"), lesion=None)
    points = np.array([[400.0, 200.0], [510.0, 234.0], [600.0, 300.0]])

    there = alignment.to_followup(points)

    truth = truth_displacement(story.before.truth, story.still.truth, points)
    off = np.linalg.norm(there - truth, axis=1)
    assert there.shape == (3, 2)
    assert np.median(off) < 3
    assert 0 < alignment.error_px < 10


def test_a_photograph_without_skin_is_refused_with_a_reason(story, tmp_path):
    Image.new("RGB", (400, 300), (0, 0, 0)).save(tmp_path / "night.png")

    with pytest.raises(cx.PhotoUnusable) as refused:
        cx.align(story.open("before.jpg"), cx.open_photo(tmp_path / "night.png"))

    assert "night.png shows too little bare skin" in refused.value.reason


def test_a_file_that_is_no_photograph_is_refused_with_a_reason(tmp_path):
    (tmp_path / "note.jpg").write_text("hello")

    with pytest.raises(cx.PhotoUnusable) as refused:
        cx.open_photo(tmp_path / "note.jpg")

    assert "not a photograph" in refused.value.reason


def test_a_photograph_knows_its_light_its_day_and_its_card(story):
    photo = story.open("before.jpg")

    assert photo.linear().dtype == np.float32
    assert photo.linear().shape == (750, 1000, 3)
    assert str(photo.capture.taken_at) == "2025-01-10 10:30:00"
    assert photo.reference.kind == "Cicatrix card"
    assert photo.scale.mm_per_px_at(500, 235) == pytest.approx(1 / 5.5, rel=0.03)
    assert len(photo.quality) == 10


def test_a_result_has_the_names_that_others_build_on(faded_result):
    fade = faded_result.fade

    assert fade.low < fade.estimate < fade.high
    assert 0 < fade.smallest_detectable_change < fade.estimate
    assert fade.verdict == "faded"
    assert faded_result.reason is None


def test_a_phantom_is_a_photograph_with_its_truth():
    scene = cx.phantom.Scene(seed=11, lesion="dark-scar", skin_ita_deg=20)
    capture = cx.phantom.Capture(width_px=320, height_px=240, px_per_mm=4)

    made = cx.phantom.render(scene, capture, fade=0.25, visit=1)

    assert cx.open_photo(made.file_bytes).width_px == 320
    assert made.truth.fade == pytest.approx(0.25, abs=1e-3)
    assert made.truth.lesion_mask.any()

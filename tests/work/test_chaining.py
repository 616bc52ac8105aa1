"""A photograph may be laid through another, at the cost of both errors."""

import numpy as np
import pytest

from cicatrix.alignment.value import Alignment
from cicatrix.errors import AlignmentRefused
from cicatrix.work import chaining as module
from cicatrix.work.chaining import chained, place_through
from cicatrix.work.comparing import find_outline
from cicatrix.work.laying import lay

DOUBLED = Alignment(
    affine=((2.0, 0.0, 5.0), (0.0, 2.0, 0.0)),
    error_px=3.0,
    rotation_deg=170.0,
    scale=2.0,
    overlap_fraction=0.8,
)
SHIFTED = Alignment(
    affine=((1.0, 0.0, 0.0), (0.0, 1.0, -7.0)),
    error_px=8.0,
    rotation_deg=20.0,
    scale=1.0,
    overlap_fraction=0.5,
)
NEAR = Alignment(error_px=0.5)
FAR = Alignment(error_px=2.0)


def test_points_go_through_both():
    both = chained(DOUBLED, SHIFTED)

    assert both.to_followup([[10.0, 10.0]]).tolist() == [[25.0, 13.0]]


def test_the_way_back_undoes_the_way_there():
    points = np.array([[10.0, 10.0], [3.0, 40.0]])
    both = chained(DOUBLED, SHIFTED)

    assert both.to_baseline(both.to_followup(points)) == pytest.approx(points)


def test_errors_add_in_quadrature_in_pixels_of_the_baseline():
    assert chained(DOUBLED, SHIFTED).error_px == pytest.approx(5.0)


def test_turns_add_round_the_circle_and_sizes_multiply():
    both = chained(DOUBLED, SHIFTED)

    assert both.rotation_deg == pytest.approx(-170)
    assert both.scale == 2.0
    assert both.overlap_fraction == pytest.approx(0.4)


@pytest.fixture
def case(photo, mask):
    """The baseline, its outline, and a photograph near it and one less near."""
    first = photo()
    outline = find_outline(first, mask)
    return {
        "outline": outline,
        "own": lay(first, outline, None),
        "near": lay(photo(seed=1), outline, NEAR),
        "far": lay(photo(seed=2), outline, FAR),
    }


def answering(monkeypatch, accepts):
    """`align` that knows some photographs; answers which were tried."""
    tried = []

    def align(baseline, followup, lesion):
        tried.append(baseline)
        if baseline not in accepts:
            raise AlignmentRefused("no")
        return SHIFTED

    monkeypatch.setattr(module, "align", align)
    return tried


def test_the_surest_step_that_knows_the_skin_is_taken(case, photo, monkeypatch):
    steps = [case["far"], case["own"], case["near"]]
    tried = answering(monkeypatch, [case["near"].photo, case["far"].photo])

    laid, step = place_through(photo(seed=3), case["outline"], steps)

    assert step is case["near"]
    assert tried == [case["near"].photo]
    assert laid.alignment.error_px == pytest.approx(np.hypot(0.5, 8.0))


def test_another_step_is_tried_where_the_surest_does_not_help(case, photo, monkeypatch):
    answering(monkeypatch, [case["far"].photo])

    _, step = place_through(photo(), case["outline"], [case["near"], case["far"]])

    assert step is case["far"]


def test_the_outlines_own_photograph_is_no_step(case, photo, monkeypatch):
    tried = answering(monkeypatch, [case["own"].photo])

    assert place_through(photo(), case["outline"], [case["own"]]) is None
    assert tried == []


def test_a_step_that_cuts_the_lesion_off_is_left_out(case, photo, monkeypatch):
    beside = Alignment(affine=((1.0, 0.0, 150.0), (0.0, 1.0, 0.0)), error_px=0.1)
    cut = lay(photo(), case["outline"], beside)
    tried = answering(monkeypatch, [cut.photo])

    assert place_through(photo(), case["outline"], [cut]) is None
    assert tried == []

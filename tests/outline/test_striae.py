"""Striae that no single sample tells from skin, and what is none."""

import numpy as np
import pytest

from cicatrix.errors import LesionNotFound
from cicatrix.outline import finding as module
from cicatrix.outline.assemble import outline_mask
from cicatrix.outline.finding import outline_lesion
from cicatrix.outline.line_filter import (
    DIRECTIONS,
    filtered,
    kernels,
    smoothed_along,
)

STEP = np.array([-0.25, -0.55, -0.45])
CLICK = (320, 250)


@pytest.fixture
def lines(monkeypatch):
    """What the search for lines told, call by call."""
    told = []
    search = module.striae_at

    def listened(*given, **more):
        told.append(search(*given, **more))
        return told[-1]

    monkeypatch.setattr(module, "striae_at", listened)
    return told


def dice(photo, truth):
    """Of the outline from a click; 0 where none was found."""
    try:
        mask = outline_mask(outline_lesion(photo, CLICK), photo)
    except LesionNotFound:
        return 0.0
    return 2 * (mask & truth).sum() / (mask.sum() + truth.sum())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_faint_striae_are_found_whole_with_their_neighbours(
    picture, bands, lines, monkeypatch, seed
):
    photo = picture(bands, step=tuple(0.12 * STEP), seed=seed)

    found = dice(photo, bands)

    assert lines[0].kind == "line"
    assert found > 0.62
    monkeypatch.setattr(module, "striae_at", lambda *given, **more: None)
    assert dice(photo, bands) < found - 0.1


def test_their_border_stays_in_doubt(picture, bands):
    photo = picture(bands, step=tuple(0.12 * STEP))

    assert outline_lesion(photo, CLICK).separation < 5.5


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_faint_scar_is_no_line(picture, disc, lines, seed):
    dice(picture(disc(), step=tuple(0.14 * STEP), seed=seed), disc())

    assert lines == [None]


def test_a_row_of_pits_and_a_short_bar_are_no_striae(picture, disc, lines):
    x, y = CLICK
    pits = np.any([disc(x + d, y, 10, 10) for d in (-70, -35, 0, 35, 70)], axis=0)

    dice(picture(pits, step=tuple(0.3 * STEP), seed=1), pits)
    dice(picture(disc(x, y, 30, 10), step=tuple(0.2 * STEP), seed=1), pits)

    assert lines == [None, None]


@pytest.mark.parametrize("seed", range(6))
def test_there_are_no_striae_on_plain_skin(picture, bands, lines, seed):
    assert dice(picture(bands, step=(0.0, 0.0, 0.0), seed=seed), bands) == 0
    assert lines == [None]


def test_what_stands_out_clearly_is_not_looked_at_again(picture, bands, lines):
    assert dice(picture(bands), bands) > 0.88
    assert lines == [None]


def test_the_filter_answers_a_line_along_it_and_even_skin_not_at_all():
    rows, cols = np.mgrid[:80, :80]
    turn = DIRECTIONS // 4
    across = ((cols - 40) - (rows - 40)) / 2**0.5
    line = (np.abs(across) < 1.5).astype(np.float32)

    answers = [filtered(line, kernel)[40, 40] for kernel in kernels()]
    even = [filtered(np.ones_like(line), kernel)[40, 40] for kernel in kernels()]

    assert int(np.argmax(answers)) == turn
    assert answers[(turn + DIRECTIONS // 2) % DIRECTIONS] < 0.2 * answers[turn]
    np.testing.assert_allclose(even, 0, atol=1e-5)


def test_a_mean_along_a_line_keeps_it_and_quietens_its_grain():
    rng = np.random.default_rng(3)
    line = np.zeros((60, 120), np.float32)
    line[27:33] = 1
    grainy = line + rng.normal(0, 0.5, line.shape).astype(np.float32)
    zone = np.zeros(line.shape, bool)
    zone[20:40, 20:100] = True

    smooth = smoothed_along(grainy, np.zeros_like(line), zone, 6.0)

    assert np.abs((smooth - line)[zone]).mean() < 0.4 * np.abs(grainy - line).mean()
    np.testing.assert_array_equal(smooth[~zone], grainy[~zone])

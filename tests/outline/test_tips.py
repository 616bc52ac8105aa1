"""Tips and waists of striae that are too narrow to show their full colour."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cicatrix.outline import finding
from cicatrix.outline.assemble import outline_mask
from cicatrix.outline.finding import outline_lesion
from cicatrix.outline.tips import with_tips

ROWS, COLS = np.mgrid[:240, :400].astype(float)
SKIN = np.ones((240, 400), bool)


def seen(across, angle=0.0, seed=0):
    """Likeness of a line whose half width is told along it, blurred on mottled skin."""
    u = (COLS - 200) * np.cos(angle) + (ROWS - 120) * np.sin(angle)
    v = (ROWS - 120) * np.cos(angle) - (COLS - 200) * np.sin(angle)
    true = abs(v) < across(u)
    noise = np.random.default_rng(seed).normal(size=true.shape)
    mottle = cv2.GaussianBlur(noise, (0, 0), 2.0)
    likeness = cv2.GaussianBlur(true.astype(float), (0, 0), 2.5)
    likeness += 0.1 * mottle / mottle.std()
    return likeness.astype(np.float32), true


def largest(mask):
    """The largest connected part."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    return labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())


def spindle(u):
    return 8 * np.clip(1 - (u / 150) ** 2, 0, 1) ** 2


def extent(mask, angle):
    return np.ptp(((COLS - 200) * np.cos(angle) + (ROWS - 120) * np.sin(angle))[mask])


def waisted(u):
    return np.where(abs(u) < 150, np.where(abs(u) < 20, 1.3, 7), 0)


@pytest.mark.parametrize("angle", [0.0, 0.4, -0.3])
def test_a_line_runs_on_where_blur_leaves_less_than_half(angle):
    likeness, true = seen(spindle, angle)
    found = largest(likeness > 0.5)

    told = with_tips(likeness, found, SKIN)

    before, after, whole = (extent(mask, angle) for mask in (found, told, true))
    assert before + 20 < after < whole
    assert np.count_nonzero(true & ~told) < 0.8 * np.count_nonzero(true & ~found)
    assert not (found & ~told).any()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_waist_joins_the_piece_beyond_it(seed):
    likeness, _ = seen(waisted, seed=seed)
    found = largest(likeness > 0.5)
    assert np.ptp(np.flatnonzero(found.any(axis=0))) < 150

    told = with_tips(likeness, found, SKIN)

    # As far as a line may run on at once, three widths.
    assert np.ptp(np.flatnonzero(told.any(axis=0))) > 165


@pytest.mark.parametrize("seed", range(4))
def test_a_line_with_blunt_ends_is_left_as_it_is(seed):
    likeness, _ = seen(lambda u: np.where(abs(u) < 120, 7, 0), seed=seed)
    found = largest(likeness > 0.5)

    told = with_tips(likeness, found, SKIN)

    assert np.count_nonzero(told ^ found) < 0.02 * np.count_nonzero(found)


def test_off_the_skin_nothing_is_added():
    likeness, _ = seen(spindle)
    skin = SKIN & (COLS < 300)
    found = largest((likeness > 0.5) & skin)

    assert not with_tips(likeness, found, skin)[:, 300:].any()


def test_a_click_finds_the_tips_of_a_stria(picture, monkeypatch):
    rows, cols = np.mgrid[:480, :640].astype(float)
    stria = abs(rows - 240) < 6 * np.clip(1 - ((cols - 320) / 130) ** 2, 0, 1) ** 2
    photo = picture(stria)

    def extent():
        return np.ptp(
            np.flatnonzero(
                outline_mask(outline_lesion(photo, (320.0, 240.0)), photo).any(0)
            )
        )

    with_them = extent()
    monkeypatch.setattr(
        "cicatrix.outline.finding.with_tips", lambda likeness, mask, skin: mask
    )
    assert extent() + 4 < with_them < 264


def test_what_came_out_as_no_line_is_not_drawn_on(picture, disc, monkeypatch):
    real = finding.gathered
    monkeypatch.setattr(
        finding, "gathered", lambda *given: replace(real(*given), kind="line")
    )
    asked = []
    monkeypatch.setattr(
        finding, "with_tips", lambda likeness, mask, skin: asked.append(1) or mask
    )

    outline_lesion(picture(disc()), (320.0, 240.0))

    assert not asked

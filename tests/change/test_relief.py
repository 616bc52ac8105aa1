"""What pits under a light from another side cost."""

import numpy as np
import pytest

from cicatrix.change.reading import read_together
from cicatrix.change.relief import DRAWN_SHARE, faintness, relief_source
from cicatrix.change.sources import Visits

SIDE = 160
Y, X = np.mgrid[0:SIDE, 0:SIDE]
CENTRES = [(40, 50), (60, 110), (105, 45), (110, 115), (80, 80)]
NEAR = np.min([np.hypot(X - x, Y - y) for y, x in CENTRES], axis=0)
EAST = sum((X - x) * np.exp(-(np.hypot(X - x, Y - y) ** 2) / 50) for y, x in CENTRES)
CORE = (NEAR < 6) & (EAST > 0)
RING = NEAR > 18
STEP = np.array([-0.05, -0.12, -0.12])


def pits(*, lit_from_east, contrast=1.0, fade=0.0):
    image = np.tile(np.array([-0.8, -1.4, -1.8]), (SIDE, SIDE, 1))
    image[NEAR < 8] += (1 - fade) * contrast * STEP
    image += lit_from_east * 0.02 * EAST[..., None]
    image += np.random.default_rng(3).normal(0, 0.002, image.shape)
    return image.astype(np.float32)


def cost(before, after, *, drawn=False):
    reading = read_together([before, after], core=CORE, ring=RING)
    visits = Visits(before=(0,), after=(1,))
    moves = relief_source(
        reading,
        visits,
        CORE,
        np.random.default_rng(0),
        led=faintness(reading, visits, narrow=0.0, drawn=drawn),
    ).moves
    return float((moves[:, 1] - moves[:, 0]).std(axis=0).max())


def test_a_light_from_the_other_side_is_charged_to_faint_pits():
    told = read_together(
        [pits(lit_from_east=-1), pits(lit_from_east=1)], core=CORE, ring=RING
    ).difference
    moved = np.abs(told[1] - told[0]).max()

    charged = cost(pits(lit_from_east=-1), pits(lit_from_east=1))

    assert moved > 0.05  # what the turned light feigns
    assert charged > 0.4 * moved


def test_the_same_light_costs_nothing_whether_the_pits_fade_or_not():
    still = pits(lit_from_east=1)

    assert cost(still, still) == pytest.approx(0, abs=1e-3)
    faded = pits(lit_from_east=1, fade=0.5)
    turned = pits(lit_from_east=-1, fade=0.5)
    assert cost(still, faded) < 0.5 * cost(still, turned)


def test_pits_of_strong_colour_are_outlined_whole_and_charged_little():
    def strong(way):
        return pits(lit_from_east=way, contrast=5)

    faint = cost(pits(lit_from_east=-1), pits(lit_from_east=1))
    assert cost(strong(-1), strong(1)) < 0.2 * faint


def test_an_outline_that_a_person_drew_is_led_less():
    turned = pits(lit_from_east=-1), pits(lit_from_east=1)

    assert cost(*turned, drawn=True) == pytest.approx(
        DRAWN_SHARE * cost(*turned), rel=1e-6
    )


def test_shade_reads_as_contrast_in_pits_that_are_hardly_more_than_walls():
    strong = pits(lit_from_east=1, contrast=4.5)  # 10 ΔE00
    reading = read_together([strong, strong], core=CORE, ring=RING)
    visits = Visits(before=(0,), after=(1,))

    wide = faintness(reading, visits, narrow=0.0, drawn=False)
    narrow = faintness(reading, visits, narrow=1.0, drawn=False)

    assert narrow > 0.5 > wide

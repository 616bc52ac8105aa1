"""Where colours at full and at half the size place the skin."""

import numpy as np
import pytest

from cicatrix.alignment.evidence import GridPair
from cicatrix.alignment.fine import _below_relief, _placed
from cicatrix.alignment.refine import Warp
from cicatrix.alignment.relief import Lit
from cicatrix.alignment.shading import Compared
from cicatrix.alignment.spline import flat_sheet

AT = np.array([[40.0, 30.0], [90.0, 80.0]])
BEFORE = Warp(sheet=flat_sheet((0, 0, 128, 128), 32.0), grey_offset=(1.0, -0.5))
FINE = Warp(sheet=flat_sheet((0, 0, 128, 128), 32.0), grey_offset=(0.2, 0.3))


@pytest.mark.parametrize(
    ("shared", "expected"),
    [(0.05, (-0.8, 0.8)), (0.35, (-0.4, 0.4)), (0.9, (0.0, 0.0))],
)
def test_noisy_colours_place_the_skin_at_half_the_size(shared, expected):
    placed = _placed(FINE, BEFORE, shared)

    assert placed.sheet.at(AT) == pytest.approx(np.tile(expected, (2, 1)))


def test_grey_stays_where_it_is_when_colours_move_the_skin():
    placed = _placed(FINE, BEFORE, 0.1)

    assert placed.offset != FINE.offset
    grey = placed.sheet.at(AT) + placed.offset
    assert grey == pytest.approx(FINE.sheet.at(AT) + FINE.offset)


def relief(light_x, beyond_x):
    """Log channels (160, 160) of furrows lit along x, that far beyond the skin."""
    waves = 2 * np.pi * np.fft.fftfreq(160)
    y, x = np.meshgrid(waves, waves, indexing="ij")
    height = np.fft.fft2(np.random.default_rng(0).standard_normal((160, 160)))
    height *= (1 + 1j * light_x * x) * np.exp(
        -0.5 * (x * x + y * y) + 1j * beyond_x * x
    )
    grey = np.fft.ifft2(height).real.astype(np.float32)
    return grey, 0.4 * grey


def test_skin_is_moved_to_where_phases_place_it_and_grey_stays():
    whole = np.ones((160, 160), dtype=np.float32)
    pair = GridPair.of(relief(2.0, 0.0), whole, relief(-2.0, 1.0), whole)
    lit = Lit(shared_grey=0.5, shared_colour=0.02, grey_offset=FINE.offset)
    still = Warp(sheet=flat_sheet((0, 0, 160, 160), 32.0), grey_offset=FINE.offset)

    warp, variance = _below_relief(still, Compared.of(pair), lit)

    assert warp.sheet.at(AT) == pytest.approx(np.tile((-1.0, 0.0), (2, 1)), abs=0.15)
    grey = warp.sheet.at(AT) + warp.offset
    assert grey == pytest.approx(still.sheet.at(AT) + still.offset)
    assert 0 < variance < lit.spread**2

"""A contrast that turned towards another colour is doubted in its length."""

import numpy as np
import pytest

from cicatrix.change.likeness import FlashUse, Likeness
from cicatrix.change.pits import narrowness
from cicatrix.change.turned import (
    ALONG_PER_TURN_OF_PITS,
    ALONG_PER_TURN_WITH_FLASH,
    turned_source,
)

RED = np.array([-0.1, -0.5, -0.4])
NEVER = FlashUse(differs=False, always=False)
ALWAYS = FlashUse(differs=False, always=True)
UNTOLD = FlashUse(differs=False, always=False, unknown=True)
Y, X = np.mgrid[0:160, 0:160]
PITS = (np.hypot(Y % 40 - 20, X % 40 - 20) < 4).astype(bool)
BLOB = np.hypot(Y - 80, X - 80) < 40


def spread(differences, core, flash=NEVER, *, hue=1.0):
    captures = Likeness(
        hue_step_ln=hue,
        exposure_step_ln=0.0,
        balance_ln=None,
        balanced_step_ln=None,
        same_camera=True,
        flash=flash,
    )
    moves = turned_source(
        np.asarray(differences),
        captures,
        np.random.default_rng(0),
        narrow=narrowness(core),
    ).moves
    return float(np.linalg.norm((moves[:, 1] - moves[:, 0]).std(axis=0)))


def test_a_fade_of_one_colour_is_not_doubted():
    faded = [RED, 0.4 * RED]

    assert spread(faded, PITS, ALWAYS) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("core", "flash", "share"),
    [
        (PITS, NEVER, ALONG_PER_TURN_OF_PITS),
        (BLOB, ALWAYS, ALONG_PER_TURN_WITH_FLASH),
        (BLOB, UNTOLD, ALONG_PER_TURN_WITH_FLASH),
        (PITS, ALWAYS, np.hypot(ALONG_PER_TURN_OF_PITS, ALONG_PER_TURN_WITH_FLASH)),
        (BLOB, NEVER, 0.0),
    ],
)
def test_what_turned_across_is_doubted_along(core, flash, share):
    across = np.cross(RED, [0, 0, 1]) / np.linalg.norm(np.cross(RED, [0, 0, 1]))
    turned = [RED - 0.05 * across, RED + 0.05 * across]

    assert spread(turned, core, flash) == pytest.approx(share * 0.1, rel=0.05, abs=1e-4)


def test_a_flash_that_no_file_tells_of_counts_where_captures_differ():
    turned = [RED, RED + np.array([-0.1, 0.0, 0.05])]

    assert spread(turned, BLOB, UNTOLD, hue=0.0) == pytest.approx(0, abs=1e-4)
    near, far = (spread(turned, BLOB, UNTOLD, hue=hue) for hue in (0.02, 0.2))
    assert 0 < near < 0.5 * far
    assert spread(turned, BLOB, ALWAYS, hue=0.0) > far


def test_the_doubt_is_the_same_in_either_order():
    turned = [RED, 0.6 * RED + np.array([-0.1, 0.0, 0.05])]

    assert spread(turned, PITS) == pytest.approx(spread(turned[::-1], PITS))

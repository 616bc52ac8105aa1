"""Small pictures: 400 x 300 pixels of 67 x 50 mm skin unless a test says otherwise."""

from dataclasses import replace

import pytest

from cicatrix.phantom import Capture, Scene

SMALL = Capture(width_px=400, height_px=300, px_per_mm=6.0)


@pytest.fixture
def small():
    """A small capture, changed as asked."""
    return lambda **changes: replace(SMALL, **changes)


@pytest.fixture
def plain():
    """Skin without hair, relief and moles: nothing but pigments."""

    def scene(**changes):
        bare = Scene(seed=5, hairs_per_cm2=0, relief=0, moles_per_dm2=0)
        return replace(bare, **changes)

    return scene

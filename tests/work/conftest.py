"""A small piece of skin with a red disc, photographed without any camera."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cicatrix.alignment.value import Alignment
from cicatrix.photo.reading import read_photo
from cicatrix.work import comparing
from cicatrix.work.opening import open_photo

ROWS, COLS = 150, 200
CENTRE_XY, RADIUS_PX = (100.0, 75.0), 22.0


def disc(radius_px=RADIUS_PX):
    """(rows, cols) True inside the lesion."""
    y, x = np.mgrid[:ROWS, :COLS]
    return np.hypot(x - CENTRE_XY[0], y - CENTRE_XY[1]) < radius_px


def skin_codes(step=-40.0, *, seed=0):
    """(rows, cols, 3) sRGB of skin whose disc is `step` less green and blue."""
    grain = np.random.default_rng(seed).normal(0, 1.5, (ROWS, COLS, 1))
    codes = np.array([200.0, 150.0, 125.0]) + grain
    codes[disc()] += np.array([0.0, step, step])
    return np.clip(np.round(codes), 0, 255).astype(np.uint8)


def as_png(codes):
    """The bytes of a PNG."""
    file = BytesIO()
    Image.fromarray(codes).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def placed(monkeypatch):
    """Every follow-up lies where the baseline does."""
    near = Alignment(error_px=0.2)
    monkeypatch.setattr(comparing, "align_with", lambda *given, **more: near)


@pytest.fixture
def mask():
    return disc()


@pytest.fixture
def photo():
    """Opens skin whose disc is `step` darker in green and blue."""

    def opened(step=-40.0, *, seed=0):
        return read_photo(as_png(skin_codes(step, seed=seed)))

    return opened


@pytest.fixture
def png():
    """The same as the bytes of a file."""

    def made(step=-40.0, *, seed=0):
        return as_png(skin_codes(step, seed=seed))

    return made


@pytest.fixture
def spoilt():
    """Opens the skin after `change` was done to its pixels."""

    def opened(change):
        codes = skin_codes()
        change(codes)
        return read_photo(as_png(codes))

    return opened


@pytest.fixture
def greyed():
    """Opens the skin with a grey patch in its corner, pointed to at `grey_xy`."""

    def opened(step, *, seed=0, grey_xy):
        codes = skin_codes(step, seed=seed)
        codes[10:40, 10:40] = 128
        return open_photo(as_png(codes), grey_xy=grey_xy)

    return opened


@pytest.fixture
def field():
    """Two photographs of sixteen small red spots, which fade by half."""

    def spots(step, seed):
        rows, cols = np.mgrid[:600, :600]
        grain = np.random.default_rng(seed).normal(0, 1.5, (600, 600, 1))
        codes = np.array([200.0, 150.0, 125.0]) + grain
        for y, x in np.ndindex(4, 4):
            spot = np.hypot(cols - 200 - 70 * x, rows - 200 - 70 * y) < 15
            codes[spot] += np.array([0.0, step, step])
        return read_photo(as_png(np.clip(np.round(codes), 0, 255).astype(np.uint8)))

    return spots(-40.0, 0), spots(-20.0, 1)

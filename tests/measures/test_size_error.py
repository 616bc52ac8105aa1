"""How sure a size is told to be."""

import numpy as np
import pytest

from cicatrix.domain.scale import Scale, ScaleSource
from cicatrix.measures.size import size_of
from cicatrix.measures.size_error import size_with_error
from cicatrix.outline.ring import jittered_masks
from cicatrix.outline.value import Outline
from cicatrix.photo.view import Window

ROWS, COLS = np.mgrid[:400, :500].astype(float)
WINDOW = Window(left_px=0, top_px=0, cols=500, rows=400, step_px=1)
TENTH = Scale(mm_per_px=0.1, relative_error=0.01, source=ScaleSource.CARD)


def outlined(mask, kind="blob", step=1.0):
    return Outline(
        window=WINDOW,
        mask=mask,
        core=mask,
        ring=~mask,
        kind=kind,
        polarity="darker",
        polygon_xy=np.zeros((0, 2)),
        alternative_masks=jittered_masks(mask, step=step),
        alternative_rings=(),
        given=False,
        separation=9.0,
    )


def spot(x, y, radius=12):
    return np.hypot(COLS - x, ROWS - y) < radius


def test_the_error_holds_border_and_scale():
    outline = outlined(spot(250, 200, 50))

    size, sd = size_with_error(outline, TENTH)

    border = sd.area_px2 / size.area_px2
    assert 0.01 < border < 0.05
    assert sd.area_mm2 / size.area_mm2 == pytest.approx(
        np.hypot(border, 0.02), rel=1e-6
    )
    assert sd.length_mm / size.length_mm == pytest.approx(
        np.hypot(sd.length_px / size.length_px, 0.01), rel=1e-6
    )
    assert size_with_error(outline)[1].area_mm2 is None


def test_a_length_is_as_doubtful_as_its_ends_when_drawn_tighter_and_wider():
    outline = outlined(spot(250, 200, 50), step=2.0)

    _, sd = size_with_error(outline)

    # A border 2 px farther in or out moves both ends; shifts move neither.
    assert sd.length_px == pytest.approx(4.0, rel=0.1)
    assert sd.width_px == pytest.approx(4.0, rel=0.1)
    shifted = [
        abs(size_of(m, WINDOW, kind="blob").length_px - 99)
        for m in outline.alternative_masks[2:]
    ]
    assert max(shifted) < 1.5


def test_a_line_that_fades_away_has_doubtful_ends_and_a_known_width():
    tapered = abs(ROWS - 200) < 8 * np.clip(1 - ((COLS - 250) / 150) ** 2, 0, 1)
    blunt = (abs(ROWS - 200) < 8) & (abs(COLS - 250) < 150)

    told = [size_with_error(outlined(one, "line")) for one in (tapered, blunt)]

    (_, faded), (_, sharp) = told
    assert faded.length_px > 2 * sharp.length_px
    assert faded.width_px < 2 * sharp.width_px


@pytest.mark.parametrize("scale", [None, TENTH])
def test_the_interval_of_a_field_holds_it_without_any_one_spot(scale):
    spots = [(100, 100), (150, 160), (200, 110), (240, 180), (400, 300)]
    field = np.any([spot(*one) for one in spots], axis=0)
    near = field & ~spot(*spots[-1])
    unit = "px" if scale is None else "mm"

    size, sd = size_with_error(outlined(field, "field"), scale)
    fewer = size_of(near, WINDOW, kind="field", scale=scale)

    for name in (f"length_{unit}", f"width_{unit}", f"area_{unit}2"):
        lost = getattr(size, name) - getattr(fewer, name)
        assert 0 < lost < 2.4 * getattr(sd, name)
    assert 1.96 * getattr(sd, f"length_{unit}") < 1.2 * (
        getattr(size, f"length_{unit}") - getattr(fewer, f"length_{unit}")
    )


def test_one_part_is_as_sure_as_before():
    _, alone = size_with_error(outlined(spot(250, 200, 50)))
    _, with_island = size_with_error(outlined(spot(250, 200, 50) | spot(330, 200, 15)))

    assert alone.length_px < 3
    assert with_island.length_px > 15

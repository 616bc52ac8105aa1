"""A fade that could be chance is not told, and the reason stands in its place."""

from dataclasses import replace
from math import isnan
from types import SimpleNamespace

import numpy as np
import pytest

from cicatrix.work import abstaining as module
from cicatrix.work.comparing import compare

pytestmark = pytest.mark.usefixtures("placed")


@pytest.fixture
def pair(photo):
    """A scar that half faded."""
    return photo(-40.0), photo(-20.0, seed=1)


@pytest.fixture
def stricter(monkeypatch):
    """Puts other limits in force."""

    def put(**limits):
        changed = replace(module.measuring_limits(), **limits)
        monkeypatch.setattr(module, "measuring_limits", lambda: changed)

    return put


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("widest_fade_half_width", 0.01, "no use as a percentage"),
        ("faintest_contrast_de00", 90.0, "little left to fade"),
        ("faintest_contrast_sd", 1000.0, "Compare the photographs by eye"),
    ],
)
def test_each_limit_refuses_with_its_reason(pair, mask, stricter, limit, value, words):
    assert compare(*pair, lesion=mask).reason is None

    stricter(**{limit: value})
    told = compare(*pair, lesion=mask)

    assert told.fade.verdict == "not measurable"
    assert isnan(told.fade.estimate)
    assert words in told.reason


def test_what_was_found_must_stand_out_more_than_what_was_drawn(pair, mask, stricter):
    stricter(
        clear_separation=1000.0,
        clear_separation_small=1000.0,
        faintest_found_contrast_sd=1000.0,
        found_together_sd=5000.0,
    )

    found = compare(*pair, lesion=(100.0, 75.0))

    assert found.fade.verdict == "not measurable"
    assert "draw its outline" in found.reason
    assert compare(*pair, lesion=mask).reason is None


def test_a_faint_border_that_was_found_may_be_drawn_instead(
    pair, mask, stricter, monkeypatch
):
    stricter(faintest_contrast_sd=1000.0)
    clicked = (100.0, 75.0)

    assert "draw its outline" not in compare(*pair, lesion=clicked).reason

    monkeypatch.setattr("cicatrix.work.abstaining.FAINT_DE00", 90.0)
    assert "draw its outline" in compare(*pair, lesion=clicked).reason
    assert "draw its outline" not in compare(*pair, lesion=mask).reason


NOTHING_IS_ENOUGH = {
    "clear_separation": 1000.0,
    "clear_separation_small": 1000.0,
    "faintest_found_contrast_sd": 1000.0,
    "found_together_sd": 5000.0,
}


@pytest.mark.parametrize(
    "limits",
    [
        {"clear_separation": 0.0},
        {"faintest_found_contrast_sd": 0.0},
        {"found_together_sd": 8.0},
    ],
)
def test_a_clear_border_a_strong_contrast_or_both_together_are_enough(
    pair, stricter, limits
):
    stricter(**(NOTHING_IS_ENOUGH | limits))

    assert compare(*pair, lesion=(100.0, 75.0)).reason is None


@pytest.mark.parametrize(
    "enough", [{"clear_separation": 0.0}, {"found_together_sd": 8.0}]
)
def test_a_small_part_must_stand_out_more(pair, stricter, enough):
    limits = NOTHING_IS_ENOUGH | enough

    stricter(**limits, small_part_px=1.0)
    large = compare(*pair, lesion=(100.0, 75.0))
    stricter(**limits, small_part_px=500.0)
    small = compare(*pair, lesion=(100.0, 75.0))

    assert large.reason is None
    assert "draw its outline" in small.reason


@pytest.mark.parametrize(
    ("separation", "contrast_sds", "side_px", "told"),
    [
        (5.6, 3.1, 60, True),
        (4.0, 4.6, 60, True),
        (4.7, 4.0, 60, True),
        (4.7, 3.8, 60, False),
        (4.5, 4.0, 60, False),
        (4.7, 4.0, 20, False),
        (5.6, 2.9, 60, False),
    ],
)
def test_a_faint_border_and_its_contrast_speak_together(
    separation, contrast_sds, side_px, told
):
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float) * side_px
    found = SimpleNamespace(
        separation=separation, polygon_xy=square, given=False, as_pointed_to=1.0
    )
    reading = SimpleNamespace(
        contrast_before_de00=SimpleNamespace(estimate=4.0),
        contrast_sd_de00=4.0 / contrast_sds,
        fade=SimpleNamespace(smallest_detectable_change=0.2),
    )

    why = module.too_uncertain(SimpleNamespace(reading=reading), found)

    assert (why is None) == told


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"least_as_pointed_to": 5.0, "surely_held_separation": 1000.0}, False),
        ({"least_as_pointed_to": 5.0, "surely_held_separation": 0.0}, True),
        ({"least_as_pointed_to": 0.5, "surely_held_separation": 1000.0}, True),
    ],
)
def test_a_border_that_ran_out_is_asked_to_be_drawn(pair, mask, stricter, limits, told):
    stricter(**limits)

    found = compare(*pair, lesion=(100.0, 75.0))

    assert (found.reason is None) == told
    assert told or "run out into the skin's own mottling" in found.reason
    assert told or "draw its outline" in found.reason
    assert told or not any(
        i.is_known for m in found.measures for i in (m.before, m.after, m.change)
    )
    assert told or all(
        "holds more than what was clicked" in m.note for m in found.measures
    )
    assert found.contrast_before_de00.is_known == told
    assert found.contrast_after_de00.is_known == told
    assert compare(*pair, lesion=mask).reason is None


@pytest.mark.parametrize(
    ("separation", "share", "held"),
    [(5.0, 0.5, False), (7.9, 0.5, False), (5.0, 0.6, True), (8.1, 0.5, True)],
)
def test_a_border_ran_out_where_little_stands_out_and_most_of_it_less_than_the_click(
    separation, share, held
):
    found = SimpleNamespace(separation=separation, as_pointed_to=share)

    assert module.ran_out(found) != held


CLICK = (100.0, 75.0)


def sizes(comparison):
    return {m.name: m for m in comparison.measures if m.name.endswith(("_px", "_px2"))}


@pytest.mark.parametrize(
    "limits",
    [
        {"clear_separation": 1000.0, "clear_separation_small": 1000.0},
        {"faintest_contrast_de00": 90.0},
    ],
)
def test_sizes_of_a_border_in_doubt_are_told_only_if_a_person_drew_it(
    pair, mask, stricter, limits
):
    assert sizes(compare(*pair, lesion=CLICK))["area_px2"].before.is_known

    stricter(**limits)
    found = sizes(compare(*pair, lesion=CLICK))
    drawn = sizes(compare(*pair, lesion=mask))

    assert set(found) == set(drawn) == {"area_px2", "length_px", "width_px"}
    for one in found.values():
        known = one.before.is_known, one.after.is_known, one.change.is_known
        assert known == (False, False, False)
        assert one.verdict == "not measurable"
        assert "draw the lesion's outline" in one.note
    assert drawn["area_px2"].before.estimate == pytest.approx(1521, rel=0.02)


def test_sizes_are_in_doubt_where_the_fade_asks_for_an_outline(
    pair, mask, stricter, monkeypatch
):
    stricter(faintest_contrast_sd=1000.0)
    assert sizes(compare(*pair, lesion=CLICK))["area_px2"].before.is_known

    monkeypatch.setattr("cicatrix.work.abstaining.FAINT_DE00", 90.0)

    assert not sizes(compare(*pair, lesion=CLICK))["area_px2"].before.is_known
    assert sizes(compare(*pair, lesion=mask))["area_px2"].before.is_known


def test_where_the_fade_is_not_told_no_other_measure_tells_it(pair, stricter):
    told = {m.name: m for m in compare(*pair, lesion=CLICK).measures}
    stricter(faintest_contrast_sd=1000.0)

    refused = compare(*pair, lesion=CLICK)

    assert refused.reason is not None
    assert told["contrast_de00"].verdict == "faded"
    apart = ("fine_", "evenness_", "relief_", "area_", "length_", "width_")
    for one in refused.measures:
        before = told[one.name]
        if one.name.startswith(apart) or not before.change.is_known:
            assert one == before
        else:
            assert one.verdict == "not measurable"
            assert not one.change.is_known
            assert one.before == before.before
            assert one.note.startswith("the fade is not told")


def test_the_share_of_scar_in_a_field_goes_with_its_border_and_its_fade(
    field, stricter
):
    def load():
        told = compare(*field, lesion=(270.0, 270.0))
        return next(m for m in told.measures if m.name == "scar_load_fraction")

    assert load().change.is_known
    stricter(faintest_contrast_sd=1000.0)
    assert load().before.is_known
    assert not load().change.is_known
    stricter(clear_separation=1000.0, clear_separation_small=1000.0)
    assert not load().before.is_known

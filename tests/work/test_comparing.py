"""A pair is measured, or the reason stands where the number would."""

from dataclasses import replace
from datetime import datetime
from math import isnan, log

import numpy as np
import pytest

from cicatrix.alignment.value import Alignment
from cicatrix.colour.scale import scale_entered
from cicatrix.errors import AlignmentRefused
from cicatrix.work import comparing as module
from cicatrix.work.comparing import (
    compare,
    compare_laid,
    compare_with_pictures,
    find_outline,
    refused,
)
from cicatrix.work.laying import lay

NEAR = Alignment(error_px=0.2)


def test_half_the_contrast_gone_is_told(photo, mask, placed):
    result, pictures = compare_with_pictures(
        photo(-40.0), photo(-20.0, seed=1), lesion=mask, name="chin"
    )

    assert result.lesion == "chin"
    assert result.contrast_after_de00.estimate < result.contrast_before_de00.estimate
    if result.reason is None:
        assert result.fade.estimate == pytest.approx(0.5, abs=0.12)
    assert pictures.before.shape == pictures.after.shape
    assert pictures.lesion.any()
    assert pictures.mm_per_px is None


def test_the_same_photograph_twice_has_not_faded(photo, mask):
    result = compare(photo(), photo(), lesion=mask)

    assert result.fade.estimate == 0
    assert result.alignment.error_px == 0
    assert "The same file stands for more than one photograph." in result.notes


@pytest.mark.parametrize("step", [-20.0, -30.0, -55.0])
def test_swapping_the_photographs_flips_the_sign_of_the_log_ratio(
    photo, mask, placed, step
):
    pair = photo(-40.0), photo(step, seed=1)

    there = compare(*pair, lesion=mask).fade.estimate
    back = compare(*reversed(pair), lesion=mask).fade.estimate

    # A whole percent is what is printed.
    assert log(1 - there) == pytest.approx(-log(1 - back), abs=0.005)
    assert abs(log(1 - there)) > 0.1


def test_skin_that_is_not_found_again_is_an_answer(photo, mask, monkeypatch):
    def refuse(*given, **more):
        raise AlignmentRefused("Not this skin. Photograph it again.")

    monkeypatch.setattr(module, "align_with", refuse)

    result, pictures = compare_with_pictures(photo(), photo(seed=1), lesion=mask)

    assert result.fade.verdict == "not measurable"
    assert isnan(result.fade.estimate)
    assert result.reason == "Not this skin. Photograph it again."
    assert pictures is None


def test_a_point_beside_the_photograph_is_an_answer(photo):
    result = compare(photo(), photo(), lesion=np.array([900.0, 10.0]))

    assert result.fade.verdict == "not measurable"
    assert "outside the photograph of 200 x 150 px" in result.reason


def test_a_contrast_that_is_not_there_has_no_percentage(photo, mask, placed):
    result = compare(photo(0.0), photo(0.0, seed=1), lesion=mask)

    assert result.fade.verdict == "not measurable"
    assert "Compare the photographs by eye" in result.reason or (
        "is no use as a percentage" in result.reason
    )
    assert result.contrast_before_de00.is_known


def test_clocks_in_the_wrong_order_are_noted(photo, mask):
    first, second = (
        replace(
            photo(), capture=replace(photo().capture, taken_at=datetime(year, 1, 1))
        )
        for year in (2025, 2024)
    )
    outline = find_outline(first, mask)

    back, _ = compare_laid(
        [lay(first, outline, None)], [lay(second, outline, NEAR)], outline, name="x"
    )
    onward, _ = compare_laid(
        [lay(second, outline, None)], [lay(first, outline, NEAR)], outline, name="x"
    )

    assert any("clocks" in note for note in back.notes)
    assert not any("clocks" in note for note in onward.notes)


def test_an_answer_without_photographs_can_be_made():
    result = refused("chin", None, None, "No photograph.")

    assert (result.baseline, result.followup) == (None, None)
    assert result.reason == "No photograph."


def test_side_by_side_gives_the_digits_of_one_after_the_other(photo, mask, placed):
    first, second = photo(-40.0), photo(-20.0, seed=1)

    beside = compare(first, second, lesion=mask)

    outline = find_outline(first, mask)
    laid = lay(first, outline, None), lay(second, outline, NEAR)
    alone, _ = compare_laid([laid[0]], [laid[1]], outline, name="lesion")
    assert beside.fade == alone.fade
    assert repr(beside.measures) == repr(alone.measures)  # not known is never equal


def test_a_flash_that_no_file_tells_of_is_asked_for_until_it_is_told(
    photo, mask, placed
):
    silent = photo(-40.0), photo(-20.0, seed=1)
    told = [
        replace(one, capture=replace(one.capture, flash_fired=False)) for one in silent
    ]

    asking, quiet = compare(*silent, lesion=mask), compare(*told, lesion=mask)

    assert any("--no-flash" in note for note in asking.notes)
    assert not any("flash" in note for note in quiet.notes)


@pytest.mark.parametrize(("after", "unit"), [(0.105, "mm"), (0.15, "px")])
def test_sizes_of_a_pixel_that_contradict_the_pictures_tell_no_millimetres(
    photo, placed, after, unit
):
    """The skin is as large in both photographs, so a pixel of both is too."""
    pair = [
        replace(one, scale=scale_entered(size))
        for one, size in ((photo(-60.0), 0.1), (photo(-60.0, seed=1), after))
    ]

    told = compare(*pair, lesion=(100.0, 75.0))

    (area,) = [one for one in told.measures if one.name.startswith("area")]
    assert area.name == f"area_{unit}2"
    assert ("one of them is wrong" in area.note) == (unit == "px")


def test_how_light_the_skin_is_bears_on_the_fade_and_is_asked_for(photo, mask, placed):
    pair = photo(-40.0), photo(-20.0, seed=1)

    asking = compare(*pair, lesion=mask)
    dark, light = (compare(*pair, lesion=mask, skin_ita_deg=a) for a in (-45.0, 55.0))

    assert any("--skin-tone" in note for note in asking.notes)
    assert not any("--skin-tone" in note for note in dark.notes + light.notes)
    assert dark.fade.estimate != light.fade.estimate
    # The same steps of log light are smaller on darker skin.
    assert dark.contrast_before_de00.estimate < light.contrast_before_de00.estimate
    assert (asking.skin_ita_deg, dark.skin_ita_deg) == (None, -45.0)


@pytest.mark.parametrize("angle", [float("nan"), 200.0, -91.0])
def test_what_is_no_angle_of_skin_is_refused_at_once(photo, mask, angle):
    with pytest.raises(ValueError, match="skin_ita_deg must be in"):
        compare(photo(), photo(), lesion=mask, skin_ita_deg=angle)

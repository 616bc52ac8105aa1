"""Skin tones are named by the usual edges of the individual typology angle."""

import pytest

from cicatrix.evidence.skin_tone import (
    SkinTone,
    contradict,
    skin_tone_class,
    told_ita_deg,
    typical_ita_deg,
)


@pytest.mark.parametrize(
    ("ita_deg", "tone"),
    [
        (90.0, SkinTone.VERY_LIGHT),
        (55.1, SkinTone.VERY_LIGHT),
        (55.0, SkinTone.LIGHT),
        (41.1, SkinTone.LIGHT),
        (41.0, SkinTone.INTERMEDIATE),
        (28.1, SkinTone.INTERMEDIATE),
        (28.0, SkinTone.TAN),
        (10.1, SkinTone.TAN),
        (10.0, SkinTone.BROWN),
        (-29.9, SkinTone.BROWN),
        (-30.0, SkinTone.DARK),
        (-90.0, SkinTone.DARK),
    ],
)
def test_an_edge_belongs_to_the_darker_class(ita_deg, tone):
    assert skin_tone_class(ita_deg) is tone


def test_lighter_skin_never_gets_a_darker_name():
    order = list(SkinTone)
    ranks = [order.index(skin_tone_class(angle)) for angle in range(-90, 91)]

    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("angle", [float("nan"), float("inf")])
def test_an_angle_that_is_not_finite_is_the_callers_bug(angle):
    with pytest.raises(ValueError, match="finite"):
        skin_tone_class(angle)


@pytest.mark.parametrize("tone", list(SkinTone))
def test_what_stands_for_a_class_lies_in_it(tone):
    assert skin_tone_class(typical_ita_deg(tone)) is tone
    assert told_ita_deg(tone.value.upper()) == typical_ita_deg(tone)


@pytest.mark.parametrize("told", ["olive", "", "91", "-90.5", "inf", float("nan")])
def test_what_is_no_tone_is_told_with_what_to_write(told):
    with pytest.raises(ValueError, match=r"very light, .*, dark, or the individual"):
        told_ita_deg(told)


def test_only_skins_far_apart_contradict_each_other():
    assert contradict(-20.0, 25.1)
    assert contradict(25.1, -20.0)
    assert not contradict(-20.0, 25.0)


@pytest.mark.parametrize("told", ["6", " 1 ", 5])
def test_a_phototype_is_not_taken_for_an_angle(told):
    with pytest.raises(ValueError, match="looks like a Fitzpatrick phototype"):
        told_ita_deg(told)

    assert told_ita_deg(float(told)) == float(told)
    assert told_ita_deg(f"{float(told)}") == float(told)

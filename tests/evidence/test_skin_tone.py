"""Skin tones are named by the usual edges of the individual typology angle."""

import pytest

from cicatrix.evidence.skin_tone import SkinTone, skin_tone_class


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

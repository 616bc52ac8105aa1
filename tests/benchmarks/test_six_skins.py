"""Fairness by scenes that differ in skin alone."""

from dataclasses import replace

import numpy as np
import pytest

import targets
from pairs import ITA_CLASSES
from six_skins import ROLE, SCENES, six_of, six_skins_lines

TONES = tuple(ITA_CLASSES)


def rows_of(scenes=12, contrast=10.0, **changed):
    """Rows of scenes whose fade is told alike on every skin, but for `changed` by tone."""
    made = []
    for scene in range(scenes):
        shared = 0.01 * np.sin(scene)
        for tone in TONES:
            one = {
                "seed": scene, "role": ROLE, "tone": tone, "lesion": "red-scar",
                "wanted_de00": contrast, "true_fade": 0.2, "estimate": 0.2 + shared,
                "sdc": 0.05 * (1 + scene), "verdict": "faded", "dice": 0.95,
                "reason": None,
            }  # fmt: skip
            made.append(one | changed.get(tone.replace(" ", "_"), {}))
    return made


def figures(rows):
    return {one.what.split(",")[0]: one for one in six_skins_lines(rows)}


@pytest.mark.parametrize("scene", [0, 13, 30])
def test_skin_is_all_that_differs(scene):
    six = six_of(scene, first_seed=100)

    assert tuple(one.tone for one in six) == TONES
    for one in six:
        low, high = ITA_CLASSES[one.tone]
        assert low <= one.scenes[0].skin_ita_deg <= high
    # The meter looks at the skin: only the exposure follows it.
    alike = {
        repr(
            (
                [replace(s, skin_ita_deg=0.0) for s in one.scenes],
                [replace(c, exposure_ev=0.0) for c in one.captures],
                one.poses,
                one.fade,
                one.reference,
                one.capture,
                one.style,
            )
        )
        for one in six
    }
    assert len(alike) == 1


def test_a_full_run_has_both_contrasts_every_reference_and_capture():
    made = [six_of(scene, first_seed=100)[0] for scene in range(SCENES)]

    assert {one.wanted_de00 for one in made} == {4.0, 10.0}
    assert sum(one.wanted_de00 == 4.0 for one in made) * 3 == SCENES
    for contrast in (4.0, 10.0):
        own = [one for one in made if one.wanted_de00 == contrast]
        assert len({(one.reference, one.capture) for one in own}) == 12


def test_tones_told_alike_are_fair():
    found = figures(rows_of())

    assert found["bias"].met is True
    assert found["bias"].figure.startswith("0.00 ± 0.00")
    assert found["smallest detectable change"].figure.startswith("1.00×")
    assert found["outline Dice"].figure.startswith("0.000")


def test_one_tone_worse_than_the_others_is_seen():
    found = figures(
        rows_of(dark={"estimate": 0.23, "dice": 0.9}, tan={"sdc": 0.005, "dice": 0.96})
    )

    assert found["bias"].met is False
    assert "dark +3.00" in found["bias"].figure
    assert found["smallest detectable change"].met is False
    assert "against tan" in found["smallest detectable change"].figure
    assert found["outline Dice"].figure.startswith("0.060 (tan 0.960, dark 0.900")


def test_scenes_untold_on_one_skin_are_left_out_of_all_unless_drawn():
    untold = {"verdict": "not measurable", "estimate": 9.0}
    drawn = untold | {"drawn": {"verdict": "faded", "estimate": 0.2}}

    assert "bias" not in figures(rows_of(dark=untold))
    assert "12 of 12 scenes" in figures(rows_of(dark=drawn))["bias"].figure


def test_they_stand_apart_from_the_strata():
    row = rows_of()[0]
    others = [one.what for one in targets.judged([row])]

    assert not any("not refused" in what for what in others)

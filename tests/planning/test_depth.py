import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.planning.strategies import SEX

from cicatrix.evidence.words_of_the_field import indications, sites
from cicatrix.planning.depth import site_depth


def depth(site, indication="acne-scar", *, device="pen", sex="female", asked_mm=None):
    return site_depth(
        site, indication=indication, device=device, sex=sex, asked_mm=asked_mm
    )


@given(
    site=st.sampled_from(tuple(sites())),
    indication=st.sampled_from(tuple(indications())),
    device=st.sampled_from(("pen", "roller", "stamp", "rf")),
    sex=SEX,
)
def test_a_ceiling_is_measured_cautious_and_never_beyond_a_label(
    site, indication, device, sex
):
    found = depth(site, indication, device=device, sex=sex)

    if found.ceiling_mm is None:
        return
    assert found.skin is not None
    assert not found.withheld
    at_ceiling = next(
        each for each in found.settings if each.length_mm == found.ceiling_mm
    )
    assert at_ceiling.longest.through <= 0.05
    assert found.label_mm is None or found.ceiling_mm <= found.label_mm


def test_no_depth_is_given_inside_the_orbital_rim():
    found = depth("upper-eyelid", sex="male")

    assert "orbital rim" in found.withheld
    assert found.ceiling_mm is None


def test_no_depth_is_given_for_a_keloid():
    assert depth("chest", "keloid").withheld


def test_a_site_that_nobody_measured_names_its_neighbour_and_borrows_nothing():
    found = depth("chin")

    assert found.nearest == "jaw"
    assert found.skin is None
    assert found.ceiling_mm is None
    assert all(each.through is None for each in found.named)


def test_stretch_marks_are_planned_one_step_shallower():
    normal = depth("abdomen", "traumatic-scar").deepest_mm

    assert depth("abdomen", "striae-alba").deepest_mm == pytest.approx(normal - 0.25)


def test_a_radiofrequency_depth_stands_beside_a_pen_and_never_becomes_its_label():
    found = depth("forehead")
    foreign = [each for each in found.named if each.device == "rf"]

    assert foreign
    assert not any(each.same_device for each in foreign)
    # The conflict itself: 1.5 mm and more, where the skin is 1.06 mm thick.
    assert foreign[0].low_mm == 1.5
    assert foreign[0].through > 0.95


def test_the_label_of_a_pen_is_no_label_of_a_roller():
    assert depth("forehead").label_mm == 1.5
    assert depth("forehead", device="roller").label_mm is None


def test_a_device_by_name_ends_where_its_needles_end():
    found = depth("abdomen", "traumatic-scar", device="exceed")

    assert found.longest_mm == 1.5
    assert found.ceiling_mm <= 1.5


def test_what_was_measured_in_women_says_nothing_of_men():
    assert depth("breast", "striae").skin is not None
    assert depth("breast", "striae", sex="male").skin is None


def test_no_ceiling_is_drawn_from_the_skin_for_what_heats_beyond_its_tip():
    found = depth("forehead", device="rf", asked_mm=1.5)

    assert "heats beyond" in found.withheld
    assert found.ceiling_mm is None
    assert found.asked is not None


def test_methods_are_not_mixed():
    found = depth("neck")

    assert found.skin.method == "high-frequency ultrasound"
    assert {each.method for each in found.otherwise} == {"histology"}


def test_where_skin_varies_too_much_no_length_does_both():
    found = depth("cheek")

    assert found.shallowest_mm > found.ceiling_mm


def test_a_borrowed_spread_says_so():
    assert depth("thigh", "striae").skin.spread == "borrowed"

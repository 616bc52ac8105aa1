import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.errors import EvidenceInvalid, InputInvalid
from cicatrix.forms.quantities import check_quantity


@given(st.floats(min_value=0.4, max_value=350))
def test_whatever_lies_in_the_range_is_taken_as_it_is(value):
    assert check_quantity("weight_kg", value, at="here") == value


@given(st.floats().filter(lambda value: not 0.4 <= value <= 350))
def test_whatever_lies_outside_is_refused_and_says_the_range(value):
    with pytest.raises(InputInvalid, match=r"^here: .*0\.4 to 350 kg"):
        check_quantity("weight_kg", value, at="here")


@pytest.mark.parametrize("value", [True, "62", None, [62]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InputInvalid, match="must be a number in kg"):
        check_quantity("weight_kg", value, at="intake.toml, weight_kg")


def test_the_likely_unit_is_named_with_what_it_would_be():
    with pytest.raises(InputInvalid, match=r"looks like g: 62000 g are 62 kg"):
        check_quantity("weight_kg", 62000, at="--weight-kg")


def test_an_undefined_quantity_is_our_own_fault():
    with pytest.raises(EvidenceInvalid, match="height_cubits"):
        check_quantity("height_cubits", 1, at="here")

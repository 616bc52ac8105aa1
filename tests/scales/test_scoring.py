"""Totals stay in their range, follow their items, and are never made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.errors import InputInvalid
from cicatrix.scales.known import left_out, scales
from cicatrix.scales.scoring import scale
from cicatrix.scales.sheet import scale_sheet
from cicatrix.scales.value import LeftOut

NAMES = sorted(scales())


@st.composite
def answers(draw, *, whole):
    """A scale with scores for all of its items, or for any of them."""
    found = scales()[draw(st.sampled_from(NAMES))]
    scores = {}
    for item in found.items:
        allowed = [score for score, _ in item.levels]
        one = st.sampled_from(allowed) if allowed else st.floats(item.low, item.high)
        scores[item.id] = draw(one if whole else st.none() | one)
    return found, {name: s for name, s in scores.items() if s is not None}


@given(answers(whole=True))
def test_a_total_is_the_sum_of_its_items_and_lies_within_the_scale(drawn):
    found, scores = drawn
    scored = scale(found.id, scores, unverified=True)

    assert scored.total == pytest.approx(sum(scores.values()))
    assert found.low <= scored.total <= found.high
    assert scored.low == scored.high == scored.total


@given(answers(whole=False))
def test_a_missing_item_gives_a_range_and_no_total(drawn):
    found, scores = drawn
    scored = scale(found.id, scores, unverified=True)

    lacking = {item.id for item in found.items} - scores.keys()
    assert set(scored.missing) == lacking
    assert (scored.total is None) == bool(lacking)
    assert found.low <= scored.low <= scored.high <= found.high


@given(answers(whole=False), st.data())
def test_the_range_holds_every_total_that_the_missing_items_could_make(drawn, data):
    found, scores = drawn
    before = scale(found.id, scores, unverified=True)
    filled = dict(scores)
    for item in found.items:
        if item.id not in filled:
            allowed = [score for score, _ in item.levels]
            filled[item.id] = data.draw(
                st.sampled_from(allowed) if allowed else st.floats(item.low, item.high)
            )

    total = scale(found.id, filled, unverified=True).total
    assert before.low - 1e-9 <= total <= before.high + 1e-9


@given(answers(whole=True), st.data())
def test_the_total_rises_with_every_item(drawn, data):
    found, scores = drawn
    item = data.draw(st.sampled_from(found.items))
    higher = [score for score, _ in item.levels if score > scores[item.id]]
    if not item.levels and scores[item.id] < item.high:
        higher = [item.high]
    if higher:
        more = {**scores, item.id: data.draw(st.sampled_from(higher))}
        assert (
            scale(found.id, more, unverified=True).total
            > scale(found.id, scores, unverified=True).total
        )


@pytest.mark.parametrize("total", range(41))
def test_every_fitzpatrick_total_lies_in_a_band_of_both_sets(total):
    items = [item.id for item in scales()["fitzpatrick"].items]
    scores = dict.fromkeys(items, total // 10)
    for item in items[: total % 10]:
        scores[item] += 1

    scored = scale("fitzpatrick", scores)
    assert scored.total == total
    assert [band.set for band in scored.bands] == ["bands of 0 to 7", "bands of 0 to 6"]
    assert all(band.words for band in scored.bands)
    assert ("III or IV" in scored.bands[0].words) == (total == 25)


@pytest.mark.parametrize("name", sorted(left_out()))
def test_a_scale_that_is_left_out_is_not_computed_and_says_why(name):
    answer = scale(name, {})

    assert isinstance(answer, LeftOut)
    assert answer.reason.endswith(".")


@pytest.mark.parametrize(
    ("name", "scores", "message"),
    [
        ("vancover", {}, "Did you mean “vancouver”"),
        ("vancouver", {"hight": 1}, "Did you mean “height”"),
        ("vancouver", {"height": 4}, "It takes 0 = flat"),
        ("vancouver", {"height": 1.5}, "no score of this item"),
        ("vancouver", {"height": True}, "no score of this item"),
        ("vancouver", {"height": "2"}, "no score of this item"),
        ("vancouver", {"pigmentation": 3}, "no score of this item"),
        ("pain", {"pain": 10.5}, "from 0"),
        ("pain", {"pain": float("nan")}, "from 0"),
        ("gais", {"change": 0}, "runs the other way"),
    ],
)
def test_what_fits_nothing_is_refused_with_what_would(name, scores, message):
    with pytest.raises(InputInvalid, match=message):
        scale(name, scores)


def test_licensed_scales_are_nowhere_computed():
    assert {"posas", "dlqi"} <= set(left_out())
    assert set(left_out()) & set(scales()) == set()


@pytest.mark.parametrize("name", ["ecca", "manchester", "goodman-baron-quantitative"])
def test_points_that_nobody_verified_are_used_only_when_asked_and_said_to_be(name):
    best = {item.id: item.low for item in scales()[name].items}

    refused = scale(name, best)
    computed = scale(name, best, unverified=True)

    assert isinstance(refused, LeftOut)
    assert "not verified" in refused.reason
    assert computed.total == scales()[name].low
    assert scale_sheet(computed).answer.text.startswith("Not verified: ")
    assert "not verified" in scale_sheet(computed).answer.note

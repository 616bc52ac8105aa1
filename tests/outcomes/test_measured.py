import json
from datetime import date

import pytest

from cicatrix.errors import InputInvalid
from cicatrix.outcomes.measured import measured_from, read_measured


def a_visit(on, fade, *, judge_from=None):
    since = None
    if fade is not None:
        names = ("estimate_fraction", "low_fraction", "high_fraction")
        since = {"fade": dict(zip(names, fade, strict=True))}
    return {"visited_on": on, "since_baseline": since, "judge_from": judge_from}


def a_case(*visits, lesions=("scar",)):
    return {
        "schema": "urn:cicatrix:schema:result:1",
        "kind": "case",
        "case": {"lesions": [{"lesion": n, "visits": list(visits)} for n in lesions]},
    }


BASELINE = a_visit("2026-12-01", None)


def test_fades_become_percent_with_their_day():
    found = measured_from(
        a_case(BASELINE, a_visit("2027-01-20", (0.31, 0.2, 0.4))), at="r"
    )

    (fade,) = found.fades
    assert fade.on == date(2027, 1, 20)
    assert (fade.percent, fade.low, fade.high) == pytest.approx((31, 20, 40))


def test_visits_under_redness_or_without_a_number_are_passed_over_and_told():
    found = measured_from(
        a_case(
            BASELINE,
            a_visit("2027-01-05", (0.3, 0.2, 0.4), judge_from="2027-01-20"),
            a_visit("2027-02-05", (None, None, None)),
        ),
        at="r",
    )

    assert found.fades == ()
    assert [line.split(": ")[1] for line in found.passed_over] == [
        "redness may still hide the result",
        "not measurable",
    ]


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({}, "no result of Cicatrix"),
        ([], "no result of Cicatrix"),
        (a_case(BASELINE, lesions=("a", "b")), "Name one with --lesion"),
        (a_case(BASELINE, a_visit("2027-01-20", (0.3, 0.5, 0.4))), "damaged"),
        (a_case(BASELINE, a_visit("soon", (0.3, 0.2, 0.4))), "damaged"),
        ({"schema": "urn:cicatrix:schema:result:1", "kind": "case"}, "damaged"),
    ],
)
def test_what_is_no_result_is_refused(document, reason):
    with pytest.raises(InputInvalid, match=reason):
        measured_from(document, at="r.json")


def test_a_lesion_can_be_named():
    two = a_case(BASELINE, a_visit("2027-01-20", (0.3, 0.2, 0.4)), lesions=("a", "b"))

    assert measured_from(two, at="r", lesion="b").lesion == "b"
    with pytest.raises(InputInvalid, match="holds no lesion “c”"):
        measured_from(two, at="r", lesion="c")


def test_a_file_is_read_and_one_that_is_no_json_is_refused(tmp_path):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(a_case(BASELINE)))
    assert read_measured(path).fades == ()

    path.write_text("{")
    with pytest.raises(InputInvalid, match="not JSON"):
        read_measured(path)
    with pytest.raises(InputInvalid, match="cannot be read"):
        read_measured(tmp_path / "missing.json")


def a_comparison(fade, taken_at):
    names = ("estimate_fraction", "low_fraction", "high_fraction")
    return {
        "schema": "urn:cicatrix:schema:result:1",
        "kind": "comparison",
        "comparison": {
            "lesion": "scar",
            "fade": dict(zip(names, fade, strict=True)),
            "baseline": None,
            "followup": {"capture": {"taken_at": taken_at}},
        },
    }


def test_a_comparison_has_the_day_of_its_second_photograph():
    document = a_comparison((0.2, 0.1, 0.3), "2027-01-20T10:30:00")

    assert measured_from(document, at="r").fades[0].on == date(2027, 1, 20)
    with pytest.raises(InputInvalid, match="has no date"):
        measured_from(a_comparison((0.2, 0.1, 0.3), None), at="r")


def test_a_comparison_that_was_not_measurable_is_passed_over():
    found = measured_from(a_comparison((None,) * 3, "2027-01-20T10:30:00"), at="r")

    assert found.fades == ()
    assert found.passed_over == ("2027-01-20: not measurable",)

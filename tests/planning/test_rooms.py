"""What screening, anaesthetic and punctures do to a plan."""

from dataclasses import replace
from datetime import date

import pytest

from cicatrix.errors import InputInvalid
from cicatrix.planning.devices import technique
from cicatrix.planning.numbing import excluded_by
from cicatrix.planning.planning import plan
from cicatrix.planning.request import read_plan
from cicatrix.planning.telling import plan_sheet
from cicatrix.screening.value import Verdict

HEAD = """
sex = "female"
age_years = 31
skin_type = "III"
device = "exceed"
jurisdiction = "us"
start_on = 2026-12-01
area_cm2 = 120
[[site]]
site = "cheek"
indication = "acne-scar"
length_mm = 1.0
"""
CANCER = "[intake]\nasked_on = 2026-11-22\nskin_cancer = true\n"
DAY = date(2026, 11, 22)


@pytest.fixture
def planned(tmp_path):
    def call(text, **options):
        path = tmp_path / "plan.toml"
        path.write_text(HEAD + text, encoding="utf-8")
        return plan(read_plan(path, **options))

    return call


def test_who_must_not_be_treated_gets_neither_depth_nor_date_nor_dose(planned):
    answer = planned('[anaesthetic]\nproduct = "EMLA"\n' + CANCER)
    sheet = plan_sheet(answer)

    assert answer.screening.verdict is Verdict.DO_NOT_TREAT
    assert answer.halted
    depth = answer.sites[0].depth
    assert "do not treat" in depth.withheld
    assert (depth.ceiling_mm, depth.asked, depth.settings, depth.named) == (
        None,
        None,
        (),
        (),
    )
    assert answer.schedule.appointments == ()
    assert answer.anaesthetic is None
    assert "No depth, no date and no dose" in sheet.answer.text
    assert "2026-12-01" not in sheet.answer.text


def test_the_verdict_stands_first(planned):
    answer = planned("[intake]\nasked_on = 2026-11-22\n")
    sheet = plan_sheet(answer, brief=True)

    assert answer.screening.verdict is Verdict.NOT_CLEARED
    assert sheet.sections[0].title == "Screening"
    assert sheet.answer.text.startswith("Cannot be cleared yet")
    assert answer.sites[0].depth.ceiling_mm is not None


def test_without_an_intake_the_plan_says_that_nobody_screened(planned):
    first = plan_sheet(planned(""), brief=True).sections[0]

    assert "Not screened" in first.lines[0].text


def test_what_the_plan_says_is_not_asked_again(planned):
    screening = planned("[intake]\nasked_on = 2026-11-22\n").screening
    asked = {question.id for question in screening.must_ask}

    assert not asked & {"age_years", "skin_type", "sites", "indication", "device_kind"}
    assert screening.planned_for == date(2026, 12, 1)


def test_an_intake_that_contradicts_the_plan_is_refused(planned):
    with pytest.raises(InputInvalid, match="skin_type is 'VI' here and 'III'"):
        planned('[intake]\nasked_on = 2026-11-22\nskin_type = "VI"\n')


def test_the_day_of_the_answers_may_come_from_the_caller(planned):
    with pytest.raises(InputInvalid, match="asked_on"):
        planned("[intake]\n")

    assert planned("[intake]\n", today=DAY).screening.asked_on == DAY


def test_the_anaesthetic_takes_area_age_and_weight_from_the_plan(planned):
    answer = planned('[anaesthetic]\nproduct = "EMLA"\n').anaesthetic

    assert answer.asked.area_cm2 == 120
    assert answer.asked.person.age_years == 31
    assert answer.amount is not None


def test_an_anaesthetic_that_the_screening_excludes_is_not_dosed(planned):
    answer = planned(
        '[anaesthetic]\nproduct = "EMLA"\n[intake]\nasked_on = 2026-11-22\n'
        'anaesthetic_allergies = ["amide"]\n'
    )
    (dose,) = [line for line in plan_sheet(answer).lines() if line.label == "dose"]

    assert "lidocaine" in answer.screening.excluded_anaesthetics
    assert answer.anaesthetic.amount is None or "excludes" in dose.text
    assert " g for" not in dose.text


def test_whatever_excludes_an_ingredient_excludes_the_product(planned):
    answer = planned(
        '[anaesthetic]\nproduct = "EMLA"\n[intake]\nasked_on = 2026-11-22\n'
    )
    barred = replace(answer.screening, excluded_anaesthetics=("prilocaine",))

    assert excluded_by(answer.screening, answer.anaesthetic) == ()
    assert excluded_by(barred, answer.anaesthetic) == ("prilocaine",)
    sheet = plan_sheet(replace(answer, screening=barred))
    (dose,) = [line for line in sheet.lines() if line.label == "dose"]
    assert dose.text.startswith("None is given")


def test_punctures_are_simulated_where_the_plan_says_how(planned):
    answer = planned("[needling]\nrate_hz = 120\nspeed_cm_s = 2\npasses = 2\n")

    # The pen's own count: 6 needles, 120 strokes a second, 2 cm/s.
    assert answer.punctures.device.needles == 6
    assert answer.punctures.handling.passes == 2
    assert answer.punctures.per_cm2.mean == pytest.approx(
        answer.punctures.expected_per_cm2, rel=0.1
    )


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("[needling]\nspeed = 2\n", "Did you mean “speed_cm_s”"),
        ("[needling]\nrate_hz = true\n", "must be a number"),
        ("[needling]\n", "lacks the strokes a second"),
        ("[needling]\nrate_hz = 120\ndirections_deg = 45\n", "a list of angles"),
        ("[anaesthetic]\n", "lacks product"),
        ('[anaesthetic]\nproduct = "EMLA"\nhas = ["x"]\nhas_not = ["x"]\n', "which is"),
        ('[anaesthetic]\nproduct = "EMLA"\narea_cm2 = 20000\n', "looks like mm²"),
        (
            '[anaesthetic]\nproduct = "EMLA"\n[[anaesthetic.more]]\n'
            'product = "LMX4"\ndose_g = 5000\n',
            "looks like mg",
        ),
    ],
)
def test_a_table_that_cannot_be_is_refused(planned, table, told):
    with pytest.raises(InputInvalid) as refusal:
        planned(table)

    assert told in str(refusal.value)


def test_a_longer_needle_than_the_device_has_is_a_conflict(planned, tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(HEAD.replace("length_mm = 1.0", "length_mm = 2.0"), "utf-8")
    answer = plan(read_plan(path))
    conflicts = [x.text for x in plan_sheet(answer).lines() if x.label == "conflict"]

    assert any("goes to 1.5 mm" in text for text in conflicts)


@pytest.mark.parametrize(
    ("sites", "told"),
    [
        (["cheek"], True),
        (["abdomen"], False),
        (["abdomen", "cheek"], True),
        ([], False),
    ],
)
def test_what_holds_for_the_face_is_told_where_a_face_is_treated(sites, told):
    texts = {each.text for each in technique("pen", at=sites)}

    assert ("the face by quadrants" in texts) is told
    assert any("numbing cream" in text for text in texts)

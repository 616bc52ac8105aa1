"""An intake is read, and what is impossible or contradicts itself is refused."""

from datetime import date

import pytest

from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form
from cicatrix.screening.intake import intake_from_form, read_intake
from cicatrix.screening.policies import read_policies

TODAY = date(2026, 3, 1)


def form(**fields):
    return Form(fields=fields, at="intake.toml")


def test_what_is_absent_was_not_answered():
    intake = intake_from_form(form(infection=False), today=TODAY)

    assert dict(intake.answers) == {"infection": False}
    assert intake.planned_for == intake.asked_on == TODAY


def test_an_intake_can_be_a_table_of_a_plan():
    plan = form(intake={"acne": "mild"}, course={})

    intake = intake_from_form(
        plan.table("intake"), today=TODAY, planned_for=date(2026, 4, 1)
    )

    assert intake.answers["acne"] == "mild"
    assert intake.planned_for == date(2026, 4, 1)


def test_weeks_before_the_answers_are_a_day():
    intake = intake_from_form(form(filler=True, filler_weeks_ago=2), today=TODAY)

    assert intake.answers["filler_on"] == date(2026, 2, 15)


def test_an_empty_list_says_that_none_holds():
    intake = intake_from_form(form(indication="striae", cushing_signs=[]), today=TODAY)

    assert intake.answers["cushing_signs"] == ()


def test_a_harmless_answer_to_a_void_question_is_no_contradiction():
    intake = intake_from_form(
        form(sex="male", pregnancy="no", breast_feeding=False), today=TODAY
    )

    assert intake.answers["pregnancy"] == "no"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"pregnent": "no"}, "called “pregnent”.*Did you mean “pregnancy”"),
        ({"acne": "milld"}, "not one of none, mild, severe. Did you mean “mild”"),
        ({"infection": "no"}, "true or false"),
        ({"sites": "cheek"}, "list of words in quotes"),
        ({"sites": []}, "would treat nothing"),
        ({"sites": ["cheeks"]}, "Did you mean “cheek”"),
        ({"age_years": -3}, "no possible age"),
        ({"age_years": 300}, "looks like months"),
        ({"skin_type": 4}, "words in quotes"),
        ({"born_on": date(2030, 1, 1)}, "lies after asked_on"),
        ({"born_on": date(1890, 1, 1)}, "136 years"),
        ({"born_on": date(1990, 1, 1), "age_years": 20}, "makes 36"),
        ({"planned_for": date(2026, 2, 1)}, "lies before asked_on"),
        ({"planned_for": date(2062, 3, 1)}, "more than a year after"),
        (
            {
                "planned_for": date(2026, 3, 20),
                "sunburn": True,
                "sunburn_on": date(2026, 3, 10),
            },
            "sunburn_on = 2026-03-10 lies after asked_on",
        ),
        ({"asked_on": date(1, 1, 1)}, "no possible day"),
        ({"asked_on": date(9999, 12, 31)}, "no possible day"),
        ({"filler": True, "filler_on": date(202, 3, 1)}, "lies before 1880"),
        ({"sunburn": True, "sunburn_on": date(2026, 3, 2)}, "lies after asked_on"),
        ({"sunburn": True, "sunburn_weeks_ago": -1}, "no possible time"),
        ({"sunburn": True, "sunburn_weeks_ago": 7000}, "looks like days"),
        (
            {"sunburn": True, "sunburn_on": date(2026, 2, 1), "sunburn_weeks_ago": 1},
            "mean different days",
        ),
        (
            {
                "born_on": date(2000, 1, 1),
                "filler": True,
                "filler_on": date(1999, 1, 1),
            },
            "lies before born_on",
        ),
        (
            {"isotretinoin": "current", "isotretinoin_stopped_on": date(2026, 1, 1)},
            "what is said of isotretinoin leaves it no sense",
        ),
        (
            {"isotretinoin": "never", "isotretinoin_stopped_on": date(2026, 1, 1)},
            "leaves it no sense",
        ),
        ({"sex": "male", "pregnancy": "yes"}, "pregnancy is answered, but what is"),
        ({"sex": "male", "breast_feeding": True}, "said of sex"),
        ({"indication": "acne-scar", "burn_scar": "immature"}, "said of indication"),
        (
            {"indication": "keloid", "keloid_personal": False},
            "there is one in the person's history",
        ),
        (
            {"sex": "male", "indication": "striae", "striae_causes": ["pregnancy"]},
            "cannot come from a pregnancy",
        ),
        ({"policy": {"isotretinoin-recent": "consensus"}}, "chosen_by"),
        (
            {"policy": {"isotretinoin-recent": "none"}},
            "not one of legacy-label, consensus",
        ),
        ({"policy": {"active-infection": "x"}}, "called “active-infection”"),
    ],
)
def test_what_cannot_be_is_refused_by_name(fields, found):
    with pytest.raises(InputInvalid, match=found):
        intake_from_form(form(**fields), today=TODAY)


def test_somebody_must_say_on_which_day_it_was_asked():
    with pytest.raises(InputInvalid, match="lacks asked_on"):
        intake_from_form(form())


def test_a_file_is_read_as_it_stands(tmp_path):
    path = tmp_path / "intake.toml"
    path.write_text("asked_on = 2026-03-01\ntattoo = true\n", "utf-8")

    assert read_intake(path).answers["tattoo"] is True


CHOSEN = {"chosen_by": "lead", "chosen_on": date(2026, 1, 2)}


def clinic_file(tmp_path, text):
    path = tmp_path / "clinic.toml"
    path.write_text(text, "utf-8")
    return path


CLINIC = '[policy]\nchosen_by = "board"\nchosen_on = 2026-01-05\nisotretinoin-recent = "consensus"\n'


def test_the_clinics_file_and_the_intake_are_joined(tmp_path):
    clinic = read_policies(clinic_file(tmp_path, CLINIC))

    intake = intake_from_form(
        form(policy={**CHOSEN, "filler": "two-weeks"}), today=TODAY, clinic=clinic
    )

    assert dict(intake.policies.by_rule) == {
        "isotretinoin-recent": "consensus",
        "filler": "two-weeks",
    }
    assert intake.policies.chosen_by == "board and lead"
    assert intake.policies.chosen_on == date(2026, 1, 5)


def test_two_records_that_contradict_each_other_are_refused(tmp_path):
    clinic = read_policies(clinic_file(tmp_path, CLINIC))

    with pytest.raises(InputInvalid, match="the clinic chose “consensus”"):
        intake_from_form(
            form(policy={**CHOSEN, "isotretinoin-recent": "legacy-label"}),
            today=TODAY,
            clinic=clinic,
        )


@pytest.mark.parametrize(
    ("text", "found"),
    [("", "lacks policy"), ('policies = ""', "called “policies”.*“policy”")],
)
def test_a_clinics_file_without_its_table_is_refused(tmp_path, text, found):
    with pytest.raises(InputInvalid, match=found):
        read_policies(clinic_file(tmp_path, text))

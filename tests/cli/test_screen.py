"""`cicatrix screen` as a user types it."""

import json

import pytest

from cicatrix.cli.output import EXIT_NOT_MEASURABLE


@pytest.fixture
def intake(tmp_path):
    path = tmp_path / "intake.toml"
    path.write_text(
        'asked_on = 2026-03-01\nisotretinoin = "current"\nskin_type = "IV"\n', "utf-8"
    )
    return path


def test_the_verdict_and_what_must_be_asked_are_on_the_terminal(run, intake):
    told = run("screen", str(intake))

    assert told.exit_code == EXIT_NOT_MEASURABLE
    assert "Do not treat" in told.output
    assert "Still to be asked" in told.output
    assert "Sources" in told.output


def test_json_alone_on_standard_output(run, intake):
    told = run("screen", str(intake), "--json", "-")

    assert json.loads(told.stdout)["verdict"]["verdict"] == "do not treat"


def test_the_questionnaire_prints_says_why_and_becomes_a_page(run, tmp_path):
    page = tmp_path / "questions.html"

    told = run("screen", "--questions", "--html", str(page))

    assert told.exit_code == 0
    assert "Are you pregnant" in told.output
    assert "Why: pregnancy (defer)" in " ".join(told.output.split())
    assert "Are you pregnant" in page.read_text("utf-8")


def test_a_blank_intake_is_written_and_answers_nothing(run, tmp_path):
    blank = tmp_path / "blank.toml"

    assert run("screen", "--questions", "--toml", str(blank)).exit_code == 0
    told = run("screen", str(blank), "--json", "-")

    assert told.exit_code == EXIT_NOT_MEASURABLE
    document = json.loads(told.stdout)
    assert document["asked"]["answers"] == {}
    assert document["verdict"]["verdict"] == "cannot be cleared yet"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["intake.toml", "--questions"],
        ["intake.toml", "--toml", "x.toml"],
        ["--questions", "--policy", "x.toml"],
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(run, arguments):
    assert run("screen", *arguments).exit_code == 2


def test_an_intake_is_never_written_over(run, intake):
    told = run("screen", str(intake), "--html", str(intake))

    assert told.exit_code == 1
    assert "current" in intake.read_text("utf-8")


def test_the_clinics_choice_is_told(run, tmp_path):
    intake, clinic = tmp_path / "intake.toml", tmp_path / "clinic.toml"
    intake.write_text(
        "asked_on = 2026-03-01\nisotretinoin = 'stopped'\n"
        "isotretinoin_stopped_on = 2026-01-01\n",
        "utf-8",
    )
    clinic.write_text(
        '[policy]\nchosen_by = "medical lead"\nchosen_on = 2026-01-02\n'
        'isotretinoin-recent = "consensus"\n',
        "utf-8",
    )

    told = " ".join(run("screen", str(intake), "--policy", str(clinic)).output.split())

    assert "chosen by medical lead on 2 January 2026" in told
    # The label's column is narrow: the words of both columns follow line by line.
    followed = told.index("isotretinoin-recent consensus")
    assert told.index("isotretinoin-recent legacy-label") < followed
    assert "(followed)" in told[followed:]
    assert "(cautious)" in told[:followed]

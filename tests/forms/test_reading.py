from datetime import date

import pytest

from cicatrix.errors import InputInvalid
from cicatrix.forms.reading import Form, read_form

FORM = Form(
    fields={
        "pregnant": False,
        "seen_on": date(2026, 3, 1),
        "weight_kg": 62,
        "site": "cheek",
        "sessions": [{"depth_mm": 1.5}, {"depth_mm": 2}],
        "skin": {"type": "IV"},
    },
    at="intake.toml",
)


def test_what_was_not_asked_is_nothing_and_never_no():
    assert FORM.yes_no("keloid_history") is None
    assert FORM.yes_no("pregnant") is False
    assert FORM.table("course") is None
    assert FORM.tables("course") == ()
    for ask in (FORM.text, FORM.day, FORM.number, FORM.whole):
        assert ask("absent") is None
    assert FORM.choice("absent", ["a"]) is None


def test_fields_come_as_their_kind():
    assert FORM.day("seen_on") == date(2026, 3, 1)
    assert FORM.whole("weight_kg") == 62
    assert FORM.choice("site", ["cheek", "neck"]) == "cheek"
    assert [t.number("depth_mm") for t in FORM.tables("sessions")] == [1.5, 2.0]
    assert FORM.table("skin").text("type") == "IV"


@pytest.mark.parametrize(
    ("ask", "found"),
    [
        (lambda: FORM.yes_no("site"), "true or false, found 'cheek'"),
        (lambda: FORM.day("site"), "a date such as"),
        (lambda: FORM.text("weight_kg"), "words in quotes, found 62"),
        (lambda: FORM.table("site"), "a table, found 'cheek'"),
        (lambda: FORM.tables("skin"), r"\[\[tables\]\], found"),
        (lambda: FORM.tables("sessions")[1].day("depth_mm"), r"\[\[sessions\]\] 2"),
        (lambda: FORM.choice("site", ["chek"]), "Did you mean “chek”"),
        (lambda: FORM.needs("site", "age_years"), "lacks age_years"),
        (lambda: FORM.only(["pregnant_since"]), "called “pregnant”.*pregnant_since"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(ask, found):
    with pytest.raises(InputInvalid, match=found):
        ask()


def test_half_a_session_is_refused():
    form = Form(fields={"weight_kg": 1.5}, at="plan.toml")

    with pytest.raises(InputInvalid, match=r"a whole number, found 1\.5"):
        form.whole("weight_kg")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"a = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"#" * 1_000_001, "more than any intake needs"),
    ],
)
def test_a_file_that_is_no_form_is_refused(tmp_path, content, found):
    path = tmp_path / "intake.toml"
    path.write_bytes(content)

    with pytest.raises(InputInvalid, match=found):
        read_form(path, what="intake")


def test_a_missing_file_is_named_without_its_folder(tmp_path):
    with pytest.raises(InputInvalid, match=r"“intake\.toml” cannot be read") as refusal:
        read_form(tmp_path / "intake.toml", what="intake")

    assert str(tmp_path) not in str(refusal.value)


def test_a_form_is_read(tmp_path):
    path = tmp_path / "intake.toml"
    path.write_text("pregnant = false\n", encoding="utf-8")

    assert read_form(path, what="intake").yes_no("pregnant") is False

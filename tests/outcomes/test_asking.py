import pytest

from cicatrix.errors import InputInvalid
from cicatrix.evidence.trial_rows import arms, data_hash, review_rows, studies
from cicatrix.evidence.words_of_the_field import indications
from cicatrix.outcomes.asking import evidence_for
from cicatrix.outcomes.evidence_sheet import evidence_sheet
from cicatrix.outcomes.words import flag_words, treatments


def test_every_arm_names_a_known_treatment_and_every_flag_has_words():
    assert {arm.treatment for arm in arms()} <= treatments().keys()
    flags = {flag for study in studies().values() for flag in study.flags}
    assert flags | {f for row in review_rows() for f in row.flags} <= set(flag_words())


def test_every_indication_of_a_study_is_in_the_vocabulary_or_ageing_skin():
    named = {name for study in studies().values() for name in study.indications}

    assert named - {"photoageing"} <= indications().keys()


@pytest.mark.parametrize("indication", list(indications()))
def test_every_indication_has_an_answer_that_cites(indication):
    found = evidence_for(indication)
    sheet = evidence_sheet(found)

    assert found.data_hash == data_hash()
    assert sheet.answer.sources
    assert any(section.title == "Not shown" for section in sheet.sections)


def test_a_kind_of_acne_scar_shows_the_studies_of_acne_scars():
    assert evidence_for("acne-scar-rolling").asked_as[-1] == "acne-scar"
    assert (
        evidence_for("acne-scar-rolling").study_keys()
        == evidence_for("acne-scar").study_keys()
    )


def test_an_unknown_indication_names_the_nearest():
    with pytest.raises(InputInvalid, match="Did you mean “acne-scar”"):
        evidence_for("acne-scars")


def test_pih_of_needling_adds_up_over_the_arms_that_state_it():
    found = {(p.harm, p.treatment): p for p in evidence_for("acne-scar").harms}
    needling = found["pih", "needling"]

    assert (needling.count, needling.of) == (7, 181)
    assert sum(one.of for one in needling.arms) == 181


def test_the_impossible_review_is_flagged_where_it_is_shown():
    lines = evidence_sheet(evidence_for("acne-scar")).lines()
    shown = [line for line in lines if "review-long-2020" in line.sources]

    assert any("wrong or of another scale" in line.note for line in shown)


def test_what_is_not_shown_names_the_devices_and_the_dark_skin():
    text = " ".join(statement for statement, _ in evidence_for("striae-alba").gaps)

    for word in ("Pen against roller", "radiofrequency", "deeper", "V and VI", "Red"):
        assert word in text

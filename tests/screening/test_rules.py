"""Files of rules and questions: complete, and refused where they are malformed."""

import re

import pytest

from cicatrix.errors import EvidenceInvalid
from cicatrix.evidence.clinical import parse_clinical
from cicatrix.evidence.reading import Support, load_sources
from cicatrix.screening.answering import check_conditions
from cicatrix.screening.asking import questionnaire
from cicatrix.screening.questions import questions, tables_of
from cicatrix.screening.rules import parse_rule, rules

GOOD = """
title = "Sunburn"
scope = "field"
why = "Inflamed skin."
sources = ["clinic-aeterna"]
support = "weak"
read_on = 2026-11-22
review_by = 2028-11-22
clinician_reviewed = false
[[arm]]
when = { sunburn = true }
verdict = "defer"
say = "Wait."
wait = { since = "sunburn_on", weeks = 2 }
"""
POLICY = """
[[policy]]
name = "a"
says = "Wait longer."
cautious = true
"""


CONDITIONS = [
    "active-infection",
    "active-herpes",
    "history-herpes",
    "active-acne",
    "open-skin",
    "skin-cancer",
    "actinic-keratosis",
    "raised-lesions",
    "keloid-tendency",
    "hypertrophic-scar-target",
    "isotretinoin-current",
    "isotretinoin-recent",
    "bleeding-disorder",
    "anticoagulant",
    "immunosuppression",
    "chemotherapy",
    "radiotherapy",
    "pregnancy",
    "breastfeeding",
    "uncontrolled-diabetes",
    "poor-healing",
    "scleroderma",
    "collagen-vascular",
    "metal-allergy",
    "anaesthetic-allergy",
    "methaemoglobinaemia",
    "rosacea-flare",
    "eczema",
    "psoriasis-koebner",
    "vitiligo",
    "sunburn",
    "active-tan",
    "filler",
    "botulinum-toxin",
    "peel-laser",
    "topical-retinoid-acid",
    "age-under-18",
    "age-18-to-21",
    "fresh-surgical-scar",
    "immature-burn-scar",
    "bloodborne-virus",
    "melasma-melanosis",
    "skin-type-iv-to-vi",
    "cardiac-arrhythmia-drug",
    "severe-hepatic",
    "pseudocholinesterase",
    "orbital-rim",
    "tattoo",
    "unrealistic-expectation",
    "corticosteroid",
    "topical-during-mn",
]
"""What labels, trials and clinics name; no rule of these may get lost."""


def parsed(text):
    return parse_rule(
        parse_clinical(text, kind="screening", name="X1", source_keys=load_sources())
    )


def test_every_condition_of_the_facts_has_its_rule():
    assert len(CONDITIONS) == 51
    assert set(CONDITIONS) <= set(rules())


def test_every_rule_speaks_for_itself_and_shows_its_sources():
    for rule in rules().values():
        for arm in rule.all_arms():
            assert arm.sources, rule.id
            assert set(arm.sources) <= set(load_sources())
            assert re.search(r"[.!]$", arm.say), (rule.id, arm.say)


def test_policies_of_one_rule_differ():
    for rule in rules().values():
        names = [policy.name for policy in rule.policies]
        assert len(set(names)) == len(names)
        assert len(names) != 1, rule.id


def test_every_question_serves_something():
    for asked in questionnaire():
        serves = asked.purposes or asked.opens or asked.also
        assert serves, asked.question.id


def test_a_good_rule_is_read():
    assert parsed(GOOD).arms[0].wait.weeks == 2


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('scope = "field"', 'scope = "moon"', "scope of patient"),
        ("sunburn = true", "sunbrun = true", "sunbrun, which no question asks"),
        ("sunburn = true", 'sunburn = "yes"', "never answered .*silent for ever"),
        ("sunburn = true", 'acne = "severly"', "acne is never answered"),
        ("sunburn = true", 'sites = { all_of = ["moon"] }', "never answered"),
        ("sunburn = true", "age_years = { below = true }", "never answered"),
        ('verdict = "defer"', 'verdict = "wait"', "a verdict of do-not-treat"),
        ('say = "Wait."', "", "needs when, say"),
        ("wait = {", "# wait = {", "but not until when"),
        ('"sunburn_on"', '"sunburn"', "a question for a day"),
        ("weeks = 2", "days = 2", "wait must be"),
        ("[[arm]]", 'colour = "red"\n[[arm]]', "colour means nothing here"),
        ('say = "Wait."', 'say = "Wait."\nsay_more = "x"', "say_more means nothing"),
        ('say = "Wait."', 'say = "Wait."\nsources = ["nobody"]', "cites"),
        ('say = "Wait."', 'say = "Wait."\nsupport = "rumour"', "support is"),
        ("when = { sunburn = true }", "when = 3", "table or a list of tables"),
    ],
)
def test_a_malformed_rule_is_named_with_its_file(old, new, found):
    assert old in GOOD

    with pytest.raises(EvidenceInvalid, match=found) as refused:
        parsed(GOOD.replace(old, new))
    assert "X1" in str(refused.value) or old.startswith("when")


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (POLICY.replace("cautious = true", ""), "exactly one policy"),
        (POLICY + POLICY, "exactly one policy"),
        (POLICY.replace('says = "Wait longer."', ""), "lacks its name or what it says"),
    ],
)
def test_a_policy_is_complete_and_one_of_them_cautious(more, found):
    with pytest.raises(EvidenceInvalid, match=found):
        parsed(GOOD + more)


def test_a_rule_that_never_speaks_is_refused():
    with pytest.raises(EvidenceInvalid, match="never speaks"):
        parsed(GOOD.split("[[arm]]")[0])


def test_answers_that_stand_for_none_come_first():
    for question in questions().values():
        if question.kind == "choice" and question.risk == "rising":
            assert set(question.harmless) <= set(question.answers), question.id
            assert (
                question.harmless == tuple(question.answers)[: len(question.harmless)]
            )


def test_what_a_question_hangs_on_can_be_answered_so():
    for question in questions().values():
        for tables in (question.asked_if, question.asked_unless):
            check_conditions(tables, at=question.id)


def test_a_condition_is_a_table_or_several():
    assert tables_of({"a": 1}) == ({"a": 1},)
    assert tables_of([]) == ()


def test_a_label_behind_an_arm_or_a_policy_is_no_makers_manual():
    """As for the files: a maker's own papers and clinics' copies are no label."""
    alone = [
        (rule.id, each.sources)
        for rule in rules().values()
        for each in (*rule.all_arms(), *rule.policies)
        if each.support is Support.LABEL
        and not {load_sources()[key].tier for key in each.sources} & {"A", "B"}
    ]

    assert alone == []

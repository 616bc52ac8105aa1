"""What the pages show of screening is what screening does."""

import re
import tomllib
from datetime import date
from pathlib import Path

from cicatrix.forms.reading import Form
from cicatrix.screening.intake import intake_from_form
from cicatrix.screening.judging import screen
from cicatrix.screening.policies import disputed, policies_from_form
from cicatrix.screening.sheet import screening_sheet

ROOT = Path(__file__).parents[2]
RULES = ROOT / "src" / "cicatrix" / "evidence" / "screening"


def blocks(page):
    text = (ROOT / "docs" / page).read_text("utf-8")
    return [
        tomllib.loads(found)
        for found in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    ]


def test_the_example_of_the_how_to_gives_the_answer_printed_there():
    fields, policy = blocks("how-to/screen-a-person.md")
    page = (ROOT / "docs" / "how-to" / "screen-a-person.md").read_text("utf-8")

    cautious = screen(intake_from_form(Form(fields=fields, at="page")))
    chosen = policies_from_form(Form(fields=policy, at="page").table("policy"))

    assert screening_sheet(cautious).answer.text in page
    assert cautious.until_on == date(2026, 6, 20)
    assert dict(chosen.by_rule) == {"isotretinoin-recent": "consensus"}


def test_the_rule_and_the_policy_that_the_how_to_shows_are_those_of_the_files():
    rule, policy, case = blocks("how-to/change-a-rule.md")

    shown = tomllib.loads((RULES / "sunburn.toml").read_text("utf-8"))
    disputed_rule = tomllib.loads((RULES / "active-tan.toml").read_text("utf-8"))

    assert rule == {key: value for key, value in shown.items() if key != "case"}
    assert case["case"][0] in shown["case"]
    assert policy["policy"][0] in disputed_rule["policy"]


def test_every_disputed_subject_is_named_in_the_explanation():
    """A rule on which sources disagree must not be missing from the page's list."""
    text = (ROOT / "docs" / "explanation" / "screening.md").read_text("utf-8").lower()
    words = {
        "active-acne": "active acne",
        "keloid-tendency": "keloids",
        "isotretinoin-recent": "isotretinoin",
        "anticoagulant": "against clotting",
        "breastfeeding": "breast-feeding",
        "scleroderma": "scleroderma",
        "active-tan": "tans",
        "filler": "fillers",
        "botulinum-toxin": "toxin",
        "peel-laser": "peels",
        "topical-retinoid-acid": "acid creams",
        "fresh-surgical-scar": "young scars",
        "keloid-as-target": "keloids",
        "striae-recent": "young stretch marks",
    }

    assert set(words) == set(disputed())
    assert [word for word in words.values() if word not in text] == []

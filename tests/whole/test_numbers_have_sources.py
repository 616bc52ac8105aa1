"""Nothing that a user is told as a fact stands without somebody who said it.

Walks the JSON of every command that answers from clinical content. A number, or words
that hold one, must lie inside an object that names its sources or what it was computed
from; only what the user asked is exempt. (On the terminal and in pages the same is kept
by `domain.sheet`, in which a line with a number cannot be made without sources.)
"""

import json

import pytest
from click.testing import CliRunner

from cicatrix.cli.main import COMMANDS, main
from cicatrix.evidence.reading import load_sources

MEASURING = {"compare", "measure", "outline", "card", "phantom"}
"""Commands that answer from photographs: their numbers have a budget instead."""

INTAKE = """
asked_on = 2026-03-01
age_years = 20
isotretinoin = "stopped"
isotretinoin_stopped_on = 2026-02-01
skin_type = "V"
indication = "striae-alba"
"""

CALLS = {
    "answers": [[]],
    "anaesthetic": [
        ["--product", "lidocaine-prilocaine-2.5-2.5", "--area-cm2", "150"],
        ["--product", "compounded-lidocaine-23-tetracaine-7", "--area-cm2", "150"],
    ],
    "evidence": [["acne-scar"], ["striae-alba"], ["keloid"]],
    "forecast": [["plan.toml"], ["plan.toml", "--treatment", "needling-prp"]],
    "plan": [["plan.toml"]],
    "punctures": [
        ["--device", "exceed", "--rate-hz", "120"],
        ["--device", "dermaroller-mf8", "--passes", "4"],
    ],
    "scale": [
        ["vancouver", "height=2"],
        ["gais", "change=2"],
        ["ecca"],
    ],
    "screen": [["intake.toml"], ["--questions"]],
}
"""What is asked of each command; `plan.toml` is its own example, `intake.toml` is `INTAKE`."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asked")
    runner = CliRunner()
    example = runner.invoke(main, ["plan", "--example"])
    (folder / "plan.toml").write_text(example.stdout, encoding="utf-8")
    (folder / "intake.toml").write_text(INTAKE, encoding="utf-8")
    found = {}
    for command, calls in CALLS.items():
        for call in calls:
            words = [str(folder / a) if a.endswith(".toml") else a for a in call]
            told = runner.invoke(main, [command, *words, "--json", "-"])
            assert told.exit_code in (0, 3), (call, told.stderr)
            found[command, *call] = json.loads(told.stdout)
    return found


def cited(node):
    """Every key of a source that an answer names."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "sources":
                yield from value
            elif key != "bibliography":
                yield from cited(value)
    elif isinstance(node, list):
        for value in node:
            yield from cited(value)


def test_every_command_that_answers_from_clinical_content_is_walked():
    assert set(CALLS) == set(COMMANDS) - MEASURING


def test_no_number_stands_alone(answers, unsourced):
    alone = {
        call: found
        for call, answer in answers.items()
        if (found := [*unsourced(answer)])
    }

    assert alone == {}


def test_every_source_that_is_named_is_told_whole(answers):
    for call, answer in answers.items():
        named = set(cited(answer))

        assert named, call
        assert named <= set(answer["bibliography"]), call


def test_a_bare_number_is_found(unsourced):
    answer = {
        "schema": "x-1",
        "asked": {"area_cm2": 5},
        "layer": {"g": 1.5, "sources": ["chu-2021"]},
        "sum": {"mg": 3, "sources": []},
        "rows": [{"words": "for 3 days"}],
    }

    assert [*unsourced(answer)] == [".sum.mg", ".rows.words"]
    assert load_sources()["chu-2021"]

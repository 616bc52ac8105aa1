"""The total of a scale from the terminal."""

import json

import pytest

VANCOUVER = ("vascularity=2", "pigmentation=1", "pliability=3", "height=1")


def test_a_total_is_told_with_its_range_and_sources(run):
    told = run("scale", "vancouver", *VANCOUVER)

    assert told.exit_code == 0
    assert "7 on a scale of 0 to 13" in told.output
    assert "[1] " in told.output
    assert max(len(line) for line in told.output.splitlines()) <= 80


def test_a_missing_item_ends_with_code_three_and_a_range(run):
    told = run("scale", "vancouver", *VANCOUVER[:3])

    assert told.exit_code == 3
    assert "No total" in told.output
    assert "between 6 and 9" in " ".join(told.output.split())


def test_scores_may_come_from_a_file_and_leave_as_json(run, tmp_path):
    items = tmp_path / "items.toml"
    items.write_text("spread = 1\nerythema = 2\n", "utf-8")

    told = run("scale", "scar", "itch=1", "--items", str(items), "--json", "-")

    document = json.loads(told.stdout)
    assert document["asked"]["items"] == {"spread": 1, "erythema": 2, "itch": 1}
    assert document["state"] == "incomplete"


def test_a_scale_that_is_left_out_says_why(run, tmp_path):
    out = tmp_path / "ecca.json"

    told = run("scale", "ecca", "--json", str(out))

    assert told.exit_code == 3
    assert "Not computed" in told.output
    assert json.loads(out.read_text("utf-8"))["state"] == "refused"
    weighed = run("scale", "ecca", "v-shaped=15", "--unverified")
    assert "Not verified: No total" in weighed.output


def test_the_list_names_every_scale_with_its_items(run):
    told = run("scale", "--list")

    assert told.exit_code == 0
    for name in ("fitzpatrick", "suture-marks", "Known, and left out", "posas"):
        assert name in told.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "Name a scale"),
        (["pain", "pain"], 1, "Write it like height=2"),
        (["pain", "pain=much"], 1, "Write it like height=2"),
        (["pain", "pain=1", "pain=2"], 1, "given twice"),
        (["pain", "pain=nan"], 1, "no score of this item"),
        (["pane", "pain=1"], 1, "Did you mean “pain”"),
    ],
)
def test_a_fault_is_told_with_what_to_do(run, arguments, code, said):
    told = run("scale", *arguments)

    assert told.exit_code == code
    assert said in " ".join(told.output.split())


def test_a_list_is_words_only_and_drops_no_wish_silently(run):
    told = run("scale", "--list", "--json", "-")

    assert told.exit_code == 2
    assert "words only" in told.stderr

"""`cicatrix punctures` as it is typed."""

import json

import pytest

PEN = ("punctures", "--device", "pen", "--needles", "12", "--rate-hz", "100")
FEW = ("--patches", "10", "--patch-cm2", "0.25")


def test_a_pen_is_answered_in_numbers_with_sources_and_assumptions(run):
    told = run(*PEN, "--speed-cm-s", "2", "--passes", "4", *FEW)

    assert told.exit_code == 0
    for words in ("punctures per cm²", "wounded area", "Assumed", "[1] "):
        assert words in told.output


def test_the_same_seed_writes_the_same_json_and_nothing_else_to_standard_output(run):
    first, again, other = (
        run(*PEN, *FEW, "--seed", seed, "--json", "-") for seed in (1, 1, 2)
    )

    document = json.loads(first.stdout)
    assert document["schema"] == "cicatrix/punctures-1"
    assert first.stdout == again.stdout != other.stdout
    assert "wounded" in first.stderr


@pytest.mark.parametrize("name", ["map.svg", "map.png"])
def test_map_page_and_json_are_written(run, tmp_path, name):
    told = run(
        *("punctures", "--device", "dermaroller-mf8", "--passes", "15", *FEW),
        *("--picture", name, "--html", "page.html", "--json", "out.json"),
    )

    assert told.exit_code == 0
    assert (tmp_path / name).stat().st_size > 1000
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<svg" in page
    assert "doi.org/10.1097/PRS.0b013e3182131e0f" in page
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["told"]


def test_an_area_tells_the_time(run):
    told = run(*PEN, *FEW, "--area-cm2", "150")

    assert "needles on the skin" in told.output
    assert "minutes" in told.output


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--device", "pen", "--needles", "12"), 1, "lacks the strokes a second"),
        (("--device", "pne"), 1, "Did you mean “pen”"),
        ((*PEN[1:], "--channel-um", "0.07"), 1, "looks like mm"),
        ((*PEN[1:], "--speed-cm-s", "100"), 1, "looks like mm/s"),
        ((*PEN[1:], "--area-cm2", "15000"), 1, "looks like mm²"),
        ((*PEN[1:], "--overlap", "50"), 1, "looks like percent"),
        ((*PEN[1:], "--needles", "-3"), 1, "number of needles"),
        ((*PEN[1:], "--field-mm", "nan"), 1, "width of the needle field"),
        ((*PEN[1:], "--directions", "left"), 2, "numbers between commas"),
        ((*PEN[1:], "--picture", "map.gif"), 2, ".svg or .png"),
        ((*PEN[1:], "--json", "no/such/folder.json"), 1, "folder"),
        ((), 2, "--device"),
    ],
)
def test_what_cannot_be_is_refused(run, options, code, words):
    told = run("punctures", *options)

    assert told.exit_code == code
    assert words in " ".join(told.output.split())


def test_a_map_too_full_for_a_page_leaves_the_page_without_it(run, tmp_path):
    told = run(
        *("punctures", "--device", "pen", "--needles", "36", "--rate-hz", "300"),
        *("--passes", "30", "--patches", "10", "--html", "page.html"),
        *("--within", "0.1"),
    )

    assert told.exit_code == 0
    assert "<svg" not in (tmp_path / "page.html").read_text("utf-8")

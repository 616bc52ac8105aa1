"""`cicatrix compare` asks before it works, and delivers what was asked."""

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cicatrix.casebook.masks import mask_png
from cicatrix.cli import compare as module
from cicatrix.domain.fade import BudgetLine, Fade, Interval
from cicatrix.outline.value import Box


class _Stub:
    """Stands for an opened photograph of 80 x 60 pixels."""

    width_px, height_px = 80, 60


@pytest.fixture
def asked(monkeypatch, comparison, pictures):
    """What the command asks of the work room, which answers at once."""
    seen = {"opened": []}

    def open_photo(path, **options):
        seen["opened"].append((Path(path).name, options))
        return _Stub()

    def compare_with_drawing(
        baseline, followup, *, lesion, name, skin_ita_deg, progress
    ):
        seen["lesion"], seen["name"], seen["skin"] = lesion, name, skin_ita_deg
        progress(0.5, "half")
        return seen.get("answer", comparison), lambda: pictures

    monkeypatch.setattr(module, "open_photo", open_photo)
    monkeypatch.setattr(module, "compare_with_drawing", compare_with_drawing)
    return seen


def test_a_point_and_two_photographs_make_a_table_and_a_report(run, asked, tmp_path):
    told = run("compare", "b.jpg", "a.jpg", "--lesion", "12,40")

    assert told.exit_code == 0, told.output
    assert "24 % to 38 %" in told.stdout.replace("\u00a0", " ")
    assert "faded" in told.stdout
    assert asked["lesion"].tolist() == [12, 40]
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_json_on_standard_output_is_alone_there(run, asked, tmp_path):
    told = run("compare", "b.jpg", "a.jpg", "--lesion", "1,2", "--json", "-")

    document = json.loads(told.stdout)
    assert document["comparison"]["fade"]["estimate_fraction"] == 0.31
    assert document["parameters"]["lesion_xy_px"] == "1, 2"
    assert "faded" in told.stderr


def test_json_goes_to_a_file(run, asked, tmp_path):
    told = run("compare", "b.jpg", "a.jpg", "--lesion", "1,2", "--json", "r.json")

    assert told.exit_code == 0
    assert json.loads((tmp_path / "r.json").read_text())["kind"] == "comparison"


def test_no_report_is_written_where_none_is_wanted(run, asked, tmp_path):
    run("compare", "b.jpg", "a.jpg", "--lesion", "1,2", "--no-report")

    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_measured_is_an_answer_that_a_script_notices(
    run, asked, comparison, tmp_path
):
    asked["answer"] = replace(
        comparison,
        fade=Fade.not_measurable(),
        reason="Different skin.",
        contrast_before_de00=Interval.unknown(),
        contrast_after_de00=Interval.unknown(),
    )

    told = run("compare", "b.jpg", "a.jpg", "--lesion", "1,2")

    assert told.exit_code == 3
    assert "not measurable" in told.stdout
    assert "The change cannot be measured. Different skin." in told.stdout
    assert (tmp_path / "report.html").is_file()


@pytest.mark.parametrize(
    "place",
    [
        ("--lesion", "99999,32"),
        ("--lesion", "80,32"),
        ("--lesion", "32,60"),
        ("--box", "80,2,130,40"),
        ("--scribble", "80,2,130,40,140,50"),
    ],
)
def test_a_place_outside_the_picture_is_a_slip_and_nothing_is_written(
    run, asked, tmp_path, place
):
    told = run("compare", "b.jpg", "a.jpg", *place, "--json", "r.json")

    assert told.exit_code == 1
    assert "lies outside the photograph of 80 x 60 px" in told.stderr
    assert "lesion" not in asked
    assert list(tmp_path.iterdir()) == []


def test_the_last_pixel_lies_inside(run, asked):
    assert run("compare", "b.jpg", "a.jpg", "--lesion", "79,59").exit_code == 0


def test_what_was_entered_by_hand_reaches_its_photograph(run, asked):
    run(
        *("compare", "b.jpg", "a.jpg", "--lesion", "1,2", "--mm-per-px", "0.05"),
        *("--grey-after", "7,8", "--card-corners", "0,0,9,0,9,6,0,6"),
        *("--name", "chin", "--flash", "--no-flash-after"),
    )

    # Both are opened at the same time, in no certain order.
    opened = dict(asked["opened"])
    before, after = opened["b.jpg"], opened["a.jpg"]
    assert before["mm_per_px"] == 0.05
    assert before["card_corners_xy"] == ((0, 0), (9, 0), (9, 6), (0, 6))
    assert before["grey_xy"] is None
    assert after["grey_xy"] == (7, 8)
    assert after["mm_per_px"] is None
    assert (before["flash_fired"], after["flash_fired"]) == (True, False)
    assert asked["name"] == "chin"


def test_a_box_a_polygon_and_a_mask_are_understood(run, asked, tmp_path):
    run("compare", "b.jpg", "a.jpg", "--box", "1,2,30,40")
    assert asked["lesion"] == Box(left_px=1, top_px=2, right_px=30, bottom_px=40)

    (tmp_path / "p.txt").write_text("1 2\n30,2\n\n30\t40\n")
    run("compare", "b.jpg", "a.jpg", "--polygon", "p.txt")
    assert asked["lesion"].tolist() == [[1, 2], [30, 2], [30, 40]]

    (tmp_path / "p.json").write_text("[[1, 2], [30, 2], [30, 40.5]]")
    run("compare", "b.jpg", "a.jpg", "--polygon", "p.json")
    assert asked["lesion"].tolist() == [[1, 2], [30, 2], [30, 40.5]]

    mask = np.zeros((60, 80), bool)
    mask[10:20, 30:50] = True
    (tmp_path / "m.png").write_bytes(mask_png(mask))
    told = run("compare", "b.jpg", "a.jpg", "--mask", "m.png")
    assert told.exit_code == 0, told.output
    assert (asked["lesion"] == mask).all()


@pytest.mark.parametrize("stroke", ["1,2,30,40,50,20", "1,2 30,40 50,20"])
def test_a_scribble_is_a_stroke_of_points(run, asked, stroke):
    told = run("compare", "b.jpg", "a.jpg", "--scribble", stroke, "--json", "-")

    assert asked["lesion"].points_xy.tolist() == [[1, 2], [30, 40], [50, 20]]
    document = json.loads(told.stdout)
    assert document["parameters"]["scribble_xy_px"] == "1, 2, 30, 40, 50, 20"


def test_the_bar_runs_from_opening_to_the_report(run, asked, monkeypatch):
    shown = []

    @contextmanager
    def progress_bar():
        yield lambda share, words: shown.append((share, words))

    monkeypatch.setattr(module, "progress_bar", progress_bar)

    run("compare", "b.jpg", "a.jpg", "--lesion", "1,2")

    shares = [share for share, _ in shown]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1
    assert [words for _, words in shown] == [
        *("opening b.jpg and a.jpg", "half", "drawing the report")
    ]


def test_a_mask_of_another_size_is_refused(run, asked, tmp_path):
    mask = np.zeros((61, 80), bool)
    mask[10:20, 30:50] = True
    (tmp_path / "m.png").write_bytes(mask_png(mask))

    told = run("compare", "b.jpg", "a.jpg", "--mask", "m.png")

    assert told.exit_code == 1
    assert "80 × 61 pixels and the photograph 80 × 60" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "exactly one of --lesion"),
        (["--lesion", "1,2", "--box", "1,2,3,4"], "exactly one of --lesion"),
        (["--lesion", "812"], "2 numbers from zero up"),
        (["--lesion", "nan,3"], "2 numbers from zero up"),
        (["--lesion", "-3,3"], "2 numbers from zero up"),
        (["--box", "9,2,3,4"], "no inside"),
        (["--scribble", "1,2"], "4 or more numbers from zero up"),
        (["--scribble", "1,2,3,4,5"], "4 or more numbers from zero up"),
        (["--scribble", "1,2,-3,4"], "4 or more numbers from zero up"),
        (["--scribble", "1,2,3,4", "--lesion", "1,2"], "exactly one of --lesion"),
        (["--lesion", "1,2", "--mm-per-px", "0"], "x>0"),
        (["--lesion", "1,2", "--card-corners", "1,2,3,4"], "8 numbers"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_opened(run, asked, arguments, expected):
    told = run("compare", "b.jpg", "a.jpg", *arguments)

    assert told.exit_code == 2
    assert expected in re.sub(r"\s+", " ", told.stderr)
    assert asked["opened"] == []


@pytest.mark.parametrize(
    "text", ["", "1 2\n3 4", "a b\nc d\ne f", "[[1]]", "[" * 99999]
)
def test_a_file_without_a_polygon_is_refused(run, asked, tmp_path, text):
    (tmp_path / "p.txt").write_text(text)

    told = run("compare", "b.jpg", "a.jpg", "--polygon", "p.txt")

    assert told.exit_code == 1
    assert "“p.txt” does not hold a polygon" in told.stderr


def test_a_photograph_is_never_overwritten(run, asked, tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"precious")

    for option in ("--report", "--json"):
        told = run("compare", "b.jpg", "a.jpg", "--lesion", "1,2", option, "./a.jpg")
        assert told.exit_code == 1
        assert "Error [output-unwritable]: “a.jpg” is already in use" in told.stderr
    assert (tmp_path / "a.jpg").read_bytes() == b"precious"
    assert asked["opened"] == []


def test_a_folder_that_cannot_be_written_is_told_before_measuring(run, asked):
    told = run(
        "compare", "b.jpg", "a.jpg", "--lesion", "1,2", "--report", "no/where.html"
    )

    assert told.exit_code == 1
    assert "Error [output-unwritable]: “where.html” cannot be written" in told.stderr
    assert asked["opened"] == []


def test_ctrl_c_ends_as_the_reference_says(run, asked, tmp_path, monkeypatch):
    def interrupted(*photos, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "compare_with_drawing", interrupted)

    told = run("compare", "b.jpg", "a.jpg", "--lesion", "1,2")

    assert told.exit_code == 130
    assert told.stderr == "Interrupted: nothing more is written.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_photograph_is_one_message(run, tmp_path):
    for name in ("b.jpg", "a.jpg"):
        (tmp_path / name).write_text("hello")

    told = run("compare", "b.jpg", "a.jpg", "--lesion", "1,2")

    assert told.exit_code == 1
    assert told.stderr.startswith("Error [photo-unreadable]: ")
    assert [path.name for path in tmp_path.iterdir()] != []
    assert not (tmp_path / "report.html").exists()


def test_what_was_said_of_the_flash_stands_among_the_parameters(run, asked):
    told = run(
        *("compare", "b.jpg", "a.jpg", "--lesion", "1,2", "--no-report"),
        *("--no-flash", "--flash-after", "--json", "-"),
    )

    said = json.loads(told.stdout)["parameters"]
    assert (said["baseline_flash_fired"], said["followup_flash_fired"]) == ("no", "yes")


@pytest.mark.parametrize(
    ("written", "angle"),
    [("dark", -40), ("Very-Light", 58), ("tan", 19), ("-38.5", -38.5), ("0", 0)],
)
def test_the_tone_of_the_skin_is_a_class_or_an_angle(run, asked, written, angle):
    told = run(
        *("compare", "b.jpg", "a.jpg", "--lesion", "1,2", "--no-report"),
        *("--skin-tone", written, "--json", "-"),
    )

    assert told.exit_code == 0, told.output
    assert asked["skin"] == angle
    assert json.loads(told.stdout)["parameters"]["skin_ita_deg"] == f"{angle:g}"


@pytest.mark.parametrize("written", ["phototype V", "6", "120", "nan", ""])
def test_what_is_no_skin_tone_is_refused_before_anything_is_opened(run, asked, written):
    told = run("compare", "b.jpg", "a.jpg", "--lesion", "1,2", "--skin-tone", written)

    assert told.exit_code == 2
    assert "very light, light, intermediate, tan, brown, dark" in " ".join(
        re.sub(r"[│╭╮╰╯─]", " ", told.stderr).split()
    )
    assert asked["opened"] == []


def test_what_was_entered_of_the_skin_stands_in_table_report_and_json(
    run, asked, comparison, tmp_path
):
    line = BudgetLine(source="gloss", fade_sd_fraction=0.02, explanation="shine")
    fade = replace(comparison.fade, budget=(line,))
    asked["answer"] = replace(comparison, fade=fade, skin_ita_deg=-40.0)

    told = run("compare", "b.jpg", "a.jpg", "--lesion", "1,2", "--json", "r.json")

    words = "dark (ITA \N{MINUS SIGN}40°)"
    (row,) = (one for one in told.stdout.splitlines() if "as entered" in one)
    assert row.split("entered")[1].strip() == words
    page = (tmp_path / "report.html").read_text()
    assert re.search(rf"Healthy skin, as entered</dt>\s*<dd>{re.escape(words)}<", page)
    document = json.loads((tmp_path / "r.json").read_text())
    assert document["comparison"]["skin_ita_deg"] == -40

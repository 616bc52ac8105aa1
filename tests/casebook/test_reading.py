"""What a case file may say, and what is told to a person whose file has a fault."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.casebook import read_casebook
from cicatrix.casebook import reading as reading_room
from cicatrix.errors import CasebookInvalid

GOOD = """
[case]
title = "Case 1"

[[lesion]]
name = "left cheek"
point_xy = [812, 640]

[[lesion]]
name = "chin"
mask = "masks/chin.png"

[[visit]]
date = 2025-01-10
photos = ["photos/a.jpg", "photos/b.jpg"]
session = true
mm_per_px = 0.05
grey_xy = [10, 20.5]
card_corners_xy = [[0, 0], [10, 0], [10, 10], [0, 10]]
flash = false
[visit.masks]
"chin" = "masks/chin.png"

[[visit]]
date = 2025-03-10
photos = ["photos/c.jpg"]
"""


@pytest.fixture
def folder(tmp_path):
    """A case folder with three photographs (their content is not looked at)."""
    for name in ("photos/a.jpg", "photos/b.jpg", "photos/c.jpg", "masks/chin.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"-")
    return tmp_path


def reading(folder, text, **options):
    (folder / "case.toml").write_text(text, encoding="utf-8")
    return read_casebook(folder, **options)


def complaint(folder, text, **options):
    with pytest.raises(CasebookInvalid) as caught:
        reading(folder, text, **options)
    return str(caught.value)


def test_everything_that_is_written_is_read(folder):
    case = reading(folder, GOOD)

    assert case.title == "Case 1"
    assert [lesion.name for lesion in case.lesions] == ["left cheek", "chin"]
    assert case.lesions[0].point_xy == (812, 640)
    assert case.lesions[1].mask == folder / "masks/chin.png"
    first, second = case.visits
    assert first.visited_on == date(2025, 1, 10)
    assert first.photos == (folder / "photos/a.jpg", folder / "photos/b.jpg")
    assert (first.session, second.session) == (True, False)
    assert (first.mm_per_px, second.mm_per_px) == (0.05, None)
    assert first.grey_xy == (10, 20.5)
    assert first.card_corners_xy == ((0, 0), (10, 0), (10, 10), (0, 10))
    assert (first.flash, second.flash) == (False, None)
    assert dict(first.masks) == {"chin": folder / "masks/chin.png"}


@pytest.mark.parametrize(
    ("written", "angle"), [('"dark"', -40), ("-12.5", -12.5), ("0", 0), (None, None)]
)
def test_the_tone_of_the_skin_is_a_class_an_angle_or_nothing(folder, written, angle):
    told = "" if written is None else f"skin_tone = {written}\n"

    case = reading(folder, GOOD.replace("[case]\n", f"[case]\n{told}"))

    assert case.skin_ita_deg == angle


FAULTS = {
    "a skin tone that is none is named with those that are": (
        ("[case]", '[case]\nskin_tone = "olive"'),
        r"has skin_tone = 'olive'.*very light, light",
    ),
    "a phototype is no skin tone": (
        ("[case]", "[case]\nskin_tone = 5"),
        r"has skin_tone = 5.*Fitzpatrick phototype.*5\.0",
    ),
    "a skin tone of another kind is refused": (
        ("[case]", "[case]\nskin_tone = true"),
        r"has skin_tone = True.*such as .tan.",
    ),
    "an unknown key is named with the nearest known one": (
        ("point_xy", "point_yx"),
        "lesion 1 has an unknown key “point_yx”.*“point_xy”",
    ),
    "an unknown table is named": (("[case]", "[csae]"), "“csae”.*“case”"),
    "a missing photo is named": (
        ("photos/c.jpg", "photos/d.jpg"),
        r"visit 2 \(2025-03-10\) names “photos/d.jpg”.*no such file",
    ),
    "a missing mask is named": (
        ('mask = "masks/chin.png"', 'mask = "masks/x.png"'),
        r"lesion 2 \(“chin”\) names “masks/x.png”",
    ),
    "a path out of the folder is refused without telling the folder": (
        ("photos/c.jpg", "../secret/c.jpg"),
        "“c.jpg” outside the case's folder",
    ),
    "an absolute path is refused": (("photos/c.jpg", "/etc/passwd"), "outside"),
    "dates out of order": (("2025-03-10", "2024-03-10"), "before the visit above it"),
    "a doubled date": (("2025-03-10", "2025-01-10"), "date of the visit before"),
    "a lesion without a place": (("point_xy = [812, 640]", ""), "has no place"),
    "a lesion with two places": (
        ("point_xy = [812, 640]", "point_xy = [8, 6]\nbox_xyxy = [1, 2, 3, 4]"),
        r"more than one place \(point_xy, box_xyxy\)",
    ),
    "an empty box": (
        ("point_xy = [812, 640]", "box_xyxy = [5, 2, 3, 4]"),
        "box_xyxy without an inside",
    ),
    "a doubled name": (
        ('"chin"\nmask', '"left cheek"\nmask'),
        "name of another lesion",
    ),
    "a date as text": (("= 2025-01-10", '= "2025-01-10"'), "a date without quotes"),
    "a time for a date": (("2025-01-10", "2025-01-10T10:00:00Z"), "without quotes"),
    "a number as text": (("= 0.05", '= "0.05"'), "mm_per_px = '0.05'.*number above"),
    "a size of zero": (("= 0.05", "= 0"), "number above zero"),
    "a size that is not a number": (("= 0.05", "= nan"), "number above zero"),
    "true for a number": (("= 0.05", "= true"), "number above zero"),
    "a point of one number": (("[812, 640]", "[812]"), "2 numbers"),
    "a point left of the picture": (("[812, 640]", "[-1, 640]"), "2 numbers"),
    "three corners": (("[10, 0], [10, 10], ", "[10, 0], "), "4 points"),
    "a flag as text": (("= true", '= "yes"'), "true or false"),
    "one photo that is not in a list": (
        ('["photos/c.jpg"]', '"photos/c.jpg"'),
        "a list of files",
    ),
    "no photos": (('photos = ["photos/c.jpg"]', ""), "visit 2 .* has no photos"),
    "an empty list of photos": (('["photos/c.jpg"]', "[]"), "a list of files"),
    "a photo of two visits": (("photos/c.jpg", "photos/a.jpg"), "visit 1 uses too"),
    "a photo twice in a visit": (("photos/b.jpg", "photos/a.jpg"), "twice"),
    "a mask of an unknown lesion": (('"chin" = ', '"chinn" = '), "“chinn”.*“chin”"),
    "one bracket for two": (('[[lesion]]\nname = "chin"', "[lesson]"), "“lesson”"),
    "not TOML": (("[case]", "[case"), "not valid TOML"),
}


@pytest.mark.parametrize(("change", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_with_its_entry(folder, change, expected):
    assert change[0] in GOOD

    told = complaint(
        folder,
        GOOD.replace(*change, 1) if change[1] else GOOD.replace(change[0], "", 1),
    )

    assert re.search(expected, told), told
    assert str(folder.parent) not in told


def test_an_empty_file_says_what_to_write(folder):
    assert "point_xy = [812, 640]" in complaint(folder, "")


def test_a_file_without_visits_says_what_to_write(folder):
    assert "[[visit]]" in complaint(folder, GOOD.split("[[visit]]")[0])


def test_single_brackets_are_recognised(folder):
    only = '[lesion]\nname = "a"\npoint_xy = [1, 2]\n'

    assert "[[lesion]] with two brackets" in complaint(folder, only)


def test_a_folder_with_photos_only_says_what_to_write(folder):
    with pytest.raises(CasebookInvalid, match="--lesion X,Y"):
        read_casebook(folder)


def test_a_folder_with_nothing_says_what_to_write(tmp_path):
    with pytest.raises(CasebookInvalid, match=r"no case\.toml"):
        read_casebook(tmp_path)


def test_a_file_is_not_a_folder(folder):
    with pytest.raises(CasebookInvalid, match="not a folder"):
        read_casebook(folder / "photos" / "a.jpg")


def test_another_encoding_is_named(folder):
    (folder / "case.toml").write_bytes(GOOD.encode("utf-16"))

    with pytest.raises(CasebookInvalid, match="UTF-8"):
        read_casebook(folder)


def test_a_byte_order_mark_is_harmless(folder):
    (folder / "case.toml").write_bytes(GOOD.encode("utf-8-sig"))

    assert read_casebook(folder).title == "Case 1"


def test_an_enormous_file_is_not_read(folder):
    text = "#" * 2_000_001

    assert "2 MB" in complaint(folder, text)


def test_deep_nesting_is_a_fault_and_not_a_crash(folder):
    assert "not valid TOML" in complaint(folder, "a = " + "[" * 100_000)


def test_a_day_is_taken_from_the_photographs_where_none_is_written(folder):
    days = {"a.jpg": date(2025, 1, 9), "b.jpg": date(2025, 1, 9)}

    case = reading(
        folder,
        GOOD.replace("date = 2025-01-10", ""),
        taken_on=lambda path: days[path.name],
    )

    assert case.visits[0].visited_on == date(2025, 1, 9)


def test_a_written_day_is_believed_before_the_camera(folder):
    case = reading(folder, GOOD, taken_on=lambda path: date(1999, 1, 1))

    assert case.visits[0].visited_on == date(2025, 1, 10)


def test_photographs_without_a_day_need_a_written_one(folder):
    text = GOOD.replace("date = 2025-01-10", "")

    assert "does not say when" in complaint(folder, text, taken_on=lambda path: None)


def test_photographs_of_two_days_are_not_one_visit(folder):
    days = {"a.jpg": date(2025, 1, 9), "b.jpg": date(2025, 1, 8)}
    text = GOOD.replace("date = 2025-01-10", "")

    told = complaint(folder, text, taken_on=lambda path: days[path.name])

    assert "2025-01-08 and 2025-01-09" in told


@given(st.text(max_size=300))
def test_any_text_is_a_case_or_one_clear_fault(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")

    (folder / "case.toml").write_text(text, encoding="utf-8", errors="ignore")

    with pytest.raises(CasebookInvalid):
        read_casebook(folder)


def test_masks_of_a_later_visit_are_refused_as_they_would_not_be_used(folder):
    text = f'{GOOD}[visit.masks]\n"chin" = "masks/chin.png"\n'

    told = complaint(folder, text)

    assert "visit 2 (2025-03-10) has masks, and only those of the first" in told


def test_every_key_stands_in_the_reference():
    docs = Path(__file__).parents[2] / "docs"
    text = (docs / "reference" / "case-toml.md").read_text(encoding="utf-8")

    for key in {*reading_room.KNOWN_KEYS} - {"masks"}:
        assert f"| `{key}` |" in text, key


def test_the_reference_shows_a_case_that_can_be_read(folder):
    docs = Path(__file__).parents[2] / "docs"
    text = (docs / "reference" / "case-toml.md").read_text(encoding="utf-8")
    example = text.split("```toml\n")[1].split("```")[0]

    assert reading(folder, example).visits[0].session


def test_answers_and_plan_are_files_of_the_folder(folder):
    (folder / "intake.toml").write_bytes(b"-")
    text = GOOD.replace('title = "Case 1"', 'title = "Case 1"\nintake = "intake.toml"')

    case = reading(folder, text)

    assert case.intake == (folder / "intake.toml").resolve()
    assert case.plan is None
    assert "no such file" in complaint(folder, text.replace('e.toml"', 'x.toml"'))


def test_a_stroke_along_the_scar_is_a_place_of_its_own(folder):
    text = GOOD.replace("point_xy = [812, 640]", "scribble_xy = [[1, 2], [30, 4]]")

    assert reading(folder, text).lesions[0].scribble_xy == ((1, 2), (30, 4))
    assert "2 or more points" in complaint(folder, text.replace(", [30, 4]", ""))
